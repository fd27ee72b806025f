package handlers

import (
	"context"

	"qunxian/app"
	"qunxian/schemas"
)

func (h *Handlers) enterpriseRoutes() []Route {
	p := h.enterprisePages()
	return []Route{
		{"GET", "/api/v1/enterprises", "listEnterprises", staff.or(viewer), "Lists the enterprises in scope: cards, total, and counts by field where facets=1 asks for them.", do(h.listEnterprises)},
		{"GET", "/api/v1/enterprises/:id", "getEnterprise", staff.or(viewer), "Returns an enterprise, contacts masked; a viewer gets the fields of the viewer's card.", do(h.getEnterprise)},
		{"POST", "/api/v1/enterprises", "createEnterprise", officer, "Registers an enterprise.", do(h.createEnterprise).as(201)},
		{"PATCH", "/api/v1/enterprises/:id", "updateEnterprise", officer, "Changes an enterprise by a merge patch, from a business day on.", do(h.updateEnterprise)},
		{"POST", "/api/v1/enterprises/:id/archive", "archiveEnterprise", officer, "Takes an enterprise out of lists and counts from a day on.", do(h.archiveEnterprise)},
		{"POST", "/api/v1/enterprises/:id/restore", "restoreEnterprise", officer, "Brings an archived enterprise back.", do(h.restoreEnterprise)},
		{"GET", "/api/v1/enterprises/:id/history", "getEnterpriseHistory", staff, "Returns every entry of an enterprise's history, oldest first.", do(historyOf(h.App.EnterpriseHistory))},
		{"POST", "/api/v1/enterprises/:id/history/:seq/undo", "undoEnterprise", officer, "Undoes one entry of an enterprise's history.", do(undone(h, h.App.UndoEnterprise))},

		{"GET", "/enterprises", "enterprisesPage", staff.or(viewer), "The registry of enterprises.", page("enterprises", h.enterprisesPage).swaps("registry")},
		{"GET", "/enterprises/new", "newEnterprisePage", officer, "The form of quick add.", page("enterprise_form", p.addPage)},
		{"GET", "/enterprises/check", "checkEnterpriseName", officer, "The enterprises that have a name.", page("enterprise_form", p.check).swaps("f-name-check")},
		{"POST", "/enterprises", "postEnterprise", officer, "Registers an enterprise from quick add.", formAgain("enterprise_form", p.add, p.addAgain)},
		{"GET", "/enterprises/:id", "enterprisePage", staff.or(viewer), "The page of an enterprise.", page("enterprise", p.recordPage)},
		{"GET", "/enterprises/:id/edit", "editEnterprisePage", officer, "The form of an enterprise.", page("enterprise_form", p.editPage)},
		{"POST", "/enterprises/:id/edit", "postEnterpriseEdit", officer, "Changes an enterprise by its form.", formAgain("enterprise_form", p.edit, p.editAgain)},
		{"GET", "/enterprises/:id/items/:list", "enterpriseItemPage", officer, "The form of a qualification or a contact.", page("enterprise_form", p.itemPage)},
		{"POST", "/enterprises/:id/items/:list", "postEnterpriseItem", officer, "Adds, changes or removes an item.", formAgain("enterprise_form", p.changeItem, p.changeItemAgain)},
		{"GET", "/enterprises/:id/archive", "enterpriseArchivePage", officer, "The form of archiving.", page("enterprise_form", p.archivePage)},
		{"POST", "/enterprises/:id/archive", "postEnterpriseArchive", officer, "Archives an enterprise.", formAgain("enterprise_form", p.archiveNow, p.archiveAgain)},
		{"POST", "/enterprises/:id/restore", "postEnterpriseRestore", officer, "Brings an archived enterprise back.", formAgain("enterprise_form", p.restoreNow, p.archiveAgain)},
		{"POST", "/enterprises/:id/history/:seq/undo", "postEnterpriseUndo", officer, "Undoes one entry of an enterprise's history.", form(p.undoNow)},
	}
}

type (
	listEnterprises struct {
		List     ListQuery `query:"*" of:"enterprises"`
		Archived bool      `query:"archived"`
	}
	enterpriseList struct {
		listEnterprises
		More string `query:"more"` // the filter that is shown whole
	}
	createEnterprise struct {
		Key    string                   `header:"Idempotency-Key"`
		On     schemas.Date             `query:"effectiveOn"`
		Reason string                   `query:"reason"`
		Body   schemas.EnterpriseFields `body:"json"`
	}
	updateEnterprise struct {
		ID     string                          `path:"id"`
		Match  version                         `header:"If-Match" required:"true"`
		Key    string                          `header:"Idempotency-Key"`
		On     schemas.Date                    `query:"effectiveOn"`
		Reason string                          `query:"reason"`
		Body   Patch[schemas.EnterpriseFields] `body:"merge"`
	}
)

func (h *Handlers) listEnterprises(ctx context.Context, in *listEnterprises) (*Cards, error) {
	return h.cards(ctx, schemas.EnterpriseCatalogue, in.List, in.Archived, h.App.ListEnterprises)
}

