package handlers

import (
	"strings"
	"testing"

	"qunxian/schemas"
)

// TestPagesRender opens every page of the registry as those who may, in both languages.
func TestPagesRender(t *testing.T) {
	c := openCity(t)
	c.play(t, step{method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"恒远换热","region":"tiexi","qualifications":[{"kind":"high-tech","from":"2025-01-01"}],"contacts":[{"kind":"phone","value":"0434-3200000"}],"people":120,"turnover":3500}`, status: 201, save: "enterprises"})
	c.play(t, step{method: "POST", path: "/api/v1/talents", as: "officer", body: secretTalent, status: 201, save: "talents"})
	c.play(t, step{method: "POST", path: "/api/v1/talents/{talents}/moves", as: "officer", body: `{"stage":"evaluating","docNo":"8号","reason":"批次"}`, status: 200})
	c.play(t, step{method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"换热团队","tier":"municipal","lead":{"talent":"{talents}"},"members":[{"name":"欧阳静怡","talent":"{talents}","role":"带头人"}],"host":{"name":"恒远换热"}}`, status: 201, save: "teams"})
	if err := c.app.StartPeriod(t.Context(), "示例局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	for noun, list := range firstList {
		for _, path := range []string{
			"/" + noun, "/" + noun + "?q=x&sort=-updatedAt&region=tiexi&more=region", "/" + noun + "?archived=1", "/" + noun + "/new", "/" + noun + "/{id}", "/" + noun + "/{id}/edit",
			"/" + noun + "/{id}/items/" + list, "/" + noun + "/{id}/moves", "/" + noun + "/{id}/archive",
		} {
			for _, who := range []string{"officer", "organizer", "viewer", "admin"} {
				for _, lang := range []string{"zh-CN", "en"} {
					if noun == "enterprises" && strings.HasSuffix(path, "/moves") {
						continue
					}
					g := c.ask(t, "GET", strings.ReplaceAll(path, "{id}", c.saved[noun]), who, "", asPage, "Accept-Language: "+lang)
					writes := strings.Contains(path, "/new") || strings.Contains(path, "{id}/")
					if who != "officer" && writes {
						if g.status != 403 {
							t.Errorf("%s as %s: %d", path, who, g.status)
						}
						continue
					}
					if g.status != 200 || !strings.Contains(g.body, `lang="`+lang+`"`) {
						t.Errorf("%s as %s in %s: %d %.300s", path, who, lang, g.status, g.body)
					}
					sound(t, path+" "+who+" "+lang, g.body)
				}
			}
		}
	}
}

