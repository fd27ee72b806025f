package sample_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"qunxian/app/sample"
	"qunxian/app/text"
	"qunxian/schemas"
)

// words is everything that searches read of a talent.
func words(p *sample.Person) string {
	var b strings.Builder
	f := &p.Fields
	for _, s := range append([]string{f.Name, f.Bio, f.Affiliation.Organisation, f.Employer.Name, f.Education[0].Major, f.Education[0].School}, f.Specialties...) {
		b.WriteString(s + "\n")
	}
	for _, a := range f.Achievements {
		b.WriteString(a.Title + "\n")
	}
	return b.String()
}

func TestBenchIsAsLargeAsItSays(t *testing.T) {
	o := sample.Bench(1, today, 2000)
	entries, bios, attributes := 0, 0, 0
	for p := range sample.Talents(o) {
		entries += len(p.Steps)
		if len(p.Fields.Achievements) != 8 {
			t.Fatalf("%d achievements", len(p.Fields.Achievements))
		}
		if n := utf8.RuneCountInString(p.Fields.Bio); n == 300 {
			bios++
		} else if n != 0 {
			t.Fatalf("a bio of %d characters", n)
		}
		attributes += len(p.Fields.Attributes)
	}
	if mean := float64(entries) / 2000; mean < 9.9 || mean > 10.3 {
		t.Errorf("%.2f entries, want 10", mean)
	}
	if bios < 900 || bios > 1100 {
		t.Errorf("%d of 2000 have a bio", bios)
	}
	if want := 2000 * len(sample.FieldDefs()); attributes != want || len(sample.FieldDefs()) != 6 {
		t.Errorf("%d custom values, want %d", attributes, want)
	}
}

func TestAttributesFitTheirFields(t *testing.T) {
	defs := map[string]schemas.FieldDefFields{}
	for _, d := range sample.FieldDefs() {
		defs[d.Key] = d
	}
	for p := range sample.Talents(sample.Bench(1, today, 200)) {
		for key, v := range p.Fields.Attributes {
			s, isText := v.(string)
			ok := isText
			switch d := defs[key]; d.Kind {
			case "yesno":
				_, ok = v.(bool)
			case "number":
				ok = !isText
			case "date":
				ok = schemas.Date(s).Valid()
			case "link":
				ok = strings.HasPrefix(s, "https://") && strings.Contains(s, ".example.org/")
			case "choice":
				ok = false
				for _, c := range d.Choices {
					ok = ok || c.ID == s
				}
			case "":
				ok = false
			}
			if !ok {
				t.Fatalf("%s = %v", key, v)
			}
		}
	}
}

func TestQueriesMeetTheRecords(t *testing.T) {
	const n, asked = 3000, 100
	o := sample.Bench(5, today, n)
	q := sample.AskOf(o, asked)
	asks := slices.Concat([]string{sample.CommonTerm, "研究"}, q.Rare, q.Common)
	slices.Sort(asks)
	asks = slices.Compact(asks)
	found := map[string]int{}
	sounds := map[string]int{}
	four := map[int]bool{}
	var matched [5]int
	for p := range sample.Talents(o) {
		all := words(&p)
		for _, term := range asks {
			if strings.Contains(all, term) {
				found[term]++
			}
		}
		for i, terms := range q.Four {
			hit := true
			for _, term := range strings.Fields(terms) {
				hit = hit && strings.Contains(all, term)
			}
			if hit {
				four[i] = true
			}
		}
		typed := map[string]bool{}
		for _, s := range text.PinyinTerms(p.Fields.Name) {
			typed[s] = true
		}
		for _, s := range q.Pinyin {
			if typed[s] {
				sounds[s]++
			}
		}
	}
	share := func(term string) float64 { return float64(found[term]) / n }
	if s := share(sample.CommonTerm); s < 0.6 || s > 0.8 {
		t.Errorf("%s stands in %.2f of the records", sample.CommonTerm, s)
	}
	if s := share("研究"); s < 0.95 {
		t.Errorf("研究 stands in %.2f of the records", s)
	}
	rare := 0
	for _, term := range q.Rare {
		if found[term] == 0 {
			t.Errorf("nobody has %s", term)
		}
		if share(term) < 0.005 {
			rare++
		}
	}
	if rare < asked*8/10 {
		t.Errorf("only %d of %d rare terms are rare", rare, asked)
	}
	for _, term := range q.Common {
		if share(term) < 0.02 {
			t.Errorf("%s is not common: %.3f", term, share(term))
		}
	}
	if len(four) != asked {
		t.Errorf("%d of %d four-term searches find someone", len(four), asked)
	}
	for _, s := range q.Pinyin {
		if sounds[s] == 0 {
			t.Errorf("nobody sounds like %s", s)
		}
	}
	texts, ranges, scopes := 0, 0, 0
	for _, f := range q.Filters {
		matched[len(f.Codes)]++
		if f.Text != "" {
			texts++
		}
		if f.Custom != nil {
			ranges++
		}
		if f.Region != "" {
			scopes++
		}
	}
	if matched != [5]int{20, 20, 20, 20, 20} || texts < 30 || ranges < 20 || scopes < 20 {
		t.Errorf("filters by codes %v, text %d, range %d, scope %d", matched, texts, ranges, scopes)
	}
}

// BenchmarkTalents is to make 30,000 a second and more on one idle core.
func BenchmarkTalents(b *testing.B) {
	b.ReportAllocs()
	for range sample.Talents(sample.Bench(1, today, b.N)) {
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "talents/s")
}
