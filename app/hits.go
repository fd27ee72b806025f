package app

import (
	"context"
	"slices"
	"strings"

	"qunxian/app/facets"
	"qunxian/app/text"
	"qunxian/schemas"
	"qunxian/store"
)

// request asks the index for search terms: each must stand in one field, or be
// the sound of a name, or another name of an institution. What only nearly
// sounds so comes last. Only what the reader's cards show is searched: a search
// of a hidden field would tell it.
func (d *documents[T, P]) request(terms []text.Term, on schemas.On) facets.Request {
	var out facets.Request
	named := d.shows("name", on)
	for _, t := range terms {
		term := facets.Term{Ranks: make([][]facets.Match, int(schemas.ByRest)+1)}
		add := func(rank int, letter byte, grams ...string) {
			if len(grams) > 0 && grams[0] != "" {
				term.Ranks[rank] = append(term.Ranks[rank], facets.Match{Field: letter, Grams: grams})
			}
		}
		one := len([]rune(t.Text)) == 1
		for path, letter := range d.shape.letters {
			if f := d.shape.byPath[path]; (!one || f.Search == schemas.ByName) && shown(f, on) {
				add(int(f.Search)-1, letter, t.Grams...)
			}
		}
		if named {
			add(int(schemas.ByName)-1, soundLetter, t.Sound)
			add(int(schemas.ByRest), fuzzyLetter, t.Fuzzy)
		}
		if d.shows("organisation", on) {
			add(int(schemas.ByOrganisation)-1, aliasLetter, squeeze(t.Text))
		}
		out.Terms = append(out.Terms, term)
	}
	return out
}

// shown reports whether a reader's cards show a field.
func shown(f *schemas.Field, on schemas.On) bool {
	return on == 0 || on == schemas.Staff || f.Card&on != 0
}

// shows is shown for a field by its name; one that there is not hides nothing.
func (d *documents[T, P]) shows(name string, on schemas.On) bool {
	f := d.shape.rows.Named(name)
	return f == nil || shown(f, on)
}

// hits says for each record of a page where the terms stand in it, and puts
// those that have a whole term before the others.
func (d *documents[T, P]) hits(ctx context.Context, l *List, terms []text.Term, on schemas.On) (map[string]Hit, error) {
	records, err := d.lists.records(ctx, l.IDs, store.Body)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Hit, len(records))
	whole := make(map[string]bool, len(records))
	for id, r := range records {
		if out[id], whole[id], err = d.hit(r.Body, terms, on); err != nil {
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
func (d *documents[T, P]) hit(body []byte, terms []text.Term, on schemas.On) (Hit, bool, error) {
	var best, organisation struct {
		field *schemas.Field
		text  string
		score int
	}
	err := schemas.EachText(body, d.shape.searched, func(pattern, s string) {
		f := d.shape.byPath[pattern]
		if !shown(f, on) {
			return
		}
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
