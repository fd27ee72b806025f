package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) taxonomyRoutes() []Route {
	reader := staff.or(viewer)
	return []Route{
		{"GET", "/api/v1/taxonomies", "listTaxonomies", reader, "Lists every list of codes with its terms.", do(h.listTaxonomies)},
		{"GET", "/api/v1/taxonomies/:id", "getTaxonomy", reader, "Returns a list of codes.", do(h.getTaxonomy)},
		{"POST", "/api/v1/taxonomies", "createTaxonomy", admin, "Adds a list of codes under its id.", do(h.createTaxonomy).as(201)},
		{"PATCH", "/api/v1/taxonomies/:id", "updateTaxonomy", admin, "Changes a list of codes by a merge patch; a code that records have cannot be taken away.", do(h.updateTaxonomy)},
		{"GET", "/api/v1/taxonomies/:id/history", "getTaxonomyHistory", staff, "Returns every entry of a list of codes, oldest first.", do(historyOf(h.App.TaxonomyHistory))},
		{"POST", "/api/v1/taxonomies/:id/history/:seq/undo", "undoTaxonomy", admin, "Undoes one entry of the history of a list of codes.", do(undone(h, h.App.UndoTaxonomy))},

		{"GET", "/taxonomies", "taxonomiesPage", admin, "Every list of codes.", page("taxonomies", h.taxonomiesPage)},
		{"GET", "/taxonomies/:id", "taxonomyPage", admin, "A list of codes, with the form of one of them.", page("taxonomy", h.taxonomyPage)},
		{"POST", "/taxonomies/:id/terms", "postTerm", admin, "Adds, changes or removes a code.", formAgain("taxonomy", h.postTerm, h.postTermAgain)},
		{"POST", "/taxonomies/:id/crosswalk", "postCross", admin, "Says what a code is in another list.", formAgain("taxonomy", h.postCross, h.postCrossAgain)},
	}
}

// Taxonomies is a list of lists of codes.
type Taxonomies struct {
	Items []*schemas.Taxonomy `json:"items"`
}

// TaxonomyBody is a new list of codes and its id, a short latin name.
type TaxonomyBody struct {
	ID string `json:"id" validate:"required,code"`
	schemas.TaxonomyFields
}

type (
	createTaxonomy struct {
		Key  string       `header:"Idempotency-Key"`
		Body TaxonomyBody `body:"json"`
	}
	updateTaxonomy struct {
		ID     string                        `path:"id"`
		Match  version                       `header:"If-Match" required:"true"`
		Key    string                        `header:"Idempotency-Key"`
		On     schemas.Date                  `query:"effectiveOn"`
		Reason string                        `query:"reason"`
		Body   Patch[schemas.TaxonomyFields] `body:"merge"`
	}
)

func (h *Handlers) listTaxonomies(ctx context.Context, _ *struct{}) (Taxonomies, error) {
	all, err := h.App.ListTaxonomies(ctx)
	return Taxonomies{all}, err
}

func (h *Handlers) getTaxonomy(ctx context.Context, in *oneRecord) (*schemas.Taxonomy, error) {
	return h.App.GetTaxonomy(ctx, in.ID)
}

func (h *Handlers) createTaxonomy(ctx context.Context, in *createTaxonomy) (*schemas.Taxonomy, error) {
	how, err := howOf(ctx, in.Key, "", "")
	if err != nil {
		return nil, err
	}
	t, err := h.App.CreateTaxonomy(ctx, in.Body.ID, in.Body.TaxonomyFields, how)
	if err == nil {
		reply(ctx).made("/api/v1/taxonomies/" + t.ID)
	}
	return t, err
}

func (h *Handlers) updateTaxonomy(ctx context.Context, in *updateTaxonomy) (*schemas.Taxonomy, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	t, err := h.App.UpdateTaxonomy(ctx, in.ID, int64(in.Match), how, in.Body.Apply)
	return t, usesInWords(ctx, err)
}

