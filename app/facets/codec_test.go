package facets

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestCodecKeepsExtremes(t *testing.T) {
	want := Codes{
		Ord: math.MaxUint32, Slot: math.MaxUint32, Version: math.MinInt64,
		Facets:  []Facet{{"", ""}, {"场", "码"}, {"场", "码"}},
		Numbers: []Number{{"n", -0.5}, {"m", math.MaxFloat64}},
		Keys:    []Key{{"k", "\x00\xff"}},
		Spans: []Span{
			{"f", "", "c", math.MinInt32, math.MaxInt32, math.MinInt64, math.MaxInt64},
			{"f", "i", "c", math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64},
			{"f", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "d", 0, 1, 5, 4},
		},
	}
	got, err := Decode(Append(nil, &want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	ix := New()
	want.Ord, want.Slot = 1, 1
	if err := ix.Apply("x", &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Spans, ix.SpansOf(1)); diff != "" {
		t.Errorf("spans in memory (-want +got)\n%s", diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	m := maker{Rand: rand.New(rand.NewPCG(1, 2))}
	c := m.codes(1, 2, 3)
	whole := Append(nil, &c)
	for n := range len(whole) {
		if _, err := Decode(whole[:n]); !errors.Is(err, ErrCodes) {
			t.Fatalf("the first %d of %d bytes: %v", n, len(whole), err)
		}
	}
	if _, err := Decode(append(whole, 0)); !errors.Is(err, ErrCodes) {
		t.Errorf("a byte too many: %v", err)
	}
	whole[0]++
	if _, err := Decode(whole); !errors.Is(err, ErrCodes) {
		t.Errorf("another version: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	m := maker{Rand: rand.New(rand.NewPCG(1, 2))}
	for range 20 {
		c := m.codes(m.Uint32(), m.Uint32(), m.Int64())
		f.Add(Append(nil, &c))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Decode(Append(nil, &c))
		if diff := cmp.Diff(c, again, cmpopts.EquateNaNs()); err != nil || diff != "" {
			t.Fatalf("%v (-first +second)\n%s", err, diff)
		}
	})
}

func FuzzBlock(f *testing.F) {
	f.Add(encodeBlock(roaring.BitmapOf(0, 1, 65535)))
	dense := roaring.New()
	dense.AddRange(100, 60000)
	f.Add(encodeBlock(dense))
	sparse := roaring.New()
	for i := range uint32(9000) {
		sparse.Add(i * 7)
	}
	f.Add(encodeBlock(sparse))
	f.Fuzz(func(t *testing.T, b []byte) {
		set, err := decodeBlock(b)
		if err != nil {
			return
		}
		if !set.IsEmpty() && set.Maximum() >= blockSlots {
			t.Fatalf("slot %d in a block", set.Maximum())
		}
		again, err := decodeBlock(encodeBlock(set))
		if err != nil || !again.Equals(set) {
			t.Fatalf("%v: %v became %v", err, set, again)
		}
	})
}

func TestBlockIsShort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, every := range []int{1, 2, 7, 9, 50, 3000, 70000} {
		set := roaring.New()
		for slot := range uint32(blockSlots) {
			if r.IntN(every) == 0 {
				set.Add(slot)
			}
		}
		b := encodeBlock(set)
		got, err := decodeBlock(b)
		if err != nil || !got.Equals(set) {
			t.Errorf("one of %d: %v", every, err)
		}
		if len(b) > 1+min(blockSlots/8, 3*int(set.GetCardinality())) {
			t.Errorf("one of %d: %d slots in %d bytes", every, set.GetCardinality(), len(b))
		}
	}
}

func TestULID(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		var want ulid
		for i := range want {
			want[i] = byte(r.Uint32())
		}
		s := want.String()
		if got, ok := parseULID(s); !ok || got != want {
			t.Fatalf("%x became %s and %x", want, s, got)
		}
	}
	known := ulid{0x01, 0x56, 0x3e, 0x3a, 0xb5, 0xd3, 0xd6, 0x76, 0x4c, 0x61, 0xef, 0xb9, 0x93, 0x02, 0xbd, 0x5b}
	if s := known.String(); s != "01ARZ3NDEKTSV4RRFFQ69G5FAV" {
		t.Errorf("%x is written %s", known, s)
	}
	for _, s := range []string{"", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01ARZ3NDEKTSV4RRFFQ69G5FA"} {
		if _, ok := parseULID(s); ok {
			t.Errorf("%q is taken for a ULID", s)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add([]byte("AAAA"))
	text, _ := (&Cursor{1, true, 2.5, "名", 7}).MarshalText()
	f.Add(text)
	f.Fuzz(func(t *testing.T, b []byte) {
		var c, again Cursor
		if c.UnmarshalText(b) != nil {
			return
		}
		text, _ := c.MarshalText()
		if err := again.UnmarshalText(text); err != nil || again != c {
			t.Fatalf("%v: %+v became %+v", err, c, again)
		}
	})
}
