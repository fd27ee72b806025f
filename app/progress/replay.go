package progress

import (
	"slices"

	"qunxian/schemas"
)

// Replay returns the leaves of a document on a business day, as it was known
// at an instant: each path has the value of the entry with the greatest
// (EffectiveOn, Seq) among those with EffectiveOn ≤ on and RecordedAt ≤ knownAt.
// An undo entry sets nothing; the entry that it names is skipped from the
// undo's RecordedAt on, unless the undo itself is undone. Cleared paths are
// absent. Entries stand in the order of Seq; the zero knownAt means all that is
// on file.
func Replay(entries []schemas.Entry, on schemas.Date, knownAt schemas.Time) schemas.Leaves {
	out := schemas.Leaves{}
	since := map[string]schemas.Date{}
	held := holding(entries, known(knownAt))
	for i := range entries {
		e := &entries[i]
		if !held[i] || e.EffectiveOn > on {
			continue
		}
		for _, c := range e.Changes {
			if last, ok := since[c.Path]; ok && last > e.EffectiveOn {
				continue
			}
			since[c.Path] = e.EffectiveOn
			if c.To == nil {
				delete(out, c.Path)
			} else {
				out[c.Path] = c.To
			}
		}
	}
	return out
}

// Live returns the entries that replay reads at an instant, in their order:
// those on file by then, without undo entries and without what they undo.
func Live(entries []schemas.Entry, knownAt schemas.Time) []schemas.Entry {
	out := make([]schemas.Entry, 0, len(entries))
	for i, ok := range holding(entries, known(knownAt)) {
		if ok {
			out = append(out, entries[i])
		}
	}
	return out
}

// Undone reports whether an entry is undone by one that is not undone itself.
func Undone(entries []schemas.Entry, seq int64) bool {
	return slices.ContainsFunc(entries, func(e schemas.Entry) bool {
		return e.Action == schemas.ActUndo && e.Undoes == seq && !Undone(entries, e.Seq)
	})
}

// holding says of each entry whether replay reads it at an instant. An undo
// names an earlier entry, so the last one is judged first.
func holding(entries []schemas.Entry, at int64) []bool {
	held := make([]bool, len(entries))
	for i := range entries {
		held[i] = entries[i].RecordedAt.UnixMilli() <= at
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Action != schemas.ActUndo {
			continue
		}
		if j := bySeq(entries[:i], entries[i].Undoes); held[i] && j >= 0 {
			held[j] = false
		}
		held[i] = false
	}
	return held
}

// bySeq is the place of the entry with a Seq, or -1. Seq counts from 1, so it
// is nearly always one before it.
func bySeq(entries []schemas.Entry, seq int64) int {
	if i := seq - 1; i >= 0 && i < int64(len(entries)) && entries[i].Seq == seq {
		return int(i)
	}
	for i := range entries {
		if entries[i].Seq == seq {
			return i
		}
	}
	return -1
}
