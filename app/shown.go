package app

import (
	"context"

	"qunxian/app/progress"
	"qunxian/schemas"
)

// shown is a document's history as its readers see it: sealed values masked.
func (d *documents[T, P]) shown(ctx context.Context, id string) ([]schemas.Entry, error) {
	if _, err := d.get(ctx, id); err != nil {
		return nil, err
	}
	entries, err := d.history(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		entries[i].Sent = ""
		for j := range entries[i].Changes {
			c := &entries[i].Changes[j]
			c.From, c.To = hide(c.From), hide(c.To)
		}
	}
	return entries, nil
}

func hide(v any) any {
	if s, ok := v.(string); ok && schemas.Secret(s).Sealed() {
		return "••••"
	}
	return v
}

// asOf is a document as it was on a day, as known at an instant: the replay of
// its history.
func (d *documents[T, P]) asOf(ctx context.Context, id string, on schemas.Date, known schemas.Time) (P, error) {
	doc, err := d.get(ctx, id)
	if err != nil {
		return nil, err
	}
	entries, err := d.history(ctx, id)
	if err != nil {
		return nil, err
	}
	leaves := progress.Replay(entries, on, known)
	if len(leaves) == 0 {
		return nil, notFound()
	}
	out := P(new(T))
	if err := schemas.Unflatten(leaves, out); err != nil {
		return nil, err
	}
	*out.DocMeta() = *doc.DocMeta()
	return out, nil
}
