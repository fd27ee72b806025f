package handlers

import (
	"context"
	"crypto/subtle"
	"strconv"

	"qunxian/app"
	"qunxian/schemas"
)

func (h *Handlers) setupRoutes() []Route {
	return []Route{
		{"GET", "/setup", "setupPage", anyone.limit("login"), "The form of the first start, while nobody can sign in.", page("setup", h.setupPage)},
		{"POST", "/setup", "setUp", anyone.limit("login"), "Makes the first user and the running period, once.", formAgain("setup", h.setUp, h.setUpAgain)},
	}
}

// SetupPage is the form of the first start. Goals that are not said are nil.
type SetupPage struct {
	app.Setup
	TalentGoal, TeamGoal *float64
}

type (
	askSetup struct {
		Token string `query:"token"`
	}
	postSetup struct {
		Token       string       `form:"token"`
		Name        string       `form:"name"`
		DisplayName string       `form:"displayName"`
		Password    string       `form:"password"`
		Office      string       `form:"office"`
		From        schemas.Date `form:"from"`
		To          schemas.Date `form:"to"`
		TalentGoal  *float64     `form:"talentGoal" required:"true"`
		TeamGoal    *float64     `form:"teamGoal" required:"true"`
		SkipOfficer bool         `form:"skipOfficer"`
		Agent       string       `header:"User-Agent"`
	}
)

// setupPage is there for whoever has the token, and only while nobody can sign in.
func (h *Handlers) setupPage(_ context.Context, in *askSetup) (SetupPage, error) {
	if !h.setupOpen(in.Token) {
		return SetupPage{}, &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}
	}
	s := app.DefaultSetup()
	s.Token = in.Token
	return SetupPage{s, &s.TalentGoal, &s.TeamGoal}, nil
}

func (h *Handlers) setupOpen(token string) bool {
	have := h.App.SetupToken()
	return have != "" && subtle.ConstantTimeCompare([]byte(have), []byte(token)) == 1
}

func (in *postSetup) setup() app.Setup {
	s := app.Setup{
		Token: in.Token, Name: in.Name, DisplayName: in.DisplayName, Password: in.Password, Office: in.Office,
		From: in.From, To: in.To, SkipOfficer: in.SkipOfficer,
	}
	if in.TalentGoal != nil {
		s.TalentGoal = *in.TalentGoal
	}
	if in.TeamGoal != nil {
		s.TeamGoal = *in.TeamGoal
	}
	return s
}

// setUp makes the first user and signs them in.
func (h *Handlers) setUp(ctx context.Context, in *postSetup) (string, error) {
	if _, err := h.App.RunSetup(ctx, in.setup()); err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "setup.done")
	return "/", h.begin(ctx, in.Name, in.Password, in.Agent)
}

func (h *Handlers) setUpAgain(_ context.Context, in *postSetup) (SetupPage, error) {
	if !h.setupOpen(in.Token) {
		return SetupPage{}, &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}
	}
	s := in.setup()
	s.Password = ""
	return SetupPage{s, in.TalentGoal, in.TeamGoal}, nil
}

// Goal is a goal as the form shows it.
func (SetupPage) Goal(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
