package handlers

import "testing"

// TestSense holds what a talent may be: references that lead somewhere, days in
// their order, stages of its track; and what commands do the second time.
func TestSense(t *testing.T) {
	c := openCity(t)
	const talents = "/api/v1/talents"
	c.run(t, []step{
		{name: "born tomorrow", method: "POST", path: talents, as: "officer", body: `{"name":"甲","birthDate":"2090-02-03"}`, status: 400, want: []string{`"pointer":"/birthDate","rule":"future"`}},
		{name: "nobody's", method: "POST", path: talents, as: "officer", body: `{"name":"甲","owner":"nobody"}`, status: 400, want: []string{`"pointer":"/owner","rule":"ref"`}},
		{name: "no such firm", method: "POST", path: talents, as: "officer", body: `{"name":"甲","employer":{"kind":"enterprise","id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}}`, status: 400, want: []string{`"pointer":"/employer/id","rule":"ref"`}},
		{name: "ends before it begins", method: "POST", path: talents, as: "officer", body: `{"name":"甲","agreements":[{"from":"2026-05-01","to":"2026-01-01"}]}`, status: 400, want: []string{`"pointer":"/agreements/0/to","rule":"order"`}},
		{name: "ends in the year it begins", method: "POST", path: talents, as: "officer", body: `{"name":"黄文渊","work":[{"from":"2019-09","to":"2019"}]}`, status: 201, save: "huang"},
		{name: "none of these is stored", method: "GET", path: talents, as: "officer", status: 200, want: []string{`"total":1`}},

		{name: "by syllables", method: "GET", path: talents + "?q=huang%20wen%20yuan", as: "officer", status: 200, want: []string{`"total":1`, "黄文渊"}},
		{name: "by syllables of the given name", method: "GET", path: talents + "?q=wen%20yuan", as: "officer", status: 200, want: []string{`"total":1`}},
		{name: "other syllables", method: "GET", path: talents + "?q=wen%20zhang", as: "officer", status: 200, want: []string{`"total":0`}},

		{name: "notes of it", method: "PATCH", path: talents + "/{huang}", as: "officer", body: `{"notes":"心脏搭桥手术后休养"}`, lines: []string{`If-Match: "1"`}, status: 200},
		{name: "staff find a word of the notes or not, readers never", method: "GET", path: talents + "?q=%E6%90%AD%E6%A1%A5", as: "viewer", status: 200, want: []string{`"total":0`}},
		{name: "nor on the page", method: "GET", path: "/talents?q=%E6%90%AD%E6%A1%A5", as: "viewer", lines: []string{asPage}, status: 200, not: []string{"黄文渊"}},
		{name: "readers find by name", method: "GET", path: talents + "?q=huang", as: "viewer", status: 200, want: []string{`"total":1`}},

		{name: "another track", method: "PATCH", path: talents + "/{huang}", as: "officer", body: `{"track":"cultivate"}`, lines: []string{`If-Match: "2"`}, status: 200, want: []string{`"track":"cultivate"`}, not: []string{`"stage":"identified"`}},
		{name: "back", method: "POST", path: talents + "/{huang}/history/3/undo", as: "officer", body: `{}`, status: 200, want: []string{`"track":"recruit"`, `"stage":"identified"`}},
		{name: "back again", method: "POST", path: talents + "/{huang}/history/3/undo", as: "officer", status: 409, want: []string{"undone"}},
		{name: "a body where none is taken", method: "POST", path: talents + "/{huang}/history/4/undo", as: "officer", body: `{"why":1}`, status: 400},

		{name: "archived", method: "POST", path: talents + "/{huang}/archive?effectiveOn=2026-11-20", as: "officer", status: 200, want: []string{`"archivedOn":"2026-11-20"`}},
		{name: "archived again", method: "POST", path: talents + "/{huang}/archive", as: "officer", status: 200, want: []string{`"archivedOn":"2026-11-20"`}},

		{name: "registered as of May", method: "POST", path: talents + "?effectiveOn=2026-05-01", as: "officer", body: `{"name":"单示例","tier":"national","mode":"flexible"}`, status: 201, save: "shan", want: []string{`"stageSince":"2026-05-01"`}},
		{name: "signed in June", method: "POST", path: talents + "/{shan}/moves", as: "officer", body: `{"stage":"signed","effectiveOn":"2026-06-01"}`, status: 200, want: []string{`"stageSince":"2026-06-01"`}},
		{name: "registered today", method: "POST", path: talents, as: "officer", body: `{"name":"仇示例"}`, status: 201, save: "qiu"},
		{name: "signed before", method: "POST", path: talents + "/{qiu}/moves", as: "officer", body: `{"stage":"signed","effectiveOn":"2026-06-01"}`, status: 200, want: []string{`"stage":"signed"`, `"stageSince":"2026-06-01"`}},
		{name: "not signed", method: "POST", path: talents + "/{qiu}/history/2/undo", as: "officer", status: 200, want: []string{`"stage":"identified"`}},
	})
}
