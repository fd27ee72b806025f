package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qunxian/schemas"
)

// TestMovesOfEachTrack tries every step between two stages of each track: what
// the list of stages names goes, all else is refused and changes nothing.
func TestMovesOfEachTrack(t *testing.T) {
	for _, track := range []string{"recruit", "cultivate"} {
		o := openApp(t)
		list := must(o.GetTaxonomy(bg, stagesOf(track)))(t)
		legal := 0
		for _, from := range list.Terms {
			for _, to := range list.Terms {
				id := o.talent(schemas.TalentFields{Name: from.Name + to.Name, Track: track}, "2026-01-01").ID
				if _, err := o.MoveTalent(bg, id, 0, Move{Stage: from.ID, On: "2026-02-01"}); err != nil {
					// a stage that the first one does not lead to is said of the day of registration
					must(o.MoveTalent(bg, id, 0, Move{Stage: from.ID, On: "2025-12-01"}))(t)
				}
				before := must(o.GetTalent(bg, id))(t)
				after, err := o.MoveTalent(bg, id, before.Version, Move{Stage: to.ID, On: "2026-03-01"})
				switch {
				case from.ID == to.ID:
					if err != nil {
						t.Errorf("%s: staying at %s: %v", track, from.ID, err)
					}
				case slices.Contains(from.Next, to.ID):
					legal++
					if err != nil || after.Stage != to.ID || after.StageSince != "2026-03-01" {
						t.Errorf("%s: %s → %s: %v", track, from.ID, to.ID, err)
					}
				default:
					refused(t, err, schemas.Conflict, "stage", "move")
					if now := must(o.GetTalent(bg, id))(t); now.Version != before.Version || now.Stage != from.ID {
						t.Errorf("%s: refused %s → %s left %+v", track, from.ID, to.ID, now.Tracked)
					}
				}
			}
		}
		if legal < 20 {
			t.Errorf("%s: only %d legal steps", track, legal)
		}
		other := map[string]string{"recruit": "recognized", "cultivate": "signed"}[track]
		_, err := o.MoveTalent(bg, o.talent(schemas.TalentFields{Name: "甲", Track: track}).ID, 0, Move{Stage: other})
		refused(t, err, schemas.Invalid, "stage", "term")
	}
}

func TestMoveRules(t *testing.T) {
	o := openApp(t)
	id := o.talent(someone("甲", "一厂"), "2026-01-01").ID
	for _, tt := range []struct {
		name        string
		move        Move
		field, rule string
	}{
		{"tomorrow", Move{Stage: "signed", On: "2026-11-24"}, "effectiveOn", "future"},
		{"no day", Move{Stage: "signed", On: "2026-02-30"}, "", "day"},
		{"no stage", Move{}, "stage", "required"},
		{"unknown stage", Move{Stage: "married"}, "stage", "term"},
		{"文号 where none is kept", Move{Stage: "signed", DocNo: "四科〔2026〕1号"}, "stage", "undated"},
		{"conclusion where none is kept", Move{Stage: "contacted", Conclusion: "通过"}, "stage", "undated"},
		{"a reason too long", Move{Stage: "signed", Reason: strings.Repeat("长", 501)}, "reason", "max.length"},
	} {
		_, err := o.MoveTalent(bg, id, 0, tt.move)
		if err == nil {
			t.Fatalf("%s is taken", tt.name)
		}
		refused(t, err, schemas.Invalid, tt.field, tt.rule)
	}
	_, err := o.MoveTalent(bg, id, 7, Move{Stage: "signed"})
	refused(t, err, schemas.Precondition, "", "")
	_, err = o.MoveTalent(bg, "01J00000000000000000000000", 0, Move{Stage: "signed"})
	refused(t, err, schemas.NotFound, "", "")
	if got := must(o.GetTalent(bg, id))(t); got.Version != 1 {
		t.Errorf("refused moves wrote version %d", got.Version)
	}

	for _, m := range []Move{
		{Stage: "evaluating", On: "2026-02-01", Reason: "年度评审", Date: "2026-01-28", DocNo: "四科〔2026〕1号", Conclusion: "通过", Attachment: "评审意见.pdf"},
		{Stage: "publicized", On: "2026-03-01", Date: "2026-03-01", DocNo: "四科公示〔2026〕2号"},
	} {
		must(o.MoveTalent(bg, id, 0, m))(t)
		entries := must(o.TalentHistory(bg, id))(t)
		e := entries[len(entries)-1]
		want := m.how()
		if e.Action != schemas.ActMove || e.EffectiveOn != m.On || e.Reason != m.Reason || fmt.Sprint(e.Details) != fmt.Sprint(want.Details) || e.Details["docNo"] != m.DocNo {
			t.Errorf("entry of %s: %+v", m.Stage, e)
		}
	}
}

