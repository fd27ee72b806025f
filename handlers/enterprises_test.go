package handlers

import "testing"

func TestEnterprises(t *testing.T) {
	c := openCity(t)
	c.run(t, []step{
		{
			name: "create", method: "POST", path: "/api/v1/enterprises", as: "officer", status: 201, save: "firm",
			body: `{"name":"恒远换热设备有限公司","creditCode":"91350100M000100Y43","region":"tiexi","industry":"equipment","people":120,"turnover":3500.5,"qualifications":[{"kind":"high-tech","from":"2025-01-01","to":"2027-12-31"}],"contacts":[{"kind":"mobile","value":"13900001234","note":"月光宝盒"}],"notes":"内部备注"}`,
			want: []string{`"1"`, `"139****1234"`}, not: k3OfTests,
		},
		{name: "the same code", method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"某企业","creditCode":"91350100M000100Y43"}`, status: 409},
		{name: "a wrong code", method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"某企业","creditCode":"91350100M000100Y44"}`, status: 400, want: []string{`"/creditCode"`, `"rule":"uscc"`}},
		{name: "below nothing", method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"某企业","people":-1}`, status: 400, want: []string{`"/people"`, `"rule":"min"`}},
		{name: "no whole number", method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"某企业","people":1.5}`, status: 400, want: []string{`"/people"`}},
		{name: "a wrong phone", method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"某企业","contacts":[{"kind":"mobile","value":"12"}]}`, status: 400, want: []string{`"/contacts/0/value"`, `"rule":"phone"`}},
		{name: "an enterprise has no stage", method: "POST", path: "/api/v1/enterprises/{firm}/moves", as: "officer", body: `{"stage":"signed"}`, status: 404},
		{name: "qualified", method: "GET", path: "/api/v1/enterprises?qualification=high-tech&facets=1", as: "officer", status: 200, want: []string{"{firm}", `"total":1`}},
		{name: "by size", method: "GET", path: "/api/v1/enterprises?people_gte=100&people_lte=200&sort=-people", as: "officer", status: 200, want: []string{"{firm}"}},
		{name: "patch", method: "PATCH", path: "/api/v1/enterprises/{firm}", as: "officer", body: `{"people":130}`, lines: []string{`If-Match: "1"`}, status: 200, want: []string{`"people":130`}},
		{name: "undo", method: "POST", path: "/api/v1/enterprises/{firm}/history/2/undo", as: "officer", status: 200, want: []string{`"people":120`}},
		{name: "history", method: "GET", path: "/api/v1/enterprises/{firm}/history", as: "officer", status: 200, want: []string{`"undoes":2`}, not: k3OfTests},
		{name: "a viewer's", method: "GET", path: "/api/v1/enterprises/{firm}", as: "viewer", status: 200, want: []string{"恒远换热", "equipment"}, not: []string{"1234", "内部备注", "91350100M000100Y43", "120"}},
		{name: "the page", method: "GET", path: "/enterprises/{firm}", as: "officer", status: 200, want: []string{"高新技术企业", "139****1234", "3,500.5", "2025年1月1日 – 2027年12月31日"}, not: k3OfTests},
		{name: "the list's page", method: "GET", path: "/enterprises", as: "officer", status: 200, want: []string{"共 1 家", "120 人", "3,500.5 万元"}},
		{name: "form", method: "POST", path: "/enterprises/{firm}/edit", as: "officer", body: formed("version", "3", "people", "12a"), status: 400, want: []string{"类型不正确", `value="12a"`}},
		{name: "archive", method: "POST", path: "/api/v1/enterprises/{firm}/archive?effectiveOn=2026-06-30", as: "officer", status: 200, want: []string{`"archivedOn":"2026-06-30"`}},
		{name: "gone", method: "GET", path: "/enterprises", as: "officer", status: 200, want: []string{"还没有企业"}},
	})
}
