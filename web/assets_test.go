package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	cold := 0
	for _, name := range []string{"app.css", "app.js", "favicon.svg", "vendor/htmx.min.js", "vendor/inter.woff2"} {
		url, err := Asset(name)
		if err != nil {
			t.Fatal(err)
		}
		content, squeezed, kind, ok := Open(url)
		if !ok || len(content) == 0 || kind == "" {
			t.Fatalf("%s: %s opens as %d bytes of %q", name, url, len(content), kind)
		}
		sent := content
		if squeezed != nil {
			sent = squeezed
			r, err := gzip.NewReader(bytes.NewReader(squeezed))
			if err != nil {
				t.Fatal(err)
			}
			if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, content) {
				t.Errorf("%s: gzip is not the content (%v)", name, err)
			}
		}
		cold += len(sent)
	}
	t.Logf("first visit without the page itself: %d bytes", cold)
	if cold > 120_000 {
		t.Errorf("the assets of a first visit are %d bytes; with a page of 60 KB they must stay under 200 KB", cold)
	}
	for _, name := range []string{"nothing.css", "/assets/x/app.css", "css/10-tokens.css"} {
		if url, err := Asset(name); err == nil {
			t.Errorf("Asset(%q) = %s", name, url)
		}
	}
	for _, url := range []string{"app.css", "/assets/0000/app.css", "/assets/../web.go", ""} {
		if _, _, _, ok := Open(url); ok {
			t.Errorf("Open(%q) succeeds", url)
		}
	}
}

func TestStyleSheet(t *testing.T) {
	css := string(assets()["app.css"].content)
	for _, found := range urlOfAsset.FindAllStringSubmatch(css, -1) {
		if _, _, _, ok := Open(found[1]); !ok {
			t.Errorf("the style sheet asks for %s", found[1])
		}
	}
	if strings.Count(css, "{") != strings.Count(css, "}") {
		t.Error("the braces of the style sheet do not match")
	}
	// Chromium 109 knows none of these; old browsers of offices are built on it.
	for _, late := range []string{"light-dark(", "color-mix(", "oklch(", "@scope", "@starting-style", "\n&", "anchor("} {
		if strings.Contains(css, late) {
			t.Errorf("the style sheet uses %q", late)
		}
	}
	class := regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	for _, rule := range regexp.MustCompile(`(?m)(?:^|})([^{}@]+){`).FindAllStringSubmatch(css, -1) {
		for _, name := range class.FindAllStringSubmatch(rule[1], -1) {
			if !strings.HasPrefix(name[1], "q-") && !strings.HasPrefix(name[1], "is-") && !strings.HasPrefix(name[1], "has-") {
				t.Errorf("class %s lacks our prefix", name[1])
			}
		}
	}
}

// TestContrast holds every pair of text and ground to 4.5:1, and marks and borders of controls to 3:1 (WCAG 2.2, 1.4.3 and 1.4.11),
// in the light and in the dark.
func TestContrast(t *testing.T) {
	light, dark := map[string]string{}, map[string]string{}
	token := regexp.MustCompile(`--([a-z0-9-]+): var\(--L, (#[0-9a-f]{6})\) var\(--D, (#[0-9a-f]{6})\)`)
	for _, found := range token.FindAllStringSubmatch(string(assets()["app.css"].content), -1) {
		light[found[1]], dark[found[1]] = found[2], found[3]
	}
	type pair struct {
		ink, ground string
		least       float64
	}
	pairs := []pair{{"on-blue", "blue", 4.5}, {"on-dark", "dark-surface", 4.5}, {"on-dark-link", "dark-surface", 4.5}, {"line-input", "surface", 3}, {"check", "surface", 3}}
	for _, ink := range []string{"text", "text-2", "link", "red-ink", "teal-ink", "blue-ink", "amber-ink", "violet-ink"} {
		for _, ground := range []string{"surface", "raised", "page", "chosen"} {
			pairs = append(pairs, pair{ink, ground, 4.5})
		}
	}
	for _, tone := range Tones {
		pairs = append(pairs, pair{tone + "-ink", tone + "-soft", 4.5})
	}
	for step := range 8 {
		pairs = append(pairs, pair{fmt.Sprintf("heat-ink-%d", step), fmt.Sprintf("heat-%d", step), 4.5})
	}
	for theme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range pairs {
			if colours[p.ink] == "" || colours[p.ground] == "" {
				t.Fatalf("no colour %s or %s", p.ink, p.ground)
			}
			if got := contrast(colours[p.ink], colours[p.ground]); got < p.least {
				t.Errorf("%s: %s on %s is %.2f:1, want %.1f:1", theme, p.ink, p.ground, got, p.least)
			}
		}
	}
}

// contrast is the ratio of WCAG 2.2 between two colours #rrggbb.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(colour string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return math.NaN()
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}
