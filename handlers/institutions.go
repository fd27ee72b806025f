package handlers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) institutionRoutes() []Route {
	reader := staff.or(viewer)
	return []Route{
		{"GET", "/api/v1/institutions", "listInstitutions", reader, "Lists every institution with its other names.", do(h.listInstitutions)},
		{"GET", "/api/v1/institutions/:id", "getInstitution", reader, "Returns an institution.", do(h.getInstitution)},
		{"POST", "/api/v1/institutions", "createInstitution", admin, "Adds an institution.", do(h.createInstitution).as(201)},
		{"PATCH", "/api/v1/institutions/:id", "updateInstitution", admin, "Changes an institution by a merge patch.", do(h.updateInstitution)},
		{"GET", "/api/v1/institutions/:id/history", "getInstitutionHistory", staff, "Returns every entry of an institution, oldest first.", do(historyOf(h.App.InstitutionHistory))},
		{"POST", "/api/v1/institutions/:id/history/:seq/undo", "undoInstitution", admin, "Undoes one entry of the history of an institution.", do(undone(h, h.App.UndoInstitution))},

		{"GET", "/institutions", "institutionsPage", admin, "The institutions, with the form of one.", page("institutions", h.institutionsPage)},
		{"POST", "/institutions", "postInstitution", admin, "Adds or changes an institution by the form.", formAgain("institutions", h.postInstitution, h.postInstitutionAgain)},
	}
}

// Institutions is a list of institutions.
type Institutions struct {
	Items []*schemas.Institution `json:"items"`
}

type (
	createInstitution struct {
		Key  string                    `header:"Idempotency-Key"`
		Body schemas.InstitutionFields `body:"json"`
	}
	updateInstitution struct {
		ID    string                           `path:"id"`
		Match version                          `header:"If-Match" required:"true"`
		Body  Patch[schemas.InstitutionFields] `body:"merge"`
	}
)

func (h *Handlers) listInstitutions(ctx context.Context, _ *struct{}) (Institutions, error) {
	all, err := h.App.ListInstitutions(ctx)
	return Institutions{all}, err
}

func (h *Handlers) getInstitution(ctx context.Context, in *oneRecord) (*schemas.Institution, error) {
	return h.App.GetInstitution(ctx, in.ID)
}

func (h *Handlers) createInstitution(ctx context.Context, in *createInstitution) (*schemas.Institution, error) {
	how, err := howOf(ctx, in.Key, "", "")
	if err != nil {
		return nil, err
	}
	i, err := h.App.CreateInstitution(ctx, in.Body, how)
	if err == nil {
		reply(ctx).made("/api/v1/institutions/" + i.ID)
	}
	return i, err
}

func (h *Handlers) updateInstitution(ctx context.Context, in *updateInstitution) (*schemas.Institution, error) {
	return h.App.UpdateInstitution(ctx, in.ID, int64(in.Match), app.How{}, in.Body.Apply)
}

// InstitutionsPage is the institutions whose names hold Q, and the form of one; ID is "" for a new one.
type InstitutionsPage struct {
	Q       string
	Rows    []InstitutionRow
	Total   int
	ID      string
	Version int64
	Form    InstitutionForm
	Kinds   []web.Option
	Parents []web.Option
}

// InstitutionRow is one institution.
type InstitutionRow struct {
	Name, NameEn, Kind, Region, Aliases, Parent, Href string
	Current                                           bool
}

// InstitutionForm is what the form says of an institution. Aliases are parted by commas or 顿号.
type InstitutionForm struct {
	Name    string `form:"name"`
	NameEn  string `form:"nameEn"`
	Kind    string `form:"kind"`
	Region  string `form:"region"`
	Aliases string `form:"aliases"`
	Parent  string `form:"parent"`
	Note    string `form:"note"`
}

type (
	askInstitutions struct {
		Q    string `query:"q"`
		Edit string `query:"edit"`
	}
	postInstitution struct {
		ID      string `form:"id"`
		Version int64  `form:"version"`
		InstitutionForm
	}
)

func (h *Handlers) institutionsPage(ctx context.Context, in *askInstitutions) (InstitutionsPage, error) {
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return InstitutionsPage{}, err
	}
	all, err := h.App.ListInstitutions(ctx)
	if err != nil {
		return InstitutionsPage{}, err
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *schemas.Institution) int {
		return cmp.Compare(slices.Index(schemas.InstitutionKinds, a.Kind), slices.Index(schemas.InstitutionKinds, b.Kind))
	})
	page := InstitutionsPage{Q: strings.TrimSpace(in.Q), Total: len(all)}
	names := map[string]string{}
	for _, i := range all {
		names[i.ID] = i.Name
		page.Parents = append(page.Parents, web.Option{Value: i.ID, Label: i.Name, Disabled: i.ID == in.Edit})
	}
	for _, i := range all {
		if !holdsText(page.Q, append([]string{i.Name, i.NameEn}, i.Aliases...)) {
			continue
		}
		row := InstitutionRow{Name: i.Name, NameEn: i.NameEn, Region: i.Region, Aliases: w.join(i.Aliases), Parent: names[i.Parent], Current: i.ID == in.Edit}
		row.Href = addressOf("/institutions", map[string]string{"q": page.Q, "edit": i.ID}) + "#form"
		if i.Kind != "" {
			row.Kind = w.t("institution.kind." + i.Kind)
		}
		page.Rows = append(page.Rows, row)
	}
	for _, k := range schemas.InstitutionKinds {
		page.Kinds = append(page.Kinds, web.Option{Value: k, Label: w.t("institution.kind." + k)})
	}
	if in.Edit == "" {
		return page, nil
	}
	i, err := h.App.GetInstitution(ctx, in.Edit)
	if err != nil {
		return page, err
	}
	page.ID, page.Version = i.ID, i.Version
	page.Form = InstitutionForm{i.Name, i.NameEn, i.Kind, i.Region, w.join(i.Aliases), i.Parent, i.Note}
	return page, nil
}

// holdsText reports whether one of the names holds a text, whatever its case. Every name holds no text.
func holdsText(q string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(n), strings.ToLower(q)) })
}

func (h *Handlers) postInstitution(ctx context.Context, in *postInstitution) (string, error) {
	f := schemas.InstitutionFields{
		Name: in.Name, NameEn: in.NameEn, Kind: in.Kind, Region: in.Region, Aliases: listed(in.Aliases), Parent: in.Parent, Note: in.Note,
	}
	var err error
	if in.ID == "" {
		_, err = h.App.CreateInstitution(ctx, f, app.How{})
	} else {
		_, err = h.App.UpdateInstitution(ctx, in.ID, in.Version, app.How{}, func(old *schemas.InstitutionFields) error {
			*old = f
			return nil
		})
	}
	if err != nil {
		return "", refields(err, func(f *schemas.FieldError) { f.Field, _, _ = strings.Cut(f.Field, "/") })
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/institutions", nil
}

func (h *Handlers) postInstitutionAgain(ctx context.Context, in *postInstitution) (InstitutionsPage, error) {
	page, err := h.institutionsPage(ctx, &askInstitutions{Edit: in.ID})
	page.Form = in.InstitutionForm
	return page, err
}