func (h *Handlers) getEnterprise(ctx context.Context, in *oneRecord) (*schemas.Enterprise, error) {
	e, err := h.App.GetEnterprise(ctx, in.ID)
	if err != nil || readerOf(ctx) == schemas.Staff {
		return e, err
	}
	return forViewer(e, schemas.EnterpriseCatalogue, schemas.EnterpriseLists)
}

func (h *Handlers) createEnterprise(ctx context.Context, in *createEnterprise) (*schemas.Enterprise, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	e, err := h.App.CreateEnterprise(ctx, in.Body, how)
	if err == nil {
		reply(ctx).made("/api/v1/enterprises/" + e.ID)
	}
	return e, err
}

func (h *Handlers) updateEnterprise(ctx context.Context, in *updateEnterprise) (*schemas.Enterprise, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	return h.App.UpdateEnterprise(ctx, in.ID, int64(in.Match), how, in.Body.Apply)
}

func (h *Handlers) archiveEnterprise(ctx context.Context, in *archiveRecord) (*schemas.Enterprise, error) {
	how, err := in.how(ctx)
	if err != nil {
		return nil, err
	}
	return h.App.ArchiveEnterprise(ctx, in.ID, int64(in.Match), false, how)
}

func (h *Handlers) restoreEnterprise(ctx context.Context, in *archiveRecord) (*schemas.Enterprise, error) {
	how, err := in.how(ctx)
	if err != nil {
		return nil, err
	}
	return h.App.ArchiveEnterprise(ctx, in.ID, int64(in.Match), true, how)
}

func (h *Handlers) enterprisesPage(ctx context.Context, in *enterpriseList) (RegistryPage, error) {
	return h.enterprisePages().listPage(ctx, in.List, in.Archived, in.More)
}

var enterpriseNoun = &noun{
	coll: schemas.Enterprises, icon: "building-factory-2", rows: schemas.EnterpriseCatalogue, lists: schemas.EnterpriseLists,
	sections: []section{
		{"basic", []string{"name", "aliases", "creditCode", "region", "unit"}},
		{"class", []string{"industry", "sector", "nationalCode", "products"}},
		{"size", []string{"people", "researchers", "turnover"}},
		{"work", []string{"tags", "notes"}},
	},
	items: []itemList{
		{name: "qualifications", main: []string{"kind"}},
		{name: "contacts", main: []string{"value"}, badge: "kind", side: true},
	},
	quick:  []string{"creditCode", "region", "industry", "sector", "people", "researchers", "turnover", "products"},
	facets: []string{"qualification", "industry", "sector", "region", "tags"},
	columns: []column{
		{key: "enterprise", sort: "name"},
		{key: "industry"},
		{key: "people", sort: "-people"},
		{key: "turnover", sort: "-turnover"},
		{key: "region"},
		{key: "updated", sort: "-updatedAt", class: "is-right"},
	},
	row: enterpriseRow,
}

func enterpriseRow(w *wording, c *card) Row {
	people, staff, turnover := "", "", ""
	if c.People > 0 {
		people = w.t("enterprises.people", c.People)
	}
	if c.Researchers > 0 {
		staff = w.t("enterprises.researchers", c.Researchers)
	}
	if c.Turnover > 0 {
		turnover = w.t("enterprises.turnover", c.Turnover)
	}
	return Row{
		Sub: c.CreditCode,
		Cells: []Cell{
			{Text: w.code(schemas.TaxIndustry, c.Industry), Note: w.code(schemas.TaxSector, c.Sector), Class: "is-first"},
			{Text: people, Note: staff, Class: "is-narrow q-hide-phone"},
			{Text: turnover, Class: "is-narrow q-hide-phone"},
			{Text: w.code(schemas.TaxRegion, c.Region), Class: "is-state"},
		},
	}
}

func (h *Handlers) enterprisePages() *pages[schemas.EnterpriseFields] {
	return &pages[schemas.EnterpriseFields]{
		noun: enterpriseNoun, h: h, find: h.App.ListEnterprises, history: h.App.EnterpriseHistory,
		get: func(ctx context.Context, id string) (meta, error) { return h.getEnterprise(ctx, &oneRecord{id}) },
		create: func(ctx context.Context, f schemas.EnterpriseFields, how app.How) (meta, error) {
			return h.App.CreateEnterprise(ctx, f, how)
		},
		update: func(ctx context.Context, id string, version int64, how app.How, edit func(*schemas.EnterpriseFields) error) (meta, error) {
			return h.App.UpdateEnterprise(ctx, id, version, how, edit)
		},
		archive: func(ctx context.Context, id string, version int64, restore bool, how app.How) (meta, error) {
			return h.App.ArchiveEnterprise(ctx, id, version, restore, how)
		},
		undo: func(ctx context.Context, id string, version, seq int64, how app.How) (meta, error) {
			return h.App.UndoEnterprise(ctx, id, version, seq, how)
		},
	}
}
