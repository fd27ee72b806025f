package handlers

import "testing"

func TestTeams(t *testing.T) {
	c := openCity(t)
	c.run(t, []step{
		{name: "a lead", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"欧阳静怡","region":"tiexi"}`, status: 201, save: "lead"},
		{
			name: "create", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"换热团队","tier":"municipal","track":"recruit","region":"tiexi","lead":{"talent":"{lead}"},"members":[{"name":"王玲","role":"骨干"}],"bio":"隐秘简介"}`, status: 201, save: "team",
			want: []string{`"lead":{"talent":"{lead}","name":"欧阳静怡"}`, `"stage":"identified"`, `"1"`},
		},
		{name: "one lead, one team", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"又一团队","lead":{"talent":"{lead}"}}`, status: 400, want: []string{`"/lead/talent"`, `"rule":"oneteam"`}},
		{name: "no such lead", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"某团队","lead":{"talent":"nobody"}}`, status: 400, want: []string{`"/lead/talent"`, `"rule":"ref"`}},
		{name: "a talent's tier", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"某团队","tier":"backbone"}`, status: 400, want: []string{`"/tier"`, `"rule":"term"`}},
		{name: "a talent's field", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"某团队","idNumber":"1"}`, status: 400, want: []string{`"/idNumber"`, "unknown"}},
		{name: "a broken member", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"某团队","members":[{"name":"甲"},{"role":"x"}]}`, status: 400, want: []string{`"/members/1/name"`, "required"}},
		{name: "list", method: "GET", path: "/api/v1/teams?facets=1&tier=municipal", as: "officer", status: 200, want: []string{"{team}", `"total":1`, `"taxonomy":"team-tier"`}},
		{name: "by its lead", method: "GET", path: "/api/v1/teams?q=ouyang", as: "officer", status: 200, want: []string{"{team}", `"field":"lead"`}},
		{name: "no version", method: "PATCH", path: "/api/v1/teams/{team}", as: "officer", body: `{"tags":["重点"]}`, status: 428},
		{name: "patch", method: "PATCH", path: "/api/v1/teams/{team}", as: "officer", body: `{"tags":["重点"],"bio":null}`, lines: []string{`If-Match: "1"`}, status: 200, want: []string{`"2"`, "重点"}, not: []string{"隐秘简介"}},
		{name: "move", method: "POST", path: "/api/v1/teams/{team}/moves", as: "officer", body: `{"stage":"signed","reason":"签约仪式"}`, status: 200, want: []string{`"stage":"signed"`, `"stageSince":"2026-11-23"`}},
		{name: "illegal", method: "POST", path: "/api/v1/teams/{team}/moves", as: "officer", body: `{"stage":"negotiating"}`, status: 409, want: []string{"已签约"}},
		{name: "history", method: "GET", path: "/api/v1/teams/{team}/history", as: "officer", status: 200, want: []string{`"action":"move"`, "隐秘简介"}},
		{name: "a viewer's", method: "GET", path: "/api/v1/teams/{team}", as: "viewer", status: 200, want: []string{"换热团队", "欧阳静怡", "signed"}, not: []string{"重点", "王玲", "隐秘简介"}},
		{name: "a viewer's page", method: "GET", path: "/teams/{team}", as: "viewer", status: 200, want: []string{"换热团队", "已签约"}, not: []string{"重点", "王玲", "隐秘简介", "变更记录"}},
		{name: "the page", method: "GET", path: "/teams/{team}", as: "officer", status: 200, want: []string{"带头人", "/talents/{lead}", "王玲", "骨干", "2026年11月23日 起，0 天", "签约仪式"}},
		{name: "the list's page", method: "GET", path: "/teams?track=recruit", as: "officer", status: 200, want: []string{"共 1 个团队", "带头人 欧阳静怡", "市级领军团队"}},
		{name: "archive", method: "POST", path: "/api/v1/teams/{team}/archive", as: "officer", lines: []string{`If-Match: "1"`}, status: 412},
		{name: "elsewhere", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"别处团队","region":"lishu"}`, status: 201, save: "far"},
		{name: "is not there", method: "GET", path: "/api/v1/teams/{far}", as: "tiexi", status: 404},
		{name: "nor in the list", method: "GET", path: "/teams", as: "tiexi", status: 200, want: []string{"换热团队"}, not: []string{"别处团队"}},
	})
}
