package facets

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// errBlock is the error of a persisted block that cannot be read.
var errBlock = errors.New("facets: broken block")

// blockSlots is how many slots a posting block covers; within a block they
// count from 0.
const blockSlots = 1 << 16

// Forms of a persisted block, its first byte: the gaps between its slots as
// varints, or all its bits, whichever is shorter.
const (
	blockGaps = 1
	blockBits = 2
)

// encodeBlock writes a block's slots.
func encodeBlock(set *roaring.Bitmap) []byte {
	out := make([]byte, 1, min(1+2*int(set.GetCardinality()), 1+blockSlots/8))
	out[0] = blockGaps
	next := uint32(0)
	set.Iterate(func(slot uint32) bool {
		out = binary.AppendUvarint(out, uint64(slot-next))
		next = slot + 1
		return len(out) <= blockSlots/8
	})
	if len(out) <= blockSlots/8 {
		return out
	}
	words := make([]uint64, blockSlots/64)
	set.WriteDenseTo(words)
	out = append(out[:0], blockBits)
	for _, w := range words {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	return out
}

// decodeBlock reads what encodeBlock wrote.
func decodeBlock(b []byte) (*roaring.Bitmap, error) {
	if len(b) == 0 {
		return nil, errBlock
	}
	switch b[0] {
	case blockGaps:
		b = b[1:]
		words, count := [blockSlots / 64]uint64{}, 0
		next := uint64(0)
		for len(b) > 0 {
			gap, n := binary.Uvarint(b)
			if n <= 0 || gap >= blockSlots-next {
				return nil, errBlock
			}
			slot := next + gap
			words[slot/64] |= 1 << (slot % 64)
			count++
			next = slot + 1
			b = b[n:]
		}
		return bitmapOfWords(words[:], count), nil
	case blockBits:
		if len(b) != 1+blockSlots/8 {
			return nil, errBlock
		}
		words, count := make([]uint64, blockSlots/64), 0
		for i := range words {
			words[i] = binary.LittleEndian.Uint64(b[1+8*i:])
			count += bits.OnesCount64(words[i])
		}
		return bitmapOfWords(words, count), nil
	}
	return nil, errBlock
}

// bitmapOfWords makes a block's bitmap of its bits.
func bitmapOfWords(words []uint64, count int) *roaring.Bitmap {
	if count > 64 {
		return roaring.FromDense(words, true)
	}
	slots := make([]uint32, 0, count)
	for i, w := range words {
		for ; w != 0; w &= w - 1 {
			slots = append(slots, uint32(i*64+bits.TrailingZeros64(w)))
		}
	}
	return roaring.BitmapOf(slots...)
}
