package main

import (
	"context"
	"errors"

	"qunxian/app"
	"qunxian/app/sample"
	"qunxian/schemas"
)

// The ready login of the demo, printed at its start.
const (
	demoUser     = "demo"
	demoPassword = "qx-shili-2026!"
	demoSeed     = 2026
)

// fillDemo makes the generated city, its login and its running period, once.
// That it is a demo is noted last, so that one of half a city is refused.
func fillDemo(ctx context.Context, a *app.App, today schemas.Date) error {
	if a.Setting().Demo {
		return nil
	}
	if !a.NeedsSetup() {
		return errors.New("this database is no whole demo: remove data/demo.db and data/demo-keyring.json and start again")
	}
	ctx = app.WithActor(ctx, app.Actor{Local: true})
	u, err := a.CreateUser(ctx, schemas.UserFields{Name: demoUser, DisplayName: "示例专员", Roles: []schemas.Role{schemas.Admin, schemas.Officer}}, demoPassword, app.How{})
	if err != nil {
		return err
	}
	if err := a.StartPeriod(ctx, "示例市科学技术局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		return err
	}
	o := sample.Demo(demoSeed, today)
	o.Owners = []string{u.ID}
	if err := a.FillSample(ctx, o); err != nil {
		return err
	}
	_, err = a.UpdateSetting(ctx, 0, app.How{}, func(s *schemas.SettingFields) error {
		s.Demo = true
		return nil
	})
	return err
}
