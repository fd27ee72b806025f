package app

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

// TestNamesakes reads a second row of one name and organisation: what
// contradicts stops it as 疑似同名, what can change with time does not.
func TestNamesakes(t *testing.T) {
	id1, id2 := idNumber("11010519800101101"), idNumber("11010519800101102")
	const header = "姓名|工作单位|出生年月|身份证号|手机|职务|职称|专业特长"
	for _, tt := range []struct{ name, first, second, want string }{
		{"nothing said", "张伟|一厂||||||换热", "张伟|一厂||||||焊接", "changed"},
		{"the same words", "张伟|一厂|1980-05|||主任|高工|换热", "张伟|一厂|1980-05|||主任|高工|换热", "unchanged"},
		{"spaces and width", "张伟|一厂Ａ|||||", "张　伟|一厂A|||||", "unchanged"},
		{"an organisation written otherwise", "张伟|一 厂Ａ|||||", "张伟|一厂a|||||", "unchanged"},
		{"another organisation", "张伟|一厂|||||", "张伟|二厂|||||", "created"},
		{"birth dates agree as far as said", "张伟|一厂|1980-05-03||||", "张伟|一厂|1980||||", "any"},
		{"birth date", "张伟|一厂|1980-05||||", "张伟|一厂|1981-05||||", "birthDate namesake"},
		{"birth month", "张伟|一厂|1980-05-03||||", "张伟|一厂|1980-06||||", "birthDate namesake"},
		{"ID number", "张伟|一厂||" + id1 + "|||", "张伟|一厂||" + id2 + "|||", "idNumber namesake"},
		{"ID number of one only", "张伟|一厂||" + id1 + "|||", "张伟|一厂||||主任|", "changed"},
		{"phone", "张伟|一厂|||13800000001||", "张伟|一厂|||13800000002||", "mobile namesake"},
		{"a further phone", "张伟|一厂|||13800000001||", "张伟|一厂|||13800000001；13800000002||", "changed"},
		{"职务", "张伟|一厂||||主任|", "张伟|一厂||||厂长|", "position namesake"},
		{"职称", "张伟|一厂|||||高级工程师", "张伟|一厂|||||正高级工程师", "changed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := openApp(t)
			// in one file, and in a later one
			for _, files := range [][]ImportFile{
				{table("a.csv", header, tt.first, tt.second)},
				{table("b.csv", header, tt.second)},
			} {
				dry := o.read(ImportOptions{DryRun: true}, files...)
				got := outcomes(dry)
				if want := tt.want; got[len(got)-1] != want && want != "any" && len(got) == 2 {
					t.Errorf("second row of a file: %s, want %s", got[1], want)
				}
				if len(got) == 2 {
					o.read(ImportOptions{}, table("first.csv", header, tt.first))
				} else if got[0] != tt.want && tt.want != "any" {
					t.Errorf("row of a later file: %s, want %s", got[0], tt.want)
				}
				if tt.want == "any" && strings.HasSuffix(got[len(got)-1], "namesake") {
					t.Errorf("refused as %s", got[len(got)-1])
				}
			}
		})
	}
}

// TestOneIDSixSpellings makes one person of six spellings of one ID number,
// whatever the names beside them say.
func TestOneIDSixSpellings(t *testing.T) {
	number := "11010519491231002X"
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, number[:17]) + "Ｘ"
	spellings := []string{number, strings.ToLower(number), wide, "'" + number, "110105 19491231 002X", number[:6] + number[8:17]}
	o := openApp(t)
	lines := []string{"姓名|工作单位|身份证号"}
	for i, s := range spellings {
		lines = append(lines, fmt.Sprintf("张伟|%d厂|%s", i, s))
	}
	r := o.read(ImportOptions{}, table("a.csv", lines...))
	if r.Created != 1 || r.Refused != 0 {
		t.Errorf("%+v: %q, want one person", r.Tally, outcomes(r))
	}
	for i, s := range spellings {
		_, err := o.CreateTalent(bg, schemas.TalentFields{Name: fmt.Sprint("李", i), IDNumber: schemas.Secret(s)}, How{})
		refused(t, err, schemas.Conflict, "idNumber", "unique")
	}
	other := o.talent(someone("王五", "五厂"))
	for _, s := range spellings {
		_, err := o.edit(other.ID, How{}, func(f *schemas.TalentFields) { f.IDNumber = schemas.Secret(s) })
		refused(t, err, schemas.Conflict, "idNumber", "unique")
	}
	again := o.read(ImportOptions{}, table("a.csv", lines...))
	if again.Created+again.Changed != 0 {
		t.Errorf("again: %+v", again.Tally)
	}
}

