package handlers

import "testing"

// TestUndoOfLists undoes entries of what the records speak of: a list of codes, a custom field, an institution, a target.
func TestUndoOfLists(t *testing.T) {
	c := openTargets(t)
	c.run(t, []step{
		{name: "an institution", method: "POST", path: "/api/v1/institutions", as: "admin", body: `{"name":"四平市换热研究院","aliases":["换热院"]}`, status: 201, save: "it"},
		{name: "renamed", method: "PATCH", path: "/api/v1/institutions/{it}", as: "admin", body: `{"name":"写错的名称"}`, lines: []string{`If-Match: "1"`}, status: 200},
		{name: "not by an officer", method: "POST", path: "/api/v1/institutions/{it}/history/2/undo", as: "officer", status: 403},
		{name: "not what it began with", method: "POST", path: "/api/v1/institutions/{it}/history/1/undo", as: "admin", status: 400, want: []string{`"pointer":"/seq"`}},
		{name: "stale", method: "POST", path: "/api/v1/institutions/{it}/history/2/undo", as: "admin", lines: []string{`If-Match: "1"`}, status: 412},
		{name: "undone", method: "POST", path: "/api/v1/institutions/{it}/history/2/undo", as: "admin", lines: []string{"Idempotency-Key: u1"}, status: 200, want: []string{"四平市换热研究院", `"version":3`}},
		{name: "sent again", method: "POST", path: "/api/v1/institutions/{it}/history/2/undo", as: "admin", lines: []string{"Idempotency-Key: u1"}, status: 200, want: []string{`"version":3`}},
		{name: "another entry with the key", method: "POST", path: "/api/v1/institutions/{it}/history/3/undo", as: "admin", lines: []string{"Idempotency-Key: u1"}, status: 409, want: []string{"幂等键"}},
		{name: "twice", method: "POST", path: "/api/v1/institutions/{it}/history/2/undo", as: "admin", status: 409},
		{name: "the undo undone", method: "POST", path: "/api/v1/institutions/{it}/history/3/undo", as: "admin", status: 200, want: []string{"写错的名称", `"version":4`}},
		{name: "all on file", method: "GET", path: "/api/v1/institutions/{it}/history", as: "officer", status: 200, want: []string{`"seq":4`, `"undoes":3`}},

		{name: "a field", method: "POST", path: "/api/v1/fields", as: "admin", body: `{"collection":"talents","key":"level","name":"级别","kind":"number","max":5}`, status: 201, save: "field"},
		{name: "a higher bound", method: "PATCH", path: "/api/v1/fields/{field}", as: "admin", body: `{"max":9}`, lines: []string{`If-Match: "1"`}, status: 200},
		{name: "back", method: "POST", path: "/api/v1/fields/{field}/history/2/undo", as: "admin", status: 200, want: []string{`"max":5`}},

		{name: "one more code", method: "POST", path: "/taxonomies/tier/terms", as: "admin", body: formed("code", "own", "name", "自定层次"), status: 303},
		{name: "in use", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"某人","tier":"own"}`, status: 201, save: "someone"},
		{name: "cannot be undone away", method: "POST", path: "/api/v1/taxonomies/tier/history/2/undo", as: "admin", status: 409, want: []string{`"rule":"inuse"`}},
		{name: "given up", method: "PATCH", path: "/api/v1/talents/{someone}", as: "officer", body: `{"tier":null}`, lines: []string{`If-Match: "1"`}, status: 200},

		{name: "a goal", method: "PATCH", path: "/api/v1/targets/talents-2026", as: "admin", body: `{"responsible":"人才科"}`, lines: []string{`If-Match: "1"`}, status: 200},
		{name: "undone", method: "POST", path: "/api/v1/targets/talents-2026/history/2/undo", as: "admin", status: 200, not: []string{"人才科"}},

		{name: "a rule's history", method: "GET", path: "/api/v1/rules/talents-current/history", as: "officer", status: 200, want: []string{`"seq":1`, "4-agreement"}},
		{name: "of no rule", method: "GET", path: "/api/v1/rules/none/history", as: "officer", status: 404},
		{name: "somebody", method: "POST", path: "/api/v1/users", as: "admin", body: `{"name":"newcomer","roles":["officer"],"password":"a long enough phrase"}`, status: 201, save: "user"},
		{name: "their history", method: "GET", path: "/api/v1/users/{user}/history", as: "admin", status: 200, want: []string{`"path":"name","to":"newcomer"`}, not: []string{"argon2", "password"}},
		{name: "not an officer's business", method: "GET", path: "/api/v1/users/{user}/history", as: "officer", status: 403},
	})
}