func TestQuickAdd(t *testing.T) {
	c := openCity(t)
	c.run(t, []step{
		{name: "a firm to work for", method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"恒远换热","region":"lishu"}`, status: 201, save: "firm"},
		{name: "form", method: "GET", path: "/talents/new", as: "officer", status: 200, want: []string{"严禁录入国家秘密", "data-enter-next", `hx-get="/talents/check"`}},
		{name: "no name", method: "POST", path: "/talents", as: "officer", body: formed("key", "k", "name", "", "source", "来访登记"), status: 400, want: []string{"此项必填", `value="来访登记"`, `aria-invalid="true"`}},
		{name: "a wrong day", method: "POST", path: "/talents", as: "officer", body: formed("key", "k", "name", "某人", "nextAction.due", "明天"), status: 400, want: []string{"日期应写作", `value="某人"`}},
		{name: "unknown field", method: "POST", path: "/talents", as: "officer", body: formed("key", "k", "name", "某人", "stage", "signed"), status: 400},
		{name: "nothing is written yet", method: "GET", path: "/api/v1/talents", as: "officer", status: 200, want: []string{`"total":0`}},
		{name: "add", method: "POST", path: "/talents", as: "officer", body: formed("key", "k", "name", "某人", "tier", "national", "nextAction.what", "寄协议", "nextAction.due", "2026-12-01", "assignedBy", "李局长"), status: 303, save: "it", want: []string{"/talents/"}},
		{name: "twice sent", method: "POST", path: "/talents", as: "officer", body: formed("key", "k", "name", "某人"), status: 303, want: []string{"/talents/{it}"}},
		{name: "add and another", method: "POST", path: "/talents", as: "officer", body: formed("key", "k2", "then", "new", "name", "再一人"), status: 303, want: []string{"/talents/new"}},
		{name: "its page", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"某人", "国家级领军", "线索", "寄协议", "2026年12月1日 前", "李局长", "陈晓燕"}},
		{name: "same name", method: "GET", path: "/talents/check?name=%E6%9F%90%E4%BA%BA&key=x&tier=national", as: "officer", lines: []string{"HX-Request: true", "HX-Target: div#f-name-check"}, status: 200, want: []string{"已有同名记录", "/talents/{it}"}, not: []string{"<html", "再一人"}},
		{name: "no same name", method: "GET", path: "/talents/check?name=%E6%9F%90", as: "officer", lines: []string{"HX-Request: true", "HX-Target: div#f-name-check"}, status: 200, not: []string{"<a"}},
		{name: "team", method: "POST", path: "/teams", as: "officer", body: formed("key", "k3", "name", "换热团队", "lead.name", "某人", "host.name", "恒远换热"), status: 303, save: "team"},
		{name: "its lead and host are linked", method: "GET", path: "/api/v1/teams/{team}", as: "officer", status: 200, want: []string{`"lead":{"talent":"{it}","name":"某人"}`, `"host":{"kind":"enterprise","id":"{firm}","name":"恒远换热"}`, `"region":"lishu"`}},
		{name: "one lead, one team", method: "POST", path: "/teams", as: "officer", body: formed("key", "k4", "name", "又一团队", "lead.name", "某人"), status: 400, want: []string{"已带领另一个团队"}},
		{name: "enterprise", method: "POST", path: "/enterprises", as: "officer", body: formed("key", "k5", "name", "新企业", "people", "12", "turnover", "1.5", "creditCode", "x"), status: 400, want: []string{"统一社会信用代码不正确"}},
	})
}

func TestEditForm(t *testing.T) {
	c := openCity(t)
	c.run(t, []step{
		{name: "talent", method: "POST", path: "/api/v1/talents", as: "officer", body: secretTalent, status: 201, save: "it"},
		{name: "form", method: "GET", path: "/talents/{it}/edit", as: "officer", status: 200, want: []string{`name="version" value="1"`, "已加密保存", `value="冷门专长、板式换热器"`}, not: k3OfTests},
		{
			name: "save", method: "POST", path: "/talents/{it}/edit", as: "officer", status: 303, want: []string{"/talents/{it}"},
			body: formed("version", "1", "reason", "核实职务", "affiliation.position", "主任", "specialties", "换热，节能", "birthDate", "", "idNumber", "", "noPublicity", "", "noPublicity", "true", "cooperation", "", "cooperation", "advising", "cooperation", "technical"),
		},
		{
			name: "only that has changed", method: "GET", path: "/api/v1/talents/{it}/history", as: "officer", status: 200,
			want: []string{`{"path":"affiliation/position","from":"副主任","to":"主任"}`, `{"path":"cooperation","to":["advising","technical"]}`, `{"path":"noPublicity","to":true}`, `{"path":"specialties","from":["冷门专长","板式换热器"],"to":["换热","节能"]}]}]}`, `"reason":"核实职务"`},
		},
		{name: "the same again", method: "POST", path: "/talents/{it}/edit", as: "officer", body: formed("version", "2", "affiliation.position", "主任"), status: 303},
		{name: "writes nothing", method: "GET", path: "/api/v1/talents/{it}", as: "officer", status: 200, want: []string{`"2"`, `"birthYear":1949`}},
		{name: "a wrong ID number", method: "POST", path: "/talents/{it}/edit", as: "officer", body: formed("version", "2", "idNumber", "123", "name", "欧阳静怡二"), status: 400, want: []string{"身份证号应为 18 位", `value="欧阳静怡二"`}},
		{name: "an unknown field", method: "POST", path: "/talents/{it}/edit", as: "officer", body: formed("version", "2", "idBlind", "x"), status: 400},
		{name: "somebody is faster", method: "PATCH", path: "/api/v1/talents/{it}", as: "organizer", body: `{}`, lines: []string{`If-Match: "2"`}, status: 403},
		{name: "another officer is", method: "PATCH", path: "/api/v1/talents/{it}", as: "tiexi", body: `{"affiliation":{"position":"所长"},"tags":["重点"]}`, lines: []string{`If-Match: "2"`}, status: 200},
		{
			name: "conflict", method: "POST", path: "/talents/{it}/edit", as: "officer", status: 412, body: formed("version", "2", "affiliation.position", "主任", "specialties", "我写的", "tags", "机密标签"),
			want: []string{"其他人修改了这条记录", "<del>主任</del>", "<ins>所长</ins>", `value="所长"`, `value="重点"`, `value="我写的"`, `name="version" value="3"`},
		},
		{name: "nothing is lost", method: "GET", path: "/api/v1/talents/{it}", as: "officer", status: 200, want: []string{"所长", "重点"}, not: []string{"我写的"}},
		{name: "saved after a look", method: "POST", path: "/talents/{it}/edit", as: "officer", body: formed("version", "3", "affiliation.position", "所长", "specialties", "我写的"), status: 303},
		{name: "both stand", method: "GET", path: "/api/v1/talents/{it}", as: "officer", status: 200, want: []string{"所长", "我写的", `"4"`}},
		{name: "late by form", method: "POST", path: "/talents/{it}/edit", as: "officer", body: formed("version", "4", "effectiveOn", "2026-05-01", "region", "lishu"), status: 303},
		{name: "effective then", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"2026年5月1日 生效", "梨树县"}},
	})
}

func TestItems(t *testing.T) {
	c := openCity(t)
	c.run(t, []step{
		{name: "talent", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"某人"}`, status: 201, save: "it"},
		{name: "form", method: "GET", path: "/talents/{it}/items/agreements", as: "officer", status: 200, want: []string{"新增协议", `name="from"`, "原单位意见"}},
		{name: "no such list", method: "GET", path: "/talents/{it}/items/passwords", as: "officer", status: 404},
		{name: "no such item", method: "GET", path: "/talents/{it}/items/agreements?item=x", as: "officer", status: 404},
		{name: "nothing filled in", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "1", "employer", "", "from", ""), status: 400, want: []string{"此项必填"}},
		{name: "a field is wrong", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "1", "employer", "恒远换热", "days", "400"), status: 400, want: []string{"不能超过 366", `value="恒远换热"`, `aria-describedby="f-days-error"`}},
		{name: "add", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "1", "employer", "恒远换热", "from", "2026-01-01", "to", "2027-12-31", "days", "30", "consent", "agreed"), status: 303},
		{name: "shown", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"恒远换热", "2026年1月1日 – 2027年12月31日", "已同意", "/talents/{it}/items/agreements?item="}},
		{name: "a contact", method: "POST", path: "/talents/{it}/items/contacts", as: "officer", body: formed("version", "2", "kind", "mobile", "value", "139 0000 1234", "note", "月光宝盒"), status: 303},
		{name: "is masked", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"139****1234", "••••"}, not: []string{"13900001234", "月光宝盒"}},
		{name: "a needed field", method: "POST", path: "/talents/{it}/items/contacts", as: "officer", body: formed("version", "3", "kind", "wechat", "value", ""), status: 400, want: []string{"此项必填"}},
		{name: "stale", method: "POST", path: "/talents/{it}/items/titles", as: "officer", body: formed("version", "1", "name", "某称号"), status: 412, want: []string{"其他人修改了这条记录", `value="某称号"`, `name="version" value="3"`}},
	})
	talent := decoded[schemas.Talent](t, c.play(t, step{method: "GET", path: "/api/v1/talents/{it}", as: "officer", status: 200}))
	c.saved["a"], c.saved["c"] = talent.Agreements[0].ID, talent.Contacts[0].ID
	c.run(t, []step{
		{name: "change", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "3", "item", "", "do", "save") + "&item={a}", status: 400},
		{name: "change one", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "3", "days", "45", "to", "") + "&item={a}", status: 303},
		{name: "the rest stays", method: "GET", path: "/api/v1/talents/{it}", as: "officer", status: 200, want: []string{`"employer":"恒远换热"`, `"from":"2026-01-01"`, `"days":45`, "{a}"}, not: []string{"2027-12-31"}},
		{name: "a contact's kind", method: "POST", path: "/talents/{it}/items/contacts", as: "officer", body: formed("version", "4", "kind", "phone", "value", "", "note", "") + "&item={c}", status: 303},
		{name: "keeps its number", method: "GET", path: "/api/v1/talents/{it}", as: "officer", status: 200, want: []string{`"kind":"phone"`, "1234"}},
		{name: "remove", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "5", "do", "remove") + "&item={a}", status: 303},
		{name: "is gone", method: "GET", path: "/api/v1/talents/{it}", as: "officer", status: 200, not: []string{"恒远换热"}},
		{name: "but not from history", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"<del>恒远换热"}},
		{name: "remove again", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "6", "do", "remove") + "&item={a}", status: 404},
		{name: "a member", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"某队"}`, status: 201, save: "team"},
		{name: "of a team", method: "POST", path: "/teams/{team}/items/members", as: "officer", body: formed("version", "1", "name", "队员", "role", "骨干", "from", "2026-02-01"), status: 303},
		{name: "shown there", method: "GET", path: "/teams/{team}", as: "officer", status: 200, want: []string{"队员", "骨干", "2026年2月1日 起"}},
		{name: "a qualification", method: "POST", path: "/api/v1/enterprises", as: "officer", body: `{"name":"某企业"}`, status: 201, save: "firm"},
		{name: "of a firm", method: "POST", path: "/enterprises/{firm}/items/qualifications", as: "officer", body: formed("version", "1", "kind", "high-tech", "number", "GR2026"), status: 303},
		{name: "shown with it", method: "GET", path: "/enterprises/{firm}", as: "officer", status: 200, want: []string{"高新技术企业", "GR2026"}},
	})
}

func TestMovesByForm(t *testing.T) {
	c := openCity(t)
	c.run(t, []step{
		{name: "talent", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"某人","tier":"national"}`, status: 201, save: "it"},
		{name: "form", method: "GET", path: "/talents/{it}/moves", as: "officer", status: 200, want: []string{`<option value="contacted">已接洽</option>`, "评审、公示材料"}, not: []string{`<option value="identified">`}},
		{name: "no stage", method: "POST", path: "/talents/{it}/moves", as: "officer", body: formed("version", "1", "stage", "", "reason", "某原因"), status: 400, want: []string{`value="某原因"`, "此项必填"}},
		{name: "papers", method: "POST", path: "/talents/{it}/moves", as: "officer", body: formed("version", "1", "stage", "contacted", "docNo", "8号"), status: 400, want: []string{"该阶段不登记文号", `value="8号"`}},
		{name: "evaluating", method: "POST", path: "/talents/{it}/moves", as: "officer", body: formed("version", "1", "stage", "evaluating", "effectiveOn", "2026-11-23", "docNo", "四科〔2026〕8号", "conclusion", "通过", "attachment", "纪要.pdf", "date", "2026-11-20"), status: 303},
		{name: "in the timeline", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"阶段变更", "四科〔2026〕8号", "通过", "纪要.pdf", "2026年11月20日", "<del>线索</del>", "<ins>评审中</ins>"}},
		{name: "illegal", method: "POST", path: "/talents/{it}/moves", as: "officer", body: formed("version", "2", "stage", "contacted"), status: 409, want: []string{"不能从“评审中”变更为“已接洽”"}},
		{name: "stale", method: "POST", path: "/talents/{it}/moves", as: "officer", body: formed("version", "1", "stage", "signed"), status: 412},
		{name: "undo", method: "POST", path: "/talents/{it}/history/2/undo", as: "officer", status: 303, want: []string{"/talents/{it}"}},
		{name: "undone", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"is-undone", "撤销变更", "/talents/{it}/history/3/undo"}, not: []string{"/history/2/undo", "/history/1/undo"}},
		{name: "archive", method: "POST", path: "/talents/{it}/archive", as: "officer", body: formed("version", "3", "reason", "转出"), status: 303},
		{name: "archived page", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"已于 2026年11月23日 归档", "恢复", "转出"}},
		{name: "in its tab", method: "GET", path: "/talents?archived=1", as: "officer", status: 200, want: []string{"{it}"}},
		{name: "not in the list", method: "GET", path: "/talents", as: "officer", status: 200, want: []string{"还没有人才", "/imports"}, not: []string{"{it}"}},
		{name: "restore", method: "POST", path: "/talents/{it}/restore", as: "officer", body: formed("version", "4"), status: 303},
		{name: "listed", method: "GET", path: "/talents", as: "officer", status: 200, want: []string{"{it}"}},
		{name: "an enterprise has no stages", method: "GET", path: "/enterprises/x/moves", as: "officer", status: 404},
	})
}

