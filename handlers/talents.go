package handlers

import (
	"context"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
)

func (h *Handlers) talentRoutes() []Route {
	p := h.talentPages()
	return []Route{
		{"GET", "/api/v1/talents", "listTalents", staff.or(viewer), "Lists the talents in scope: cards, total, and counts by field where facets=1 asks for them.", do(h.listTalents)},
		{"GET", "/api/v1/talents/:id", "getTalent", staff.or(viewer), "Returns a talent, personal data masked; a viewer gets the fields of the viewer's card.", do(h.getTalent)},
		{"POST", "/api/v1/talents", "createTalent", officer, "Registers a talent at the first stage of its track.", do(h.createTalent).as(201)},
		{"PATCH", "/api/v1/talents/:id", "updateTalent", officer, "Changes a talent by a merge patch, from a business day on.", do(h.updateTalent)},
		{"POST", "/api/v1/talents/:id/moves", "moveTalent", officer, "Moves a talent to a stage from a business day on.", do(h.moveTalent)},
		{"POST", "/api/v1/talents/:id/archive", "archiveTalent", officer, "Takes a talent out of lists and counts from a day on.", do(h.archiveTalent)},
		{"POST", "/api/v1/talents/:id/restore", "restoreTalent", officer, "Brings an archived talent back.", do(h.restoreTalent)},
		{"GET", "/api/v1/talents/:id/history", "getTalentHistory", staff, "Returns every entry of a talent's history, oldest first.", do(historyOf(h.App.TalentHistory))},
		{"POST", "/api/v1/talents/:id/history/:seq/undo", "undoTalent", officer, "Undoes one entry of a talent's history.", do(undone(h, h.App.UndoTalent))},

		{"GET", "/talents", "talentsPage", staff.or(viewer), "The registry of talents.", page("talents", h.talentsPage).swaps("registry")},
		{"GET", "/talents/new", "newTalentPage", officer, "The form of quick add.", page("talent_form", p.addPage)},
		{"GET", "/talents/check", "checkTalentName", officer, "The talents that have a name.", page("talent_form", p.check).swaps("f-name-check")},
		{"POST", "/talents", "postTalent", officer, "Registers a talent from quick add.", formAgain("talent_form", p.add, p.addAgain)},
		{"GET", "/talents/:id", "talentPage", staff.or(viewer), "The page of a talent.", page("talent", p.recordPage)},
		{"GET", "/talents/:id/edit", "editTalentPage", officer, "The form of a talent.", page("talent_form", p.editPage)},
		{"POST", "/talents/:id/edit", "postTalentEdit", officer, "Changes a talent by its form.", formAgain("talent_form", p.edit, p.editAgain)},
		{"GET", "/talents/:id/items/:list", "talentItemPage", officer, "The form of an agreement, an achievement or another item.", page("talent_form", p.itemPage)},
		{"POST", "/talents/:id/items/:list", "postTalentItem", officer, "Adds, changes or removes an item.", formAgain("talent_form", p.changeItem, p.changeItemAgain)},
		{"GET", "/talents/:id/moves", "talentMovePage", officer, "The form of a move.", page("talent_form", p.movePage)},
		{"POST", "/talents/:id/moves", "postTalentMove", officer, "Moves a talent to a stage.", formAgain("talent_form", p.moveOn, p.moveAgain)},
		{"GET", "/talents/:id/archive", "talentArchivePage", officer, "The form of archiving.", page("talent_form", p.archivePage)},
		{"POST", "/talents/:id/archive", "postTalentArchive", officer, "Archives a talent.", formAgain("talent_form", p.archiveNow, p.archiveAgain)},
		{"POST", "/talents/:id/restore", "postTalentRestore", officer, "Brings an archived talent back.", formAgain("talent_form", p.restoreNow, p.archiveAgain)},
		{"POST", "/talents/:id/history/:seq/undo", "postTalentUndo", officer, "Undoes one entry of a talent's history.", form(p.undoNow)},
	}
}

