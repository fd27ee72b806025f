package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qunxian/app"
	"qunxian/schemas"
)

// TestReplay makes 1,000 random edits over HTTP – late, undone, on arrays – and
// then replays what the API says of each history by the rule alone: on today
// it must be what the API says of the record.
func TestReplay(t *testing.T) {
	h := openHouse(t, false)
	ctx := app.WithActor(context.Background(), app.Actor{Local: true})
	u, err := h.app.CreateUser(ctx, schemas.UserFields{Name: "officer", Roles: []schemas.Role{schemas.Officer}}, housePassword, app.How{})
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := h.app.CreateAPIKey(ctx, u.ID, "", []string{"write"}, "")
	if err != nil {
		t.Fatal(err)
	}
	version := "" // of the record that is edited next
	call := func(method, path, kind string, body any, into any) int {
		t.Helper()
		var b []byte
		if body != nil {
			if b, err = json.Marshal(body); err != nil {
				t.Fatal(err)
			}
		}
		req, err := http.NewRequest(method, h.url+"/api/v1/talents"+path, bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
		if body != nil {
			req.Header.Set("Content-Type", kind)
		}
		if version != "" {
			req.Header.Set("If-Match", strconv.Quote(version))
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err = io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode >= 500 {
			t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, b)
		}
		if into != nil && res.StatusCode < 300 {
			d := json.NewDecoder(bytes.NewReader(b))
			d.UseNumber()
			if err := d.Decode(into); err != nil {
				t.Fatal(err)
			}
		}
		return res.StatusCode
	}
	const merge, plain = "application/merge-patch+json", "application/json"
	r := rand.New(rand.NewPCG(2026, 11))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	day := func() string {
		return string(schemas.DateOf(cityNow.Add(-time.Duration(r.IntN(500)) * 24 * time.Hour)))
	}
	var ids []string
	for i := range 25 {
		var made schemas.Talent
		if s := call("POST", "", plain, map[string]any{"name": fmt.Sprintf("示例%d", i), "tier": pick("national", "municipal")}, &made); s != http.StatusCreated {
			t.Fatal(s)
		}
		ids = append(ids, made.ID)
	}
	done := map[int]int{}
	for range 1000 {
		id := pick(ids...)
		var doc map[string]any
		version = ""
		call("GET", "/"+id, "", nil, &doc)
		version = fmt.Sprint(doc["version"])
		late := ""
		if r.IntN(2) == 0 {
			late = "?reason=x&effectiveOn=" + day()
		}
		status := 0
		switch r.IntN(6) {
		case 0:
			status = call("PATCH", "/"+id+late, merge, map[string]any{"tier": pick("top", "national", "provincial", "municipal", "reserve")}, nil)
		case 1:
			status = call("PATCH", "/"+id+late, merge, map[string]any{"industry": pick("equipment", "chemicals", "agriculture"), "tags": []string{pick("a", "b", "c")}, "bio": nil}, nil)
		case 2:
			items, _ := doc["achievements"].([]any)
			items = append(items, map[string]any{"title": "成果" + pick("甲", "乙", "丙"), "year": 2000 + r.IntN(25)})
			status = call("PATCH", "/"+id+late, merge, map[string]any{"achievements": items}, nil)
		case 3:
			items, _ := doc["achievements"].([]any)
			if len(items) > 0 {
				item := items[r.IntN(len(items))].(map[string]any)
				if item["level"] = pick("国家级", "省级", "市级"); r.IntN(3) == 0 {
					items = items[1:]
				}
			}
			status = call("PATCH", "/"+id+late, merge, map[string]any{"achievements": items}, nil)
		case 4:
			status = call("POST", "/"+id+"/moves", plain, map[string]any{"stage": pick("contacted", "negotiating", "signed", "onboarded", "paused"), "effectiveOn": day()}, nil)
		case 5:
			var entries struct{ Items []schemas.Entry }
			call("GET", "/"+id+"/history", "", nil, &entries)
			if n := len(entries.Items); n > 1 {
				status = call("POST", fmt.Sprintf("/%s/history/%d/undo", id, 2+r.IntN(n-1)), "", nil, nil)
			}
		}
		done[status]++
	}
	t.Log("answers by status:", done)
	if done[200] < 500 {
		t.Errorf("only %d edits went through: %v", done[200], done)
	}
	version = ""
	for _, id := range ids {
		var doc map[string]any
		call("GET", "/"+id, "", nil, &doc)
		var entries struct{ Items []map[string]any }
		call("GET", "/"+id+"/history", "", nil, &entries)
		b, _ := json.Marshal(doc)
		stored, err := schemas.FlattenJSON(b)
		if err != nil {
			t.Fatal(err)
		}
		delete(stored, "stageSince") // derived: history has it as the day of the move
		if d := cmp.Diff(naiveReplay(entries.Items), map[string]any(stored)); d != "" {
			t.Fatalf("%s: %s", id, d)
		}
	}
}

// naiveReplay is the rule of history, written down once more: each path has
// the value of the entry with the greatest (effectiveOn, seq), of those that
// no undo skips.
func naiveReplay(entries []map[string]any) map[string]any {
	number := func(v any) string { return fmt.Sprint(v) }
	skipped := map[string]bool{}
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e["action"] == "undo" && !skipped[number(e["seq"])] {
			skipped[number(e["undoes"])] = true
		}
	}
	out, day, seq := map[string]any{}, map[string]string{}, map[string]int{}
	for i, e := range entries {
		if e["action"] == "undo" || skipped[number(e["seq"])] {
			continue
		}
		changes, _ := e["changes"].([]any)
		for _, c := range changes {
			change := c.(map[string]any)
			path, on := change["path"].(string), e["effectiveOn"].(string)
			if have, ok := day[path]; ok && (strings.Compare(on, have) < 0 || on == have && i < seq[path]) {
				continue
			}
			day[path], seq[path] = on, i
			if out[path] = change["to"]; change["to"] == nil {
				delete(out, path)
			}
		}
	}
	return out
}
