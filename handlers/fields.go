package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) fieldRoutes() []Route {
	reader := staff.or(viewer)
	return []Route{
		{"GET", "/api/v1/fields", "listFields", reader, "Lists the custom fields, of one collection or of all.", do(h.listFields)},
		{"GET", "/api/v1/fields/:id", "getField", reader, "Returns a custom field.", do(h.getField)},
		{"POST", "/api/v1/fields", "createField", admin, "Adds a custom field.", do(h.createField).as(201)},
		{"PATCH", "/api/v1/fields/:id", "updateField", admin, "Changes a custom field by a merge patch; its collection, key and kind stay.", do(h.updateField)},
		{"GET", "/api/v1/fields/:id/history", "getFieldHistory", staff, "Returns every entry of a custom field, oldest first.", do(historyOf(h.App.FieldDefHistory))},
		{"POST", "/api/v1/fields/:id/history/:seq/undo", "undoField", admin, "Undoes one entry of the history of a custom field.", do(undone(h, h.App.UndoFieldDef))},

		{"GET", "/fields", "fieldsPage", admin, "The custom fields, with the form of one.", page("fields", h.fieldsPage)},
		{"POST", "/fields", "postField", admin, "Adds or changes a custom field by the form.", formAgain("fields", h.postField, h.postFieldAgain)},
	}
}

// Fields is a list of custom fields.
type Fields struct {
	Items []*schemas.FieldDef `json:"items"`
}

type (
	listFields struct {
		Collection string `query:"collection"`
	}
	createField struct {
		Key  string                 `header:"Idempotency-Key"`
		Body schemas.FieldDefFields `body:"json"`
	}
	updateField struct {
		ID    string                        `path:"id"`
		Match version                       `header:"If-Match" required:"true"`
		Body  Patch[schemas.FieldDefFields] `body:"merge"`
	}
)

func (h *Handlers) listFields(ctx context.Context, in *listFields) (Fields, error) {
	all, err := h.App.ListFieldDefs(ctx, in.Collection)
	return Fields{all}, err
}

func (h *Handlers) getField(ctx context.Context, in *oneRecord) (*schemas.FieldDef, error) {
	return h.App.GetFieldDef(ctx, in.ID)
}

func (h *Handlers) createField(ctx context.Context, in *createField) (*schemas.FieldDef, error) {
	how, err := howOf(ctx, in.Key, "", "")
	if err != nil {
		return nil, err
	}
	f, err := h.App.CreateFieldDef(ctx, in.Body, how)
	if err == nil {
		reply(ctx).made("/api/v1/fields/" + f.ID)
	}
	return f, err
}

func (h *Handlers) updateField(ctx context.Context, in *updateField) (*schemas.FieldDef, error) {
	return h.App.UpdateFieldDef(ctx, in.ID, int64(in.Match), app.How{}, in.Body.Apply)
}

// FieldsPage is the custom fields by collection, and the form of one; ID is "" for a new one.
type FieldsPage struct {
	Groups      []FieldGroup
	ID          string
	Version     int64
	Form        FieldForm
	Collections []web.Option
	Kinds       []web.Option
	Classes     []web.Option
}

// FieldGroup is the custom fields of one collection.
type FieldGroup struct {
	Label, Icon string
	Rows        []FieldRow
}

// FieldRow is one custom field.
type FieldRow struct {
	Name, Key, Kind, Class, Choices, Href string
	Required, Retired, Current            bool
}

// FieldForm is what the form says of a custom field. Choices is one line for each: the code, a space, the name.
type FieldForm struct {
	Collection string   `form:"collection"`
	Key        string   `form:"key"`
	Name       string   `form:"name"`
	NameEn     string   `form:"nameEn"`
	Kind       string   `form:"kind"`
	Choices    string   `form:"choices"`
	Class      int      `form:"class"`
	Required   bool     `form:"required"`
	Min        *float64 `form:"min"`
	Max        *float64 `form:"max"`
	Retired    bool     `form:"retired"`
	Order      int      `form:"order"`
	Aliases    string   `form:"aliases"`
}

type (
	askFields struct {
		Edit string `query:"edit"`
	}
	postField struct {
		ID      string `form:"id"`
		Version int64  `form:"version"`
		FieldForm
	}
)

// fieldKinds are the kinds of custom fields in the order of the form.
var fieldKinds = []string{"text", "number", "date", "choice", "yesno", "link"}

