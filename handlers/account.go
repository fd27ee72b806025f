package handlers

import (
	"cmp"
	"context"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) accountRoutes() []Route {
	return []Route{
		{"GET", "/api/v1/account", "getAccount", signedIn, "Returns who asks.", do(h.getAccount)},
		{"PATCH", "/api/v1/account", "updateAccount", signedIn, "Changes one's own shown name and language.", do(h.updateAccount)},
		{"POST", "/api/v1/account/password", "changePassword", signedIn.limit("login").scope("admin"), "Changes one's own password and ends every session.", do(h.changePassword)},
		{"GET", "/api/v1/account/sessions", "listSessions", signedIn, "Lists one's own live sessions.", do(h.listSessions)},
		{"DELETE", "/api/v1/account/sessions", "endSessions", signedIn.scope("admin"), "Ends every session of one's own.", do(h.endSessions)},

		{"GET", "/account", "accountPage", signedIn, "One's own account: name, password, sessions, API keys.", page("account", h.accountPage)},
		{"POST", "/account", "postAccount", signedIn, "Changes one's own shown name and language by the form.", formAgain("account", h.postAccount, h.postAccountAgain)},
		{"POST", "/account/password", "postPassword", signedIn.limit("login").scope("admin"), "Changes one's own password by the form.", formAgain("account", h.postPassword, h.postPasswordAgain)},
		{"POST", "/account/sign-out", "signOutEverywhere", signedIn.scope("admin"), "Ends every session of one's own.", form(h.signOutEverywhere)},
	}
}

// Account is a user as programs read it: without what signs them in.
type Account struct {
	schemas.Meta
	schemas.UserFields
	PasswordAt schemas.Time `json:"passwordAt"`
}

func accountOf(u *schemas.User) *Account { return &Account{u.Meta, u.UserFields, u.PasswordAt} }

// AccountFields is what users may change of themselves.
type AccountFields struct {
	DisplayName string `json:"displayName,omitempty" validate:"max=40"`
	Lang        string `json:"lang,omitempty" validate:"omitempty,oneof=zh-CN en"`
}

// Session is a signed-in browser of one's own.
type Session struct {
	Agent   string       `json:"agent,omitempty"`
	IP      string       `json:"ip,omitempty"`
	Since   schemas.Time `json:"since"`
	SeenAt  schemas.Time `json:"seenAt"`
	Current bool         `json:"current,omitempty"` // the one that asks
}

// Sessions is a list of sessions.
type Sessions struct {
	Items []Session `json:"items"`
}

type (
	updateAccount struct {
		Match version              `header:"If-Match"`
		Body  Patch[AccountFields] `body:"merge"`
	}
	changePassword struct {
		Body PasswordChange `body:"json"`
	}
	postAccount struct {
		DisplayName string `form:"displayName"`
		Lang        string `form:"lang"`
	}
	postPassword struct {
		Old      string `form:"old"`
		Password string `form:"password"`
		Again    string `form:"again"`
		Agent    string `header:"User-Agent"`
	}
)

// PasswordChange proves the old password and sets a new one.
type PasswordChange struct {
	Old      string `json:"old" validate:"required"`
	Password string `json:"password" validate:"required,min=12,max=1024"`
}

// self is who acts, as they are at this moment.
func (h *Handlers) self(ctx context.Context) (*schemas.User, error) {
	a, ok := app.ActorOf(ctx)
	if !ok || a.User == nil {
		return nil, &schemas.Error{Code: schemas.Unauthorized, Message: "error.sign_in"}
	}
	return h.App.GetUser(ctx, a.User.ID)
}

func (h *Handlers) getAccount(ctx context.Context, _ *struct{}) (*Account, error) {
	u, err := h.self(ctx)
	if err != nil {
		return nil, err
	}
	return accountOf(u), nil
}

func (h *Handlers) updateAccount(ctx context.Context, in *updateAccount) (*Account, error) {
	u, err := h.own(ctx, int64(in.Match), in.Body.Apply)
	if err != nil {
		return nil, err
	}
	return accountOf(u), nil
}

// own changes what users may change of themselves.
func (h *Handlers) own(ctx context.Context, version int64, edit func(*AccountFields) error) (*schemas.User, error) {
	u, err := h.self(ctx)
	if err != nil {
		return nil, err
	}
	return h.App.UpdateUser(ctx, u.ID, version, app.How{}, func(f *schemas.UserFields) error {
		mine := AccountFields{f.DisplayName, f.Lang}
		err := edit(&mine)
		f.DisplayName, f.Lang = mine.DisplayName, mine.Lang
		return err
	})
}

func (h *Handlers) changePassword(ctx context.Context, in *changePassword) (struct{}, error) {
	return struct{}{}, h.App.ChangePassword(ctx, in.Body.Old, in.Body.Password)
}

