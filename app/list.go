package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/app/text"
	"qunxian/schemas"
	"qunxian/store"
)

// notArchived keeps archived and merged records out of lists and counts.
var notArchived = facets.Not{Clause: archived}

var archived = facets.In{Field: "archived", Codes: []string{"true"}}

// scopeClause is the reader's scope: one more AND of every question to the
// index. Nil is everything.
func scopeClause(ctx context.Context) facets.Clause {
	s := scopeOf(ctx)
	if s.All {
		return nil
	}
	return facets.Any{
		facets.In{Field: "region", Codes: s.Regions},
		facets.In{Field: "unit", Codes: s.Units},
		facets.In{Field: "owner", Codes: []string{s.Owner}},
	}
}

// list answers a question to a large collection: the page, its total and its
// facets are of one and the same set, and each record is within scope.
func (d *documents[T, P]) list(ctx context.Context, q ListQuery) (*List, error) {
	question, hits, terms, err := d.question(ctx, q)
	if err != nil {
		return nil, err
	}
	page, counts := d.lists.index.List(question, q.Facets...)
	out := &List{IDs: page.IDs, Total: page.Total}
	if page.Next != nil {
		next, err := page.Next.MarshalText()
		if err != nil {
			return nil, err
		}
		out.Next = string(next)
	}
	for _, f := range q.Facets {
		if f := d.facet(counts[f], q, f); f != nil {
			out.Facets = append(out.Facets, *f)
		}
	}
	if hits != nil {
		out.Hits, err = d.hits(ctx, out, terms)
		if err != nil {
			return nil, err
		}
	}
	out.Cards, err = d.cardsOf(ctx, out.IDs, q.On)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// question turns a list query into one of the index.
func (d *documents[T, P]) question(ctx context.Context, q ListQuery) (facets.Query, *facets.Hits, []text.Term, error) {
	out := facets.Query{Scope: scopeClause(ctx), Limit: pageLimit(q.Limit), Sort: facets.Sort{Field: q.Sort, Desc: q.Desc}}
	out.Where = append(out.Where, notArchived)
	if q.Archive {
		out.Where[0] = archived
	}
	names := d.app.Names(d.shape.coll)
	for _, field := range sortedKeys(q.Where) {
		if !names.Filters(field) {
			return out, nil, nil, invalid(field, "unknown", "")
		}
		out.Where = append(out.Where, facets.In{Field: field, Codes: d.withChildren(field, q.Where[field])})
	}
	for _, field := range sortedKeys(q.Ranges) {
		c, err := names.between(field, q.Ranges[field])
		if err != nil {
			return out, nil, nil, err
		}
		out.Where = append(out.Where, c)
	}
	switch {
	case q.Sort == "" && q.Q == "":
		out.Sort = facets.Sort{Field: "updatedAt", Desc: true}
	case q.Sort == "":
		out.Sort.Field = facets.Relevance
	case !names.Sorts(q.Sort):
		return out, nil, nil, invalid("sort", "unknown", q.Sort)
	}
	if q.After != "" {
		out.After = new(facets.Cursor)
		if err := out.After.UnmarshalText([]byte(q.After)); err != nil {
			return out, nil, nil, invalid("cursor", "cursor", "")
		}
	}
	if strings.TrimSpace(q.Q) == "" {
		if out.Sort.Field == facets.Relevance {
			out.Sort = facets.Sort{Field: "updatedAt", Desc: true}
		}
		return out, nil, nil, nil
	}
	terms, err := text.ParseQuery(q.Q)
	if err != nil {
		return out, nil, nil, invalid("q", "query", strconv.Itoa(text.MaxQuery))
	}
	hits, err := d.lists.index.Search(ctx, d.request(terms))
	if err != nil {
		return out, nil, nil, known(err)
	}
	out.Where = append(out.Where, facets.Text{Hits: hits})
	return out, hits, terms, nil
}

// withChildren adds the codes below the given ones: who asks for 正高级 finds
// 教授 too.
func (d *documents[T, P]) withChildren(field string, codes []string) []string {
	f := d.shape.rows.Named(field)
	if f == nil || f.Kind != schemas.Coded {
		return codes
	}
	t := d.app.taxonomies.cached.get(f.Taxonomy)
	if t == nil {
		return codes
	}
	out := slices.Clone(codes)
	for i := 0; i < len(out); i++ {
		for _, term := range t.Terms {
			if term.Parent == out[i] && !slices.Contains(out, term.ID) {
				out = append(out, term.ID)
			}
		}
	}
	return out
}

// request asks the index for search terms: each must stand in one field, or be
// the sound of a name, or another name of an institution. What only nearly
// sounds so comes last.
func (d *documents[T, P]) request(terms []text.Term) facets.Request {
	var out facets.Request
	for _, t := range terms {
		term := facets.Term{Ranks: make([][]facets.Match, int(schemas.ByRest)+1)}
		add := func(rank int, letter byte, grams ...string) {
			if len(grams) > 0 && grams[0] != "" {
				term.Ranks[rank] = append(term.Ranks[rank], facets.Match{Field: letter, Grams: grams})
			}
		}
		one := len([]rune(t.Text)) == 1
		for path, letter := range d.shape.letters {
			if f := d.shape.byPath[path]; !one || f.Search == schemas.ByName {
				add(int(f.Search)-1, letter, t.Grams...)
			}
		}
		add(int(schemas.ByName)-1, soundLetter, t.Sound)
		add(int(schemas.ByOrganisation)-1, aliasLetter, squeeze(t.Text))
		add(int(schemas.ByRest), fuzzyLetter, t.Fuzzy)
		out.Terms = append(out.Terms, term)
	}
	return out
}

// facet shows the counts of one field. Values that are filtered by stand in it also when
// they count nothing.
func (d *documents[T, P]) facet(counts []facets.Bucket, q ListQuery, field string) *Facet {
	f := d.shape.rows.Named(field)
	custom := strings.HasPrefix(field, "attributes.")
	if !custom && (f == nil || !f.Facet) {
		return nil
	}
	out := &Facet{Field: field, Values: []Bucket{}}
	if f != nil {
		out.Taxonomy = f.Taxonomy
	}
	taken := q.Where[field]
	for _, b := range counts {
		out.Values = append(out.Values, Bucket{b.Code, b.N, slices.Contains(taken, b.Code)})
	}
	for _, code := range taken {
		if !slices.ContainsFunc(out.Values, func(b Bucket) bool { return b.Code == code }) {
			out.Values = append(out.Values, Bucket{Code: code, Taken: true})
		}
	}
	return out
}

// cardsOf reads ready cards in the order of ids.
func (d *documents[T, P]) cardsOf(ctx context.Context, ids []string, on schemas.On) ([][]byte, error) {
	part := map[schemas.On]store.Part{schemas.Staff: store.StaffCard, schemas.Viewer: store.ViewerCard}[on]
	if part == 0 {
		part = store.MaskedCard
	}
	return d.lists.cards.of(ids, part, func(missing []string) (map[string]store.Record, error) {
		return d.lists.records(ctx, missing, part)
	})
}

// records reads the parts of a page's records by id.
func (l *listing) records(ctx context.Context, ids []string, parts store.Part) (map[string]store.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	out := make(map[string]store.Record, len(ids))
	err := l.app.store.Find(ctx, l.shape.coll, byIDs(ids, parts),
		func(r store.Record) error { out[r.ID] = r; return nil })
	return out, known(err)
}

// hits says for each record of a page where the terms stand in it, and puts
// those that have a whole term before the others.
func (d *documents[T, P]) hits(ctx context.Context, l *List, terms []text.Term) (map[string]Hit, error) {
	records, err := d.lists.records(ctx, l.IDs, store.Body)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Hit, len(records))
	whole := make(map[string]bool, len(records))
	for id, r := range records {
		if out[id], whole[id], err = d.hit(r.Body, terms); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(l.IDs, func(a, b string) int {
		switch {
		case whole[a] == whole[b]:
			return 0
		case whole[a]:
			return -1
		}
		return 1
	})
	return out, nil
}

// hit finds the best field for the terms: one that has a whole term before one
// that has its parts, then by rank, then in the order of the record.
func (d *documents[T, P]) hit(body []byte, terms []text.Term) (Hit, bool, error) {
	var best, organisation struct {
		field *schemas.Field
		text  string
		score int
	}
	err := schemas.EachText(body, d.shape.searched, func(pattern, s string) {
		f := d.shape.byPath[pattern]
		if f.Name == "organisation" {
			organisation.field, organisation.text = f, s
		}
		if score := likeness(s, terms, f.Search == schemas.ByName); score > 0 && score+10-int(f.Search) > best.score {
			best.field, best.text, best.score = f, s, score+10-int(f.Search)
		}
	})
	if err != nil {
		return Hit{}, false, err
	}
	if best.field != nil {
		if parts, ok := text.Snippet(best.text, terms, 60); ok {
			out := Hit{Field: best.field.Name}
			for _, p := range parts {
				out.Snippet = append(out.Snippet, Part{p.Text, p.Hit})
			}
			return out, best.score >= wholeTerm, nil
		}
	}
	if organisation.field != nil { // by another name of its institution
		return Hit{Field: organisation.field.Name, Snippet: []Part{{organisation.text, true}}}, false, nil
	}
	return Hit{Snippet: []Part{}}, false, nil
}

// wholeTerm is what a whole term in a text adds to its likeness.
const wholeTerm = 1000

// likeness says how much of the terms a text has: whole terms first, then
// their grams, then the sound of a name.
func likeness(s string, terms []text.Term, name bool) int {
	score := 0
	low := strings.ToLower(s)
	for _, t := range terms {
		grams := 0
		for _, g := range t.Grams {
			if strings.Contains(low, g) {
				grams++
			}
		}
		switch {
		case grams > 0 && grams == len(t.Grams) && text.Whole(s, t.Text):
			score += wholeTerm
		case grams > 0:
			score += 20 * grams
		case name && t.Pinyin:
			if _, ok := text.Snippet(s, []text.Term{t}, 60); ok {
				score += 500
			}
		}
	}
	return score
}

// Names are the words that lists of a collection take.
type Names struct {
	app  *App
	coll string
	rows schemas.Catalogue
}

// Names returns the words that lists of a collection take, or nil.
func (a *App) Names(coll string) *Names {
	l := a.listing(coll)
	if l == nil {
		return nil
	}
	return &Names{a, coll, l.shape.rows}
}

func (n *Names) custom(name string) *schemas.FieldDef {
	key, ok := strings.CutPrefix(name, "attributes.")
	if !ok {
		return nil
	}
	return n.app.fieldDef(n.coll, key)
}

// Filters reports whether a list can be filtered by the codes of name.
func (n *Names) Filters(name string) bool {
	if f := n.custom(name); f != nil {
		return f.Kind == "choice" || f.Kind == "yesno"
	}
	f := n.rows.Named(name)
	return f != nil && f.Facet
}

// Bounds reports whether a list can be filtered by a range of name.
func (n *Names) Bounds(name string) bool {
	if f := n.custom(name); f != nil {
		return f.Kind == "number" || f.Kind == "date"
	}
	f := n.rows.Named(name)
	return name == "updatedAt" || name == "createdAt" || f != nil && f.Sort && (f.Kind == schemas.Number || f.Kind == schemas.Day)
}

// Sorts reports whether a list can be sorted by name.
func (n *Names) Sorts(name string) bool {
	if f := n.custom(name); f != nil {
		return f.Kind != "choice" && f.Kind != "yesno"
	}
	f := n.rows.Named(name)
	return name == "updatedAt" || name == "createdAt" || f != nil && f.Sort
}

// Shows reports whether name stands on a card.
func (n *Names) Shows(name string) bool {
	f := n.rows.Named(name)
	return name == "id" || name == "version" || name == "updatedAt" || name == "pinyin" || name == "attributes" || f != nil && f.Card != 0
}

// between reads a range of numbers, days or instants.
func (n *Names) between(name string, r Range) (facets.Clause, error) {
	if !n.Bounds(name) {
		return nil, invalid(name, "unknown", "")
	}
	f, def := n.rows.Named(name), n.custom(name)
	read := func(s string, end bool) (*float64, error) {
		if s == "" {
			return nil, nil
		}
		switch {
		case name == "updatedAt" || name == "createdAt":
			var t schemas.Time
			if d := schemas.Date(s); d.Valid() {
				t = schemas.At(d.Time())
				if end {
					t = schemas.At(d.AddDays(1).Time().Add(-1))
				}
			} else if err := t.UnmarshalJSON([]byte(strconv.Quote(s))); err != nil {
				return nil, invalid(name, "instant", "")
			}
			v := float64(t.UnixMilli())
			return &v, nil
		case def != nil && def.Kind == "date" || f != nil && f.Kind == schemas.Day:
			if !schemas.Date(s).Valid() {
				return nil, invalid(name, "day", "")
			}
			v := float64(progress.DayOf(schemas.Date(s)))
			return &v, nil
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || v != v {
			return nil, invalid(name, "type", "number")
		}
		return &v, nil
	}
	from, err1 := read(r.From, false)
	to, err2 := read(r.To, true)
	return facets.Between{Field: name, From: from, To: to}, errors.Join(err1, err2)
}

// facts are the spans of the records that a rule can weigh: those that once
// had each code that its candidates must have.
func (l *listing) facts(rule *schemas.RuleFields, terms *progress.Terms) []progress.RecordFacts {
	var q facets.Query
	for _, need := range progress.Needs(rule, terms) {
		q.Where = append(q.Where, facets.Ever{Field: need.Field, Codes: need.Codes})
	}
	var out []progress.RecordFacts
	for ord, spans := range l.index.Spans(q, progress.Reads(rule)...) {
		id, ok := l.index.ID(ord)
		if !ok {
			continue
		}
		r := progress.RecordFacts{ID: id, Spans: make([]progress.Span, len(spans))}
		for i, s := range spans {
			r.Spans[i] = progress.Span(s)
		}
		out = append(out, r)
	}
	return out
}

// codesAsOf counts records by the code of a field on a day.
func (l *listing) codesAsOf(field string, ids []string, at When) map[string]int {
	out := map[string]int{}
	known := int64(facets.OpenKnown - 1)
	if !at.KnownAt.IsZero() {
		known = at.KnownAt.UnixMilli()
	}
	for code, set := range l.index.CodesAsOf(facets.Query{Where: []facets.Clause{facets.IDs(ids)}}, field, progress.DayOf(at.AsOf), known) {
		out[code] = int(set.GetCardinality())
	}
	return out
}

// codeInUse counts the records that have a code of a taxonomy.
func (a *App) codeInUse(_ context.Context, taxonomy, code string) (int, error) {
	n := 0
	for _, coll := range []string{schemas.Talents, schemas.Teams, schemas.Enterprises} {
		l := a.listing(coll)
		for i := range l.shape.rows {
			f := &l.shape.rows[i]
			list := f.Taxonomy
			if list == "stage" && (taxonomy == schemas.TaxStageRecruit || taxonomy == schemas.TaxStageCultivate) {
				list = taxonomy
			}
			if f.Kind == schemas.Coded && list == taxonomy && f.Facet {
				n += l.index.Count(facets.Query{Where: []facets.Clause{facets.In{Field: f.Name, Codes: []string{code}}}})
			}
		}
	}
	return n, nil
}

// namer reads the names of a target's records, and says which are in scope.
func (a *App) namer(ctx context.Context, t *schemas.Target) func(id string) (string, bool) {
	colls := []string{t.Collection}
	for _, c := range t.Also {
		colls = append(colls, c.Collection)
	}
	return func(id string) (string, bool) {
		for _, coll := range colls {
			l := a.listing(coll)
			if l.index.Count(facets.Query{Where: []facets.Clause{facets.IDs{id}}, Scope: scopeClause(ctx)}) == 0 {
				continue
			}
			records, err := l.records(ctx, []string{id}, store.ViewerCard)
			if err != nil {
				return "", false
			}
			shown := struct{ Name string }{}
			if err := json.Unmarshal(records[id].Cards.Viewer, &shown); err != nil {
				return "", false
			}
			return shown.Name, true
		}
		return "", false
	}
}

// teamLedBy is the live team that a talent leads, or "".
func (a *App) teamLedBy(talent string) string {
	page := a.teams.lists.index.Select(facets.Query{Where: []facets.Clause{facets.In{Field: "leadTalent", Codes: []string{talent}}, notArchived}, Limit: 1})
	if len(page.IDs) == 0 {
		return ""
	}
	return page.IDs[0]
}