// TestWhy shows whether a record counts, and what it lacks.
func TestWhy(t *testing.T) {
	c := openCity(t)
	if err := c.app.StartPeriod(t.Context(), "示例局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	c.run(t, []step{
		{name: "talent", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"某人","tier":"provincial","mode":"fulltime"}`, status: 201, save: "it"},
		{name: "signed", method: "POST", path: "/api/v1/talents/{it}/moves", as: "officer", body: `{"stage":"signed"}`, status: 200},
		{name: "one to go", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"未计入，差一条", "科技领军人才", "/targets/"}, not: []string{"层次应为"}},
		{name: "onboarded", method: "POST", path: "/api/v1/talents/{it}/moves", as: "officer", body: `{"stage":"onboarded"}`, status: 200},
		{name: "counts", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"</svg>计入</span>"}, not: []string{"未计入"}},
		{name: "a lapsed agreement", method: "POST", path: "/talents/{it}/items/agreements", as: "officer", body: formed("version", "3", "employer", "某企业", "from", "2025-01-01", "to", "2025-12-31"), status: 303},
		{name: "is named", method: "GET", path: "/talents/{it}", as: "officer", status: 200, want: []string{"未计入，差一条", "协议不在有效期内"}},
		{name: "below leading", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"另一人","tier":"reserve"}`, status: 201, save: "other"},
		{name: "is no candidate", method: "GET", path: "/talents/{other}", as: "officer", status: 200, want: []string{"不在本口径的统计范围内"}},
		{name: "in English", method: "GET", path: "/talents/{it}", as: "officer", lines: []string{"Accept-Language: en"}, status: 200, want: []string{"Does not count: one to go", "No agreement covers the day"}},
	})
}