// TestLateMoves enters moves after the fact, between others, before them and
// before the registration.
func TestLateMoves(t *testing.T) {
	for _, tt := range []struct {
		name  string
		moves []Move // in the order of entering
		want  string // day:stage pairs, then today's since
		fails bool   // the last move is refused
	}{
		{"in order", []Move{{Stage: "signed", On: "2026-03-01"}, {Stage: "onboarded", On: "2026-05-01"}}, "2026-02-28:identified 2026-03-01:signed 2026-05-01:onboarded 2026-05-01", false},
		{"between", []Move{{Stage: "onboarded", On: "2026-05-01"}, {Stage: "signed", On: "2026-03-01"}}, "2026-03-01:signed 2026-04-30:signed 2026-05-01:onboarded 2026-05-01", false},
		{"one that breaks the sequence", []Move{{Stage: "signed", On: "2026-05-01"}, {Stage: "onboarded", On: "2026-03-01"}}, "2026-03-01:identified 2026-05-01:signed 2026-05-01", true},
		{"the same day twice", []Move{{Stage: "signed", On: "2026-05-01"}, {Stage: "onboarded", On: "2026-05-01"}}, "2026-04-30:identified 2026-05-01:onboarded 2026-05-01", false},
		{"before the registration", []Move{{Stage: "signed", On: "2025-06-01"}}, "2025-06-01:signed 2026-01-01:signed 2026-11-23:signed 2026-01-01", false},
		{"two before the registration", []Move{{Stage: "signed", On: "2025-06-01"}, {Stage: "onboarded", On: "2025-09-01"}}, "2025-06-01:signed 2025-09-01:onboarded 2026-11-23:onboarded 2026-01-01", false},
		{"before and after", []Move{{Stage: "signed", On: "2025-06-01"}, {Stage: "left", On: "2026-05-01"}}, "2025-12-31:signed 2026-04-30:signed 2026-05-01:left 2026-05-01", false},
		{"before, out of order", []Move{{Stage: "onboarded", On: "2025-09-01"}, {Stage: "signed", On: "2025-06-01"}}, "2025-06-01:signed 2025-09-01:onboarded 2026-11-23:onboarded 2026-01-01", false},
		{"left and back", []Move{{Stage: "onboarded", On: "2026-02-01"}, {Stage: "left", On: "2026-03-01"}, {Stage: "contacted", On: "2026-06-01"}, {Stage: "signed", On: "2026-07-01"}}, "2026-02-01:onboarded 2026-03-01:left 2026-06-01:contacted 2026-07-01:signed 2026-07-01", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := openApp(t)
			id := o.talent(someone("甲", "一厂"), "2026-01-01").ID
			for i, m := range tt.moves {
				before := must(o.GetTalent(bg, id))(t)
				_, err := o.MoveTalent(bg, id, before.Version, m)
				if tt.fails && i == len(tt.moves)-1 {
					refused(t, err, schemas.Conflict, "stage", "move")
					if now := must(o.GetTalent(bg, id))(t); now.Version != before.Version {
						t.Errorf("the refused move wrote version %d over %d", now.Version, before.Version)
					}
				} else if err != nil {
					t.Fatalf("move %d: %v", i, err)
				}
				o.checkReplay(id)
			}
			words := strings.Fields(tt.want)
			since, days := words[len(words)-1], words[:len(words)-1]
			for _, pair := range days {
				day, stage, _ := strings.Cut(pair, ":")
				if then := must(o.talents.asOf(bg, id, schemas.Date(day), schemas.Time{}))(t); then.Stage != stage {
					t.Errorf("stage on %s: %q, want %q", day, then.Stage, stage)
				}
			}
			now := must(o.GetTalent(bg, id))(t)
			if string(now.StageSince) != since && !strings.Contains(tt.name, "before") {
				t.Errorf("in stage since %s, want %s", now.StageSince, since)
			}
			_, last, _ := strings.Cut(days[len(days)-1], ":")
			if l := must(o.ListTalents(bg, ListQuery{Where: map[string][]string{"stage": {last}}}))(t); l.Total != 1 {
				t.Errorf("the list of stage %s has %d", last, l.Total)
			}
			o.checkSpans(id)
		})
	}
}