type (
	listTalents struct {
		List     ListQuery `query:"*" of:"talents"`
		Archived bool      `query:"archived"`
	}
	talentList struct {
		listTalents
		More string `query:"more"` // the filter that is shown whole
	}
	createTalent struct {
		Key    string               `header:"Idempotency-Key"`
		On     schemas.Date         `query:"effectiveOn"`
		Reason string               `query:"reason"`
		Body   schemas.TalentFields `body:"json"`
	}
	updateTalent struct {
		ID     string                      `path:"id"`
		Match  version                     `header:"If-Match" required:"true"`
		Key    string                      `header:"Idempotency-Key"`
		On     schemas.Date                `query:"effectiveOn"`
		Reason string                      `query:"reason"`
		Body   Patch[schemas.TalentFields] `body:"merge"`
	}
)

func (h *Handlers) listTalents(ctx context.Context, in *listTalents) (*Cards, error) {
	return h.cards(ctx, schemas.TalentCatalogue, in.List, in.Archived, h.App.ListTalents)
}

func (h *Handlers) getTalent(ctx context.Context, in *oneRecord) (*schemas.Talent, error) {
	t, err := h.App.GetTalent(ctx, in.ID)
	if err != nil || readerOf(ctx) == schemas.Staff {
		return t, err
	}
	return forViewer(t, schemas.TalentCatalogue, schemas.TalentLists)
}

func (h *Handlers) createTalent(ctx context.Context, in *createTalent) (*schemas.Talent, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	t, err := h.App.CreateTalent(ctx, in.Body, how)
	if err == nil {
		reply(ctx).made("/api/v1/talents/" + t.ID)
	}
	return t, err
}

func (h *Handlers) updateTalent(ctx context.Context, in *updateTalent) (*schemas.Talent, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	return h.App.UpdateTalent(ctx, in.ID, int64(in.Match), how, in.Body.Apply)
}

func (h *Handlers) moveTalent(ctx context.Context, in *moveRecord) (*schemas.Talent, error) {
	var err error
	if in.Body.Op, err = operation(ctx, in.Key); err != nil {
		return nil, err
	}
	t, err := h.App.MoveTalent(ctx, in.ID, int64(in.Match), in.Body)
	return t, h.moveInWords(ctx, err)
}

func (h *Handlers) archiveTalent(ctx context.Context, in *archiveRecord) (*schemas.Talent, error) {
	how, err := in.how(ctx)
	if err != nil {
		return nil, err
	}
	return h.App.ArchiveTalent(ctx, in.ID, int64(in.Match), false, how)
}

func (h *Handlers) restoreTalent(ctx context.Context, in *archiveRecord) (*schemas.Talent, error) {
	how, err := in.how(ctx)
	if err != nil {
		return nil, err
	}
	return h.App.ArchiveTalent(ctx, in.ID, int64(in.Match), true, how)
}

func (h *Handlers) talentsPage(ctx context.Context, in *talentList) (RegistryPage, error) {
	return h.talentPages().listPage(ctx, in.List, in.Archived, in.More)
}

var talentNoun = &noun{
	coll: schemas.Talents, icon: "users", rows: schemas.TalentCatalogue, lists: schemas.TalentLists, tiers: schemas.TaxTier, staged: true,
	sections: []section{
		{"basic", []string{"name", "formerNames", "aliases", "gender", "birthDate", "birthYear", "idKind", "idNumber", "ethnicity", "politics", "nationality", "nativePlace"}},
		{"place", []string{"affiliation/organisation", "affiliation/department", "affiliation/position", "employer/name", "region", "unit"}},
		{"class", []string{
			"track", "mode", "tier", "talentTypes", "industry", "industryMore", "sector", "sectorMore", "directions", "specialties",
			"origin", "channel", "cooperation", "rank", "rankWritten", "rankSince", "bio",
		}},
		{"work", []string{
			"owner", "nextAction/what", "nextAction/due", "source", "assignedBy", "tags", "noPublicity",
			"lawful/basis", "lawful/purpose", "lawful/notice", "lawful/retainUntil", "notes",
		}},
	},
	items: []itemList{
		{name: "agreements", main: []string{"employer", "number"}},
		{name: "services", main: []string{"content", "enterprise"}},
		{name: "achievements", main: []string{"title"}, badge: "kind"},
		{name: "titles", main: []string{"name"}, badge: "level"},
		{name: "education", main: []string{"school", "asWritten"}, badge: "level"},
		{name: "work", main: []string{"organisation"}},
		{name: "supports", main: []string{"project", "docNo"}},
		{name: "integrity", main: []string{"body"}},
		{name: "contacts", main: []string{"value"}, badge: "kind", side: true},
		{name: "ties", main: []string{"name"}, badge: "kind", side: true},
	},
	quick: []string{
		"affiliation/organisation", "affiliation/position", "tier", "industry", "region", "track", "mode", "source", "assignedBy", "nextAction/what", "nextAction/due", "owner",
	},
	facets: []string{"tier", "stage", "industry", "region", "track", "mode", "rank", "channel", "origin", "tags"},
	columns: []column{
		{key: "person", sort: "name"},
		{key: "tier", sort: "tier"},
		{key: "industry"},
		{key: "unit", sort: "organisation"},
		{key: "region", class: "q-hide-phone"},
		{key: "stage", sort: "stageSince"},
		{key: "updated", sort: "-updatedAt", class: "is-right"},
	},
	row: talentRow,
}

