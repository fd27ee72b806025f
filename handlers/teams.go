package handlers

import (
	"context"
	"errors"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
)

func (h *Handlers) teamRoutes() []Route {
	p := h.teamPages()
	return []Route{
		{"GET", "/api/v1/teams", "listTeams", staff.or(viewer), "Lists the teams in scope: cards, total, and counts by field where facets=1 asks for them.", do(h.listTeams)},
		{"GET", "/api/v1/teams/:id", "getTeam", staff.or(viewer), "Returns a team; a viewer gets the fields of the viewer's card.", do(h.getTeam)},
		{"POST", "/api/v1/teams", "createTeam", officer, "Registers a team at the first stage of its track.", do(h.createTeam).as(201)},
		{"PATCH", "/api/v1/teams/:id", "updateTeam", officer, "Changes a team by a merge patch, from a business day on.", do(h.updateTeam)},
		{"POST", "/api/v1/teams/:id/moves", "moveTeam", officer, "Moves a team to a stage from a business day on.", do(h.moveTeam)},
		{"POST", "/api/v1/teams/:id/archive", "archiveTeam", officer, "Takes a team out of lists and counts from a day on.", do(h.archiveTeam)},
		{"POST", "/api/v1/teams/:id/restore", "restoreTeam", officer, "Brings an archived team back.", do(h.restoreTeam)},
		{"GET", "/api/v1/teams/:id/history", "getTeamHistory", staff, "Returns every entry of a team's history, oldest first.", do(historyOf(h.App.TeamHistory))},
		{"POST", "/api/v1/teams/:id/history/:seq/undo", "undoTeam", officer, "Undoes one entry of a team's history.", do(undone(h, h.App.UndoTeam))},

		{"GET", "/teams", "teamsPage", staff.or(viewer), "The registry of teams.", page("teams", h.teamsPage).swaps("registry")},
		{"GET", "/teams/new", "newTeamPage", officer, "The form of quick add.", page("team_form", p.addPage)},
		{"GET", "/teams/check", "checkTeamName", officer, "The teams that have a name.", page("team_form", p.check).swaps("f-name-check")},
		{"POST", "/teams", "postTeam", officer, "Registers a team from quick add.", formAgain("team_form", p.add, p.addAgain)},
		{"GET", "/teams/:id", "teamPage", staff.or(viewer), "The page of a team.", page("team", p.recordPage)},
		{"GET", "/teams/:id/edit", "editTeamPage", officer, "The form of a team.", page("team_form", p.editPage)},
		{"POST", "/teams/:id/edit", "postTeamEdit", officer, "Changes a team by its form.", formAgain("team_form", p.edit, p.editAgain)},
		{"GET", "/teams/:id/items/:list", "teamItemPage", officer, "The form of an agreement, an achievement or another item.", page("team_form", p.itemPage)},
		{"POST", "/teams/:id/items/:list", "postTeamItem", officer, "Adds, changes or removes an item.", formAgain("team_form", p.changeItem, p.changeItemAgain)},
		{"GET", "/teams/:id/moves", "teamMovePage", officer, "The form of a move.", page("team_form", p.movePage)},
		{"POST", "/teams/:id/moves", "postTeamMove", officer, "Moves a team to a stage.", formAgain("team_form", p.moveOn, p.moveAgain)},
		{"GET", "/teams/:id/archive", "teamArchivePage", officer, "The form of archiving.", page("team_form", p.archivePage)},
		{"POST", "/teams/:id/archive", "postTeamArchive", officer, "Archives a team.", formAgain("team_form", p.archiveNow, p.archiveAgain)},
		{"POST", "/teams/:id/restore", "postTeamRestore", officer, "Brings an archived team back.", formAgain("team_form", p.restoreNow, p.archiveAgain)},
		{"POST", "/teams/:id/history/:seq/undo", "postTeamUndo", officer, "Undoes one entry of a team's history.", form(p.undoNow)},
	}
}

type (
	listTeams struct {
		List     ListQuery `query:"*" of:"teams"`
		Archived bool      `query:"archived"`
	}
	teamList struct {
		listTeams
		More string `query:"more"` // the filter that is shown whole
	}
	createTeam struct {
		Key    string             `header:"Idempotency-Key"`
		On     schemas.Date       `query:"effectiveOn"`
		Reason string             `query:"reason"`
		Body   schemas.TeamFields `body:"json"`
	}
	updateTeam struct {
		ID     string                    `path:"id"`
		Match  version                   `header:"If-Match" required:"true"`
		Key    string                    `header:"Idempotency-Key"`
		On     schemas.Date              `query:"effectiveOn"`
		Reason string                    `query:"reason"`
		Body   Patch[schemas.TeamFields] `body:"merge"`
	}
)

func (h *Handlers) listTeams(ctx context.Context, in *listTeams) (*Cards, error) {
	return h.cards(ctx, schemas.TeamCatalogue, in.List, in.Archived, h.App.ListTeams)
}

func (h *Handlers) getTeam(ctx context.Context, in *oneRecord) (*schemas.Team, error) {
	t, err := h.App.GetTeam(ctx, in.ID)
	if err != nil || readerOf(ctx) == schemas.Staff {
		return t, err
	}
	return forViewer(t, schemas.TeamCatalogue, schemas.TeamLists)
}

func (h *Handlers) createTeam(ctx context.Context, in *createTeam) (*schemas.Team, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	t, err := h.App.CreateTeam(ctx, in.Body, how)
	if err == nil {
		reply(ctx).made("/api/v1/teams/" + t.ID)
	}
	return t, err
}

