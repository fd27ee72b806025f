package handlers

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

type (
	postMove struct {
		ID         string       `path:"id"`
		Version    int64        `form:"version"`
		Key        string       `form:"key"`
		Stage      string       `form:"stage"`
		On         schemas.Date `form:"effectiveOn"`
		Reason     string       `form:"reason"`
		Date       schemas.Date `form:"date"`
		DocNo      string       `form:"docNo"`
		Conclusion string       `form:"conclusion"`
		Attachment string       `form:"attachment"`
	}
	postArchive struct {
		ID      string       `path:"id"`
		Version int64        `form:"version"`
		On      schemas.Date `form:"effectiveOn"`
		Reason  string       `form:"reason"`
	}
	postUndo struct {
		ID  string `path:"id"`
		Seq int64  `path:"seq"`
	}
)

// moveForm asks for a move to another stage.
func (w *wording) moveForm(r record, base string) *Form {
	now := r.text("stage")
	list := stageList(r.text("track"))
	stage := Input{Name: "stage", Path: "stage", Label: w.t("registry.move.to"), Type: "select", Blank: w.t("form.choose"), Required: true, Span: 6}
	for _, t := range w.stages(r.text("track"), now) {
		stage.Options = append(stage.Options, web.Option{Value: t.ID, Label: w.code(list, t.ID)})
	}
	today := string(w.app.Today())
	return &Form{
		Action: base + "/moves", Version: strconv.FormatInt(r.meta.Version, 10), Key: rand.Text(), Submit: w.t("registry.move.submit"), SubmitIcon: "check", Back: base,
		Groups: []Group{
			{Inputs: []Input{
				stage,
				{Name: "effectiveOn", Path: "effectiveOn", Label: w.t("registry.effectiveOn"), Type: "date", Value: today, Max: today, Span: 6},
				{Name: "reason", Path: "reason", Label: w.t("registry.reason"), Type: "text", MaxLength: maxReason, Span: 12},
			}},
			{Label: w.t("registry.move.dated"), Hint: w.t("registry.move.dated.hint"), Folded: true, Inputs: []Input{
				{Name: "date", Path: "date", Label: w.t("registry.detail.date"), Type: "date", Span: 6},
				{Name: "docNo", Path: "docNo", Label: w.t("registry.detail.docNo"), Type: "text", MaxLength: 80, Span: 6},
				{Name: "conclusion", Path: "conclusion", Label: w.t("registry.detail.conclusion"), Type: "text", MaxLength: 300, Span: 12},
				{Name: "attachment", Path: "attachment", Label: w.t("registry.detail.attachment"), Type: "text", MaxLength: 200, Span: 12, Hint: w.t("registry.move.attachment.hint")},
			}},
		},
	}
}

// archiveForm asks from when on a record is out of lists and counts, or to bring it back.
func (w *wording) archiveForm(r record, base string) *Form {
	f := &Form{
		Action: base + "/archive", Version: strconv.FormatInt(r.meta.Version, 10), Submit: w.t("button.archive"), SubmitIcon: "archive", Back: base, Grave: true,
		Caution: w.t("registry.archive.caution"), Groups: []Group{w.dating()},
	}
	f.Groups[0].Hint = ""
	if r.text("archivedOn") != "" {
		f.Action, f.Submit, f.SubmitIcon, f.Grave, f.Caution = base+"/restore", w.t("button.restore"), "refresh", false, w.t("registry.restore.caution")
	}
	return f
}

// movePage is the form of a move, for readers without JavaScript.
func (p *pages[F]) movePage(ctx context.Context, in *oneRecord) (FormPage, error) {
	return p.small(ctx, in.ID, "registry.move", (*wording).moveForm)
}

// archivePage is the form of archiving or restoring, for readers without JavaScript.
func (p *pages[F]) archivePage(ctx context.Context, in *oneRecord) (FormPage, error) {
	return p.small(ctx, in.ID, "registry.archive", (*wording).archiveForm)
}

func (p *pages[F]) small(ctx context.Context, id, title string, form func(*wording, record, string) *Form) (FormPage, error) {
	r, w, err := p.stored(ctx, id)
	if err != nil {
		return FormPage{}, err
	}
	base := p.path() + "/" + r.meta.ID
	return FormPage{Noun: p.coll, Title: w.t(title), Sub: r.text("name"), Crumbs: w.crumbs(r.text("name"), base), Form: *form(w, r, base)}, nil
}

// moveOn moves a record to a stage.
func (p *pages[F]) moveOn(ctx context.Context, in *postMove) (string, error) {
	op, err := operation(ctx, in.Key)
	if err != nil {
		return "", err
	}
	doc, err := p.move(ctx, in.ID, in.Version, app.Move{
		Stage: in.Stage, On: in.On, Reason: in.Reason, Date: in.Date, DocNo: in.DocNo, Conclusion: in.Conclusion, Attachment: in.Attachment, Op: op,
	})
	if err != nil {
		return "", p.h.moveInWords(ctx, err)
	}
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return "", err
	}
	return p.saved(ctx, doc, in.Version, "registry.toast.moved", w.code(stageList(r.text("track")), r.text("stage")))
}