func talentRow(w *wording, c *card) Row {
	topic := strings.Join(c.Specialties[:min(2, len(c.Specialties))], " · ")
	if topic == "" && len(c.Directions) > 0 {
		topic = w.code(schemas.TaxDirection, c.Directions[0])
	}
	rank := c.RankWritten
	if rank == "" {
		rank = w.code(schemas.TaxRank, c.Rank)
	}
	return Row{
		Sub: joinDots([]string{c.Pinyin, w.born(c.BirthYear)}),
		Cells: []Cell{
			w.badge(schemas.TaxTier, c.Tier),
			{Text: w.code(schemas.TaxIndustry, c.Industry), Note: topic, Class: "is-first"},
			{Text: c.Organisation, Note: joinDots([]string{c.Position, rank})},
			{Text: w.code(schemas.TaxRegion, c.Region), Note: joinDots([]string{w.code(schemas.TaxTrack, c.Track), w.code(schemas.TaxMode, c.Mode)}), Class: "q-hide-phone"},
			w.stageCell(c),
		},
	}
}

func (h *Handlers) talentPages() *pages[schemas.TalentFields] {
	return &pages[schemas.TalentFields]{
		noun: talentNoun, h: h, find: h.App.ListTalents, history: h.App.TalentHistory,
		get: func(ctx context.Context, id string) (meta, error) { return h.getTalent(ctx, &oneRecord{id}) },
		create: func(ctx context.Context, f schemas.TalentFields, how app.How) (meta, error) {
			return h.App.CreateTalent(ctx, f, how)
		},
		update: func(ctx context.Context, id string, version int64, how app.How, edit func(*schemas.TalentFields) error) (meta, error) {
			return h.App.UpdateTalent(ctx, id, version, how, edit)
		},
		move: func(ctx context.Context, id string, version int64, m app.Move) (meta, error) {
			return h.App.MoveTalent(ctx, id, version, m)
		},
		archive: func(ctx context.Context, id string, version int64, restore bool, how app.How) (meta, error) {
			return h.App.ArchiveTalent(ctx, id, version, restore, how)
		},
		undo: func(ctx context.Context, id string, version, seq int64, how app.How) (meta, error) {
			return h.App.UndoTalent(ctx, id, version, seq, how)
		},
		link: func(ctx context.Context, was, now *schemas.TalentFields) error {
			return h.employ(ctx, &was.Employer, &now.Employer)
		},
	}
}

// employ ties an employer that was written anew to the enterprise of that name, where there is one in scope.
func (h *Handlers) employ(ctx context.Context, was, now *schemas.Employer) error {
	if now.Name == was.Name {
		return nil
	}
	*now = schemas.Employer{Name: now.Name}
	id, err := h.named(ctx, now.Name, h.App.ListEnterprises)
	if id != "" {
		now.Kind, now.ID = "enterprise", id
	}
	return err
}

// named is the only record of a list with exactly this name, or "".
func (h *Handlers) named(ctx context.Context, name string, list lister) (string, error) {
	if n := len([]rune(name)); n == 0 || n > maxQ {
		return "", nil
	}
	l, err := list(ctx, app.ListQuery{Q: name, Limit: maxPage, On: schemas.Viewer})
	if err != nil {
		return "", err
	}
	found := ""
	for _, raw := range l.Cards {
		c, err := readCard(raw)
		switch {
		case err != nil:
			return "", err
		case c.Name == name && found != "":
			return "", nil // two of one name: a person must say which
		case c.Name == name:
			found = c.ID
		}
	}
	return found, nil
}
