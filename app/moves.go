package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"qunxian/app/progress"
	"qunxian/app/text"
	"qunxian/schemas"
)

// Move is one step to a stage. Date, DocNo, Conclusion and Attachment are
// recorded where the stage is one that has them (评审中, 公示中).
type Move struct {
	Stage      string       `json:"stage" validate:"required,max=40"`
	On         schemas.Date `json:"effectiveOn,omitempty" validate:"omitempty,day"`
	Reason     string       `json:"reason,omitempty" validate:"max=500"`
	Date       schemas.Date `json:"date,omitempty" validate:"omitempty,day"`
	DocNo      string       `json:"docNo,omitempty" validate:"max=80"`
	Conclusion string       `json:"conclusion,omitempty" validate:"max=300"`
	Attachment string       `json:"attachment,omitempty" validate:"max=200"`
	Op         Op           `json:"-"`
}

func (m Move) how() How {
	details := map[string]string{}
	for name, v := range map[string]string{"date": string(m.Date), "docNo": m.DocNo, "conclusion": m.Conclusion, "attachment": m.Attachment} {
		if v != "" {
			details[name] = v
		}
	}
	if len(details) == 0 {
		details = nil
	}
	return How{On: m.On, Reason: m.Reason, Op: m.Op, Action: schemas.ActMove, Details: details}
}

// move moves a document to a stage. A record begins at a stage on the day it
// is registered; whoever says that it was further on before that day says so of
// that day too, so such a move is entered for both.
func move[T any, P schemas.Document[T]](ctx context.Context, d *documents[T, P], id string, version int64, m Move) (P, error) {
	if err := d.app.check(ctx, &m); err != nil {
		return nil, err
	}
	return moveOn(ctx, d, id, version, m.how(), func(doc P) error { return d.app.setStage(doc, m) })
}

func moveOn[T any, P schemas.Document[T]](ctx context.Context, d *documents[T, P], id string, version int64, how How, set func(P) error) (P, error) {
	on, err := d.day(how.On)
	if err != nil {
		return nil, err
	}
	how.On = on
	if on == d.app.Today() {
		return d.update(ctx, id, version, how, set)
	}
	return d.extend(ctx, id, version, how.Op, func(stored P, entries []schemas.Entry) ([]schemas.Entry, error) {
		start := entries[0].EffectiveOn
		carry := on < start && !stageSaid(entries[1:], on.AddDays(1), start)
		entries, err := d.late(ctx, stored, entries, step[P]{how, set})
		if err != nil || !carry {
			return entries, err
		}
		how.On, how.Op, how.Details = start, Op{}, maps.Clone(how.Details)
		if how.Details == nil {
			how.Details = map[string]string{}
		}
		how.Details[carried] = string(on)
		return d.late(ctx, stored, entries, step[P]{how, set})
	})
}

// carried marks the entry that repeats an earlier move on the day of
// registration; it says the day of that move.
const carried = "carriedFrom"

// carries reports whether b repeats the move a.
func carries(a, b schemas.Entry) bool {
	return b.Details[carried] != "" && b.Seq == a.Seq+1 && b.Details[carried] == string(a.EffectiveOn)
}

// stageSaid reports whether an entry sets the stage from a day to another.
func stageSaid(entries []schemas.Entry, from, to schemas.Date) bool {
	return slices.ContainsFunc(progress.Live(entries, schemas.Time{}), func(e schemas.Entry) bool {
		return from <= e.EffectiveOn && e.EffectiveOn <= to && changes(e.Changes, "stage") && e.Details[carried] == ""
	})
}

// begun are the entries without what is no move: the stage that a record was
// registered at, if it was at one before, and repeats of earlier moves.
func begun(entries []schemas.Entry) []schemas.Entry {
	if !stageSaid(entries[1:], "", entries[0].EffectiveOn) {
		return entries
	}
	out := slices.Clone(entries)
	for i := range out {
		if i == 0 || out[i].Details[carried] != "" {
			out[i].Changes = slices.DeleteFunc(slices.Clone(out[i].Changes), func(c schemas.Change) bool { return c.Path == "stage" })
		}
	}
	return out
}

// setStage moves a talent or team to a stage of its track.
func (a *App) setStage(doc any, m Move) error {
	t, track := tracked(doc), trackOf(doc)
	term := a.term(stagesOf(track), m.Stage)
	switch {
	case term == nil:
		return invalid("stage", "term", stagesOf(track))
	case !term.Dated && (m.Date != "" || m.DocNo != "" || m.Conclusion != "" || m.Attachment != ""):
		return invalid("stage", "undated", m.Stage)
	}
	t.Stage = m.Stage
	return nil
}

