package app

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"qunxian/schemas"
)

// TestOperationIDs makes one record of one operation, retried one after
// another and all at once, and applies one edit once.
func TestOperationIDs(t *testing.T) {
	o := openApp(t)
	creates := map[string]func(op string, i int) (string, error){
		"talents": func(op string, i int) (string, error) {
			d, err := o.CreateTalent(bg, someone(fmt.Sprint("甲", i), op), How{Op: Op{ID: op}})
			return idOf(d, err)
		},
		"teams": func(op string, i int) (string, error) {
			d, err := o.CreateTeam(bg, schemas.TeamFields{Name: fmt.Sprint("甲队", i)}, How{Op: Op{ID: op}})
			return idOf(d, err)
		},
		"enterprises": func(op string, i int) (string, error) {
			d, err := o.CreateEnterprise(bg, schemas.EnterpriseFields{Name: fmt.Sprint("一厂", i)}, How{Op: Op{ID: op}})
			return idOf(d, err)
		},
	}
	for coll, create := range creates {
		first, err := create("u1/"+coll, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if again, err := create("u1/"+coll, i); err != nil || again != first {
				t.Errorf("%s: retry %d made %s after %s: %v", coll, i, again, first, err)
			}
		}
		if other, err := create("u2/"+coll, 0); err != nil || other == first {
			t.Errorf("%s: another operation gives %s: %v", coll, other, err)
		}
		for round := range 20 {
			var made sync.Map
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					id, err := create(fmt.Sprint("race/", coll, round), i)
					if err != nil {
						t.Errorf("%s round %d: %v", coll, round, err)
					}
					made.Store(id, true)
				})
			}
			wg.Wait()
			n := 0
			made.Range(func(any, any) bool { n++; return true })
			if n != 1 {
				t.Errorf("%s round %d: %d records of one operation", coll, round, n)
			}
		}
		if n := len(o.allIDs(coll)); n != 22 {
			t.Errorf("%d %s stored, want 22", n, coll)
		}
	}

	id := o.talent(someone("乙", "一厂")).ID
	edit := func(op string) (*schemas.Talent, error) {
		return o.UpdateTalent(bg, id, 1, How{Op: Op{ID: op}}, func(f *schemas.TalentFields) error { f.Tags = append(f.Tags, op); return nil })
	}
	must(edit("a"))(t)
	for range 3 {
		if got := must(edit("a"))(t); got.Version != 2 || strings.Join(got.Tags, " ") != "a" {
			t.Errorf("a retried edit gives version %d with %q", got.Version, got.Tags)
		}
	}
	_, err := edit("b")
	refused(t, err, schemas.Precondition, "", "")
}

func idOf[P interface{ DocMeta() *schemas.Meta }](doc P, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return doc.DocMeta().ID, nil
}

// TestLostUpdates lets 16 editors make 200 edits each on one document, each of
// the version they read (safety A10).
func TestLostUpdates(t *testing.T) {
	const editors, edits = 16, 200
	o := openApp(t)
	id := o.talent(schemas.TalentFields{Name: "甲"}).ID
	var accepted, refusals atomic.Int64
	var wg sync.WaitGroup
	for editor := range editors {
		wg.Go(func() {
			for n := range edits {
				read, err := o.GetTalent(bg, id)
				if err != nil {
					t.Error(err)
					return
				}
				note := fmt.Sprintf("%d/%d", editor, n)
				_, err = o.UpdateTalent(bg, id, read.Version, How{Reason: note}, func(f *schemas.TalentFields) error { f.Notes = note; return nil })
				var e *schemas.Error
				switch {
				case err == nil:
					accepted.Add(1)
				case errors.As(err, &e) && e.Code == schemas.Precondition:
					refusals.Add(1)
				default:
					t.Errorf("%s: %v", note, err)
				}
			}
		})
	}
	wg.Wait()
	final := must(o.GetTalent(bg, id))(t)
	entries := must(o.TalentHistory(bg, id))(t)
	if final.Version != 1+accepted.Load() || int64(len(entries)) != final.Version || accepted.Load()+refusals.Load() != editors*edits {
		t.Errorf("version %d, %d entries, %d accepted, %d refused", final.Version, len(entries), accepted.Load(), refusals.Load())
	}
	if refusals.Load() == 0 {
		t.Error("nobody was refused: the editors never met")
	}
	lost := 0
	for i, e := range entries[1:] {
		if e.Seq != int64(i+2) || len(e.Changes) != 1 || fmt.Sprint(e.Changes[0].To) != e.Reason {
			lost++
		}
		if i > 0 && fmt.Sprint(e.Changes[0].From) != entries[i].Reason {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d entries do not follow the one before", lost)
	}
	o.checkReplay(id)
	t.Logf("%d accepted, %d refused, 0 lost", accepted.Load(), refusals.Load())
}

// TestSameIDNumberAtOnce creates one ID number from 8 sides, 200 times
// (safety A11).
func TestSameIDNumberAtOnce(t *testing.T) {
	o := openApp(t)
	for round := range 200 {
		number := idNumber(fmt.Sprintf("110105198001%02d%03d", 1+round%28, round))
		var made, conflicts atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				_, err := o.CreateTalent(bg, schemas.TalentFields{Name: fmt.Sprint("甲", i), IDNumber: schemas.Secret(number)}, How{})
				var e *schemas.Error
				switch {
				case err == nil:
					made.Add(1)
				case errors.As(err, &e) && e.Code == schemas.Conflict:
					conflicts.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 || conflicts.Load() != 7 {
			t.Fatalf("round %d: %d made, %d conflicts", round, made.Load(), conflicts.Load())
		}
	}
	if l := must(o.ListTalents(bg, ListQuery{}))(t); l.Total != 200 || len(o.allIDs(schemas.Talents)) != 200 {
		t.Errorf("the list has %d of 200", l.Total)
	}
}

// TestListsWhileWriting reads totals, facets and pages while others write: a
// page and its total never speak of different sets.
func TestListsWhileWriting(t *testing.T) {
	o := openApp(t)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for reader := range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				q := ListQuery{Limit: 200, Facets: []string{"stage"}}
				if reader == 1 {
					q.Q = "换热"
				}
				l, err := o.ListTalents(bg, q)
				if err != nil {
					t.Error(err)
					return
				}
				sum := 0
				for _, f := range l.Facets {
					for _, b := range f.Values {
						sum += b.N
					}
				}
				if l.Total != len(l.IDs) && l.Total <= 200 || sum != l.Total {
					t.Errorf("total %d, page %d, facets %d", l.Total, len(l.IDs), sum)
					return
				}
			}
		})
	}
	for i := range 150 {
		f := someone(fmt.Sprint("甲", i), "换热研究所")
		id := o.talent(f).ID
		if i%3 == 0 {
			must(o.MoveTalent(bg, id, 0, Move{Stage: "signed"}))(t)
		}
	}
	close(stop)
	wg.Wait()
}