// TestUndoOfMoves takes a move back, and the undo too; one that others build
// on is refused.
func TestUndoOfMoves(t *testing.T) {
	o := openApp(t)
	id := o.talent(someone("甲", "一厂"), "2026-01-01").ID
	stage := func(want string) {
		t.Helper()
		got, _ := o.checkReplay(id)
		if got.Stage != want {
			t.Fatalf("stage %q, want %q", got.Stage, want)
		}
		if l := must(o.ListTalents(bg, ListQuery{Where: map[string][]string{"stage": {want}}}))(t); l.Total != 1 {
			t.Fatalf("the list of stage %s has %d", want, l.Total)
		}
		o.checkSpans(id)
	}
	must(o.MoveTalent(bg, id, 1, Move{Stage: "signed", On: "2026-02-01"}))(t) // 2
	must(o.MoveTalent(bg, id, 2, Move{Stage: "left", On: "2026-03-01"}))(t)   // 3
	stage("left")
	must(o.UndoTalent(bg, id, 3, 3, How{Reason: "误录"}))(t) // 4
	stage("signed")
	must(o.UndoTalent(bg, id, 4, 4, How{}))(t) // 5: undoes the undo
	stage("left")
	must(o.MoveTalent(bg, id, 5, Move{Stage: "contacted", On: "2026-04-01"}))(t) // 6
	_, err := o.UndoTalent(bg, id, 6, 3, How{})                                  // signed → contacted is no step
	refused(t, err, schemas.Conflict, "stage", "move")
	stage("contacted")
	for _, seq := range []int64{0, 1, 99} {
		_, err := o.UndoTalent(bg, id, 0, seq, How{})
		refused(t, err, schemas.Invalid, "seq", "entry")
	}
	_, err = o.UndoTalent(bg, id, 2, 2, How{})
	refused(t, err, schemas.Precondition, "", "")
	entries := must(o.TalentHistory(bg, id))(t)
	undo := entries[3]
	if len(entries) != 6 || undo.Action != schemas.ActUndo || undo.Undoes != 3 || undo.Reason != "误录" || !changes(undo.Changes, "stage") {
		t.Errorf("history: %+v", entries)
	}
}

// TestUndoOfAMoveBeforeTheRegistration takes back all that the move said.
func TestUndoOfAMoveBeforeTheRegistration(t *testing.T) {
	o := openApp(t)
	id := o.talent(someone("甲", "一厂"), "2026-01-01").ID
	moved := must(o.MoveTalent(bg, id, 0, Move{Stage: "signed", On: "2025-06-01"}))(t)
	if moved.Stage != "signed" {
		t.Fatalf("stage %q", moved.Stage)
	}
	if h := must(o.TalentHistory(bg, id))(t); moved.Version != 3 || len(h) != 3 {
		t.Errorf("version %d, %d entries: both must come in one write", moved.Version, len(h))
	}
	_, err := o.MoveTalent(bg, id, 1, Move{Stage: "identified", On: "2025-05-01"})
	refused(t, err, schemas.Precondition, "", "")
	back := must(o.UndoTalent(bg, id, 0, 2, How{}))(t)
	if back.Stage != "identified" {
		t.Errorf("undone, the stage is still %q", back.Stage)
	}
	if h := must(o.TalentHistory(bg, id))(t); back.Version != 5 || len(h) != 5 {
		t.Errorf("version %d, %d entries", back.Version, len(h))
	}
	o.checkReplay(id)
	o.checkSpans(id)

	must(o.MoveTalent(bg, id, 0, Move{Stage: "signed", On: "2025-06-01"}))(t)
	back = must(o.UndoTalent(bg, id, 0, 7, How{}))(t) // the entry that a page offers to undo is the last
	if _, err := o.talents.asOf(bg, id, "2025-07-01", schemas.Time{}); back.Stage != "identified" || !strings.Contains(fmt.Sprint(err), "not_found") {
		t.Errorf("undone by its second entry, the stage is %q; before the registration: %v", back.Stage, err)
	}
	o.checkReplay(id)
}

