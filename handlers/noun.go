package handlers

import (
	"cmp"
	"slices"
	"strings"

	"qunxian/schemas"
	"qunxian/web"
)

// noun says how the pages of a registry's noun are laid out: talents, teams or enterprises.
type noun struct {
	coll     string // its collection, its path, and where its texts are
	icon     string
	rows     schemas.Catalogue
	lists    map[string]bool
	tiers    string // the taxonomy of its tiers, or ""
	staged   bool   // has a track and a stage
	sections []section
	items    []itemList
	quick    []string // what quick add asks for beside the name
	facets   []string // the filters of its list
	columns  []column
	row      func(*wording, *card) Row
}

func (n *noun) path() string { return "/" + n.coll }

// section is a group of fields of a record, on its page and in its form.
type section struct {
	key   string // of the text registry.section.<key>
	paths []string
}

// itemList is a list of a record's items. main are the fields of which the first with a value names an item, badge is a
// code that stands beside it. private lists stand in the narrow column.
type itemList struct {
	name  string
	main  []string
	badge string
	side  bool
}

// column is one of the list's columns. sort is the field that its heading sorts by, or "".
type column struct{ key, sort, class string }

// linkOf is where a value leads: the firm or talent of that name, where it is one of the registry.
func (n *noun) linkOf(r record, path string) string {
	parent, _, _ := strings.Cut(path, "/")
	switch path {
	case "employer/name", "host/name":
		if id := r.text(parent + "/id"); id != "" && r.text(parent+"/kind") == "enterprise" {
			return "/enterprises/" + id
		}
	case "lead/name":
		if id := r.text("lead/talent"); id != "" {
			return "/talents/" + id
		}
	}
	return ""
}

// RecordList is one list of a record's items. Add is where a form for one more is, or "".
type RecordList struct {
	Name, Label, Add string
	Items            []RecordItem
}

// RecordItem is one item: what names it, when it holds, and its other fields.
type RecordItem struct {
	Main, Badge, Period, Href, Edit string
	Facts                           []web.Fact
}

// itemLists are the lists of a record that have items, and those that an officer may still begin.
func (w *wording) itemLists(r record, base string) (main, side, empty []RecordList) {
	for _, l := range w.noun.items {
		out := RecordList{Name: l.name, Label: w.label(l.name)}
		if base != "" {
			out.Add = base + "/items/" + l.name
		}
		for _, item := range r.items(l.name) {
			out.Items = append(out.Items, w.itemOf(l, item, out.Add))
		}
		switch {
		case len(out.Items) == 0:
			empty = append(empty, out)
		case l.side:
			side = append(side, out)
		default:
			main = append(main, out)
		}
	}
	return main, side, empty
}

func (w *wording) itemOf(l itemList, item record, add string) RecordItem {
	out := RecordItem{Period: w.period(l, item)}
	if id := item.text("id"); add != "" && id != "" {
		out.Edit = add + "?item=" + id
	}
	if id := item.text("talent"); id != "" {
		out.Href = "/talents/" + id
	}
	main := ""
	for _, name := range l.main {
		if v := w.itemValue(l, item, name); v != "" {
			main, out.Main = name, v
			break
		}
	}
	out.Main = cmp.Or(out.Main, w.label(l.name))
	if l.badge != "" && l.badge != main {
		out.Badge = w.itemValue(l, item, l.badge)
	}
	for _, f := range w.noun.itemFields(l.name) {
		name := strings.TrimPrefix(f.Path, l.name+"/*/")
		inPeriod := (name == "from" || name == "to") && out.Period != ""
		if name == main || name == l.badge || inPeriod || slices.Contains(unshown, f.Path) {
			continue
		}
		if v := w.value(&f, item.at(name)); v != "" {
			out.Facts = append(out.Facts, web.Fact{Label: w.label(f.Name), Value: v})
		}
	}
	return out
}

func (w *wording) itemValue(l itemList, item record, name string) string {
	return w.value(w.noun.rows.At(l.name+"/-/"+name), item.at(name))
}

// period is from when to when an item holds.
func (w *wording) period(l itemList, item record) string {
	from, to := w.itemValue(l, item, "from"), w.itemValue(l, item, "to")
	switch {
	case from == "" && to == "":
		return ""
	case to == "":
		return w.t("registry.period.from", from)
	case from == "":
		return w.t("registry.period.to", to)
	}
	return from + " – " + to
}

// itemFields are the fields of a list's items, in the order of the catalogue.
func (n *noun) itemFields(list string) []schemas.Field {
	var out []schemas.Field
	for _, f := range n.rows {
		if strings.HasPrefix(f.Path, list+"/*/") {
			out = append(out, f)
		}
	}
	return out
}

// list is the layout of a list of items, or nil.
func (n *noun) list(name string) *itemList {
	for i := range n.items {
		if n.items[i].name == name {
			return &n.items[i]
		}
	}
	return nil
}