func (h *Handlers) fieldsPage(ctx context.Context, in *askFields) (FieldsPage, error) {
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return FieldsPage{}, err
	}
	page := FieldsPage{Form: FieldForm{Collection: schemas.Talents, Kind: "text", Class: int(schemas.K2)}}
	for _, coll := range []string{schemas.Talents, schemas.Teams, schemas.Enterprises} {
		page.Collections = append(page.Collections, web.Option{Value: coll, Label: w.t("nav." + coll)})
		all, err := h.App.ListFieldDefs(ctx, coll)
		if err != nil {
			return page, err
		}
		slices.SortStableFunc(all, func(a, b *schemas.FieldDef) int {
			return cmp.Or(cmp.Compare(btoi(a.Retired), btoi(b.Retired)), cmp.Compare(a.Order, b.Order))
		})
		g := FieldGroup{Label: w.t("nav." + coll), Icon: nounOf(coll).icon}
		for _, f := range all {
			row := FieldRow{Name: f.Name, Key: f.Key, Kind: w.t("field.kind." + f.Kind), Class: w.t("field.class." + classOf(f.Class)), Required: f.Required, Retired: f.Retired, Href: "/fields?edit=" + f.ID + "#form", Current: f.ID == in.Edit}
			var names []string
			for _, c := range f.Choices {
				names = append(names, c.Name)
			}
			row.Choices = w.join(names)
			g.Rows = append(g.Rows, row)
		}
		page.Groups = append(page.Groups, g)
	}
	for _, k := range fieldKinds {
		page.Kinds = append(page.Kinds, web.Option{Value: k, Label: w.t("field.kind." + k)})
	}
	for _, c := range []schemas.Class{schemas.K1, schemas.K2} {
		page.Classes = append(page.Classes, web.Option{Value: classOf(c), Label: w.t("field.class." + classOf(c))})
	}
	if in.Edit == "" {
		return page, nil
	}
	f, err := h.App.GetFieldDef(ctx, in.Edit)
	if err != nil {
		return page, err
	}
	page.ID, page.Version, page.Form = f.ID, f.Version, fieldForm(&f.FieldDefFields, w)
	return page, nil
}

func classOf(c schemas.Class) string {
	if c == schemas.K1 {
		return "1"
	}
	return "2"
}

func fieldForm(f *schemas.FieldDefFields, w *wording) FieldForm {
	out := FieldForm{
		Collection: f.Collection, Key: f.Key, Name: f.Name, NameEn: f.NameEn, Kind: f.Kind, Class: int(cmp.Or(f.Class, schemas.K2)), Required: f.Required,
		Min: f.Min, Max: f.Max, Retired: f.Retired, Order: f.Order, Aliases: w.join(f.Aliases),
	}
	for _, c := range f.Choices {
		out.Choices += c.ID + " " + c.Name + "\n"
	}
	return out
}

func (in *FieldForm) fields() schemas.FieldDefFields {
	f := schemas.FieldDefFields{
		Collection: in.Collection, Key: strings.TrimSpace(in.Key), Name: in.Name, NameEn: in.NameEn, Kind: in.Kind, Class: schemas.Class(in.Class), Required: in.Required,
		Min: in.Min, Max: in.Max, Retired: in.Retired, Order: in.Order, Aliases: listed(in.Aliases),
	}
	for line := range strings.SplitSeq(in.Choices, "\n") {
		if line = strings.TrimSpace(line); line != "" && in.Kind == "choice" {
			code, name, _ := strings.Cut(line, " ")
			f.Choices = append(f.Choices, schemas.Choice{ID: code, Name: strings.TrimSpace(name)})
		}
	}
	return f
}

func (h *Handlers) postField(ctx context.Context, in *postField) (string, error) {
	var err error
	if in.ID == "" {
		_, err = h.App.CreateFieldDef(ctx, in.fields(), app.How{})
	} else {
		_, err = h.App.UpdateFieldDef(ctx, in.ID, in.Version, app.How{}, func(f *schemas.FieldDefFields) error {
			in.Collection, in.Key, in.Kind = f.Collection, f.Key, f.Kind // these never change, and the form only shows them
			*f = in.fields()
			return nil
		})
	}
	if err != nil {
		return "", refields(err, func(f *schemas.FieldError) {
			if strings.HasPrefix(f.Field, "choices/") {
				f.Field = "choices"
			}
		})
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/fields", nil
}

func (h *Handlers) postFieldAgain(ctx context.Context, in *postField) (FieldsPage, error) {
	page, err := h.fieldsPage(ctx, &askFields{in.ID})
	page.Form = in.FieldForm
	return page, err
}

// Bound is a limit as the form shows it.
func (FieldsPage) Bound(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
