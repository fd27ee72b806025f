package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qunxian/schemas"
)

// TestScope asks in every way for records of three regions, units and owners:
// each actor finds what is theirs and no trace of the others.
func TestScope(t *testing.T) {
	o := openApp(t)
	type place struct{ region, unit, owner string }
	for _, id := range []string{"u1", "u2"} {
		must(o.users.create(bg, &schemas.User{Meta: schemas.Meta{ID: id}, UserFields: schemas.UserFields{Name: id, Roles: []schemas.Role{schemas.Officer}}}, How{}))(t)
	}
	ids := map[string]place{}
	n := 0
	for _, region := range []string{"lishu", "tiexi", "shuangliao"} {
		for _, unit := range []string{"", "科技局", "人社局"} {
			for _, owner := range []string{"", "u1", "u2"} {
				n++
				f := someone(fmt.Sprintf("标记%02d", n), "记号研究院")
				f.Region, f.Unit, f.Owner, f.Tier, f.Bio = region, unit, owner, "municipal", "板式换热器"
				ids[o.talent(f).ID] = place{region, unit, owner}
			}
		}
	}
	officer := func(id string, regions, units []string) context.Context {
		return as(id, schemas.UserFields{Roles: []schemas.Role{schemas.Officer}, Regions: regions, Units: units})
	}
	for _, tt := range []struct {
		name string
		ctx  context.Context
		sees func(place) bool
	}{
		{"the whole city", officer("u1", nil, nil), func(place) bool { return true }},
		{"a region", officer("u9", []string{"lishu"}, nil), func(p place) bool { return p.region == "lishu" }},
		{"a region and one's own", officer("u1", []string{"lishu"}, nil), func(p place) bool { return p.region == "lishu" || p.owner == "u1" }},
		{"two regions", officer("u9", []string{"lishu", "tiexi"}, nil), func(p place) bool { return p.region != "shuangliao" }},
		{"a unit", officer("u9", nil, []string{"科技局"}), func(p place) bool { return p.unit == "科技局" }},
		{"a region or a unit", officer("u9", []string{"tiexi"}, []string{"人社局"}), func(p place) bool { return p.region == "tiexi" || p.unit == "人社局" }},
		{"a leader of a region", as("u9", schemas.UserFields{Roles: []schemas.Role{schemas.Reader}, Regions: []string{"tiexi"}}), func(p place) bool { return p.region == "tiexi" }},
		{"a firm", as("u1", schemas.UserFields{Roles: []schemas.Role{schemas.Company}}), func(place) bool { return false }},
		{"an evaluator", as("u1", schemas.UserFields{Roles: []schemas.Role{schemas.Evaluator}, Regions: []string{"lishu"}}), func(place) bool { return false }},
		{"nobody", WithActor(context.Background(), Actor{}), func(place) bool { return false }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := 0
			regions := map[string]int{}
			for _, p := range ids {
				if tt.sees(p) {
					want++
					regions[p.region]++
				}
			}
			for q, l := range map[string]*List{
				"list":   must(o.ListTalents(tt.ctx, ListQuery{Limit: 200, Facets: []string{"region", "tier"}, On: schemas.Staff}))(t),
				"sorted": must(o.ListTalents(tt.ctx, ListQuery{Sort: "name", Limit: 200, Facets: []string{"region", "tier"}, On: schemas.Viewer}))(t),
				"search": must(o.ListTalents(tt.ctx, ListQuery{Q: "标记", Limit: 200, Facets: []string{"region", "tier"}, On: schemas.Staff}))(t),
				"bio":    must(o.ListTalents(tt.ctx, ListQuery{Q: "换热", Limit: 200, Facets: []string{"region", "tier"}, On: schemas.Staff}))(t),
				"where":  must(o.ListTalents(tt.ctx, ListQuery{Where: map[string][]string{"tier": {"municipal"}}, Limit: 200, Facets: []string{"region", "tier"}}))(t),
			} {
				if l.Total != want || len(l.IDs) != want {
					t.Errorf("%s: %d of %d, want %d", q, len(l.IDs), l.Total, want)
				}
				for _, id := range l.IDs {
					if !tt.sees(ids[id]) {
						t.Errorf("%s shows %+v", q, ids[id])
					}
				}
				got := map[string]int{}
				for _, b := range l.Facets[0].Values {
					got[b.Code] = b.N
				}
				if fmt.Sprint(got) != fmt.Sprint(regions) {
					t.Errorf("%s: facet of regions %v, want %v", q, got, regions)
				}
			}
			heat := must(o.HeatMap(tt.ctx, schemas.Talents, "tier", "region"))(t)
			sum := 0
			for i := range heat.N {
				for j, n := range heat.N[i] {
					sum += n
					if n != regions[heat.Columns[j]] {
						t.Errorf("heat map: %d of %s, want %d", n, heat.Columns[j], regions[heat.Columns[j]])
					}
				}
			}
			if sum != want {
				t.Errorf("heat map sums to %d, want %d", sum, want)
			}
			for _, c := range must(o.Recent(tt.ctx, 100))(t) {
				if !tt.sees(ids[c.ID]) {
					t.Errorf("recent changes show %+v", ids[c.ID])
				}
			}
			for id, p := range ids {
				for what, err := range map[string]error{
					"get":     second(o.GetTalent(tt.ctx, id)),
					"history": second(o.TalentHistory(tt.ctx, id)),
				} {
					if tt.sees(p) {
						if err != nil {
							t.Errorf("%s of %+v: %v", what, p, err)
						}
						continue
					}
					missing := second(o.GetTalent(tt.ctx, "01J00000000000000000000000"))
					refused(t, err, schemas.NotFound, "", "")
					if err.Error() != missing.Error() {
						t.Errorf("%s of a foreign record says %q, of none %q", what, err, missing)
					}
				}
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

// TestScopeOfWrites lets nobody change a foreign record, or move their own out
// of their sight.
func TestScopeOfWrites(t *testing.T) {
	o := openApp(t)
	f := someone("甲", "一厂")
	f.Region = "tiexi"
	foreign := o.talent(f).ID
	officer := as("u9", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}, Regions: []string{"lishu"}})
	nothing := func(*schemas.TalentFields) error { return nil }
	for what, err := range map[string]error{
		"update":  second(o.UpdateTalent(officer, foreign, 0, How{}, nothing)),
		"move":    second(o.MoveTalent(officer, foreign, 0, Move{Stage: "signed"})),
		"archive": second(o.ArchiveTalent(officer, foreign, 0, false, How{})),
		"undo":    second(o.UndoTalent(officer, foreign, 0, 2, How{})),
	} {
		if err == nil {
			t.Errorf("%s of a foreign record goes through", what)
			continue
		}
		refused(t, err, schemas.NotFound, "", "")
	}
	if got := must(o.GetTalent(bg, foreign))(t); got.Version != 1 {
		t.Errorf("the foreign record has version %d", got.Version)
	}

	mine := must(o.CreateTalent(officer, someone("乙", "一厂"), How{}))(t)
	if mine.Region != "lishu" || mine.CreatedBy != "u9" {
		t.Errorf("a new record takes the officer's region: %q by %q", mine.Region, mine.CreatedBy)
	}
	_, err := o.CreateTalent(officer, f, How{})
	refused(t, err, schemas.Invalid, "region", "scope")
	_, err = o.UpdateTalent(officer, mine.ID, 0, How{}, func(f *schemas.TalentFields) error { f.Region = "tiexi"; return nil })
	refused(t, err, schemas.Invalid, "region", "scope")
}

// TestCardsByReader shows each reader the card that is theirs.
func TestCardsByReader(t *testing.T) {
	o := openApp(t)
	f := someone("甲甲", "一厂")
	f.Tier, f.Industry, f.Origin, f.Notes, f.Bio = "national", "food", "external", "内部备注", "简介全文"
	f.Affiliation.Position, f.Source, f.Tags, f.Directions = "主任", "来源单位", []string{"重点"}, nil
	o.talent(f)
	for on, want := range map[schemas.On]struct{ has, lacks string }{
		schemas.Staff:  {"甲甲 一厂 主任 national food 来源单位 重点", "内部备注 简介全文"},
		schemas.Viewer: {"甲甲 一厂 主任 national food identified", "内部备注 简介全文 来源单位 重点"},
		schemas.Masked: {"food external", "甲甲 一厂 主任 national 内部备注 简介全文 来源单位 重点 identified"},
	} {
		card := must(o.ListTalents(bg, ListQuery{On: on}))(t).Cards[0]
		for s := range strings.FieldsSeq(want.has) {
			if !bytes.Contains(card, []byte(s)) {
				t.Errorf("card %d lacks %s: %s", on, s, card)
			}
		}
		for s := range strings.FieldsSeq(want.lacks) {
			if bytes.Contains(card, []byte(s)) {
				t.Errorf("card %d shows %s: %s", on, s, card)
			}
		}
	}
	if !slices.Equal(names(t, must(o.ListTalents(bg, ListQuery{}))(t)), []string{""}) {
		t.Error("a list that asks for no card is not masked")
	}
}
