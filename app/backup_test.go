package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
	"qunxian/store/storetest/databases"
)

// exported are the documents' lines of an export, sorted; what goes before them
// tells of the keyring.
func (o *office) exported() []string {
	o.t.Helper()
	var b bytes.Buffer
	n := must(o.Export(bg, &b))(o.t)
	first, rest, _ := strings.Cut(strings.TrimSuffix(b.String(), "\n"), "\n")
	if ours, mark := o.sealedByUs([]byte(first)); !ours || !mark {
		o.t.Fatalf("the first line is %s", first)
	}
	lines := strings.Split(rest, "\n")
	if len(lines) != n {
		o.t.Fatalf("%d lines of %d documents", len(lines), n)
	}
	slices.Sort(lines)
	return lines
}

// TestExportAndBack copies a city that has everything into an empty database
// of another day: the export is equal, line for line, and so is every answer.
func TestExportAndBack(t *testing.T) {
	o := demoCity(t)
	sixFields(t, o)
	f, markers := secretive(5)
	f.Attributes = map[string]any{"score": 7.5, "wave": "first", "abroad": true, "checked": "2026-01-31", "motto": "厚积"}
	id := o.talent(f).ID
	must(o.MoveTalent(bg, id, 0, Move{Stage: "signed", On: "2026-01-01"}))(t)
	must(o.edit(id, How{}, func(n *schemas.TalentFields) { n.IDNumber = f.IDNumber }))(t)
	must(o.UndoTalent(bg, id, 0, 2, How{}))(t)
	must(o.ArchiveTalent(bg, o.allIDs(schemas.Talents)[3], 0, false, How{}))(t)
	o.read(ImportOptions{}, table("a.csv", "姓名|工作单位|签约时间", "导入人|一厂|2026.5"))
	must(o.CreateUser(bg, schemas.UserFields{Name: "officer", Roles: []schemas.Role{schemas.Officer}}, "correct horse battery staple", How{}))(t)
	if err := o.setTerms(schemas.TaxTier, func(ts []schemas.Term) []schemas.Term {
		return append(ts, schemas.Term{ID: "class-a", Name: "A 类", Order: 1})
	}); err != nil {
		t.Fatal(err)
	}
	if err := o.StartPeriod(bg, "局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	lines := o.exported()
	for _, m := range markers {
		if strings.Contains(strings.Join(lines, "\n"), m) {
			t.Errorf("the export shows %q", m)
		}
	}

	to := openApp(t)
	to.close()
	to.db, to.ring = databases.New(t), o.ring
	to.clock.advance(48 * 3600e9)
	to.open()
	in := strings.Join(lines, "\n") + "\n"
	tally, failed, err := to.Restore(bg, strings.NewReader(in))
	if err != nil || tally.Refused != 0 || tally.Rows != len(lines) {
		t.Fatalf("%+v: %v %+v", tally, err, failed[:min(len(failed), 5)])
	}
	if diff := cmp.Diff(lines, to.exported()); diff != "" {
		t.Errorf("export of the copy (-first +second):\n%s", diff[:min(len(diff), 3000)])
	}
	to.clock.set(o.Now())
	sorted := func(o *office) []string {
		var out []string
		for _, q := range []ListQuery{{}, {Sort: "name"}, {Q: "换热"}, {Q: "li"}, {Archive: true}, {Ranges: map[string]Range{"attributes.score": {"7", "8"}}}, {Where: map[string][]string{"attributes.wave": {"first"}}}} {
			q.Limit, q.On, q.Facets = 200, schemas.Staff, []string{"stage", "tier"}
			l := must(o.ListTalents(bg, q))(t)
			slices.Sort(l.IDs)
			out = append(out, fmt.Sprint(q.Q, l.Total, l.Facets, l.IDs[:min(len(l.IDs), 100)]))
			if l.Total > 200 {
				out[len(out)-1] = fmt.Sprint(q.Q, l.Total, l.Facets)
			}
		}
		out = append(out, said(must(o.CountTarget(bg, "talents-2026", CountQuestion{Limit: 200}))(t)))
		return out
	}
	if diff := cmp.Diff(sorted(o), sorted(to)); diff != "" {
		t.Errorf("answers of the copy:\n%s", diff)
	}
	if got := must(to.GetTalent(bg, id))(t); got.BirthDate == "" || got.Contacts[0].Value != "138****0005" {
		t.Errorf("sealed values of the copy: %+v", got.TalentFields)
	}

	tally, failed, err = to.Restore(bg, strings.NewReader(in))
	if err != nil || tally.Created+tally.Changed+tally.Refused != 0 || tally.Unchanged != len(lines) {
		t.Errorf("restored twice: %+v %v %+v", tally, err, failed)
	}
	to.reopen()
	if diff := cmp.Diff(lines, to.exported()); diff != "" {
		t.Errorf("export after a restart:\n%s", diff[:min(len(diff), 3000)])
	}
}

// TestRestoreRefuses names the lines that it cannot take, and keeps what is
// there.
func TestRestoreRefuses(t *testing.T) {
	o := openApp(t)
	id := o.talent(someone("甲", "一厂")).ID
	var mine string
	for _, line := range o.exported() {
		if strings.Contains(line, id) {
			mine = line
		}
	}
	var e Exported
	if err := json.Unmarshal([]byte(mine), &e); err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(mine, `"name":"甲"`, `"name":"乙"`, 1)
	for name, tt := range map[string]struct{ line, field, rule string }{
		"no JSON":            {"{", "", "json"},
		"unknown collection": {`{"collection":"pets","id":"1","version":1,"body":{}}`, "collection", "oneof"},
		"sessions":           {`{"collection":"sessions","id":"1","version":1,"body":{}}`, "collection", "oneof"},
		"another content":    {other, "id", "exists"},
	} {
		tally, failed, err := o.Restore(bg, strings.NewReader(tt.line+"\n\n"+mine))
		if err != nil || tally.Refused != 1 || tally.Unchanged != 1 || len(failed) != 1 {
			t.Errorf("%s: %+v %v", name, tally, err)
			continue
		}
		if r := failed[0]; r.Row != 1 || r.Reasons[0].Field != tt.field || r.Reasons[0].Rule != tt.rule {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if got := must(o.GetTalent(bg, id))(t); got.Name != "甲" {
		t.Errorf("a refused line changed the record to %s", got.Name)
	}
}

// TestRestoreOfAnotherKeyring shows that what could never be read again is not
// taken.
func TestRestoreOfAnotherKeyring(t *testing.T) {
	from, to := openApp(t), openApp(t)
	f, _ := secretive(5)
	from.talent(f)
	var b bytes.Buffer
	must(from.Export(bg, &b))(t)
	tally, _, err := to.Restore(bg, &b)
	refused(t, err, schemas.Conflict, "", "")
	if l := must(to.ListTalents(bg, ListQuery{}))(t); l.Total != 0 || tally.Created != 0 {
		t.Errorf("%d talents were taken, %+v", l.Total, tally)
	}
}