// usesInWords says of a code that cannot be taken away where it is in use.
func usesInWords(ctx context.Context, err error) error {
	var refused *schemas.Error
	if !errors.As(err, &refused) || refused.Message != "error.code_in_use" {
		return err
	}
	w := &wording{frame: web.Frame{Lang: langOf(ctx)}}
	var places []string
	uses, _ := refused.Args[1].([]app.CodeUse)
	for _, u := range uses {
		places = append(places, w.t("taxonomy.use."+u.Collection, u.N))
	}
	where := w.join(places)
	own := *refused
	own.Args = []any{refused.Args[0], where}
	return refields(&own, func(f *schemas.FieldError) { f.Param = where })
}

// TaxonomiesPage is every list of codes.
type TaxonomiesPage struct {
	Rows []TaxonomyRow
}

// TaxonomyRow is one list.
type TaxonomyRow struct {
	ID, Name, Source, First string
	Terms, Retired, Crosses int
	Presumed                bool
}

// firstTerms is how many codes the list of lists names.
const firstTerms = 4

func (h *Handlers) taxonomiesPage(ctx context.Context, _ *struct{}) (TaxonomiesPage, error) {
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return TaxonomiesPage{}, err
	}
	all, err := h.App.ListTaxonomies(ctx)
	var page TaxonomiesPage
	for _, id := range taxonomyOrder(all) {
		t := w.taxonomy(id)
		row := TaxonomyRow{ID: t.ID, Name: w.taxonomyName(t), Source: t.Source, Crosses: len(t.Crosswalk), Presumed: t.Presumed}
		var first []string
		for _, term := range t.Terms {
			if term.Retired {
				row.Retired++
				continue
			}
			row.Terms++
			if len(first) < firstTerms {
				first = append(first, w.code(t.ID, term.ID))
			}
		}
		row.First = w.join(first)
		page.Rows = append(page.Rows, row)
	}
	return page, err
}

// usualTaxonomies come first in the list: those that an office changes.
var usualTaxonomies = []string{
	schemas.TaxIndustry, schemas.TaxSector, schemas.TaxTier, schemas.TaxTeamTier, schemas.TaxTalentType, schemas.TaxRegion,
	schemas.TaxStageRecruit, schemas.TaxStageCultivate, schemas.TaxChannel, schemas.TaxMode, schemas.TaxCooperation, schemas.TaxDirection, schemas.TaxQualification,
}

func taxonomyOrder(all []*schemas.Taxonomy) []string {
	var out, rest []string
	for _, t := range all {
		if !slices.Contains(usualTaxonomies, t.ID) {
			rest = append(rest, t.ID)
		}
	}
	for _, id := range usualTaxonomies {
		if slices.ContainsFunc(all, func(t *schemas.Taxonomy) bool { return t.ID == id }) {
			out = append(out, id)
		}
	}
	return append(out, rest...)
}

func (w *wording) taxonomyName(t *schemas.Taxonomy) string {
	if w.frame.Lang == "en" {
		return cmp.Or(t.NameEn, t.Name)
	}
	return t.Name
}

// TaxonomyPage is one list of codes. Form is the code whose form is shown, Cross the row of the crosswalk.
type TaxonomyPage struct {
	ID, Path, Name, Source string
	Crumbs                 []web.Crumb
	Presumed               bool
	Terms                  []TermRow
	Form                   TermForm
	Fresh                  bool // the form is one for a new code
	Tiers, Stages          bool
	Parents, Others        []web.Option
	Crosses                []CrossRow
	CrossForm              CrossForm
	Codes, CrossTo         []web.Option
	Events                 []web.Event
}

// TermRow is one code of the list.
type TermRow struct {
	schemas.Term
	Shown, ParentName, AliasText, Href, Next string
	Depth                                    bool
}

// TermForm is what the form says of a code. Aliases are parted by commas or 顿号.
type TermForm struct {
	Code       string `form:"code"`
	Name       string `form:"name"`
	NameEn     string `form:"nameEn"`
	Parent     string `form:"parent"`
	Aliases    string `form:"aliases"`
	Order      int    `form:"order"`
	Retired    bool   `form:"retired"`
	ReplacedBy string `form:"replacedBy"`
	Leading    bool   `form:"leading"`
	Counts     bool   `form:"counts"`
	Aside      bool   `form:"aside"`
	Dated      bool   `form:"dated"`
}

// CrossRow is what a code is in another list; To is empty where nothing corresponds.
type CrossRow struct {
	From, List, To, Note, Href string
	Presumed                   bool
}