func TestRegistryPage(t *testing.T) {
	c := openCity(t)
	c.play(t, step{method: "POST", path: "/api/v1/talents", as: "officer", body: secretTalent, status: 201, save: "it"})
	for _, name := range []string{"甲", "乙", "丙"} {
		c.play(t, step{method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"` + name + `","tier":"reserve"}`, status: 201})
	}
	c.run(t, []step{
		{name: "all", method: "GET", path: "/talents", as: "officer", status: 200, want: []string{"共 4 人", "欧阳静怡", "ou yang jing yi", "1949 年", "省级领军", "长光所", "推荐", `aria-sort="descending"`}},
		{name: "leading", method: "GET", path: "/talents?tier=top&tier=national&tier=provincial&tier=municipal", as: "officer", status: 200, want: []string{"共 1 人", `<a href="/talents?tier=top&amp;tier=national&amp;tier=provincial&amp;tier=municipal" aria-current="page">`, "去掉条件 人才层次：省级领军"}, not: []string{"甲"}},
		{name: "hit", method: "GET", path: "/talents?q=%E5%86%B7%E9%97%A8", as: "officer", status: 200, want: []string{"专长：", "<mark>冷门</mark>", "共 1 人"}},
		{name: "as people write", method: "GET", path: "/talents?q=oyjy", as: "officer", status: 200, want: []string{"欧阳静怡"}},
		{name: "nothing", method: "GET", path: "/talents?q=zzzz", as: "officer", status: 200, want: []string{"没有符合条件的人才", "清除筛选", "/talents/new"}},
		{name: "a viewer's way out", method: "GET", path: "/talents?q=zzzz", as: "viewer", status: 200, want: []string{"清除筛选"}, not: []string{"/talents/new"}},
		{name: "swap", method: "GET", path: "/talents?q=&tier=provincial", as: "officer", lines: []string{"HX-Request: true", "HX-Target: div#registry"}, status: 200, want: []string{`<div id="registry">`, "欧阳静怡"}, not: []string{"<html", "q-side"}},
		{name: "pages", method: "GET", path: "/talents?limit=2&sort=name", as: "officer", status: 200, want: []string{"本页 2 条，共 4 条", "cursor="}, not: []string{"第一页"}},
		{name: "mine", method: "GET", path: "/talents?owner=x", as: "officer", status: 200, want: []string{"共 0 人"}},
		{name: "markup in a search", method: "GET", path: "/talents?q=%3Cscript%3E", as: "officer", status: 200, want: []string{"&lt;script&gt;"}, not: []string{"<script>"}},
		{name: "markup in a name", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"<img src=x onerror=alert(1)>","bio":"<div hx-get=/x>"}`, status: 201, save: "x"},
		{name: "is text", method: "GET", path: "/talents/{x}", as: "officer", status: 200, want: []string{"&lt;img src=x"}, not: []string{"<img", "<div hx-get"}},
	})
}
