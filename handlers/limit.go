package handlers

import (
	"container/list"
	"sync"
	"time"

	"qunxian/schemas"
)

// Rate is how many requests of a class one user, or one address, may make in a time. So many may come at once.
type Rate struct {
	N   int
	Per time.Duration
}

// Rates are the limits by class, as they are without a setting.
func Rates() map[string]Rate {
	return map[string]Rate{
		"login":  {10, time.Minute},
		"read":   {300, time.Minute},
		"write":  {120, time.Minute},
		"reveal": {30, time.Hour},
		"export": {5, time.Hour},
		"import": {100, time.Hour},
		"asset":  {3000, time.Minute},
		"probe":  {600, time.Minute},
	}
}

// limits are token buckets, one for each class and user. Their number is bounded: the longest unused one is forgotten.
type limits struct {
	mu      sync.Mutex
	rates   map[string]Rate
	buckets map[bucketKey]*list.Element
	order   *list.List // oldest use first
	most    int
}

type bucketKey struct{ class, who string }

type bucket struct {
	key    bucketKey
	tokens float64
	at     time.Time
}

const mostBuckets = 100_000

func newLimits(rates map[string]Rate) *limits {
	l := &limits{rates: Rates(), buckets: map[bucketKey]*list.Element{}, order: list.New(), most: mostBuckets}
	for class, r := range rates {
		l.rates[class] = r
	}
	return l
}

// set changes the limit of a class while requests are served.
func (l *limits) set(class string, r Rate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rates[class] = r
}

func (l *limits) has(class string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.rates[class]
	return ok
}

// take takes a token, or says after how many seconds there will be one.
func (l *limits) take(class, who string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	rate := l.rates[class]
	key := bucketKey{class, who}
	e := l.buckets[key]
	if e == nil {
		e = l.order.PushBack(&bucket{key: key, tokens: float64(rate.N), at: now})
		l.buckets[key] = e
		if l.order.Len() > l.most {
			delete(l.buckets, l.order.Remove(l.order.Front()).(*bucket).key)
		}
	}
	l.order.MoveToBack(e)
	b := e.Value.(*bucket)
	perSecond := float64(rate.N) / rate.Per.Seconds()
	if d := now.Sub(b.at).Seconds(); d > 0 {
		b.tokens = min(float64(rate.N), b.tokens+d*perSecond)
	}
	b.at = now
	if b.tokens < 1 {
		return &schemas.Error{Code: schemas.TooMany, Message: "error.too_many", Retry: retryAfter((1 - b.tokens) / perSecond)}
	}
	b.tokens--
	return nil
}