// TestMistypedEdits leaves a document as it was, whatever an edit breaks.
func TestMistypedEdits(t *testing.T) {
	o := openApp(t)
	failed := errors.New("reader gone")
	for name, tt := range map[string]struct {
		edit        func(*schemas.TalentFields) error
		field, rule string
	}{
		"no name":      {func(f *schemas.TalentFields) error { f.Name = " 　"; return nil }, "name", "required"},
		"long name":    {func(f *schemas.TalentFields) error { f.Name = strings.Repeat("长", 81); return nil }, "name", "max.length"},
		"unknown tier": {func(f *schemas.TalentFields) error { f.Tier = "duke"; return nil }, "tier", "term"},
		"no such day":  {func(f *schemas.TalentFields) error { f.NextAction.Due = "2026-13-01"; return nil }, "nextAction/due", "day"},
		"item without": {func(f *schemas.TalentFields) error { f.Achievements = []schemas.Achievement{{Year: 2020}}; return nil }, "achievements/0/title", "required"},
		"birth date":   {func(f *schemas.TalentFields) error { f.BirthDate = "soon"; return nil }, "birthDate", "birth"},
		"phone": {func(f *schemas.TalentFields) error {
			f.Contacts = []schemas.Contact{{Kind: "mobile", Value: "123"}}
			return nil
		}, "contacts/0/value", "phone"},
		"mail": {func(f *schemas.TalentFields) error {
			f.Contacts = []schemas.Contact{{Kind: "email", Value: "a at b"}}
			return nil
		}, "contacts/0/value", "email"},
		"no text":      {func(f *schemas.TalentFields) error { f.Bio = "a\x00b"; return nil }, "bio", "text"},
		"broken UTF-8": {func(f *schemas.TalentFields) error { f.Notes = "a\xffb"; return nil }, "notes", "text"},
		"too many aliases": {func(f *schemas.TalentFields) error {
			f.Aliases = strings.Split(strings.Repeat("a ", 11)+"b", " ")
			return nil
		}, "aliases", "max.items"},
	} {
		t.Run(name, func(t *testing.T) {
			id := o.talent(someone("甲", "一厂")).ID
			_, err := o.UpdateTalent(bg, id, 1, How{}, tt.edit)
			refused(t, err, schemas.Invalid, tt.field, tt.rule)
			if entries := must(o.TalentHistory(bg, id))(t); len(entries) != 1 {
				t.Errorf("%d entries", len(entries))
			}
		})
	}
	id := o.talent(someone("甲", "一厂")).ID
	if _, err := o.UpdateTalent(bg, id, 1, How{}, func(*schemas.TalentFields) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("an edit's own error: %v", err)
	}
	if got := must(o.UpdateTalent(bg, id, 1, How{}, func(*schemas.TalentFields) error { return nil }))(t); got.Version != 1 {
		t.Errorf("an edit of nothing wrote version %d", got.Version)
	}
	if entries := must(o.TalentHistory(bg, id))(t); len(entries) != 1 {
		t.Errorf("%d entries", len(entries))
	}
}
