package app

import (
	"slices"
	"strings"
	"testing"

	"qunxian/schemas"
)

// setTerms edits the terms of a list.
func (o *office) setTerms(id string, edit func([]schemas.Term) []schemas.Term) error {
	_, err := o.UpdateTaxonomy(bg, id, 0, How{}, func(f *schemas.TaxonomyFields) error {
		f.Terms = edit(f.Terms)
		return nil
	})
	return err
}

func without(code string) func([]schemas.Term) []schemas.Term {
	return func(ts []schemas.Term) []schemas.Term {
		return slices.DeleteFunc(ts, func(t schemas.Term) bool { return t.ID == code })
	}
}

// TestCodesInUse cannot be taken away; the answer says how many records have
// them. Unused ones can.
func TestCodesInUse(t *testing.T) {
	o := openApp(t)
	for i := range 3 {
		f := someone("甲"+itoa(i), "一厂")
		f.Tier, f.Region, f.IndustryMore = "municipal", "lishu", []string{"food"}
		f.Education = []schemas.Schooling{{Level: "doctor"}}
		o.talent(f)
	}
	must(o.CreateTeam(bg, schemas.TeamFields{Name: "甲队", Region: "lishu", Tier: "growing"}, How{}))(t)
	must(o.CreateEnterprise(bg, schemas.EnterpriseFields{Name: "一厂", Qualifications: []schemas.Qualification{{Kind: "tech-sme"}}}, How{}))(t)
	for _, tt := range []struct {
		taxonomy, code, count string
	}{
		{schemas.TaxTier, "municipal", "3"},
		{schemas.TaxRegion, "lishu", "4"},
		{schemas.TaxIndustry, "food", "3"},
		{schemas.TaxEducation, "doctor", "3"},
		{schemas.TaxTeamTier, "growing", "1"},
		{schemas.TaxQualification, "tech-sme", "1"},
		{schemas.TaxStageRecruit, "identified", "4"},
		{schemas.TaxTrack, "recruit", "4"},
	} {
		before := must(o.GetTaxonomy(bg, tt.taxonomy))(t)
		err := o.setTerms(tt.taxonomy, without(tt.code))
		refused(t, err, schemas.Conflict, "terms/"+tt.code, "inuse")
		if e := err.(*schemas.Error); e.Fields[0].Param != tt.count {
			t.Errorf("%s %s: in use by %s, want %s", tt.taxonomy, tt.code, e.Fields[0].Param, tt.count)
		}
		if after := must(o.GetTaxonomy(bg, tt.taxonomy))(t); after.Version != before.Version {
			t.Errorf("%s: the refused edit wrote version %d", tt.taxonomy, after.Version)
		}
	}
	if err := o.setTerms(schemas.TaxTier, without("reserve")); err != nil {
		t.Errorf("an unused code: %v", err)
	}
	_, err := o.CreateTalent(bg, schemas.TalentFields{Name: "乙", Tier: "reserve"}, How{})
	refused(t, err, schemas.Invalid, "tier", "term")
}