// TestArchive takes a record out of lists and counts from its day on, and
// brings it back, for talents, teams and enterprises.
func TestArchive(t *testing.T) {
	o := openApp(t)
	talent := o.talent(someone("甲", "一厂"), "2026-01-01").ID
	team := must(o.CreateTeam(bg, schemas.TeamFields{Name: "甲队"}, How{On: "2026-01-01"}))(t).ID
	firm := must(o.CreateEnterprise(bg, schemas.EnterpriseFields{Name: "一厂"}, How{On: "2026-01-01"}))(t).ID
	for _, noun := range []struct {
		name    string
		archive func(version int64, restore bool, how How) error
		total   func(archived bool) int
		at      func(day schemas.Date) bool // archived as of the day
	}{
		{
			"talent", func(v int64, r bool, h How) error { _, err := o.ArchiveTalent(bg, talent, v, r, h); return err },
			func(a bool) int { return must(o.ListTalents(bg, ListQuery{Archive: a}))(t).Total },
			func(d schemas.Date) bool {
				then := must(o.talents.asOf(bg, talent, d, schemas.Time{}))(t)
				return then.ArchivedOn != "" && then.ArchivedOn <= d
			},
		},
		{
			"team", func(v int64, r bool, h How) error { _, err := o.ArchiveTeam(bg, team, v, r, h); return err },
			func(a bool) int { return must(o.ListTeams(bg, ListQuery{Archive: a}))(t).Total },
			func(d schemas.Date) bool {
				then := must(o.teams.asOf(bg, team, d, schemas.Time{}))(t)
				return then.ArchivedOn != "" && then.ArchivedOn <= d
			},
		},
		{
			"enterprise", func(v int64, r bool, h How) error { _, err := o.ArchiveEnterprise(bg, firm, v, r, h); return err },
			func(a bool) int { return must(o.ListEnterprises(bg, ListQuery{Archive: a}))(t).Total },
			func(d schemas.Date) bool {
				then := must(o.enterprises.asOf(bg, firm, d, schemas.Time{}))(t)
				return then.ArchivedOn != "" && then.ArchivedOn <= d
			},
		},
	} {
		t.Run(noun.name, func(t *testing.T) {
			state := func(live, archived int) {
				t.Helper()
				if l, a := noun.total(false), noun.total(true); l != live || a != archived {
					t.Fatalf("%d live, %d archived; want %d and %d", l, a, live, archived)
				}
			}
			state(1, 0)
			refused(t, noun.archive(1, false, How{On: "2027-01-01"}), schemas.Invalid, "effectiveOn", "future")
			if err := noun.archive(1, false, How{On: "2026-06-01", Reason: "调出"}); err != nil {
				t.Fatal(err)
			}
			state(0, 1)
			if noun.at("2026-05-31") || !noun.at("2026-06-01") {
				t.Error("not archived from its day on")
			}
			if err := noun.archive(2, true, How{On: "2026-08-01"}); err != nil {
				t.Fatal(err)
			}
			state(1, 0)
			if !noun.at("2026-07-31") || noun.at("2026-08-01") {
				t.Error("not restored from its day on")
			}
		})
	}
	if entries := must(o.TalentHistory(bg, talent))(t); entries[1].Action != schemas.ActArchive || entries[2].Action != schemas.ActRestore {
		t.Errorf("actions: %+v", entries)
	}
	if _, err := o.GetTalent(bg, talent); err != nil {
		t.Errorf("history kept, record gone: %v", err)
	}
	var e *schemas.Error
	if _, err := o.ArchiveTalent(bg, "01J00000000000000000000000", 0, false, How{}); !errors.As(err, &e) || e.Code != schemas.NotFound {
		t.Errorf("archiving nobody: %v", err)
	}
}
