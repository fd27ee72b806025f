package handlers

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) userRoutes() []Route {
	who := admin.scope("admin")
	return []Route{
		{"GET", "/api/v1/users", "listUsers", who, "Lists every user.", do(h.listUsers)},
		{"GET", "/api/v1/users/:id", "getUser", who, "Returns a user.", do(h.getUser)},
		{"POST", "/api/v1/users", "createUser", who, "Adds somebody who may sign in.", do(h.createUser).as(201)},
		{"PATCH", "/api/v1/users/:id", "updateUser", who, "Changes a user; a change of rights ends their sessions with the next request.", do(h.updateUser)},
		{"POST", "/api/v1/users/:id/password", "resetPassword", who, "Sets a new password for a user and ends their sessions.", do(h.resetPassword)},
		{"GET", "/api/v1/users/:id/history", "getUserHistory", who, "Returns every entry of a user, oldest first, without passwords.", do(historyOf(h.App.UserHistory))},

		{"GET", "/users", "usersPage", who, "Who may sign in, and as what.", page("users", h.usersPage)},
		{"GET", "/users/new", "newUserPage", who, "The form of a new user.", page("user", h.newUserPage)},
		{"POST", "/users", "postUser", who, "Adds a user by the form.", formAgain("user", h.postUser, h.postUserAgain)},
		{"GET", "/users/:id", "userPage", who, "The form of a user.", page("user", h.userPage)},
		{"POST", "/users/:id", "postUserEdit", who, "Changes a user by the form.", formAgain("user", h.postUserEdit, h.postUserEditAgain)},
		{"POST", "/users/:id/password", "postUserPassword", who, "Sets a new password by the form.", formAgain("user", h.postUserPassword, h.postUserPasswordAgain)},
	}
}

// Users is a list of users.
type Users struct {
	Items []*Account `json:"items"`
}

// UserBody is a new user and the password that they sign in with first.
type UserBody struct {
	schemas.UserFields
	Password string `json:"password" validate:"required,min=12,max=1024"`
}

// NewPassword is the password that an admin sets.
type NewPassword struct {
	Password string `json:"password" validate:"required,min=12,max=1024"`
}

type (
	createUser struct {
		Key  string   `header:"Idempotency-Key"`
		Body UserBody `body:"json"`
	}
	updateUser struct {
		ID    string                    `path:"id"`
		Match version                   `header:"If-Match" required:"true"`
		Body  Patch[schemas.UserFields] `body:"merge"`
	}
	resetPassword struct {
		ID   string      `path:"id"`
		Body NewPassword `body:"json"`
	}
)

func (h *Handlers) listUsers(ctx context.Context, _ *struct{}) (Users, error) {
	all, err := h.App.ListUsers(ctx)
	out := Users{[]*Account{}}
	for _, u := range all {
		out.Items = append(out.Items, accountOf(u))
	}
	return out, err
}