// TestRetiredCodes are refused where they are new and kept where they are.
func TestRetiredCodes(t *testing.T) {
	o := openApp(t)
	f := someone("甲", "一厂")
	f.Tier, f.IndustryMore = "backbone", []string{"food", "tourism"}
	f.Education = []schemas.Schooling{{Level: "doctor", School: "一校"}}
	id := o.talent(f).ID
	for taxonomy, code := range map[string]string{schemas.TaxTier: "backbone", schemas.TaxIndustry: "tourism", schemas.TaxEducation: "doctor", schemas.TaxStageRecruit: "negotiating"} {
		err := o.setTerms(taxonomy, func(ts []schemas.Term) []schemas.Term {
			for i := range ts {
				ts[i].Retired = ts[i].Retired || ts[i].ID == code
			}
			return ts
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	kept := must(o.edit(id, How{}, func(f *schemas.TalentFields) {
		f.Bio, f.IndustryMore = "新的简介", []string{"tourism", "health"}
		f.Education[0].School = "二校"
	}))(t)
	if kept.Tier != "backbone" || !slices.Contains(kept.IndustryMore, "tourism") || kept.Education[0].Level != "doctor" {
		t.Errorf("retired codes are not kept: %+v", kept.TalentFields)
	}
	if l := must(o.ListTalents(bg, ListQuery{Where: map[string][]string{"tier": {"backbone"}}}))(t); l.Total != 1 {
		t.Errorf("the list of a retired tier has %d", l.Total)
	}
	other := o.talent(someone("乙", "一厂")).ID
	for field, edit := range map[string]func(*schemas.TalentFields){
		"tier":         func(f *schemas.TalentFields) { f.Tier = "backbone" },
		"industryMore": func(f *schemas.TalentFields) { f.IndustryMore = []string{"tourism"} },
		"education":    func(f *schemas.TalentFields) { f.Education = []schemas.Schooling{{Level: "doctor"}} },
	} {
		_, err := o.edit(other, How{}, edit)
		refused(t, err, schemas.Invalid, "", "retired")
		if !strings.HasPrefix(err.(*schemas.Error).Fields[0].Field, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := o.MoveTalent(bg, other, 0, Move{Stage: "negotiating"})
	refused(t, err, schemas.Invalid, "stage", "retired")
	_, err = o.CreateTalent(bg, schemas.TalentFields{Name: "丙", Tier: "backbone"}, How{})
	refused(t, err, schemas.Invalid, "tier", "retired")
}

func TestTaxonomyRules(t *testing.T) {
	o := openApp(t)
	add := func(terms ...schemas.Term) func([]schemas.Term) []schemas.Term {
		return func(ts []schemas.Term) []schemas.Term { return append(ts, terms...) }
	}
	for rule, edit := range map[string]func([]schemas.Term) []schemas.Term{
		"unique":   add(schemas.Term{ID: "municipal", Name: "又一个"}),
		"code":     add(schemas.Term{ID: "Über", Name: "超"}),
		"required": add(schemas.Term{ID: "nameless"}),
		"term":     add(schemas.Term{ID: "child", Name: "子", Parent: "nobody"}),
	} {
		t.Run(rule, func(t *testing.T) { refused(t, o.setTerms(schemas.TaxTier, edit), schemas.Invalid, "", rule) })
	}
	if err := o.setTerms(schemas.TaxTier, add(schemas.Term{ID: "class-a", Name: "A 类", Order: 1, Leading: true})); err != nil {
		t.Fatal(err)
	}
	o.talent(schemas.TalentFields{Name: "甲", Tier: "class-a"})
	o.talent(schemas.TalentFields{Name: "乙", Tier: "reserve"})
	if got := o.found(bg, ListQuery{Sort: "tier"}); !slices.Equal(got, []string{"甲", "乙"}) {
		t.Errorf("sorted by the list's order: %q", got)
	}
	must(o.CreateTaxonomy(bg, "own-list", schemas.TaxonomyFields{Name: "自有目录", Terms: []schemas.Term{{ID: "x", Name: "甲"}}}, How{}))(t)
	_, err := o.CreateTaxonomy(bg, "own-list", schemas.TaxonomyFields{Name: "自有目录"}, How{})
	refused(t, err, schemas.Conflict, "", "")
	_, err = o.CreateTaxonomy(bg, "Own List", schemas.TaxonomyFields{Name: "自有目录"}, How{})
	refused(t, err, schemas.Invalid, "id", "code")
	o.reopen()
	if list := must(o.GetTaxonomy(bg, schemas.TaxTier))(t); list.Version != 2 || list.Term("class-a") == nil {
		t.Errorf("after a restart: version %d", list.Version)
	}
}

// TestParentsFindChildren filters by an industry and finds its sub-fields.
func TestParentsFindChildren(t *testing.T) {
	o := openApp(t)
	o.talent(schemas.TalentFields{Name: "甲", Industry: "equipment"})
	o.talent(schemas.TalentFields{Name: "乙", Industry: "heat-exchange"})
	o.talent(schemas.TalentFields{Name: "丙", Industry: "food"})
	for code, want := range map[string]int{"equipment": 2, "heat-exchange": 1, "food": 1, "chemicals": 0} {
		if l := must(o.ListTalents(bg, ListQuery{Where: map[string][]string{"industry": {code}}}))(t); l.Total != want {
			t.Errorf("%s: %d, want %d", code, l.Total, want)
		}
	}
}

// TestCodesInUseAnywhere shows that a code is in use wherever it stands: in an
// item of a record, a user's scope, a rule, a target, the settings.
func TestCodesInUseAnywhere(t *testing.T) {
	o := openApp(t)
	f := someone("周甲", "甲单位")
	f.Contacts = []schemas.Contact{{Kind: "wechat", Value: "zhou-jia"}}
	o.talent(f)
	must(o.CreateUser(bg, schemas.UserFields{Name: "lishu", Roles: []schemas.Role{schemas.Officer}, Regions: []string{"lishu"}}, "correct horse battery staple", How{}))(t)
	must(o.UpdateSetting(bg, 0, How{}, func(s *schemas.SettingFields) error { s.DefaultRegion = "yitong"; return nil }))(t)
	for taxonomy, codes := range map[string][]string{"contact": {"wechat"}, schemas.TaxRegion: {"lishu", "yitong"}, schemas.TaxMode: {"flexible"}} {
		for _, code := range codes {
			err := o.setTerms(taxonomy, func(ts []schemas.Term) []schemas.Term {
				return slices.DeleteFunc(ts, func(t schemas.Term) bool { return t.ID == code })
			})
			refused(t, err, schemas.Conflict, "terms/"+code, "inuse")
		}
	}
	if err := o.setTerms("contact", func(ts []schemas.Term) []schemas.Term {
		return slices.DeleteFunc(ts, func(t schemas.Term) bool { return t.ID == "email" })
	}); err != nil {
		t.Errorf("an unused code: %v", err)
	}
}

// TestCommandsOnce shows that a command sent again under its key is done once,
// whatever has happened between.
func TestCommandsOnce(t *testing.T) {
	o := openApp(t)
	id := o.talent(someone("周甲", "甲单位")).ID
	must(o.ArchiveTalent(bg, id, 0, false, How{Op: Op{ID: "k1"}}))(t)
	must(o.ArchiveTalent(bg, id, 0, true, How{Op: Op{ID: "k2"}}))(t)
	if again := must(o.ArchiveTalent(bg, id, 0, false, How{Op: Op{ID: "k1"}}))(t); again.ArchivedOn != "" || again.Version != 3 {
		t.Errorf("archived twice: version %d", again.Version)
	}
	must(o.UndoTalent(bg, id, 0, 2, How{Op: Op{ID: "k3"}}))(t)
	if again := must(o.UndoTalent(bg, id, 0, 2, How{Op: Op{ID: "k3"}}))(t); again.Version != 4 {
		t.Errorf("undone twice: version %d", again.Version)
	}
}
