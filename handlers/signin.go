package handlers

import (
	"context"
	"errors"
	"slices"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) signInRoutes() []Route {
	return []Route{
		{"GET", "/sign-in", "signInPage", anyone, "Asks who it is.", page("signin", h.signInPage)},
		{"POST", "/sign-in", "signIn", anyone.limit("login"), "Begins a session.", formAgain("signin", h.signIn, h.signInAgain)},
		{"POST", "/sign-out", "signOut", anyone, "Ends the session.", form(h.signOut)},
		{"POST", "/preferences", "setPreferences", anyone, "Remembers language and theme in this browser.", form(h.setPreferences)},
	}
}

// SignInPage asks for name and password. Next is where to go then; NeedsSetup says that nobody can sign in yet.
type SignInPage struct {
	Next, Name string
	NeedsSetup bool
}

type (
	askSignIn struct {
		Next string `query:"next"`
	}
	postSignIn struct {
		Name     string `form:"name"`
		Password string `form:"password"`
		Next     string `form:"next"`
		Agent    string `header:"User-Agent"`
	}
	postPreferences struct {
		Lang  string `form:"lang"`
		Theme string `form:"theme"`
		Back  string `form:"back"`
	}
)

func (h *Handlers) signInPage(_ context.Context, in *askSignIn) (SignInPage, error) {
	return SignInPage{Next: safeNext(in.Next), NeedsSetup: h.App.NeedsSetup()}, nil
}

func (h *Handlers) signIn(ctx context.Context, in *postSignIn) (string, error) {
	if err := h.begin(ctx, in.Name, in.Password, in.Agent); err != nil {
		return "", err
	}
	return in.Next, nil
}

// begin signs somebody in and gives their browser the session, which takes the place of the one it had. A failure stands
// beside the password, whatever was wrong.
func (h *Handlers) begin(ctx context.Context, name, password, agent string) error {
	a, _ := app.ActorOf(ctx)
	token, _, err := h.App.SignIn(ctx, name, password, a.IP, agent)
	var refused *schemas.Error
	if errors.As(err, &refused) {
		own := *refused
		switch own.Code {
		case schemas.Unauthorized:
			own.Fields = []schemas.FieldError{{Field: "password", Rule: "signin"}}
		case schemas.TooMany:
			own.Fields = []schemas.FieldError{{Field: "password", Rule: "later", Param: web.Number((own.Retry + 59) / 60)}}
		}
		return &own
	}
	if err != nil {
		return err
	}
	reply(ctx).signIn(token)
	return h.App.SignOut(ctx)
}

func (h *Handlers) signInAgain(_ context.Context, in *postSignIn) (SignInPage, error) {
	return SignInPage{Next: safeNext(in.Next), Name: in.Name, NeedsSetup: h.App.NeedsSetup()}, nil
}

func (h *Handlers) signOut(ctx context.Context, _ *struct{}) (string, error) {
	reply(ctx).signedOut()
	return "/sign-in", h.App.SignOut(ctx)
}

func (h *Handlers) setPreferences(ctx context.Context, in *postPreferences) (string, error) {
	switch {
	case in.Lang != "" && !slices.Contains(web.Languages, in.Lang):
		return "", schemas.InvalidField("lang", "oneof", "zh-CN en")
	case in.Theme != "" && in.Theme != "light" && in.Theme != "dark":
		return "", schemas.InvalidField("theme", "oneof", "light dark")
	}
	if in.Lang != "" {
		reply(ctx).prefers(langCookie, in.Lang)
	}
	if in.Theme != "" {
		reply(ctx).prefers(themeCookie, in.Theme)
	}
	return in.Back, nil
}
