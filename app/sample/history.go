package sample

import "qunxian/schemas"

// History returns the entries of steps, as the product writes them: created
// are the leaves of the document as its first step made it, with its stage.
// From is what the path was on the entry's day as known then; the changes of an
// undo say what it brought back.
func History(created schemas.Leaves, steps []Step) []schemas.Entry {
	out := make([]schemas.Entry, 0, len(steps))
	undone := make([]bool, len(steps))
	for i := range steps {
		s := &steps[i]
		e := schemas.Entry{
			Seq: int64(i + 1), RecordedAt: s.At, EffectiveOn: s.On, Actor: s.Actor, Action: s.Action,
			Reason: s.Reason, Details: s.Details, Undoes: s.Undoes,
		}
		switch {
		case i == 0:
			e.Changes = schemas.Diff(nil, created)
		case s.Undoes > 0:
			taken := s.Undoes - 1
			from := values(steps[taken].Set, s.On, created, steps[:i], undone)
			undone[taken] = true
			e.Changes = schemas.Diff(from, values(steps[taken].Set, s.On, created, steps[:i], undone))
		default:
			e.Changes = schemas.Diff(values(s.Set, s.On, created, steps[:i], undone), s.Set)
		}
		out = append(out, e)
	}
	return out
}

// values replays the paths that are set.
func values(set schemas.Leaves, on schemas.Date, created schemas.Leaves, steps []Step, undone []bool) schemas.Leaves {
	out := make(schemas.Leaves, len(set))
	for path := range set {
		if v := value(path, on, created, steps, undone); v != nil {
			out[path] = v
		}
	}
	return out
}

// value replays one path over steps.
func value(path string, on schemas.Date, created schemas.Leaves, steps []Step, undone []bool) any {
	var last any
	since := schemas.Date("")
	for i := range steps {
		s := &steps[i]
		if undone[i] || s.On > on || s.On < since {
			continue
		}
		set := s.Set
		if i == 0 {
			set = created
		}
		if v, ok := set[path]; ok {
			last, since = v, s.On
		}
	}
	return last
}
