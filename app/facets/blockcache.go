package facets

import (
	"container/list"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// cacheBytes bounds the decoded posting blocks that are kept.
const cacheBytes = 16 << 20

// blockKey names a posting block of the present generation.
type blockKey struct {
	term  string // a field's letter and a gram
	block uint32
}

// blockCache keeps the decoded blocks used last, those that do not exist as
// empty ones. Its bitmaps are read only.
type blockCache struct {
	mu      sync.Mutex
	limit   int
	bytes   int
	entries map[blockKey]*list.Element
	recent  *list.List // of *cacheEntry, the most recent first
	reads   map[*blockRead]struct{}
}

type cacheEntry struct {
	key   blockKey
	set   *roaring.Bitmap
	bytes int
}

// blockRead is a read under way; stale collects the blocks written meanwhile,
// whose old contents it must not put into the cache.
type blockRead struct{ stale map[blockKey]bool }

func newBlockCache(limit int) *blockCache {
	return &blockCache{limit: limit, entries: make(map[blockKey]*list.Element), recent: list.New(), reads: make(map[*blockRead]struct{})}
}

// get looks blocks up and announces the read of those that are missing, to be
// ended by put; with none missing there is no read.
func (c *blockCache) get(keys []blockKey, found map[blockKey]*roaring.Bitmap) (missing []blockKey, read *blockRead) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range keys {
		if e := c.entries[key]; e != nil {
			c.recent.MoveToFront(e)
			found[key] = e.Value.(*cacheEntry).set
		} else {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		read = &blockRead{stale: make(map[blockKey]bool)}
		c.reads[read] = struct{}{}
	}
	return missing, read
}

// put ends a read and keeps what it found, if anything.
func (c *blockCache) put(read *blockRead, found map[blockKey]*roaring.Bitmap) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.reads, read)
	for key, set := range found {
		if read.stale[key] || c.entries[key] != nil {
			continue
		}
		e := &cacheEntry{key, set, 300 + int(set.GetSizeInBytes())}
		c.entries[key] = c.recent.PushFront(e)
		c.bytes += e.bytes
	}
	for c.bytes > c.limit {
		c.drop(c.recent.Back())
	}
}

// forget drops blocks that have been written.
func (c *blockCache) forget(keys []blockKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range keys {
		if e := c.entries[key]; e != nil {
			c.drop(e)
		}
		for read := range c.reads {
			read.stale[key] = true
		}
	}
}

func (c *blockCache) drop(e *list.Element) {
	entry := c.recent.Remove(e).(*cacheEntry)
	delete(c.entries, entry.key)
	c.bytes -= entry.bytes
}
