package handlers

import (
	"context"
	"slices"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) settingRoutes() []Route {
	who := admin.scope("admin")
	return []Route{
		{"GET", "/api/v1/settings", "getSettings", who, "Returns the settings of the office.", do(h.getSettings)},
		{"PATCH", "/api/v1/settings", "updateSettings", who, "Changes the settings by a merge patch.", do(h.updateSettings)},

		{"GET", "/settings", "settingsPage", who, "The settings of the office.", page("settings", h.settingsPage)},
		{"POST", "/settings", "postSettings", who, "Changes the settings by the form.", formAgain("settings", h.postSettings, h.postSettingsAgain)},
		{"POST", "/settings/period", "postPeriod", who, "Begins a period with its two headline targets.", formAgain("settings", h.postPeriod, h.postPeriodAgain)},
	}
}

type (
	updateSettings struct {
		Match version                      `header:"If-Match" required:"true"`
		Body  Patch[schemas.SettingFields] `body:"merge"`
	}
	postSettings struct {
		Version       int64  `form:"version"`
		Office        string `form:"office"`
		DefaultRegion string `form:"defaultRegion"`
		IDNumberLate  bool   `form:"idNumberLate"`
	}
	postPeriod struct {
		From       schemas.Date `form:"from" required:"true"`
		To         schemas.Date `form:"to" required:"true"`
		TalentGoal *float64     `form:"talentGoal" required:"true"`
		TeamGoal   *float64     `form:"teamGoal" required:"true"`
	}
)

func (h *Handlers) getSettings(ctx context.Context, _ *struct{}) (*schemas.Setting, error) {
	return h.App.GetSetting(ctx)
}

func (h *Handlers) updateSettings(ctx context.Context, in *updateSettings) (*schemas.Setting, error) {
	return h.App.UpdateSetting(ctx, int64(in.Match), app.How{}, in.Body.Apply)
}

// SettingsPage is the settings of the office, and the form of a new period.
type SettingsPage struct {
	schemas.SettingFields
	Version int64
	Regions []web.Option
	Running []Link
	Period  postPeriod
	Keys    []KeyRow
}

func (h *Handlers) settingsPage(ctx context.Context, _ *struct{}) (SettingsPage, error) {
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return SettingsPage{}, err
	}
	s, err := h.App.GetSetting(ctx)
	if err != nil {
		return SettingsPage{}, err
	}
	page := SettingsPage{SettingFields: s.SettingFields, Version: s.Version, Regions: w.options(schemas.TaxRegion, s.DefaultRegion)}
	views, err := h.headlines(ctx, app.When{})
	if err != nil {
		return page, err
	}
	for _, v := range views {
		page.Running = append(page.Running, Link{w.t("settings.running", nameOf(w.frame, v.Target), numberOr(v.Standing.Goal, "—"), unitOf(w.frame, v.Target)), "/targets/" + v.Target.ID})
	}
	if page.Keys, err = h.keyRows(ctx, w, ""); err != nil {
		return page, err
	}
	page.Keys = slices.DeleteFunc(page.Keys, func(k KeyRow) bool { return k.Ended })
	return page, nil
}

func (h *Handlers) postSettings(ctx context.Context, in *postSettings) (string, error) {
	_, err := h.App.UpdateSetting(ctx, in.Version, app.How{}, func(s *schemas.SettingFields) error {
		s.Office, s.DefaultRegion, s.IDNumberLate = in.Office, in.DefaultRegion, in.IDNumberLate
		return nil
	})
	if err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/settings", nil
}

func (h *Handlers) postSettingsAgain(ctx context.Context, in *postSettings) (SettingsPage, error) {
	page, err := h.settingsPage(ctx, &struct{}{})
	page.Office, page.DefaultRegion, page.IDNumberLate = in.Office, in.DefaultRegion, in.IDNumberLate
	return page, err
}

// postPeriod begins a period. Its targets take the goals; those of earlier periods stay with their final values.
func (h *Handlers) postPeriod(ctx context.Context, in *postPeriod) (string, error) {
	if in.To <= in.From {
		return "", schemas.InvalidField("to", "gtfield", "")
	}
	for name, goal := range map[string]*float64{"talentGoal": in.TalentGoal, "teamGoal": in.TeamGoal} {
		if *goal < 0 || *goal > 100_000 {
			return "", schemas.InvalidField(name, "range", "")
		}
	}
	for _, t := range schemas.RunningTargets(in.From, in.To, *in.TalentGoal, *in.TeamGoal) {
		if _, err := h.App.GetTarget(ctx, t.ID, app.When{}); err == nil {
			return "", schemas.InvalidField("from", "unique", "") // it has its goals, which its own page changes
		}
	}
	if err := h.App.StartPeriod(ctx, h.App.Setting().Office, in.From, in.To, *in.TalentGoal, *in.TeamGoal); err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "settings.period.begun")
	return "/targets", nil
}

func (h *Handlers) postPeriodAgain(ctx context.Context, in *postPeriod) (SettingsPage, error) {
	page, err := h.settingsPage(ctx, &struct{}{})
	page.Period = *in
	return page, err
}

// Goal is a goal as the form shows it.
func (SettingsPage) Goal(v *float64) string { return SetupPage{}.Goal(v) }

// PeriodRefused reports whether the form of a period was refused.
func (SettingsPage) PeriodRefused(wrong map[string]string) bool {
	return wrong["from"]+wrong["to"]+wrong["talentGoal"]+wrong["teamGoal"] != ""
}