// keepTrack gives a document as it was before it had a track the one that it
// has now: a stage belongs to a track.
func keepTrack(doc, stored any) {
	switch d := doc.(type) {
	case *schemas.Talent:
		d.Track = cmp.Or(d.Track, trackOf(stored))
	case *schemas.Team:
		d.Track = cmp.Or(d.Track, trackOf(stored))
	}
}

func trackOf(doc any) string {
	switch d := doc.(type) {
	case *schemas.Talent:
		return d.Track
	case *schemas.Team:
		return d.Track
	}
	return ""
}

// firstStage is where a track begins.
func (a *App) firstStage(track string) string {
	t := a.taxonomies.cached.get(stagesOf(track))
	if t == nil || len(t.Terms) == 0 {
		return ""
	}
	return t.Terms[0].ID
}

// legalOf checks that the sequence of stages that a history replays to is one
// that the track's stages allow.
func legalOf[P any](a *App, track func(P) string) func(P, []schemas.Entry) error {
	return func(doc P, entries []schemas.Entry) error {
		list := a.taxonomies.cached.get(stagesOf(track(doc)))
		if list == nil {
			return nil
		}
		var illegal *progress.IllegalMove
		err := progress.Legal(list.Terms, progress.Moves(begun(entries), schemas.Time{}))
		if errors.As(err, &illegal) {
			return &schemas.Error{
				Code: schemas.Conflict, Message: "error.move", Args: []any{illegal.From, illegal.To, illegal.On},
				Fields: []schemas.FieldError{{Field: "stage", Rule: "move", Param: illegal.From + " " + illegal.To + " " + string(illegal.On)}},
			}
		}
		return err
	}
}

func archive[T any, P schemas.Document[T]](ctx context.Context, d *documents[T, P], id string, version int64, restore bool, how How) (P, error) {
	how.Action = schemas.ActArchive
	if restore {
		how.Action = schemas.ActRestore
	}
	on, err := d.day(how.On)
	if err != nil {
		return nil, err
	}
	return d.update(ctx, id, version, how, func(doc P) error {
		archived := archivedOn(doc)
		switch {
		case restore:
			*archived = ""
		case *archived == "": // it stays archived from the first day on
			*archived = on
		}
		return nil
	})
}

func archivedOn(doc any) *schemas.Date {
	switch x := doc.(type) {
	case *schemas.Talent:
		return &x.ArchivedOn
	case *schemas.Team:
		return &x.ArchivedOn
	case *schemas.Enterprise:
		return &x.ArchivedOn
	}
	return new(schemas.Date)
}

// checkRefs says which of a record's references lead nowhere.
func (a *App) checkRefs(owner, field string, employer schemas.Employer) []schemas.FieldError {
	var broken []schemas.FieldError
	if owner != "" && a.users.cached.get(owner) == nil {
		broken = append(broken, schemas.FieldError{Field: "owner", Rule: "ref", Param: schemas.Users})
	}
	if employer.ID == "" {
		return broken
	}
	known := a.institutions.cached.get(employer.ID) != nil
	if employer.Kind == "enterprise" {
		_, known = a.enterprises.lists.index.Find(employer.ID)
	}
	if !known {
		broken = append(broken, schemas.FieldError{Field: join(field, "id"), Rule: "ref", Param: schemas.Enterprises})
	}
	return broken
}

// placeRecord fills in region and unit where a writer leaves them out: the
// employer's region, else the only one of the writer's scope.
func (a *App) placeRecord(ctx context.Context, region, unit *string, employer schemas.Employer) {
	if *region == "" && employer.Kind == "enterprise" && employer.ID != "" {
		if e, _, err := a.enterprises.read(ctx, employer.ID); err == nil {
			*region = e.Region
		}
	}
	actor, ok := ActorOf(ctx)
	if !ok || actor.User == nil {
		return
	}
	if *region == "" && len(actor.User.Regions) == 1 {
		*region = actor.User.Regions[0]
	}
	if *unit == "" && len(actor.User.Units) == 1 {
		*unit = actor.User.Units[0]
	}
}

// normaliseContacts brings phone numbers and mail addresses to one form.
func normaliseContacts(cs []schemas.Contact) []schemas.FieldError {
	var broken []schemas.FieldError
	for i := range cs {
		c := &cs[i]
		if c.Value.Sealed() {
			continue
		}
		switch c.Kind {
		case "mobile", "phone":
			n, ok := text.NormalPhone(string(c.Value))
			if !ok {
				broken = append(broken, schemas.FieldError{Field: join(join("contacts", itoa(i)), "value"), Rule: "phone"})
				continue
			}
			c.Value = schemas.Secret(n)
		case "email":
			n := text.IndexKey("email", string(c.Value))
			if n == "" {
				broken = append(broken, schemas.FieldError{Field: join(join("contacts", itoa(i)), "value"), Rule: "email"})
				continue
			}
			c.Value = schemas.Secret(n)
		}
	}
	return broken
}