// TestIDNumberWaitsForTheBond keeps an ID number only from 已签约 or 已认定 on;
// its blind index finds duplicates before. The setting turns that off.
func TestIDNumberWaitsForTheBond(t *testing.T) {
	for _, tt := range []struct {
		track, stage string
		late         bool
		kept         bool
	}{
		{"recruit", "", true, false},
		{"recruit", "negotiating", true, false},
		{"recruit", "publicized", true, false},
		{"recruit", "signed", true, true},
		{"recruit", "onboarded", true, true},
		{"cultivate", "evaluating", true, false},
		{"cultivate", "recognized", true, true},
		{"cultivate", "assessed", true, true},
		{"recruit", "", false, true},
	} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			t.Parallel()
			o := openApp(t)
			if !tt.late {
				if _, err := o.UpdateSetting(bg, 0, How{}, func(s *schemas.SettingFields) error { s.IDNumberLate = false; return nil }); err != nil {
					t.Fatal(err)
				}
			}
			id := o.talent(schemas.TalentFields{Name: "甲", Track: tt.track}).ID
			if tt.stage != "" {
				must(o.MoveTalent(bg, id, 0, Move{Stage: tt.stage}))(t)
			}
			number := schemas.Secret("11010519491231002X")
			got := must(o.edit(id, How{}, func(f *schemas.TalentFields) { f.IDNumber = number }))(t)
			stored, _, err := o.talents.read(bg, id)
			if err != nil {
				t.Fatal(err)
			}
			if kept := stored.IDNumber != ""; kept != tt.kept || kept && got.IDNumber == "" {
				t.Errorf("number kept %t, want %t", kept, tt.kept)
			}
			if stored.IDBlind == "" || string(must(o.talents.opened(stored))(t).BirthDate) != "1949-12-31" || stored.Gender != "female" {
				t.Errorf("blind index %q, born %s, %s", stored.IDBlind, stored.BirthDate, stored.Gender)
			}
			_, err = o.CreateTalent(bg, schemas.TalentFields{Name: "乙", IDNumber: number}, How{})
			refused(t, err, schemas.Conflict, "idNumber", "unique")
		})
	}
}

// TestIDNumberOfTheArchivedIsFree lets a live talent have the ID number of an
// archived one.
func TestIDNumberOfTheArchivedIsFree(t *testing.T) {
	o := openApp(t)
	number := schemas.Secret("11010519491231002X")
	first := o.talent(schemas.TalentFields{Name: "甲", IDNumber: number})
	must(o.ArchiveTalent(bg, first.ID, 0, false, How{}))(t)
	o.talent(schemas.TalentFields{Name: "甲", IDNumber: number})
	_, err := o.ArchiveTalent(bg, first.ID, 0, true, How{})
	refused(t, err, schemas.Conflict, "idNumber", "unique")
}

func TestIDNumberIsChecked(t *testing.T) {
	o := openApp(t)
	for number, rule := range map[string]string{
		"110105194912310021": "idcheck", "11010519491331002X": "iddate", "00010519491231002X": "idregion",
		"123": "idlength", "420106198503152000": "lostdigits",
	} {
		_, err := o.CreateTalent(bg, schemas.TalentFields{Name: "甲", IDNumber: schemas.Secret(number)}, How{})
		refused(t, err, schemas.Invalid, "idNumber", rule)
	}
	passport := o.talent(schemas.TalentFields{Name: "乙", IDKind: "passport", IDNumber: "E 1234 5678"})
	if passport.IDBlind == "" || passport.BirthDate != "" {
		t.Errorf("passport: %+v", passport.TalentFields)
	}
	_, err := o.CreateTalent(bg, schemas.TalentFields{Name: "丙", IDKind: "passport", IDNumber: "e12345678"}, How{})
	refused(t, err, schemas.Conflict, "idNumber", "unique")
}

// TestElsewhere tells an officer that a duplicate is another region's, and no
// more.
func TestElsewhere(t *testing.T) {
	o := openApp(t)
	f := someone("张伟", "一厂")
	f.Region = "tiexi"
	hers := o.talent(f)
	officer := as("officer-lishu", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}, Regions: []string{"lishu"}})
	r, err := o.Import(officer, []ImportFile{table("a.csv", "姓名|工作单位", "张伟|一厂")}, ImportOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"name elsewhere"}, outcomes(r)); diff != "" {
		t.Error(diff)
	}
	if said := fmt.Sprintf("%+v", r); strings.Contains(said, hers.ID) {
		t.Errorf("the report names the record: %s", said)
	}
}

