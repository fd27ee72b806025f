package app

import (
	"container/list"
	"strings"
	"sync"
	"time"

	"qunxian/schemas"
)

// throttle slows guessing of passwords: after five failures of one account
// from one address, one minute, then two, four … fifteen.
type throttle struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // oldest use first; the oldest is forgotten beyond the limit
}

type failures struct {
	key   string
	n     int
	until time.Time
}

const (
	throttleFree = 5
	throttleKeep = 100_000
	throttleMost = 15 * time.Minute
)

func newThrottle() *throttle {
	return &throttle{byKey: map[string]*list.Element{}, order: list.New()}
}

// throttleKey is bounded, since anybody may send a name of any length.
func throttleKey(name, ip string) string { return strings.ToLower(clip(name, 80)) + "|" + ip }

// wait refuses a try that comes too early, without moving the moment.
func (t *throttle) wait(name, ip string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.byKey[throttleKey(name, ip)]
	if e == nil {
		return nil
	}
	if left := e.Value.(*failures).until.Sub(now); left > 0 {
		return &schemas.Error{Code: schemas.TooMany, Message: "error.sign_in_later", Retry: int((left + time.Second - 1) / time.Second)}
	}
	return nil
}

func (t *throttle) failed(name, ip string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := throttleKey(name, ip)
	e := t.byKey[key]
	if e == nil {
		e = t.order.PushBack(&failures{key: key})
		t.byKey[key] = e
		if t.order.Len() > throttleKeep {
			old := t.order.Remove(t.order.Front()).(*failures)
			delete(t.byKey, old.key)
		}
	}
	t.order.MoveToBack(e)
	f := e.Value.(*failures)
	if f.n++; f.n >= throttleFree {
		f.until = now.Add(min(throttleMost, time.Minute<<min(f.n-throttleFree, 8)))
	}
}

func (t *throttle) passed(name, ip string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.byKey[throttleKey(name, ip)]; e != nil {
		t.order.Remove(e)
		delete(t.byKey, throttleKey(name, ip))
	}
}
