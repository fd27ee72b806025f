package app

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"qunxian/app/facets"
	"qunxian/schemas"
	"qunxian/store"
)

// CodeUse is how many documents of a collection have a code.
type CodeUse struct {
	Collection string
	N          int
}

func sumOf(uses []CodeUse) (n int) {
	for _, u := range uses {
		n += u.N
	}
	return n
}

// codeInUse counts the records that have a code of a taxonomy.
func (a *App) codeInUse(ctx context.Context, taxonomy, code string) ([]CodeUse, error) {
	var uses []CodeUse
	for _, coll := range []string{schemas.Talents, schemas.Teams, schemas.Enterprises} {
		n, l := 0, a.listing(coll)
		unlisted := map[string]bool{} // coded fields that no index counts
		for i := range l.shape.rows {
			f := &l.shape.rows[i]
			list := f.Taxonomy
			if list == "stage" && (taxonomy == schemas.TaxStageRecruit || taxonomy == schemas.TaxStageCultivate) {
				list = taxonomy
			}
			switch {
			case f.Kind != schemas.Coded || list != taxonomy:
			case f.Facet:
				n += l.index.Count(facets.Query{Where: []facets.Clause{facets.In{Field: f.Name, Codes: []string{code}}}})
			default:
				unlisted[f.Path] = true
			}
		}
		if len(unlisted) > 0 {
			more, err := a.codeInBodies(ctx, l, unlisted, code)
			if err != nil {
				return nil, err
			}
			n += more
		}
		if n > 0 {
			uses = append(uses, CodeUse{coll, n})
		}
	}
	return uses, nil
}

// codeInBodies counts the records that have a code in a field that no index
// counts. It reads them all, which a list of codes is seldom worth.
func (a *App) codeInBodies(ctx context.Context, l *listing, paths map[string]bool, code string) (int, error) {
	n, quoted := 0, []byte(`"`+code+`"`)
	var failed error
	err := a.whole(ctx, l.shape.coll, store.Body, func(r store.Record) error {
		if !bytes.Contains(r.Body, quoted) {
			return nil
		}
		leaves, err := schemas.FlattenJSON(r.Body)
		if err != nil {
			failed = err
			return nil
		}
		for path, v := range leaves {
			if f := l.shape.row(path); f != nil && paths[f.Path] && slices.Contains(texts(v), code) {
				n++
				break
			}
		}
		return nil
	})
	if failed != nil {
		return 0, failed
	}
	return n, err
}

// codeNamed counts what names a code beside the records: users, rules, targets,
// settings and crosswalks.
func (a *App) codeNamed(taxonomy, code string) []CodeUse {
	var uses []CodeUse
	add := func(coll string, is bool) {
		switch last := len(uses) - 1; {
		case !is:
		case last >= 0 && uses[last].Collection == coll:
			uses[last].N++
		default:
			uses = append(uses, CodeUse{coll, 1})
		}
	}
	if taxonomy == schemas.TaxRegion {
		for _, u := range a.users.cached.all() {
			add(schemas.Users, slices.Contains(u.Regions, code))
		}
		add(schemas.Settings, a.Setting().DefaultRegion == code)
	}
	for _, r := range a.rules.cached.all() {
		rows := a.rowsOf(r.Collection)
		add(schemas.Rules, slices.ContainsFunc(slices.Concat(r.Candidates, r.Counts), func(c schemas.Clause) bool {
			list := c.Taxonomy
			if f := rows.Named(c.Field); f != nil {
				list = f.Taxonomy
			}
			return slices.Contains(c.Values, code) && (list == taxonomy || list == "stage" && strings.HasPrefix(taxonomy, "stage"))
		}))
	}
	for _, t := range a.targets.cached.all() {
		add(schemas.Targets, slices.ContainsFunc(t.Breakdown, func(s schemas.Share) bool { return s.Taxonomy == taxonomy && s.Code == code }))
	}
	for _, t := range a.taxonomies.cached.all() {
		add(schemas.Taxonomies, slices.ContainsFunc(t.Crosswalk, func(c schemas.Cross) bool { return c.Taxonomy == taxonomy && c.To == code }))
	}
	return uses
}

func (a *App) rowsOf(coll string) schemas.Catalogue {
	if l := a.listing(coll); l != nil {
		return l.shape.rows
	}
	return nil
}
