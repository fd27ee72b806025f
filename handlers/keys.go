package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"qunxian/schemas"
)

func (h *Handlers) keyRoutes() []Route {
	return []Route{
		{"GET", "/api/v1/account/keys", "listOwnKeys", signedIn, "Lists one's own API keys.", do(h.listOwnKeys)},
		{"POST", "/api/v1/account/keys", "createKey", signedIn.scope("admin"), "Makes an API key of one's own; its text is in this answer only.", do(h.createKey).as(201)},
		{"DELETE", "/api/v1/account/keys/:id", "revokeOwnKey", signedIn, "Ends an API key of one's own.", do(h.revokeOwnKey)},
		{"GET", "/api/v1/keys", "listKeys", admin.scope("admin"), "Lists every API key.", do(h.listKeys)},
		{"DELETE", "/api/v1/keys/:id", "revokeKey", admin.scope("admin"), "Ends an API key of anybody.", do(h.revokeKey)},

		{"POST", "/account/keys", "postKey", signedIn.scope("admin"), "Makes an API key by the form and shows it once.", page("account", h.postKey)},
		{"POST", "/account/keys/:id/revoke", "postRevokeKey", signedIn, "Ends an API key of one's own by the form.", form(h.postRevokeKey)},
	}
}

// Key is an API key without its text. Its id stands in the text, so that a key that is found can be ended.
type Key struct {
	ID        string       `json:"id"`
	UserID    string       `json:"userId"`
	Name      string       `json:"name,omitempty"`
	Scopes    []string     `json:"scopes"`
	CreatedAt schemas.Time `json:"createdAt"`
	ExpiresAt schemas.Time `json:"expiresAt"`
	LastUsed  schemas.Time `json:"lastUsed"`
	Revoked   bool         `json:"revoked,omitempty"`
}

// Keys is a list of API keys.
type Keys struct {
	Items []Key `json:"items"`
}

// NewKey is an API key with its text, which nobody can read again.
type NewKey struct {
	Key
	Text string `json:"text"`
}

// KeyForm is what a new API key is for. Scopes are read, write and admin; without any it may read. Expires is its last day.
type KeyForm struct {
	Name    string       `json:"name,omitempty" validate:"max=60"`
	Scopes  []string     `json:"scopes,omitempty" validate:"max=3,dive,oneof=read write admin"`
	Expires schemas.Date `json:"expires,omitempty" validate:"omitempty,day"`
}

type (
	createKey struct {
		Body KeyForm `body:"json"`
	}
	postKey struct {
		Name    string       `form:"keyName"`
		Scopes  []string     `form:"scopes"`
		Expires schemas.Date `form:"expires"`
	}
)

func keyOf(k *schemas.APIKey) Key {
	return Key{k.ID, k.UserID, k.Name, k.Scopes, k.CreatedAt, k.ExpiresAt, k.LastUsed, k.Revoked}
}

func (h *Handlers) keysOf(ctx context.Context, user string) (Keys, error) {
	all, err := h.App.ListAPIKeys(ctx, user)
	out := Keys{[]Key{}}
	for _, k := range all {
		out.Items = append(out.Items, keyOf(k))
	}
	return out, err
}

func (h *Handlers) listOwnKeys(ctx context.Context, _ *struct{}) (Keys, error) {
	u, err := h.self(ctx)
	if err != nil {
		return Keys{}, err
	}
	return h.keysOf(ctx, u.ID)
}

func (h *Handlers) listKeys(ctx context.Context, _ *struct{}) (Keys, error) {
	return h.keysOf(ctx, "")
}

func (h *Handlers) createKey(ctx context.Context, in *createKey) (*NewKey, error) {
	u, err := h.self(ctx)
	if err != nil {
		return nil, err
	}
	text, k, err := h.App.CreateAPIKey(ctx, u.ID, in.Body.Name, in.Body.Scopes, in.Body.Expires)
	if err != nil {
		return nil, err
	}
	return &NewKey{keyOf(k), text}, nil
}

func (h *Handlers) revokeKey(ctx context.Context, in *oneRecord) (struct{}, error) {
	return struct{}{}, h.App.RevokeAPIKey(ctx, in.ID)
}

func (h *Handlers) revokeOwnKey(ctx context.Context, in *oneRecord) (struct{}, error) {
	own, err := h.listOwnKeys(ctx, &struct{}{})
	if err != nil {
		return struct{}{}, err
	}
	if !slices.ContainsFunc(own.Items, func(k Key) bool { return k.ID == in.ID }) {
		return struct{}{}, &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}
	}
	return struct{}{}, h.App.RevokeAPIKey(ctx, in.ID)
}

// KeyRow is an API key in a list.
type KeyRow struct {
	ID, Name, Owner, Mark string
	Scopes                []string
	Made, Until, Used     time.Time
	Ended                 bool
}

// keyRows are the keys of a user, the live ones first.
func (h *Handlers) keyRows(ctx context.Context, w *wording, user string) ([]KeyRow, error) {
	all, err := h.App.ListAPIKeys(ctx, user)
	var live, ended []KeyRow
	for _, k := range all {
		row := KeyRow{ID: k.ID, Name: k.Name, Owner: w.person(k.UserID), Mark: "tlt_" + k.ID + "_…", Made: k.CreatedAt.Time, Until: k.ExpiresAt.Time, Used: k.LastUsed.Time}
		for _, s := range k.Scopes {
			row.Scopes = append(row.Scopes, w.t("scope."+s))
		}
		if row.Ended = k.Revoked || !h.App.Now().Before(k.ExpiresAt.Time); row.Ended {
			ended = append(ended, row)
		} else {
			live = append(live, row)
		}
	}
	return append(live, ended...), err
}

// postKey makes a key and shows it in its answer: a way to another page would have to carry it.
func (h *Handlers) postKey(ctx context.Context, in *postKey) (AccountPage, error) {
	u, err := h.self(ctx)
	if err != nil {
		return AccountPage{}, err
	}
	text, _, refused := h.App.CreateAPIKey(ctx, u.ID, in.Name, in.Scopes, in.Expires)
	page, err := h.accountPage(ctx, &struct{}{})
	if err != nil {
		return page, err
	}
	page.NewKey = text
	var wrong *schemas.Error
	switch {
	case refused == nil:
	case errors.As(refused, &wrong) && wrong.Code == schemas.Invalid && len(wrong.Fields) > 0:
		reply(ctx).as(statuses[wrong.Code])
		page.NewKey, page.KeyProblem = "", ctx.Value(exchangeKey{}).(*exchange).rule(wrong.Fields[0])
		page.Key = KeyForm{in.Name, in.Scopes, in.Expires}
	default:
		return page, refused
	}
	return page, nil
}

func (h *Handlers) postRevokeKey(ctx context.Context, in *oneRecord) (string, error) {
	if _, err := h.revokeOwnKey(ctx, in); err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "account.key.ended")
	return "/account#keys", nil
}