func (h *Handlers) updateTeam(ctx context.Context, in *updateTeam) (*schemas.Team, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	return h.App.UpdateTeam(ctx, in.ID, int64(in.Match), how, in.Body.Apply)
}

func (h *Handlers) moveTeam(ctx context.Context, in *moveRecord) (*schemas.Team, error) {
	var err error
	if in.Body.Op, err = operation(ctx, in.Key); err != nil {
		return nil, err
	}
	t, err := h.App.MoveTeam(ctx, in.ID, int64(in.Match), in.Body)
	return t, h.moveInWords(ctx, err)
}

func (h *Handlers) archiveTeam(ctx context.Context, in *archiveRecord) (*schemas.Team, error) {
	how, err := in.how(ctx)
	if err != nil {
		return nil, err
	}
	return h.App.ArchiveTeam(ctx, in.ID, int64(in.Match), false, how)
}

func (h *Handlers) restoreTeam(ctx context.Context, in *archiveRecord) (*schemas.Team, error) {
	how, err := in.how(ctx)
	if err != nil {
		return nil, err
	}
	return h.App.ArchiveTeam(ctx, in.ID, int64(in.Match), true, how)
}

func (h *Handlers) teamsPage(ctx context.Context, in *teamList) (RegistryPage, error) {
	return h.teamPages().listPage(ctx, in.List, in.Archived, in.More)
}

var teamNoun = &noun{
	coll: schemas.Teams, icon: "users-group", rows: schemas.TeamCatalogue, lists: schemas.TeamLists, tiers: schemas.TaxTeamTier, staged: true,
	sections: []section{
		{"basic", []string{"name", "aliases", "lead/name", "host/name", "region", "unit"}},
		{"class", []string{
			"track", "mode", "tier", "industry", "industryMore", "sector", "sectorMore", "directions", "specialties", "origin", "channel", "bio",
		}},
		{"work", []string{"owner", "nextAction/what", "nextAction/due", "source", "tags", "noPublicity", "notes"}},
	},
	items: []itemList{
		{name: "members", main: []string{"name"}, badge: "role"},
		{name: "agreements", main: []string{"employer", "number"}},
		{name: "services", main: []string{"content", "enterprise"}},
		{name: "achievements", main: []string{"title"}, badge: "kind"},
		{name: "titles", main: []string{"name"}, badge: "level"},
		{name: "supports", main: []string{"project", "docNo"}},
		{name: "integrity", main: []string{"body"}},
	},
	quick:  []string{"lead/name", "host/name", "tier", "industry", "region", "track", "mode", "source", "nextAction/what", "nextAction/due", "owner"},
	facets: []string{"tier", "stage", "industry", "region", "track", "mode", "channel", "origin", "tags"},
	columns: []column{
		{key: "team", sort: "name"},
		{key: "tier", sort: "tier"},
		{key: "industry"},
		{key: "host", sort: "organisation"},
		{key: "region", class: "q-hide-phone"},
		{key: "stage", sort: "stageSince"},
		{key: "updated", sort: "-updatedAt", class: "is-right"},
	},
	row: teamRow,
}

func teamRow(w *wording, c *card) Row {
	sub := ""
	if c.Lead != "" {
		sub = w.label("lead") + " " + c.Lead
	}
	return Row{
		Sub: sub,
		Cells: []Cell{
			w.badge(schemas.TaxTeamTier, c.Tier),
			{Text: w.code(schemas.TaxIndustry, c.Industry), Note: strings.Join(c.Specialties[:min(2, len(c.Specialties))], " · "), Class: "is-first"},
			{Text: c.Organisation},
			{Text: w.code(schemas.TaxRegion, c.Region), Note: joinDots([]string{w.code(schemas.TaxTrack, c.Track), w.code(schemas.TaxMode, c.Mode)}), Class: "q-hide-phone"},
			w.stageCell(c),
		},
	}
}

func (h *Handlers) teamPages() *pages[schemas.TeamFields] {
	return &pages[schemas.TeamFields]{
		noun: teamNoun, h: h, find: h.App.ListTeams, history: h.App.TeamHistory,
		get: func(ctx context.Context, id string) (meta, error) { return h.getTeam(ctx, &oneRecord{id}) },
		create: func(ctx context.Context, f schemas.TeamFields, how app.How) (meta, error) {
			return h.App.CreateTeam(ctx, f, how)
		},
		update: func(ctx context.Context, id string, version int64, how app.How, edit func(*schemas.TeamFields) error) (meta, error) {
			return h.App.UpdateTeam(ctx, id, version, how, edit)
		},
		move: func(ctx context.Context, id string, version int64, m app.Move) (meta, error) {
			return h.App.MoveTeam(ctx, id, version, m)
		},
		archive: func(ctx context.Context, id string, version int64, restore bool, how app.How) (meta, error) {
			return h.App.ArchiveTeam(ctx, id, version, restore, how)
		},
		undo: func(ctx context.Context, id string, version, seq int64, how app.How) (meta, error) {
			return h.App.UndoTeam(ctx, id, version, seq, how)
		},
		link: func(ctx context.Context, was, now *schemas.TeamFields) error {
			return errors.Join(h.employ(ctx, &was.Host, &now.Host), h.lead(ctx, &was.Lead, &now.Lead))
		},
	}
}

// lead ties a lead that was written anew to the talent of that name, where there is only one in scope.
func (h *Handlers) lead(ctx context.Context, was, now *schemas.Lead) error {
	if now.Name == was.Name {
		return nil
	}
	*now = schemas.Lead{Name: now.Name}
	var err error
	now.Talent, err = h.named(ctx, now.Name, h.App.ListTalents)
	return err
}
