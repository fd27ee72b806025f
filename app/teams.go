package app

import (
	"context"

	"qunxian/app/text"
	"qunxian/schemas"
)

// ListTeams returns one page of the teams in scope.
func (a *App) ListTeams(ctx context.Context, q ListQuery) (*List, error) { return a.teams.list(ctx, q) }

// GetTeam returns a team.
func (a *App) GetTeam(ctx context.Context, id string) (*schemas.Team, error) {
	t, err := a.teams.get(ctx, id)
	if err == nil && t.MergedInto != "" {
		return a.GetTeam(ctx, t.MergedInto)
	}
	return t, err
}

// CreateTeam registers a team at the first stage of its track.
func (a *App) CreateTeam(ctx context.Context, f schemas.TeamFields, how How) (*schemas.Team, error) {
	return a.teams.create(ctx, &schemas.Team{TeamFields: f}, how)
}

// UpdateTeam edits a team if its version is still the one the caller read.
func (a *App) UpdateTeam(ctx context.Context, id string, version int64, how How, edit func(*schemas.TeamFields) error) (*schemas.Team, error) {
	return a.teams.update(ctx, id, version, how, func(t *schemas.Team) error { return edit(&t.TeamFields) })
}

// MoveTeam moves a team to a stage from a business day on.
func (a *App) MoveTeam(ctx context.Context, id string, version int64, m Move) (*schemas.Team, error) {
	return move(ctx, a.teams, id, version, m)
}

// ArchiveTeam takes a team out of lists and counts from a day on, or with
// restore brings it back.
func (a *App) ArchiveTeam(ctx context.Context, id string, version int64, restore bool, how How) (*schemas.Team, error) {
	return archive(ctx, a.teams, id, version, restore, how)
}

// UndoTeam undoes one entry of a team's history.
func (a *App) UndoTeam(ctx context.Context, id string, version, seq int64, how How) (*schemas.Team, error) {
	return a.teams.undo(ctx, id, version, seq, how)
}

// TeamHistory returns the entries of a team, oldest first.
func (a *App) TeamHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.teams.shown(ctx, id)
}

func (a *App) normaliseTeam(ctx context.Context, t *schemas.Team) []schemas.FieldError {
	var broken []schemas.FieldError
	if t.Track == "" {
		t.Track = "recruit"
	}
	if t.Stage == "" && t.Version <= 1 || t.Stage != "" && a.term(stagesOf(t.Track), t.Stage) == nil {
		t.Stage = a.firstStage(t.Track) // each track has stages of its own
	}
	t.Lead.Name = text.CleanName(t.Lead.Name)
	if t.Lead.Talent != "" {
		lead, _, err := a.talents.read(ctx, t.Lead.Talent)
		switch {
		case err != nil:
			broken = append(broken, schemas.FieldError{Field: "lead/talent", Rule: "ref", Param: schemas.Talents})
		case t.Lead.Name == "":
			t.Lead.Name = lead.Name
		}
		if other := a.teamLedBy(t.Lead.Talent); other != "" && other != t.ID && t.ArchivedOn == "" {
			broken = append(broken, schemas.FieldError{Field: "lead/talent", Rule: "oneteam", Param: other})
		}
	}
	a.placeRecord(ctx, &t.Region, &t.Unit, t.Host)
	broken = append(broken, a.checkRefs(t.Owner, "host", t.Host)...)
	return append(broken, a.checkAttributes(schemas.Teams, t.Attributes)...)
}

func (a *App) teamKeys(t *schemas.Team, k *keyed) {
	if t.MergedInto != "" {
		return
	}
	k.nameAt(t.Name, t.Host.Name)
	k.all = append(k.all, "name:"+squeeze(t.Name))
	if t.Lead.Talent != "" && t.ArchivedOn == "" {
		k.all = append(k.all, "lead:"+t.Lead.Talent)
	}
}
