package app

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Writing or loading many records at once makes garbage faster than serving
// does, and collecting it as eagerly takes a quarter of the time. While that
// goes on, garbage may grow by garbageRoom, at most to four times what lives.
const garbageRoom = 256 << 20

var roomy struct {
	sync.Mutex
	writers int
	usual   int // percent
}

// withRoom begins a write or load of many records; done ends it.
func withRoom() (done func()) {
	roomy.Lock()
	defer roomy.Unlock()
	if roomy.writers++; roomy.writers == 1 {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		percent := int(min(400, garbageRoom*100/max(live[0].Value.Uint64(), 1)))
		roomy.usual = debug.SetGCPercent(percent)
		if percent < roomy.usual {
			debug.SetGCPercent(roomy.usual)
		}
	}
	return func() {
		roomy.Lock()
		defer roomy.Unlock()
		if roomy.writers--; roomy.writers == 0 {
			debug.SetGCPercent(roomy.usual)
		}
	}
}
