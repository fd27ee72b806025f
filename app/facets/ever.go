package facets

import "github.com/RoaringBitmap/roaring/v2"

// Ever holds for the records that have a span of one of the field's codes,
// whenever it was true.
type Ever struct {
	Field string
	Codes []string
}

func (c Ever) ords(ix *Index) *roaring.Bitmap {
	var found []*roaring.Bitmap
	for _, text := range c.Codes {
		if id, ok := ix.words.find(c.Field, text); ok && int(id) < len(ix.codes) {
			found = append(found, ix.codes[id].ever.bitmap())
		}
	}
	return union(found)
}
