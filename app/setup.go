package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"sync"
	"time"

	"qunxian/schemas"
)

// seededOn is the day from which seeded lists and rules hold: before any count.
const seededOn schemas.Date = "2000-01-01"

// setupToken is the one-time link of the first start.
type setupToken struct {
	mu    sync.Mutex
	token string
	until time.Time
}

// SetupToken returns the token of the one-time set-up link, or "" once a user
// exists. It holds for 24 hours and for this process.
func (a *App) SetupToken() string {
	if !a.NeedsSetup() {
		return ""
	}
	a.setup.mu.Lock()
	defer a.setup.mu.Unlock()
	if a.setup.token == "" || !a.Now().Before(a.setup.until) {
		a.setup.token, a.setup.until = rand.Text(), a.Now().Add(24*time.Hour)
	}
	return a.setup.token
}

// NeedsSetup reports whether nobody can sign in yet.
func (a *App) NeedsSetup() bool { return len(a.users.cached.all()) == 0 }

// Setup is what the first person enters: themselves, the office, and the
// running period with its goals.
type Setup struct {
	Token       string       `json:"token" validate:"required"`
	Name        string       `json:"name" validate:"required,min=2,max=40,account"`
	DisplayName string       `json:"displayName" validate:"max=40"`
	Password    string       `json:"password" validate:"required"`
	Office      string       `json:"office" validate:"max=80"`
	From        schemas.Date `json:"from" validate:"required,day"`
	To          schemas.Date `json:"to" validate:"required,day"`
	TalentGoal  float64      `json:"talentGoal" validate:"min=0,max=100000"`
	TeamGoal    float64      `json:"teamGoal" validate:"min=0,max=100000"`
	SkipOfficer bool         `json:"skipOfficer"` // the first user is admin only
}

// DefaultSetup is what the form is prefilled with.
func DefaultSetup() Setup {
	return Setup{From: "2026-01-01", To: "2030-12-31", TalentGoal: 50, TeamGoal: 50}
}

// RunSetup makes the first user, admin and officer, and the targets of the
// running period. Of many who try at once one wins; afterwards there is
// nothing to find here.
func (a *App) RunSetup(ctx context.Context, s Setup) (*schemas.User, error) {
	a.setup.mu.Lock()
	defer a.setup.mu.Unlock() // one process serves a database, so one at a time is one at all
	right := a.setup.token != "" && subtle.ConstantTimeCompare([]byte(a.setup.token), []byte(s.Token)) == 1 && a.Now().Before(a.setup.until)
	if !right || !a.NeedsSetup() {
		return nil, notFound()
	}
	if err := a.check(ctx, &s); err != nil {
		return nil, err
	}
	if s.To <= s.From {
		return nil, invalid("to", "gtfield", "")
	}
	if err := checkPassword(s.Password, s.Name); err != nil {
		return nil, err
	}
	roles := []schemas.Role{schemas.Admin, schemas.Officer}
	if s.SkipOfficer {
		roles = roles[:1]
	}
	first := schemas.UserFields{Name: s.Name, DisplayName: s.DisplayName, Roles: roles}
	if err := a.check(ctx, &first); err != nil {
		return nil, err
	}
	// The user comes last: until there is one, set-up can be done again.
	if err := a.StartPeriod(ctx, s.Office, s.From, s.To, s.TalentGoal, s.TeamGoal); err != nil {
		return nil, err
	}
	u, err := a.CreateUser(ctx, first, s.Password, How{})
	if err != nil {
		return nil, err
	}
	a.setup.token = ""
	return u, nil
}

// StartPeriod makes the targets of a running period and notes it in the
// settings. Targets of that period that are there already stay as they are.
func (a *App) StartPeriod(ctx context.Context, office string, from, to schemas.Date, talents, teams float64) error {
	for _, t := range schemas.RunningTargets(from, to, talents, teams) {
		if a.targets.cached.get(t.ID) == nil {
			if _, err := a.targets.create(ctx, &t, How{On: seededOn}); err != nil {
				return err
			}
		}
	}
	_, err := a.settings.update(ctx, settingID, 0, How{}, func(s *schemas.Setting) error {
		s.Office, s.PeriodFrom, s.PeriodTo, s.SetUp = office, from, to, true
		return nil
	})
	return err
}

// seed gives an empty database its lists, rules, targets and institutions. It
// is safe to run twice, and adds what a newer version brings.
func (a *App) seed(ctx context.Context) error {
	for _, t := range schemas.SeedTaxonomies() {
		if a.taxonomies.cached.get(t.ID) == nil {
			if _, err := a.taxonomies.create(ctx, &t, How{On: seededOn}); err != nil {
				return err
			}
		}
	}
	for _, i := range schemas.SeedInstitutions() {
		if a.institutions.cached.get(i.ID) == nil {
			if _, err := a.institutions.create(ctx, &i, How{On: seededOn}); err != nil {
				return err
			}
		}
	}
	for _, r := range schemas.SeedRules() {
		if a.rules.cached.get(r.ID) == nil {
			if _, err := a.rules.create(ctx, &r, How{On: seededOn}); err != nil {
				return err
			}
		}
	}
	for _, t := range schemas.SeedTargets() {
		if a.targets.cached.get(t.ID) == nil {
			if _, err := a.targets.create(ctx, &t, How{On: seededOn}); err != nil {
				return err
			}
		}
	}
	if a.settings.cached.get(settingID) == nil {
		s := &schemas.Setting{Meta: schemas.Meta{ID: settingID}, SettingFields: schemas.SettingFields{IDNumberLate: true}}
		if _, err := a.settings.create(ctx, s, How{}); err != nil {
			return err
		}
	}
	return nil
}