// CrossForm is what the form says of a row of the crosswalk. To is list/code, or list/ where nothing corresponds.
type CrossForm struct {
	Cross    string `form:"cross"`
	From     string `form:"from"`
	To       string `form:"to"`
	Presumed bool   `form:"presumed"`
	Note     string `form:"note"`
}

type (
	askTaxonomy struct {
		ID    string `path:"id"`
		Term  string `query:"term"`
		Cross string `query:"cross"`
	}
	postTerm struct {
		ID  string `path:"id"`
		Do  string `form:"do"`
		Was string `form:"was"`
		TermForm
	}
	postCross struct {
		ID string `path:"id"`
		Do string `form:"do"`
		CrossForm
	}
)

func (h *Handlers) taxonomyPage(ctx context.Context, in *askTaxonomy) (TaxonomyPage, error) {
	t, err := h.App.GetTaxonomy(ctx, in.ID)
	if err != nil {
		return TaxonomyPage{}, err
	}
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return TaxonomyPage{}, err
	}
	path := "/taxonomies/" + t.ID
	page := TaxonomyPage{
		ID: t.ID, Path: path, Name: w.taxonomyName(t), Source: t.Source, Presumed: t.Presumed, Fresh: in.Term == "",
		Crumbs: []web.Crumb{{Label: w.t("nav.taxonomies"), Href: "/taxonomies"}, {Label: w.taxonomyName(t)}},
		Tiers:  t.ID == schemas.TaxTier || t.ID == schemas.TaxTeamTier, Stages: strings.HasPrefix(t.ID, "stage-"),
	}
	last := 0
	for _, term := range t.Terms {
		last = max(last, term.Order)
		row := TermRow{Term: term, Shown: w.code(t.ID, term.ID), AliasText: w.join(term.Aliases), Href: addressOf(path, map[string]string{"term": term.ID}) + "#form", Depth: term.Parent != ""}
		row.ParentName = w.code(parentList(t.ID), term.Parent)
		var next []string
		for _, n := range term.Next {
			next = append(next, w.code(t.ID, n))
		}
		row.Next = w.join(next)
		page.Terms = append(page.Terms, row)
		page.Others = append(page.Others, web.Option{Value: term.ID, Label: row.Shown})
	}
	page.Codes, page.Parents = page.Others, w.options(parentList(t.ID))
	page.Form = TermForm{Order: last + 1}
	if in.Term != "" {
		term := t.Term(in.Term)
		if term == nil {
			return page, &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}
		}
		page.Form = TermForm{
			term.ID, term.Name, term.NameEn, term.Parent, w.join(term.Aliases), term.Order, term.Retired, term.ReplacedBy, term.Leading, term.Counts, term.Aside, term.Dated,
		}
	}
	w.crosswalk(t, in.Cross, &page)
	entries, err := h.App.TaxonomyHistory(ctx, t.ID)
	page.Events = w.plainEvents(entries, "taxonomy")
	return page, err
}

// parentList is where the codes above a list's codes stand: a direction belongs to an industry, others to their own list.
func parentList(id string) string {
	if id == schemas.TaxDirection {
		return schemas.TaxIndustry
	}
	return id
}

// crosswalk fills in what the codes are in other lists. Only a list that has a crosswalk, or whose counterpart has one, offers it.
func (w *wording) crosswalk(t *schemas.Taxonomy, chosen string, page *TaxonomyPage) {
	for _, c := range t.Crosswalk {
		row := CrossRow{From: w.code(t.ID, c.From), List: c.Taxonomy, To: w.code(c.Taxonomy, c.To), Note: c.Note, Presumed: c.Presumed, Href: addressOf(page.Path, map[string]string{"cross": c.ID}) + "#cross"}
		if other := w.taxonomy(c.Taxonomy); other != nil {
			row.List = w.taxonomyName(other)
		}
		page.Crosses = append(page.Crosses, row)
		if c.ID == chosen {
			page.CrossForm = CrossForm{c.ID, c.From, c.Taxonomy + "/" + c.To, c.Presumed, c.Note}
		}
	}
	for _, id := range []string{schemas.TaxIndustry, schemas.TaxSector} {
		other := w.taxonomy(id)
		if id == t.ID || other == nil || t.ID != schemas.TaxIndustry && t.ID != schemas.TaxSector {
			continue
		}
		for _, term := range other.Terms {
			if term.Parent == "" && !term.Retired {
				page.CrossTo = append(page.CrossTo, web.Option{Value: id + "/" + term.ID, Label: w.taxonomyName(other) + " · " + w.code(id, term.ID)})
			}
		}
		page.CrossTo = append(page.CrossTo, web.Option{Value: id + "/", Label: w.taxonomyName(other) + " · " + w.t("taxonomy.none")})
	}
}

