package app

import "sync"

// memo keeps answers that follow from what is on file, until the next write.
// Counts of a day are asked again and again between two writes.
type memo struct {
	mu    sync.Mutex
	state [5]int64
	held  map[any]any
}

// memoMost is how many answers are kept.
const memoMost = 512

// remember returns the answer to a question, made by ask where it is not kept.
func remember[T any](a *App, question any, ask func() (T, error)) (T, error) {
	state := [5]int64{
		a.talents.lists.writes.Load(), a.teams.lists.writes.Load(), a.enterprises.lists.writes.Load(),
		a.taxonomies.cached.written() + a.rules.cached.written(), a.targets.cached.written(),
	}
	a.memo.mu.Lock()
	if a.memo.state != state || len(a.memo.held) >= memoMost {
		a.memo.state, a.memo.held = state, map[any]any{}
	}
	v, ok := a.memo.held[question]
	a.memo.mu.Unlock()
	if ok {
		return v.(T), nil
	}
	out, err := ask()
	if err == nil {
		a.memo.mu.Lock()
		if a.memo.state == state {
			a.memo.held[question] = out
		}
		a.memo.mu.Unlock()
	}
	return out, err
}
