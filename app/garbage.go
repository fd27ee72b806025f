package app

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Writing or loading many records at once makes garbage faster than serving
// does, and collecting it as eagerly takes a quarter of the time. While that
// goes on, garbage may grow by garbageRoom, or as much as is said. A start says
// less than an import: among much garbage what lives comes to lie far apart, and
// the idle server keeps that room.
const garbageRoom = 256 << 20

var roomy struct {
	sync.Mutex
	writers int
	usual   int // percent
}

// withRoom begins a write or load of many records, for which garbage may grow to
// so many percent of what lives; done ends it.
func withRoom(percent int) (done func()) {
	roomy.Lock()
	defer roomy.Unlock()
	if roomy.writers++; roomy.writers == 1 {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		percent = min(percent, int(garbageRoom*100/max(live[0].Value.Uint64(), 1)))
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
