package schemas

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSeedInstitutions(t *testing.T) {
	list := SeedInstitutions()
	m := InstitutionMatcher(list)
	var got []string
	region := seeded(t, TaxRegion).Matcher()
	for _, in := range list {
		got = append(got, in.ID)
		if !slices.Contains(InstitutionKinds, in.Kind) {
			t.Errorf("%s: kind %q", in.ID, in.Kind)
		}
		if in.Parent != "" && !slices.ContainsFunc(list, func(o Institution) bool { return o.ID == in.Parent }) {
			t.Errorf("%s: no parent %q", in.ID, in.Parent)
		}
		if code, local := region.Match(in.Region); local != (in.Region == "四平市") || local && code != "city" {
			t.Errorf("%s: region %q reads as %q", in.ID, in.Region, code)
		}
		for _, s := range append([]string{in.ID, in.Name, in.NameEn}, in.Aliases...) {
			if id, ok := m.Match(s); !ok || id != in.ID {
				t.Errorf("%q of %s means %q, %v", s, in.ID, id, ok)
			}
		}
	}
	var want []string
	for _, name := range strings.Fields("中国科学院 中国工程院 中科院长春分院 长光所 应化所 东北地理所 吉林大学 东北师大 东北大学 " +
		"长春理工 长春工大 吉林农大 吉林师大 博达学院 四平职大 吉林工程职院") {
		id, _ := m.Match(name)
		want = append(want, id)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("institutions (-product +seed):\n%s", diff)
	}
}

func TestInstitutionsAreKnownByManyNames(t *testing.T) {
	m := InstitutionMatcher(SeedInstitutions())
	for written, want := range map[string]string{
		"长光所":   "ciomp",
		"长春光机所": "ciomp",
		"ciomp": "ciomp",
		"中国科学院 长春光学精密机械与物理研究所":        "ciomp",
		"中科院长春应化所电分析化学国家重点实验室":        "ciac",
		"吉林大学化学学院":                    "jlu",
		"Jilin University, Chemistry": "jlu",
		"吉林师范大学博达学院":                  "boda",
		"中国科学院大连化学物理研究所":              "",
		"吉林大学第一医院":                    "",
		"东北大学秦皇岛分校":                   "",
		"东北师范大学附属中学":                  "",
		"吉林大学、长春理工大学":                 "",
		"某某公司":                        "",
	} {
		if id, ok := m.Match(written); id != want || ok != (want != "") {
			t.Errorf("%s means %q, %v; want %q", written, id, ok, want)
		}
	}
}
