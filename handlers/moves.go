package handlers

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"qunxian/app"
	"qunxian/schemas"
)

// oneRecord names a record by its id.
type oneRecord struct {
	ID string `path:"id"`
}

// moveRecord moves a talent or team to a stage. If-Match may be left out: a move of the latest version is meant then.
type moveRecord struct {
	ID    string   `path:"id"`
	Match version  `header:"If-Match"`
	Key   string   `header:"Idempotency-Key"`
	Body  app.Move `body:"json"`
}

// archiveRecord archives or restores a record.
type archiveRecord struct {
	ID     string       `path:"id"`
	Match  version      `header:"If-Match"`
	Key    string       `header:"Idempotency-Key"`
	On     schemas.Date `query:"effectiveOn"`
	Reason string       `query:"reason"`
}

func (in *archiveRecord) how(ctx context.Context) (app.How, error) {
	return howOf(ctx, in.Key, in.On, in.Reason)
}

// undoEntry undoes one entry of a record's history.
type undoEntry struct {
	ID     string  `path:"id"`
	Seq    int64   `path:"seq"`
	Match  version `header:"If-Match"`
	Key    string  `header:"Idempotency-Key"`
	Reason string  `query:"reason"`
}

func (in *undoEntry) how(ctx context.Context) (app.How, error) {
	return howOf(ctx, in.Key, "", in.Reason)
}

// History is the entries of a record, oldest first.
type History struct {
	Items []schemas.Entry `json:"items"`
}

// historyOf answers with the whole history of a record.
func historyOf(read func(ctx context.Context, id string) ([]schemas.Entry, error)) func(context.Context, *oneRecord) (History, error) {
	return func(ctx context.Context, in *oneRecord) (History, error) {
		entries, err := read(ctx, in.ID)
		return History{entries}, err
	}
}

// undone undoes an entry and answers with the record as it is then.
func undone[P any](h *Handlers, undo func(ctx context.Context, id string, version, seq int64, how app.How) (P, error)) func(context.Context, *undoEntry) (P, error) {
	return func(ctx context.Context, in *undoEntry) (P, error) {
		how, err := in.how(ctx)
		if err != nil {
			var none P
			return none, err
		}
		doc, err := undo(ctx, in.ID, int64(in.Match), in.Seq, how)
		return doc, h.moveInWords(ctx, err)
	}
}

// The longest Idempotency-Key and the longest reason, in characters.
const (
	maxKey    = 100
	maxReason = 500
)

// howOf says how a request changes a record. A key makes a retry by the same user return the first result.
func howOf(ctx context.Context, key string, on schemas.Date, reason string) (app.How, error) {
	how := app.How{On: on, Reason: reason}
	if utf8.RuneCountInString(reason) > maxReason {
		return how, schemas.InvalidField("reason", "max.length", strconv.Itoa(maxReason))
	}
	op, err := operation(ctx, key)
	how.Op = op
	return how, err
}

// operation names what is asked for by the user's id and their key.
func operation(ctx context.Context, key string) (app.Op, error) {
	a, ok := app.ActorOf(ctx)
	if key == "" || !ok || a.User == nil {
		return app.Op{}, nil
	}
	if len(key) > maxKey {
		return app.Op{}, schemas.InvalidField("Idempotency-Key", "max.length", strconv.Itoa(maxKey))
	}
	return app.Op{ID: a.User.ID + ":" + key, Sent: exchangeIn(ctx).sent}, nil
}

// stageTone is the colour of a stage: what counts is teal, what is weighed violet, what waits is grey.
func stageTone(t *schemas.Term) string {
	switch {
	case t == nil:
		return "slate"
	case t.Counts:
		return "teal"
	case t.Dated:
		return "violet"
	}
	switch t.ID {
	case "declined":
		return "red"
	case "signed":
		return "blue"
	case "negotiating":
		return "amber"
	}
	return "slate"
}

// stages are those of a track in the order in which a form offers them: where the record may go on to, then the
// others, for moves that are entered late.
func (w *wording) stages(track, now string) []schemas.Term {
	list := w.taxonomy(stageList(track))
	if list == nil {
		return nil
	}
	var next []string
	if t := list.Term(now); t != nil {
		next = t.Next
	}
	var first, rest []schemas.Term
	for _, t := range list.Terms {
		switch {
		case t.Retired || t.ID == now:
		case slices.Contains(next, t.ID):
			first = append(first, t)
		default:
			rest = append(rest, t)
		}
	}
	return append(first, rest...)
}

// stageList is the taxonomy of a track's stages.
func stageList(track string) string {
	if track == "cultivate" {
		return schemas.TaxStageCultivate
	}
	return schemas.TaxStageRecruit
}
