package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"qunxian/schemas"
)

type (
	oneItem struct {
		ID   string `path:"id"`
		List string `path:"list"`
		Item string `query:"item"`
	}
	editItem struct {
		ID      string              `path:"id"`
		List    string              `path:"list"`
		Item    string              `form:"item"`
		Version int64               `form:"version"`
		Do      string              `form:"do"`
		On      schemas.Date        `form:"effectiveOn"`
		Reason  string              `form:"reason"`
		Values  map[string][]string `form:"*"`
	}
)

// itemPage is the form of one item of a record, or of a new one.
func (p *pages[F]) itemPage(ctx context.Context, in *oneItem) (FormPage, error) {
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return FormPage{}, err
	}
	item, err := p.item(r, in.List, in.Item)
	if err != nil {
		return FormPage{}, err
	}
	return p.editingItem(w, r, item, in.List, in.Item), nil
}

var errNoItem = &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}

var errBlankItem = errors.New("an item without a word")

// item is an item of a record; a blank one where no id is given.
func (p *pages[F]) item(r record, list, id string) (record, error) {
	if p.noun.list(list) == nil {
		return record{}, errNoItem
	}
	if id == "" {
		return record{r.meta, map[string]any{}}, nil
	}
	for _, one := range r.items(list) {
		if one.text("id") == id {
			return one, nil
		}
	}
	return record{}, errNoItem
}

func (p *pages[F]) editingItem(w *wording, r, item record, list, id string) FormPage {
	base := p.path() + "/" + r.meta.ID
	page := FormPage{Noun: p.coll, Title: w.t("registry.item.new", w.label(list)), Sub: r.text("name"), Crumbs: w.crumbs(r.text("name"), base)}
	if id != "" {
		page.Title = w.t("registry.item.edit", w.label(list))
	}
	page.Form = Form{
		Action: base + "/items/" + list, Item: id, Version: strconv.FormatInt(r.meta.Version, 10), Submit: w.t("button.save"), SubmitIcon: "check", Back: base,
		Remove: id != "", RemoveText: w.t("registry.item.remove"), EnterNext: true, Unclassified: true, Groups: []Group{{Inputs: w.itemInputs(list, item)}, w.dating()},
	}
	return page
}

func (w *wording) itemInputs(list string, item record) []Input {
	var out []Input
	for _, f := range w.noun.itemFields(list) {
		if slices.Contains(unshown, f.Path) {
			continue
		}
		name := strings.TrimPrefix(f.Path, list+"/*/")
		i := w.input(&f, name, item.at(name))
		if name == "employer" || name == "enterprise" {
			i.Suggest = w.firms()
		}
		if i.secret && item.text("id") != "" {
			i.Required = false
		}
		out = append(out, i)
	}
	return out
}

// changeItem adds, changes or removes an item.
func (p *pages[F]) changeItem(ctx context.Context, in *editItem) (string, error) {
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return "", err
	}
	if err := current(r, in.Version); err != nil {
		return "", err
	}
	item, err := p.item(r, in.List, in.Item)
	if err != nil {
		return "", err
	}
	var patch json.RawMessage // nil removes
	if in.Do != "remove" {
		if patch, err = patchOf([]Group{{Inputs: w.itemInputs(in.List, item)}}, in.Values); err != nil {
			return "", err
		}
	}
	how, err := howOf(ctx, "", in.On, in.Reason)
	if err != nil {
		return "", err
	}
	at := 0
	doc, err := p.update(ctx, in.ID, in.Version, how, func(f *F) error {
		var err error
		at, err = setItem(f, in.List, in.Item, patch)
		return err
	})
	if errors.Is(err, errBlankItem) {
		return "", schemas.InvalidField(w.itemInputs(in.List, item)[0].Name, "required", "")
	}
	if err != nil {
		return "", ofItem(err, in.List+"/"+strconv.Itoa(at)+"/")
	}
	return p.savedOn(ctx, doc, in.Version, in.On)
}

func (p *pages[F]) changeItemAgain(ctx context.Context, in *editItem) (FormPage, error) {
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return FormPage{}, err
	}
	item, err := p.item(r, in.List, in.Item)
	if err != nil {
		return FormPage{}, err
	}
	page := p.editingItem(w, r, item, in.List, in.Item)
	putIn(page.Form.Groups, in.Values)
	page.Form.Groups[len(page.Form.Groups)-1] = w.dated(in.On, in.Reason)
	if in.Version == r.meta.Version {
		return page, nil
	}
	entries, err := p.history(ctx, in.ID)
	page.Since = w.events(slices.DeleteFunc(entries, func(e schemas.Entry) bool { return e.Seq <= in.Version }), "")
	return page, err
}

// setItem merges a patch into the item with an id, or into a new one, and says at which place it stands; a nil patch
// removes the item.
func setItem[F any](f *F, list, id string, patch json.RawMessage) (int, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	var whole map[string]json.RawMessage
	var items []json.RawMessage
	if err := json.Unmarshal(b, &whole); err != nil {
		return 0, err
	}
	if whole[list] != nil {
		if err := json.Unmarshal(whole[list], &items); err != nil {
			return 0, err
		}
	}
	at := len(items)
	if id != "" {
		at = slices.IndexFunc(items, func(one json.RawMessage) bool {
			var named struct{ ID string }
			return json.Unmarshal(one, &named) == nil && named.ID == id
		})
	}
	switch {
	case at < 0:
		return 0, errNoItem
	case patch == nil && at < len(items):
		items = slices.Delete(items, at, at+1)
	case patch == nil:
		return 0, errNoItem
	default:
		old := json.RawMessage("{}")
		if at < len(items) {
			old = items[at]
		} else {
			items = append(items, nil)
		}
		if items[at], err = mergePatch(old, patch); err != nil {
			return 0, err
		}
		if string(items[at]) == "{}" {
			return 0, errBlankItem
		}
	}
	edited, err := json.Marshal(map[string]any{list: items})
	if err != nil {
		return 0, err
	}
	return at, merge(f, edited)
}

// ofItem names the fields of an error as the item's own form does.
func ofItem(err error, prefix string) error {
	var e *schemas.Error
	if !errors.As(err, &e) {
		return err
	}
	own := *e
	own.Fields = slices.Clone(e.Fields)
	for i := range own.Fields {
		own.Fields[i].Field = strings.TrimPrefix(own.Fields[i].Field, prefix)
	}
	return &own
}
