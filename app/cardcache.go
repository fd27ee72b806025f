package app

import (
	"sync"

	"qunxian/store"
)

// cardCache keeps the cards that were shown last, as they are stored. A write
// drops its record's; what was read before a write came is not kept after it.
type cardCache struct {
	mu    sync.RWMutex
	drops uint64
	held  map[cardKey][]byte
}

type cardKey struct {
	id   string
	part store.Part
}

// cardsKept is how many cards are kept: about as many kilobytes.
const cardsKept = 8192

// of returns the cards of ids, in their order; read fetches those not kept.
func (c *cardCache) of(ids []string, part store.Part, read func([]string) (map[string]store.Record, error)) ([][]byte, error) {
	out := make([][]byte, len(ids))
	var missing []string
	c.mu.RLock()
	drops := c.drops
	for i, id := range ids {
		if out[i] = c.held[cardKey{id, part}]; out[i] == nil {
			missing = append(missing, id)
		}
	}
	c.mu.RUnlock()
	if len(missing) == 0 {
		return out, nil
	}
	records, err := read(missing)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = make(map[cardKey][]byte, cardsKept)
	}
	for i, id := range ids {
		if out[i] != nil {
			continue
		}
		card := cardOf(records[id].Cards, part)
		if card == nil { // erased between the two reads
			out[i] = []byte(`{"id":"` + id + `"}`)
			continue
		}
		out[i] = card
		if drops != c.drops {
			continue
		}
		for key := range c.held { // any one makes room
			if len(c.held) < cardsKept {
				break
			}
			delete(c.held, key)
		}
		c.held[cardKey{id, part}] = card
	}
	return out, nil
}

func cardOf(c store.Cards, part store.Part) []byte {
	switch part {
	case store.StaffCard:
		return c.Staff
	case store.ViewerCard:
		return c.Viewer
	}
	return c.Masked
}

func (c *cardCache) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	for _, part := range []store.Part{store.StaffCard, store.ViewerCard, store.MaskedCard} {
		delete(c.held, cardKey{id, part})
	}
}
