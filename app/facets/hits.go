package facets

import "github.com/RoaringBitmap/roaring/v2"

// Hits are the records that a search found. They do not change.
type Hits struct {
	ranks []*roaring.Bitmap // ords, each record in its own rank only
	all   *roaring.Bitmap   // ords
}

// Count returns how many records were found, removed ones since included.
func (h *Hits) Count() int { return int(h.all.GetCardinality()) }

// Rank returns the rank of a found record, the number of ranks if it was not
// found.
func (h *Hits) Rank(ord uint32) int {
	for rank, set := range h.ranks {
		if set.Contains(ord) {
			return rank
		}
	}
	return len(h.ranks)
}

// hits turns slots, those of a rank with those of better ones, into the ords of
// the records whose present slots they are, or were when there had been as many
// moves as since: a record that moves during a search is in it by either text.
func (ix *Index) hits(slots []*roaring.Bitmap, since int) *Hits {
	h := &Hits{ranks: make([]*roaring.Bitmap, len(slots)), all: roaring.New()}
	for rank, set := range slots {
		ords := roaring.And(set, ix.still)
		if set.Intersects(ix.strayed) {
			elsewhere := roaring.And(set, ix.strayed)
			found := newGatherer(int(elsewhere.GetCardinality()), ix.highest)
			elsewhere.Iterate(func(slot uint32) bool {
				n, _ := ix.numbers.row(slot)
				found.add(ix.ords[n])
				return true
			})
			ords.Or(found.bitmap())
		}
		for i := max(since, ix.moves-len(ix.lately)); i < ix.moves; i++ {
			if m := ix.lately[i%len(ix.lately)]; set.Contains(m.slot) {
				ords.Add(m.ord)
			}
		}
		h.ranks[rank] = roaring.AndNot(ords, h.all)
		h.all = ords
	}
	return h
}

// page returns the first n selected ords behind after: by rank, the newest first.
func (h *Hits) page(selected *roaring.Bitmap, after *Cursor, n int) []uint32 {
	var out []uint32
	for rank, set := range h.ranks {
		if after != nil && rank < after.Rank {
			continue
		}
		behind := after
		if after != nil && rank > after.Rank {
			behind = nil
		}
		if out = byOrd(out, roaring.And(set, selected), behind, true, n); len(out) == n {
			break
		}
	}
	return out
}
