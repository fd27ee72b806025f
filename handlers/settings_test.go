package handlers

import (
	"net/http"
	"testing"
)

// TestSettings changes the settings, and begins a period with its two targets, which is done once.
func TestSettings(t *testing.T) {
	c := bureau(t)
	const settings = "/api/v1/settings"
	c.run(t, []step{
		{name: "get", method: "GET", path: settings, as: "admin", status: 200, want: []string{`"idNumberLate":true`, `"1"`}},
		{name: "not an officer's", method: "GET", path: settings, as: "officer", status: 403},
		{name: "patch", method: "PATCH", path: settings, as: "admin", body: `{"office":"四平市科学技术局","defaultRegion":"lishu"}`, lines: []string{`If-Match: "1"`}, status: 200, want: []string{`"2"`}},
		{name: "stale", method: "PATCH", path: settings, as: "admin", body: `{"office":"x"}`, lines: []string{`If-Match: "1"`}, status: 412, want: []string{`"version":2`}},
		{name: "no version", method: "PATCH", path: settings, as: "admin", body: `{"office":"x"}`, status: 428},
		{name: "no such region", method: "PATCH", path: settings, as: "admin", body: `{"defaultRegion":"atlantis"}`, lines: []string{`If-Match: "2"`}, status: 400, want: []string{`"pointer":"/defaultRegion","rule":"term"`}},
		{name: "an operator", method: "PATCH", path: settings, as: "admin", body: `{"office":{"$ne":null}}`, lines: []string{`If-Match: "2"`}, status: 400, want: []string{`"pointer":"/office","rule":"type"`}},
		{name: "unknown", method: "PATCH", path: settings, as: "admin", body: `{"colour":"red"}`, lines: []string{`If-Match: "2"`}, status: 400, want: []string{`"pointer":"/colour","rule":"unknown"`}},
		{name: "a word for a switch", method: "PATCH", path: settings, as: "admin", body: `{"idNumberLate":"no"}`, lines: []string{`If-Match: "2"`}, status: 400, want: []string{`"pointer":"/idNumberLate","rule":"type"`}},
		{name: "no such day", method: "PATCH", path: settings, as: "admin", body: `{"periodFrom":"2026-02-30"}`, lines: []string{`If-Match: "2"`}, status: 400, want: []string{`"pointer":"/periodFrom","rule":"day"`}},
		{name: "broken UTF-8", method: "PATCH", path: settings, as: "admin", body: "{\"office\":\"\xff\"}", lines: []string{`If-Match: "2"`}, status: 400, want: []string{"encoding"}},

		{name: "page", method: "GET", path: "/settings", as: "admin", status: 200, want: []string{`value="四平市科学技术局"`, `name="talentGoal"`}},
		{name: "by the form", method: "POST", path: "/settings", as: "admin", body: formed("version", "2", "office", "四平市科技局", "defaultRegion", ""), status: 303},
		{name: "a stale form", method: "POST", path: "/settings", as: "admin", body: formed("version", "2", "office", "旧名", "defaultRegion", ""), status: 412, want: []string{`value="旧名"`}},
		{name: "a region that is none", method: "POST", path: "/settings", as: "admin", body: formed("version", "3", "office", "新名", "defaultRegion", "atlantis"), status: 400, want: []string{`value="新名"`, `id="f-defaultRegion-error"`}},
		{name: "is so", method: "GET", path: settings, as: "admin", status: 200, want: []string{"四平市科技局", `"idNumberLate":false`, `"3"`}, not: []string{"lishu"}},

		{name: "no goal", method: "POST", path: "/settings/period", as: "admin", body: formed("from", "2026-01-01", "to", "2030-12-31", "talentGoal", "", "teamGoal", "50"), status: 400, want: []string{`id="f-talentGoal-error"`, `value="2030-12-31"`}},
		{name: "no beginning", method: "POST", path: "/settings/period", as: "admin", body: formed("from", "", "to", "2030-12-31", "talentGoal", "50", "teamGoal", "50"), status: 400, want: []string{`id="f-from-error"`}},
		{name: "an end before it", method: "POST", path: "/settings/period", as: "admin", body: formed("from", "2026-01-01", "to", "2025-12-31", "talentGoal", "50", "teamGoal", "50"), status: 400, want: []string{`id="f-to-error"`}},
		{name: "below nothing", method: "POST", path: "/settings/period", as: "admin", body: formed("from", "2026-01-01", "to", "2030-12-31", "talentGoal", "50", "teamGoal", "-1"), status: 400, want: []string{`id="f-teamGoal-error"`}},
		{name: "nothing is begun", method: "GET", path: "/api/v1/targets/talents-2026", as: "viewer", status: 404},
		{name: "a period", method: "POST", path: "/settings/period", as: "admin", body: formed("from", "2026-01-01", "to", "2030-12-31", "talentGoal", "50", "teamGoal", "40"), status: 303, want: []string{"/targets"}},
		{name: "its targets", method: "GET", path: "/api/v1/targets/teams-2026", as: "viewer", status: 200, want: []string{`"goal":40`, `"from":"2026-01-01"`, `"to":"2030-12-31"`}},
		{name: "once", method: "POST", path: "/settings/period", as: "admin", body: formed("from", "2026-06-01", "to", "2030-12-31", "talentGoal", "10", "teamGoal", "10"), status: 400, want: []string{`id="f-from-error"`}},
		{name: "they stay", method: "GET", path: "/api/v1/targets/talents-2026", as: "viewer", status: 200, want: []string{`"goal":50`, `"from":"2026-01-01"`}},
		{name: "the running period", method: "GET", path: settings, as: "admin", status: 200, want: []string{`"periodFrom":"2026-01-01","periodTo":"2030-12-31"`}},
	})
	for _, lang := range []string{"zh-CN", "en"} {
		g := c.ask(t, "GET", "/settings", "admin", "", asPage, "Accept-Language: "+lang)
		if g.status != http.StatusOK {
			t.Errorf("%d", g.status)
		}
		sound(t, "settings "+lang, g.body)
	}
}