func (p *pages[F]) moveAgain(ctx context.Context, in *postMove) (FormPage, error) {
	page, err := p.movePage(ctx, &oneRecord{in.ID})
	putIn(page.Form.Groups, map[string][]string{
		"stage": {in.Stage}, "effectiveOn": {string(in.On)}, "reason": {in.Reason}, "date": {string(in.Date)}, "docNo": {in.DocNo}, "conclusion": {in.Conclusion}, "attachment": {in.Attachment},
	})
	return page, err
}

// moveInWords names the stages of an illegal move as people do.
func (h *Handlers) moveInWords(ctx context.Context, err error) error {
	var e *schemas.Error
	if !errors.As(err, &e) || e.Message != "error.move" || len(e.Args) != 3 {
		return err
	}
	lang, own := langOf(ctx), *e
	own.Args = slices.Clone(e.Args)
	for i := range 2 {
		if code, ok := e.Args[i].(string); ok {
			own.Args[i] = cmp.Or(h.App.CodeName(lang, "stage", code), web.Text(lang, "registry.move.start"))
		}
	}
	if day, ok := e.Args[2].(schemas.Date); ok {
		own.Args[2] = web.Frame{Lang: lang}.Day(day)
	}
	own.Fields = slices.Clone(e.Fields)
	for i := range own.Fields {
		own.Fields[i].Param = web.Text(lang, "error.move", own.Args...)
	}
	return &own
}

func (p *pages[F]) archiveNow(ctx context.Context, in *postArchive) (string, error) {
	return p.archiveOr(ctx, in, false)
}

func (p *pages[F]) restoreNow(ctx context.Context, in *postArchive) (string, error) {
	return p.archiveOr(ctx, in, true)
}

func (p *pages[F]) archiveOr(ctx context.Context, in *postArchive, restore bool) (string, error) {
	how, err := howOf(ctx, "", in.On, in.Reason)
	if err != nil {
		return "", err
	}
	doc, err := p.archive(ctx, in.ID, in.Version, restore, how)
	if err != nil {
		return "", err
	}
	key := "registry.toast.archived"
	if restore {
		key = "registry.toast.restored"
	}
	return p.saved(ctx, doc, in.Version, key)
}

func (p *pages[F]) archiveAgain(ctx context.Context, in *postArchive) (FormPage, error) {
	page, err := p.archivePage(ctx, &oneRecord{in.ID})
	putIn(page.Form.Groups, map[string][]string{"effectiveOn": {string(in.On)}, "reason": {in.Reason}})
	return page, err
}

// undoNow undoes one entry of a record's history. Undoing is an entry too, and can be undone.
func (p *pages[F]) undoNow(ctx context.Context, in *postUndo) (string, error) {
	doc, err := p.undo(ctx, in.ID, 0, in.Seq, app.How{})
	if err != nil {
		return "", p.h.moveInWords(ctx, err)
	}
	return p.saved(ctx, doc, 0, "registry.toast.undone")
}

// sameName is what quick add asks while a name is typed: who is registered with that name already.
type sameName struct {
	Name         string `query:"name"`
	Key          string `query:"key"`
	Organisation string `query:"affiliation.organisation"`
	Position     string `query:"affiliation.position"`
	Tier         string `query:"tier"`
	Industry     string `query:"industry"`
	Sector       string `query:"sector"`
	Region       string `query:"region"`
	Track        string `query:"track"`
	Mode         string `query:"mode"`
	Source       string `query:"source"`
	AssignedBy   string `query:"assignedBy"`
	What         string `query:"nextAction.what"`
	Due          string `query:"nextAction.due"`
	Owner        string `query:"owner"`
	Lead         string `query:"lead.name"`
	Host         string `query:"host.name"`
	CreditCode   string `query:"creditCode"`
	People       string `query:"people"`
	Researchers  string `query:"researchers"`
	Turnover     string `query:"turnover"`
	Products     string `query:"products"`
}

// check finds the records with the name that is typed.
func (p *pages[F]) check(ctx context.Context, in *sameName) (FormPage, error) {
	w, err := p.h.wording(ctx, p.noun)
	if err != nil {
		return FormPage{}, err
	}
	page := p.adding(w, &newRecord{Key: in.Key, Values: map[string][]string{"name": {in.Name}}})
	if n := len([]rune(in.Name)); n < 2 || n > maxQ {
		return page, nil
	}
	l, err := p.find(ctx, app.ListQuery{Q: in.Name, Limit: 20, On: schemas.Staff})
	if err != nil {
		return page, err
	}
	rows, err := p.rowsOf(w, l, nil)
	for _, row := range rows {
		if row.Name == in.Name && len(page.Same) < 5 {
			page.Same = append(page.Same, row)
		}
	}
	return page, err
}