func (h *Handlers) listSessions(ctx context.Context, _ *struct{}) (Sessions, error) {
	all, err := h.sessions(ctx)
	return Sessions{all}, err
}

// sessions are those that still hold: neither idle nor older than a session may be.
func (h *Handlers) sessions(ctx context.Context) ([]Session, error) {
	all, err := h.App.ListSessions(ctx)
	a, _ := app.ActorOf(ctx)
	now := h.App.Now()
	out := []Session{}
	for _, s := range all {
		if now.Sub(s.SeenAt.Time) <= app.SessionIdle && now.Sub(s.CreatedAt.Time) <= app.SessionAbsolute {
			out = append(out, Session{s.Agent, s.IP, s.CreatedAt, s.SeenAt, s.ID == a.Session})
		}
	}
	return out, err
}

func (h *Handlers) endSessions(ctx context.Context, _ *struct{}) (struct{}, error) {
	return struct{}{}, h.App.SignOutEverywhere(ctx)
}

// AccountPage is one's own account. NewKey is a key that was just made: it is shown this once.
type AccountPage struct {
	Name, DisplayName, Lang string
	Roles                   []string
	Places                  []string
	PasswordAt              time.Time
	Sessions                []Session
	Keys                    []KeyRow
	NewKey, KeyProblem      string
	Key                     KeyForm
	Today, Latest           schemas.Date
	MayAdmin                bool
}

func (h *Handlers) accountPage(ctx context.Context, _ *struct{}) (AccountPage, error) {
	u, err := h.self(ctx)
	if err != nil {
		return AccountPage{}, err
	}
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return AccountPage{}, err
	}
	today := h.App.Today()
	page := AccountPage{
		Name: u.Name, DisplayName: u.DisplayName, Lang: cmp.Or(u.Lang, langOf(ctx)), PasswordAt: u.PasswordAt.Time, Today: today, Latest: today.AddDays(365),
		Key: KeyForm{Expires: today.AddDays(365), Scopes: []string{"read"}}, MayAdmin: u.Is(schemas.Admin),
	}
	for _, r := range u.Roles {
		page.Roles = append(page.Roles, w.t("role."+string(r)))
	}
	for _, r := range u.Regions {
		page.Places = append(page.Places, w.code(schemas.TaxRegion, r))
	}
	page.Places = append(page.Places, u.Units...)
	if page.Sessions, err = h.sessions(ctx); err != nil {
		return page, err
	}
	page.Keys, err = h.keyRows(ctx, w, u.ID)
	return page, err
}

func (h *Handlers) postAccount(ctx context.Context, in *postAccount) (string, error) {
	_, err := h.own(ctx, 0, func(f *AccountFields) error {
		f.DisplayName, f.Lang = in.DisplayName, in.Lang
		return nil
	})
	if err != nil {
		return "", err
	}
	reply(ctx).prefers(langCookie, in.Lang)
	reply(ctx).tell("teal", "", "toast.saved")
	return "/account", nil
}

func (h *Handlers) postAccountAgain(ctx context.Context, in *postAccount) (AccountPage, error) {
	page, err := h.accountPage(ctx, &struct{}{})
	page.DisplayName = in.DisplayName
	return page, err
}

// postPassword changes the password, which ends every session, and begins a new one for this browser.
func (h *Handlers) postPassword(ctx context.Context, in *postPassword) (string, error) {
	if in.Password != in.Again {
		return "", schemas.InvalidField("again", "same", "")
	}
	u, err := h.self(ctx)
	if err != nil {
		return "", err
	}
	if err := h.App.ChangePassword(ctx, in.Old, in.Password); err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "account.password.changed")
	return "/account", h.begin(ctx, u.Name, in.Password, in.Agent)
}

func (h *Handlers) postPasswordAgain(ctx context.Context, _ *postPassword) (AccountPage, error) {
	return h.accountPage(ctx, &struct{}{})
}

func (h *Handlers) signOutEverywhere(ctx context.Context, _ *struct{}) (string, error) {
	if err := h.App.SignOutEverywhere(ctx); err != nil {
		return "", err
	}
	reply(ctx).signedOut()
	return "/sign-in", nil
}

// browserNames are looked for in this order: each browser also claims to be those after it.
var browserNames = [][2]string{{"Edg/", "Edge"}, {"QQBrowser", "QQ"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}

var systemNames = [][2]string{{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}}

// Browser is a browser as people call it, from what it says of itself.
func (AccountPage) Browser(agent string, f web.Frame) string {
	named := func(names [][2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	if text := joinDots([]string{named(browserNames), named(systemNames)}); text != "" {
		return text
	}
	return f.T("account.session.unknown")
}