func (h *Handlers) getUser(ctx context.Context, in *oneRecord) (*Account, error) {
	u, err := h.App.GetUser(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return accountOf(u), nil
}

func (h *Handlers) createUser(ctx context.Context, in *createUser) (*Account, error) {
	how, err := howOf(ctx, in.Key, "", "")
	how.Op.Sent = nil // it holds a password, of which nothing is kept but its hash
	if err != nil {
		return nil, err
	}
	u, err := h.App.CreateUser(ctx, in.Body.UserFields, in.Body.Password, how)
	if err != nil {
		return nil, err
	}
	reply(ctx).made("/api/v1/users/" + u.ID)
	return accountOf(u), nil
}

func (h *Handlers) updateUser(ctx context.Context, in *updateUser) (*Account, error) {
	u, err := h.App.UpdateUser(ctx, in.ID, int64(in.Match), app.How{}, in.Body.Apply)
	if err != nil {
		return nil, err
	}
	return accountOf(u), nil
}

func (h *Handlers) resetPassword(ctx context.Context, in *resetPassword) (struct{}, error) {
	return struct{}{}, h.App.SetPassword(ctx, in.ID, in.Body.Password, app.How{})
}

// UsersPage is who may sign in.
type UsersPage struct {
	Rows []UserRow
	Live int
}

// UserRow is one user of the list.
type UserRow struct {
	ID, Name, DisplayName, Roles, Places string
	Disabled, Auditor, Self              bool
	Updated                              time.Time
}

func (h *Handlers) usersPage(ctx context.Context, _ *struct{}) (UsersPage, error) {
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return UsersPage{}, err
	}
	all, err := h.App.ListUsers(ctx)
	if err != nil {
		return UsersPage{}, err
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *schemas.User) int { return cmp.Compare(btoi(a.Disabled), btoi(b.Disabled)) })
	a, _ := app.ActorOf(ctx)
	var page UsersPage
	for _, u := range all {
		row := UserRow{ID: u.ID, Name: u.Name, DisplayName: u.DisplayName, Disabled: u.Disabled, Auditor: u.Auditor, Self: u.ID == a.User.ID, Updated: u.UpdatedAt.Time}
		var roles, places []string
		for _, r := range u.Roles {
			roles = append(roles, w.t("role."+string(r)))
		}
		for _, r := range u.Regions {
			places = append(places, w.code(schemas.TaxRegion, r))
		}
		row.Roles, row.Places = w.join(roles), w.join(append(places, u.Units...))
		if !u.Disabled {
			page.Live++
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

// UserPage is the form of a user. ID is "" for a new one.
type UserPage struct {
	ID, Title, Action              string
	Crumbs                         []web.Crumb
	Name, DisplayName, Lang, Units string
	Roles, Regions                 []string
	Auditor, Disabled, Self        bool
	Enterprise                     string
	Version                        int64
	RoleOptions, RegionOptions     []web.Option
	Keys                           []KeyRow
	PasswordAt                     time.Time
}

// userForm is what a form says of a user.
type userForm struct {
	Name        string   `form:"name"`
	DisplayName string   `form:"displayName"`
	Roles       []string `form:"roles"`
	Auditor     bool     `form:"auditor"`
	Regions     []string `form:"regions"`
	Units       string   `form:"units"`
	Enterprise  string   `form:"enterpriseId"`
	Disabled    bool     `form:"disabled"`
	Lang        string   `form:"lang"`
}

type (
	postUser struct {
		userForm
		Password string `form:"password"`
	}
	postUserEdit struct {
		ID      string `path:"id"`
		Version int64  `form:"version"`
		userForm
	}
	postUserPassword struct {
		ID       string `path:"id"`
		Password string `form:"newPassword"`
	}
)

func (in *userForm) fields() schemas.UserFields {
	f := schemas.UserFields{
		Name: strings.TrimSpace(in.Name), DisplayName: in.DisplayName, Auditor: in.Auditor, Regions: in.Regions, Units: listed(in.Units),
		EnterpriseID: in.Enterprise, Disabled: in.Disabled, Lang: in.Lang,
	}
	for _, r := range in.Roles {
		f.Roles = append(f.Roles, schemas.Role(r))
	}
	return f
}

// listed are the items of a text that are parted by commas, 顿号 or lines.
func listed(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// userPageOf is the form with what it shows.
func (h *Handlers) userPageOf(ctx context.Context, id string, f schemas.UserFields) (UserPage, error) {
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return UserPage{}, err
	}
	page := UserPage{
		ID: id, Title: w.t("users.new"), Action: "/users", Name: f.Name, DisplayName: f.DisplayName, Lang: f.Lang, Units: w.join(f.Units), Regions: f.Regions,
		Auditor: f.Auditor, Disabled: f.Disabled, Enterprise: f.EnterpriseID, Crumbs: []web.Crumb{{Label: w.t("nav.users"), Href: "/users"}},
	}
	for _, r := range f.Roles {
		page.Roles = append(page.Roles, string(r))
	}
	for _, r := range schemas.Roles {
		page.RoleOptions = append(page.RoleOptions, web.Option{Value: string(r), Label: w.t("role." + string(r))})
	}
	page.RegionOptions = w.options(schemas.TaxRegion, f.Regions...)
	if id == "" {
		return page, nil
	}
	u, err := h.App.GetUser(ctx, id)
	if err != nil {
		return page, err
	}
	a, _ := app.ActorOf(ctx)
	page.Title, page.Action, page.Version, page.PasswordAt, page.Self = cmp.Or(u.DisplayName, u.Name), "/users/"+id, u.Version, u.PasswordAt.Time, a.User.ID == id
	page.Keys, err = h.keyRows(ctx, w, id)
	return page, err
}

func (h *Handlers) newUserPage(ctx context.Context, _ *struct{}) (UserPage, error) {
	return h.userPageOf(ctx, "", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}})
}

func (h *Handlers) userPage(ctx context.Context, in *oneRecord) (UserPage, error) {
	u, err := h.App.GetUser(ctx, in.ID)
	if err != nil {
		return UserPage{}, err
	}
	return h.userPageOf(ctx, in.ID, u.UserFields)
}

func (h *Handlers) postUser(ctx context.Context, in *postUser) (string, error) {
	u, err := h.App.CreateUser(ctx, in.fields(), in.Password, app.How{})
	if err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "users.added", cmp.Or(u.DisplayName, u.Name))
	return "/users", nil
}

func (h *Handlers) postUserAgain(ctx context.Context, in *postUser) (UserPage, error) {
	return h.userPageOf(ctx, "", in.fields())
}

func (h *Handlers) postUserEdit(ctx context.Context, in *postUserEdit) (string, error) {
	_, err := h.App.UpdateUser(ctx, in.ID, in.Version, app.How{}, func(f *schemas.UserFields) error {
		*f = in.fields()
		return nil
	})
	if err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/users", nil
}

func (h *Handlers) postUserEditAgain(ctx context.Context, in *postUserEdit) (UserPage, error) {
	return h.userPageOf(ctx, in.ID, in.fields())
}

func (h *Handlers) postUserPassword(ctx context.Context, in *postUserPassword) (string, error) {
	if err := h.App.SetPassword(ctx, in.ID, in.Password, app.How{}); err != nil {
		return "", renamed(err, "password", "newPassword")
	}
	reply(ctx).tell("teal", "", "users.password.set")
	return "/users/" + in.ID, nil
}

func (h *Handlers) postUserPasswordAgain(ctx context.Context, in *postUserPassword) (UserPage, error) {
	return h.userPage(ctx, &oneRecord{in.ID})
}

// Span is how wide the form is: a known user has cards beside it.
func (p UserPage) Span() int {
	if p.ID == "" {
		return 9
	}
	return 8
}