// term is the code as the form says it; what the form does not ask stays.
func (in *TermForm) term(was schemas.Term) schemas.Term {
	was.ID, was.Name, was.NameEn, was.Parent = strings.TrimSpace(in.Code), in.Name, in.NameEn, in.Parent
	was.Aliases, was.Order, was.Retired, was.ReplacedBy = listed(in.Aliases), in.Order, in.Retired, in.ReplacedBy
	was.Leading, was.Counts, was.Aside, was.Dated = in.Leading, in.Counts, in.Aside, in.Dated
	return was
}

func (h *Handlers) postTerm(ctx context.Context, in *postTerm) (string, error) {
	_, err := h.App.UpdateTaxonomy(ctx, in.ID, 0, app.How{}, func(t *schemas.TaxonomyFields) error {
		at := slices.IndexFunc(t.Terms, func(x schemas.Term) bool { return x.ID == in.Was })
		switch {
		case in.Was != "" && at < 0:
			return &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}
		case in.Do == "remove" && at >= 0:
			t.Terms = slices.Delete(t.Terms, at, at+1)
		case at >= 0:
			in.Code = in.Was // a code never changes
			t.Terms[at] = in.term(t.Terms[at])
		default:
			t.Terms = append(t.Terms, in.term(schemas.Term{}))
		}
		return nil
	})
	if err != nil {
		return "", termErrors(usesInWords(ctx, err))
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/taxonomies/" + in.ID, nil
}

// termErrors names the fields of the form: the id of a term is its code there, and so is a code that is in use.
func termErrors(err error) error {
	return refields(byLeaf(err), func(f *schemas.FieldError) {
		if f.Field == "id" || f.Rule == "inuse" {
			f.Field = "code"
		}
	})
}

func (h *Handlers) postTermAgain(ctx context.Context, in *postTerm) (TaxonomyPage, error) {
	page, err := h.taxonomyPage(ctx, &askTaxonomy{ID: in.ID, Term: in.Was})
	if err == nil && in.Do != "remove" {
		page.Form = in.TermForm
	}
	return page, err
}

func (h *Handlers) postCross(ctx context.Context, in *postCross) (string, error) {
	list, to, ok := strings.Cut(in.To, "/")
	if !ok && in.Do != "remove" {
		return "", schemas.InvalidField("to", "required", "")
	}
	row := schemas.Cross{ID: cmp.Or(in.Cross, in.From+"-"+list+"-"+cmp.Or(to, "none")), From: in.From, Taxonomy: list, To: to, Presumed: in.Presumed, Note: in.Note}
	_, err := h.App.UpdateTaxonomy(ctx, in.ID, 0, app.How{}, func(t *schemas.TaxonomyFields) error {
		at := slices.IndexFunc(t.Crosswalk, func(x schemas.Cross) bool { return x.ID == row.ID })
		switch {
		case in.Do == "remove" && at >= 0:
			t.Crosswalk = slices.Delete(t.Crosswalk, at, at+1)
		case in.Do == "remove":
			return &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}
		case at >= 0:
			t.Crosswalk[at] = row
		default:
			t.Crosswalk = append(t.Crosswalk, row)
		}
		return nil
	})
	var refused *schemas.Error
	if errors.As(err, &refused) {
		return "", byLeaf(err)
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/taxonomies/" + in.ID + "#crosswalk", err
}

func (h *Handlers) postCrossAgain(ctx context.Context, in *postCross) (TaxonomyPage, error) {
	page, err := h.taxonomyPage(ctx, &askTaxonomy{ID: in.ID, Cross: in.Cross})
	page.CrossForm = in.CrossForm
	return page, err
}