// TestImportByName matches people by name alone: a second one with the ID
// number of the first is refused when it is written, and the rest goes in.
func TestImportByName(t *testing.T) {
	o := openApp(t)
	id := idNumber("11010519800101103")
	r := o.read(ImportOptions{MatchBy: "name"}, table("a.csv", "姓名|工作单位|身份证号", "甲一|一厂|"+id, "乙二|一厂|"+id, "丙三|一厂|"))
	if diff := cmp.Diff([]string{"created", "idNumber unique", "created"}, outcomes(r)); diff != "" {
		t.Error(diff)
	}
	if l := must(o.ListTalents(bg, ListQuery{}))(t); l.Total != 2 || r.Created != 2 {
		t.Errorf("%d listed, tally %+v", l.Total, r.Tally)
	}
}

// TestImportWithinScope refuses rows of another region, in the dry run too.
func TestImportWithinScope(t *testing.T) {
	o := openApp(t)
	officer := as("u9", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}, Regions: []string{"lishu"}})
	for _, dry := range []bool{true, false} {
		r, err := o.Import(officer, []ImportFile{table("a.csv", "姓名|工作单位|县区", "甲一|一厂|铁西区", "乙二|一厂|梨树县", "丙三|一厂|")}, ImportOptions{DryRun: dry})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"region scope", "created", "created"}, outcomes(r)); diff != "" {
			t.Errorf("dry run %t:\n%s", dry, diff)
		}
	}
	if l := must(o.ListTalents(officer, ListQuery{Where: map[string][]string{"region": {"lishu"}}}))(t); l.Total != 2 {
		t.Errorf("%d talents of the officer's region", l.Total)
	}
}

// TestRowsOfARefusedPerson shows that what repeats a refused row is refused
// with it, and that a dry run says so before.
func TestRowsOfARefusedPerson(t *testing.T) {
	o := openApp(t)
	file := table("名单.csv", "姓名|工作单位|引进时间|签约时间",
		"|甲单位||", "|甲单位||", "王有名|甲单位||",
		"周甲|甲单位|2026-03-01|2026-04-15", "周甲|甲单位|2026-03-01|2026-04-15")
	want := schemas.Tally{Rows: 5, Created: 1, Refused: 4}
	for _, dry := range []bool{true, false} {
		r := o.read(ImportOptions{DryRun: dry}, file)
		if r.Tally != want {
			t.Errorf("dry run %v: %+v, want %+v", dry, r.Tally, want)
		}
		for i, rule := range []string{"required", "required", "", "move", "move"} {
			got := ""
			if len(r.Results[i].Reasons) > 0 {
				got = r.Results[i].Reasons[0].Rule
			}
			if got != rule {
				t.Errorf("dry run %v: row %d is refused by %q, want %q", dry, i+1, got, rule)
			}
		}
	}
	if l := must(o.ListTalents(bg, ListQuery{}))(t); l.Total != 1 {
		t.Errorf("%d talents", l.Total)
	}
}

// TestDryRunOfEdits shows that a dry run weighs the moves of those on file.
func TestDryRunOfEdits(t *testing.T) {
	o := openApp(t)
	o.read(ImportOptions{}, table("一.csv", "姓名|工作单位|签约时间|到岗时间", "周甲|甲单位|2026-03-01|2026-05-01"))
	file := table("二.csv", "姓名|工作单位|签约时间", "周甲|甲单位|2026-06-15", "周甲|甲单位|2026-03-01")
	for _, dry := range []bool{true, false} {
		r := o.read(ImportOptions{DryRun: dry}, file)
		if r.Refused != 1 || r.Unchanged != 1 || r.Results[0].Outcome != "refused" {
			t.Errorf("dry run %v: %+v", dry, r.Results)
		}
	}
}

