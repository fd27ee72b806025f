package app

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"qunxian/schemas"
)

// TestSearchSurnames finds a person of every surname of the reference table by
// the surname's characters, by its readings, by the everyday reading that many
// take for it, and by the initials.
func TestSearchSurnames(t *testing.T) {
	file, err := os.Open(beside(t, "fixtures/names-pinyin/surname_readings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows := must(csv.NewReader(file).ReadAll())(t)[1:]
	if len(rows) != 520 {
		t.Fatalf("%d surnames, want 520", len(rows))
	}
	o := openApp(t)
	for _, row := range rows {
		o.talent(someone(row[0]+"妍", ""))
	}
	for _, row := range rows {
		name := row[0] + "妍"
		asked := []string{row[0], name}
		for _, reading := range row[1:4] {
			if reading == "" {
				continue
			}
			plain := toneless(reading)
			asked = append(asked, strings.ReplaceAll(reading, " ", "")+"yán", strings.ReplaceAll(plain, " ", "")+"yan")
			initials := ""
			for s := range strings.FieldsSeq(plain) {
				initials += s[:1]
			}
			asked = append(asked, initials+"y")
		}
		for _, q := range asked {
			if got := o.found(bg, ListQuery{Q: q, Limit: 200}); !slices.Contains(got, name) {
				t.Errorf("%s is not among the %d found by %q", name, len(got), q)
			}
		}
	}
}

// toneless takes the tone marks off a reading; ü is typed v.
func toneless(reading string) string {
	reading = strings.NewReplacer("ü", "v", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v").Replace(reading)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(reading))
}

// library are people to search among; the later are the newer.
func library(t *testing.T) *office {
	o := openApp(t)
	add := func(name, organisation string, with func(*schemas.TalentFields)) {
		f := someone(name, organisation)
		if with != nil {
			with(&f)
		}
		o.talent(f)
		o.clock.advance(time.Minute)
	}
	bio := func(s string) func(*schemas.TalentFields) { return func(f *schemas.TalentFields) { f.Bio = s } }
	add("欧阳修", "吉林师范大学", nil)
	add("欧文", "吉林师范大学", nil)
	add("区阳", "", nil)
	add("单雄", "", nil)
	add("张山", "", nil)
	add("臧三", "", nil)
	add("李娜", "", nil)
	add("李拉", "", nil)
	add("王英", "", nil)
	add("王因", "", nil)
	add("吕宁", "", nil)
	add("光机甲", "中国科学院长春光学精密机械与物理研究所", nil)
	add("光机乙", "长光所", nil)
	add("应化丙", "长春应化所", nil)
	add("阿依古丽·买买提", "", nil)
	add("John Smith", "", nil)
	add("Élise Brûlé", "", nil)
	add("𠮷田䶮", "", nil)
	add("赵一", "", bio("参加过院士专家四平行活动"))
	add("钱二", "", bio("研究平行计算"))
	add("孙三", "", bio("在四平工作，做平行四边形机构"))
	add("四平", "", bio("研究平行机器人"))
	add("周青松", "", nil)
	add("吴五", "青松研究院", nil)
	add("郑六", "", func(f *schemas.TalentFields) { f.Specialties = []string{"青松育种"} })
	add("王七", "", bio("在长白山种青松"))
	add("冯八", "", func(f *schemas.TalentFields) { f.Tags = []string{"青松计划"} })
	add("陈九", "", bio("主持板式换热器研发，熟悉ＡＩ检测与 TiO2 涂层"))
	add("楚十", "", func(f *schemas.TalentFields) { f.FormerNames, f.Aliases = []string{"楚大年"}, []string{"Chu Ten"} })
	return o
}

func TestSearch(t *testing.T) {
	o := library(t)
	for _, tt := range []struct {
		q    string
		want []string // in order
	}{
		{"欧", []string{"欧文", "欧阳修"}},
		{"欧阳", []string{"欧阳修"}},
		{"ouyang", []string{"区阳", "欧阳修"}},
		{"oy", []string{"区阳", "欧阳修"}},
		{"oyx", []string{"欧阳修"}},
		{"OuYangXiu", []string{"欧阳修"}},
		{"ou'yang xiu", []string{"欧阳修"}},
		{"阳修", []string{"欧阳修"}},
		{"修", []string{"欧阳修"}},
		{"shanxiong", []string{"单雄"}},
		{"danxiong", []string{"单雄"}},
		{"dx", []string{"单雄"}},
		{"zhangshan", []string{"张山", "臧三"}},
		{"zangsan", []string{"臧三", "张山"}},
		{"lina", []string{"李娜", "李拉"}},
		{"lila", []string{"李拉", "李娜"}},
		{"wangying", []string{"王英", "王因"}},
		{"wangyin", []string{"王因", "王英"}},
		{"lvning", []string{"吕宁"}},
		{"lüning", []string{"吕宁"}},
		{"CIOMP", []string{"光机乙", "光机甲"}},
		{"ciomp", []string{"光机乙", "光机甲"}},
		{"长光所", []string{"光机乙", "光机甲"}},
		{"长春光机所", []string{"光机乙", "光机甲"}},
		{"中国科学院长春光学精密机械与物理研究所", []string{"光机甲", "光机乙"}},
		{"阿依古丽买买提", []string{"阿依古丽·买买提"}},
		{"阿依古丽·买买提", []string{"阿依古丽·买买提"}},
		{"阿依古丽•买买提", []string{"阿依古丽·买买提"}},
		{"买买提", []string{"阿依古丽·买买提"}},
		{"ayiguli", []string{"阿依古丽·买买提"}},
		{"smith", []string{"John Smith"}},
		{"john smith", []string{"John Smith"}},
		{"johnsmith", []string{"John Smith"}},
		{"elise brule", []string{"Élise Brûlé"}},
		{"𠮷田", []string{"𠮷田䶮"}},
		{"䶮", []string{"𠮷田䶮"}},
		{"四平行", []string{"赵一", "孙三"}},
		{"平行", []string{"四平", "孙三", "钱二", "赵一"}},
		{"青松", []string{"周青松", "吴五", "郑六", "冯八", "王七"}},
		{"换热器", []string{"陈九"}},
		{"ai检测", []string{"陈九"}},
		{"tio2", []string{"陈九"}},
		{"陈 换热", []string{"陈九"}},
		{"陈 青松", nil},
		{"楚大年", []string{"楚十"}},
		{"chu ten", []string{"楚十"}},
		{"cdn", []string{"楚十"}},
		{"没有这人", nil},
		{"；！", nil},
	} {
		t.Run(tt.q, func(t *testing.T) {
			l := must(o.ListTalents(bg, ListQuery{Q: tt.q, On: schemas.Staff}))(t)
			if diff := cmp.Diff(tt.want, names(t, l), cmp.Transformer("nil", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			if l.Total != len(tt.want) {
				t.Errorf("total %d, want %d", l.Total, len(tt.want))
			}
			for _, id := range l.IDs {
				hit := l.Hits[id]
				marked := slices.ContainsFunc(hit.Snippet, func(p Part) bool { return p.Hit })
				if hit.Field == "" || !marked {
					t.Errorf("%s: hit %+v names no field or marks nothing", id, hit)
				}
			}
		})
	}
}

// TestSearchEveryPairOfABio finds a bio by any two of its neighbouring
// characters, names the field and marks the pair.
func TestSearchEveryPairOfABio(t *testing.T) {
	o := openApp(t)
	bio := "长期从事高效板式换热器与余热回收装备研究，主持国家重点研发计划课题三项，获省科技进步奖；成果在四平换热器企业转化，累计新增产值两亿元。"
	f := someone("甲", "")
	f.Bio = bio
	o.talent(f)
	o.talent(someone("乙", ""))
	runes := []rune(bio)
	for i := range len(runes) - 1 {
		pair := string(runes[i : i+2])
		if strings.ContainsAny(pair, "，、；。") {
			continue
		}
		l := must(o.ListTalents(bg, ListQuery{Q: pair, On: schemas.Staff}))(t)
		if l.Total != 1 {
			t.Errorf("%s finds %d", pair, l.Total)
			continue
		}
		hit := l.Hits[l.IDs[0]]
		if hit.Field != "bio" || !slices.ContainsFunc(hit.Snippet, func(p Part) bool { return p.Hit && strings.Contains(p.Text, pair) }) {
			t.Errorf("%s: hit %+v", pair, hit)
		}
	}
}

// TestSearchFollowsEdits searches what has just been written and no longer
// what has been replaced, before and after a fold.
func TestSearchFollowsEdits(t *testing.T) {
	o := openApp(t)
	id := o.talent(someone("甲", "")).ID
	for _, fold := range []bool{false, true} {
		for _, bio := range []string{"梅花鹿养殖", "板式换热器", ""} {
			if _, err := o.edit(id, How{}, func(f *schemas.TalentFields) { f.Bio = bio }); err != nil {
				t.Fatal(err)
			}
			if fold {
				if err := o.Fold(bg); err != nil {
					t.Fatal(err)
				}
			}
			for q, want := range map[string]int{"梅花鹿": 1, "换热器": 1} {
				if !strings.Contains(bio, q) {
					want = 0
				}
				if got := o.found(bg, ListQuery{Q: q}); len(got) != want {
					t.Errorf("fold %t, bio %q: %s finds %q", fold, bio, q, got)
				}
			}
		}
	}
}

// TestNewAliases knows an institution by a name from the moment it is given.
func TestNewAliases(t *testing.T) {
	o := openApp(t)
	before := o.talent(someone("甲", "光机老所"))
	if _, err := o.UpdateInstitution(bg, "ciomp", 0, How{}, func(f *schemas.InstitutionFields) error {
		f.Aliases = append(f.Aliases, "光机老所")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	after := o.talent(someone("乙", "光机老所"))
	if before.Affiliation.Institution != "" || after.Affiliation.Institution != "ciomp" {
		t.Errorf("institutions %q before and %q after", before.Affiliation.Institution, after.Affiliation.Institution)
	}
	if got := o.found(bg, ListQuery{Q: "CIOMP"}); !slices.Equal(got, []string{"乙"}) {
		t.Errorf("CIOMP finds %q", got)
	}
	own := must(o.CreateInstitution(bg, schemas.InstitutionFields{Name: "四平新研究院", Aliases: []string{"新研院"}}, How{}))(t)
	if got := o.talent(someone("丙", "新研院")); got.Affiliation.Institution != own.ID {
		t.Errorf("a new institution: %q, want %q", got.Affiliation.Institution, own.ID)
	}
	if got := o.found(bg, ListQuery{Q: "四平新研究院"}); !slices.Equal(got, []string{"丙"}) {
		t.Errorf("by the other name: %q", got)
	}
}

func TestSearchTextIsBounded(t *testing.T) {
	o := openApp(t)
	for _, q := range []string{strings.Repeat("长", 65), "甲\x00", "\xff"} {
		_, err := o.ListTalents(bg, ListQuery{Q: q})
		refused(t, err, schemas.Invalid, "q", "")
	}
	if _, err := o.ListTalents(bg, ListQuery{Q: strings.Repeat("长", 64)}); err != nil {
		t.Errorf("64 characters: %v", err)
	}
}

// TestPages reads whole answers page by page: every record once, the total and
// the facets the same on each page, in several orders.
func TestPages(t *testing.T) {
	o := demoCity(t)
	for _, q := range []ListQuery{
		{},
		{Sort: "name"},
		{Sort: "name", Desc: true},
		{Sort: "tier"},
		{Sort: "stageSince", Desc: true},
		{Sort: "due"},
		{Sort: "createdAt"},
		{Q: "研究"},
		{Q: "li"},
		{Q: "四平", Sort: "organisation"},
		{Where: map[string][]string{"track": {"recruit"}, "tier": {"municipal", "backbone"}}, Sort: "organisation", Desc: true},
	} {
		t.Run(fmt.Sprintf("%s %s %t %v", q.Q, q.Sort, q.Desc, q.Where), func(t *testing.T) {
			q.On, q.Facets = schemas.Staff, []string{"stage", "track"}
			q.Limit = 200
			whole := must(o.ListTalents(bg, q))(t)
			for whole.Next != "" {
				q.After = whole.Next
				more := must(o.ListTalents(bg, q))(t)
				whole.IDs, whole.Next = append(whole.IDs, more.IDs...), more.Next
			}
			if len(whole.IDs) != whole.Total || whole.Total < 10 {
				t.Fatalf("%d records, total %d", len(whole.IDs), whole.Total)
			}
			var ids []string
			for q.After, q.Limit = "", 17; ; {
				l := must(o.ListTalents(bg, q))(t)
				if l.Total != whole.Total {
					t.Fatalf("total %d, then %d", whole.Total, l.Total)
				}
				if diff := cmp.Diff(whole.Facets, l.Facets); diff != "" {
					t.Fatalf("facets differ between pages:\n%s", diff)
				}
				if len(l.Cards) != len(l.IDs) || len(l.IDs) == 0 {
					t.Fatalf("%d cards of %d records", len(l.Cards), len(l.IDs))
				}
				ids = append(ids, l.IDs...)
				if q.After = l.Next; q.After == "" {
					break
				}
			}
			if q.Q == "" && !slices.Equal(ids, whole.IDs) {
				t.Error("pages of 17 are not in the order of pages of 200")
			}
			slices.Sort(ids)
			slices.Sort(whole.IDs)
			if !slices.Equal(ids, whole.IDs) {
				t.Errorf("pages of 17 give %d records, pages of 200 give %d", len(ids), len(whole.IDs))
			}
		})
	}
}
