package sample

import (
	"math"
	"math/bits"
)

// chance is a stream of pseudo-random numbers (SplitMix64). Each record has its
// own, so that it is the same however many were made before it.
type chance struct{ state uint64 }

// The streams of a record: what others must know of it without making it, its
// body, and its rare word.
const (
	ofSeat = iota + 1
	ofBody
	ofRare
	ofTeam
	ofFirm
	ofFirmBody
	ofBlock
	ofQuery
)

func newChance(seed uint64, stream, i int) *chance {
	c := &chance{seed}
	c.state = c.next() ^ uint64(stream)<<56
	c.state = c.next() ^ uint64(i)
	c.next()
	return c
}

func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n is a number from 0 to n-1.
func (c *chance) n(n int) int {
	hi, _ := bits.Mul64(c.next(), uint64(n))
	return int(hi)
}

// from is a number from lo to hi, both included.
func (c *chance) from(lo, hi int) int { return lo + c.n(hi-lo+1) }

// of is true in p of 100 cases.
func (c *chance) of(p int) bool { return c.n(100) < p }

// unit is a number from 0 up to 1.
func (c *chance) unit() float64 { return float64(c.next()>>11) / (1 << 53) }

// zipf is a number from 0 to n-1 of which k comes up about as often as 1/(k+1).
func (c *chance) zipf(n int) int {
	// The inverse of the harmonic sum, by its integral: exp(u·ln(n+1)) − 1.
	u := c.unit()
	x := math.Expm1(u * math.Log1p(float64(n)))
	return min(int(x), n-1)
}

func pick[T any](c *chance, from []T) T { return from[c.n(len(from))] }

// share is a value with its weight among others.
type share struct {
	code   string
	weight int
}

// weighed picks by weight; the weights need not sum to 100.
func weighed(c *chance, shares []share) string {
	sum := 0
	for i := range shares {
		sum += shares[i].weight
	}
	k := c.n(sum)
	for i := range shares {
		if k -= shares[i].weight; k < 0 {
			return shares[i].code
		}
	}
	return ""
}

// shuffled is the place of slot i in a random order of n slots.
func shuffled(c *chance, n, i int) int {
	var order [128]uint8
	for k := range n {
		order[k] = uint8(k)
	}
	for k := n - 1; k > 0; k-- {
		j := c.n(k + 1)
		order[k], order[j] = order[j], order[k]
	}
	return int(order[i])
}