// TestImportOfTheArchived leaves those in the archive alone, and says so; a double there does not hide the one who is not.
func TestImportOfTheArchived(t *testing.T) {
	o := openApp(t)
	gone := o.talent(someone("甲", "一厂"))
	must(o.ArchiveTalent(bg, gone.ID, 0, false, How{}))(t)
	same, news := table("旧.csv", "姓名|工作单位", "甲|一厂"), table("新.csv", "姓名|工作单位|职务", "甲|一厂|总工程师")
	for _, dry := range []bool{true, false} {
		if r := o.read(ImportOptions{DryRun: dry}, same); r.Unchanged != 1 {
			t.Errorf("dry run %v: %+v", dry, r.Results)
		}
		if r := o.read(ImportOptions{DryRun: dry}, news); r.Refused != 1 || r.Results[0].Reasons[0].Rule != "archived" || r.Results[0].Reasons[0].Param != string(o.Today()) {
			t.Errorf("dry run %v: %+v", dry, r.Results)
		}
	}
	kept := o.talent(someone("甲", "一厂"))
	if r := o.read(ImportOptions{}, news); r.Changed != 1 || r.Results[0].Doc != kept.ID {
		t.Errorf("beside a double in the archive: %+v", r.Results)
	}
	if now := must(o.GetTalent(bg, gone.ID))(t); now.Version != 2 || now.Affiliation.Position != "" {
		t.Errorf("the archived one: %+v", now)
	}
}

// TestIDNumberOfAnotherName shows that an ID number under another name is a
// question, not an edit.
func TestIDNumberOfAnotherName(t *testing.T) {
	o := openApp(t)
	id := idNumber("11010519800101101")
	o.read(ImportOptions{}, table("一.csv", "姓名|工作单位|身份证号", "周甲|甲单位|"+id))
	r := o.read(ImportOptions{}, table("二.csv", "姓名|工作单位|身份证号", "吴乙|乙单位|"+id, "周　甲|乙单位|"+id))
	if got := outcomes(r); got[0] != "name othername" || got[1] != "changed" {
		t.Errorf("outcomes %v", got)
	}
}

// TestFilesOfOneName reads two files that are called alike, as counties send
// them, with refused rows at the same places.
func TestFilesOfOneName(t *testing.T) {
	o := openApp(t)
	a, b := table("台账.csv", "姓名|工作单位", "周甲|甲单位", "|乙单位"), table("台账.csv", "姓名|工作单位", "吴乙|甲单位", "|丙单位")
	r := o.read(ImportOptions{}, a, b)
	if r.Created != 2 || r.Refused != 2 || r.Files[0].Created != 1 || r.Files[1].Created != 1 || r.Files[1].Name != "台账 (2).csv" {
		t.Errorf("%+v %+v", r.Tally, r.Files)
	}
}

// TestImportOfCustomFields reads the columns that an office has defined.
func TestImportOfCustomFields(t *testing.T) {
	o := openApp(t)
	sixFields(t, o)
	header := "姓名|工作单位"
	defs := map[string]*schemas.FieldDef{}
	for _, f := range must(o.ListFieldDefs(bg, schemas.Talents))(t) {
		defs[f.Key] = f
	}
	for _, key := range []string{"score", "wave", "abroad", "checked", "motto"} {
		header += "|" + defs[key].Name
	}
	choice := defs["wave"].Choices[0]
	r := o.read(ImportOptions{}, table("一.csv", header,
		"周甲|甲单位|7.5|"+choice.Name+"|是|2026.1.31|厚积", "吴乙|甲单位|abc||||", "郑丙|甲单位||无此批次|||"))
	if got := outcomes(r); got[0] != "created" || got[1] != "attributes.score type" || got[2] != "attributes.wave oneof" {
		t.Fatalf("outcomes %v", got)
	}
	doc := must(o.GetTalent(bg, r.Results[0].Doc))(t)
	for key, want := range map[string]any{"score": 7.5, "wave": choice.ID, "abroad": true, "checked": "2026-01-31", "motto": "厚积"} {
		if doc.Attributes[key] != want {
			t.Errorf("%s: %v, want %v", key, doc.Attributes[key], want)
		}
	}
}

// TestImportOfEarlierMoves shows that a row may tell of a move before the day on
// which somebody was registered by hand.
func TestImportOfEarlierMoves(t *testing.T) {
	o := openApp(t)
	id := o.talent(someone("周甲", "甲单位")).ID
	r := o.read(ImportOptions{}, table("一.csv", "姓名|工作单位|到岗时间", "周甲|甲单位|2026-03-01"))
	doc := must(o.GetTalent(bg, id))(t)
	if r.Changed != 1 || doc.Stage != "onboarded" || doc.StageSince != "2026-03-01" {
		t.Errorf("%+v, stage %s since %s", r.Results, doc.Stage, doc.StageSince)
	}
}
