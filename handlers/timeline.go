package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"qunxian/schemas"
	"qunxian/web"
)

// RecordEvent is one entry of a record's history as the page shows it.
type RecordEvent struct {
	Title, Icon, Tone, Actor string
	At                       time.Time
	Day                      string // the business day, where it is not the day of writing
	Reason                   string
	Details                  []web.Fact
	Changes                  []web.Change
	More                     int    // changes that are not listed
	Undo                     string // where a POST undoes it, or ""
	Undone                   bool
}

// shownChanges is how many changes of one entry are listed, and shownText how long each may be.
const (
	shownChanges = 8
	shownText    = 60
)

// events are the entries of a history, newest first. base is the path of the record where its reader may undo.
func (w *wording) events(entries []schemas.Entry, base string) []RecordEvent {
	undone := map[int64]bool{}
	out := make([]RecordEvent, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		if e.Undoes > 0 && !undone[e.Seq] {
			undone[e.Undoes] = true // an undo that is itself undone undoes nothing
		}
		event := RecordEvent{Actor: w.person(e.Actor), At: e.RecordedAt.Time, Reason: e.Reason, Undone: undone[e.Seq], Details: w.details(e)}
		event.Title, event.Icon, event.Tone = w.action(e)
		if e.EffectiveOn != schemas.DateOf(e.RecordedAt.Time) {
			event.Day = string(e.EffectiveOn)
		}
		event.Changes = w.changes(e.Changes)
		if n := len(event.Changes); n > shownChanges {
			event.Changes, event.More = event.Changes[:shownChanges], n-shownChanges
		}
		if base != "" && e.Seq > 1 && !event.Undone {
			event.Undo = base + "/history/" + strconv.FormatInt(e.Seq, 10) + "/undo"
		}
		out = append(out, event)
	}
	return out
}

// actionMarks are the icon and the tone of each action.
var actionMarks = map[string][2]string{
	schemas.ActCreate:  {"user-plus", "blue"},
	schemas.ActUpdate:  {"edit", "slate"},
	schemas.ActMove:    {"user-check", "teal"},
	schemas.ActArchive: {"archive", "amber"},
	schemas.ActRestore: {"refresh", "teal"},
	schemas.ActUndo:    {"arrow-back-up", "slate"},
	schemas.ActImport:  {"file-import", "violet"},
}

func (w *wording) action(e schemas.Entry) (title, icon, tone string) {
	mark, ok := actionMarks[e.Action]
	if !ok {
		return e.Action, "edit", "slate"
	}
	if e.Action == schemas.ActCreate && w.noun.coll != schemas.Talents {
		mark[0] = "plus"
	}
	return w.t("registry.action." + e.Action), mark[0], mark[1]
}

// detailNames are the details that a move or an import may have, in the order of the page.
var detailNames = []string{"date", "docNo", "conclusion", "attachment", "file", "sheet", "row"}

func (w *wording) details(e schemas.Entry) []web.Fact {
	var out []web.Fact
	if e.Details["undated"] != "" {
		out = append(out, web.Fact{Label: w.t("registry.detail.effectiveOn"), Value: w.t("registry.undated")})
	}
	for _, name := range detailNames {
		if v := e.Details[name]; v != "" {
			if name == "date" {
				v = w.frame.Day(v)
			}
			out = append(out, web.Fact{Label: w.t("registry.detail." + name), Value: v})
		}
	}
	return out
}

// changes are the changes of an entry in words. Those of one item stand in one line when the item is new or gone.
func (w *wording) changes(cs []schemas.Change) []web.Change {
	var out []web.Change
	cs = slices.Clone(cs)
	slices.SortStableFunc(cs, func(a, b schemas.Change) int { return w.noun.order(a.Path) - w.noun.order(b.Path) })
	for i := 0; i < len(cs); i++ {
		list, id := w.item(cs[i].Path)
		n := 1
		for list != "" && i+n < len(cs) && strings.HasPrefix(cs[i+n].Path, list+"/"+id+"/") {
			n++
		}
		group := cs[i : i+n]
		i += n - 1
		added := !slices.ContainsFunc(group, func(c schemas.Change) bool { return c.From != nil })
		removed := !slices.ContainsFunc(group, func(c schemas.Change) bool { return c.To != nil })
		switch {
		case list != "" && added:
			out = append(out, web.Change{Label: w.label(list), To: w.whole(group, func(c schemas.Change) any { return c.To })})
		case list != "" && removed:
			out = append(out, web.Change{Label: w.label(list), From: w.whole(group, func(c schemas.Change) any { return c.From })})
		default:
			for _, c := range group {
				out = w.change(out, c)
			}
		}
	}
	return out
}

// item is the list and the id that a leaf's path names, or "".
func (w *wording) item(path string) (list, id string) {
	list, rest, _ := strings.Cut(path, "/")
	if !w.noun.lists[list] {
		return "", ""
	}
	id, _, _ = strings.Cut(rest, "/")
	return list, id
}

func (w *wording) change(out []web.Change, c schemas.Change) []web.Change {
	if key, ok := strings.CutPrefix(c.Path, "attributes/"); ok {
		change := web.Change{Label: w.customName(key)}
		if f := w.custom(key); f != nil {
			change.From, change.To = w.customValue(f, c.From), w.customValue(f, c.To)
		}
		return append(out, change)
	}
	f := w.noun.rows.At(c.Path)
	if f == nil || slices.Contains(unshown, f.Path) {
		return out
	}
	label := w.label(f.Name)
	if list, _ := w.item(c.Path); list != "" {
		label = w.label(list) + " · " + label
	}
	return append(out, web.Change{Label: label, From: short(w.value(f, c.From)), To: short(w.value(f, c.To))})
}

// order is the place of a leaf in its noun's history: fields before items, each as in the catalogue, and the leaves of
// one item beside each other.
func (n *noun) order(path string) int {
	list, _, _ := strings.Cut(path, "/")
	if at := slices.IndexFunc(n.items, func(l itemList) bool { return l.name == list && n.lists[list] }); at >= 0 {
		return len(n.rows) + at
	}
	return slices.IndexFunc(n.rows, func(f schemas.Field) bool { return f.Path == path })
}

func short(s string) string {
	if letters := []rune(s); len(letters) > shownText {
		return string(letters[:shownText]) + "…"
	}
	return s
}

// whole is an item in one line: what names it first.
func (w *wording) whole(group []schemas.Change, side func(schemas.Change) any) string {
	list, _ := w.item(group[0].Path)
	rank := func(c schemas.Change) int {
		if l := w.noun.list(list); l != nil && strings.HasSuffix(c.Path, "/"+l.main[0]) {
			return -1
		}
		return slices.IndexFunc(w.noun.rows, func(f schemas.Field) bool { return f.Path == w.noun.rows.At(c.Path).Path })
	}
	group = slices.DeleteFunc(slices.Clone(group), func(c schemas.Change) bool {
		f := w.noun.rows.At(c.Path)
		return f == nil || slices.Contains(unshown, f.Path) || f.Kind == schemas.YesNo
	})
	slices.SortFunc(group, func(a, b schemas.Change) int { return rank(a) - rank(b) })
	parts := make([]string, len(group))
	for i, c := range group {
		parts[i] = w.value(w.noun.rows.At(c.Path), side(c))
	}
	return short(joinDots(parts))
}
