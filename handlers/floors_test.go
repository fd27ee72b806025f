package handlers

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// floors are the versions below which a known fault of a dependency would be ours.
var floors = map[string]string{
	"github.com/gofiber/fiber/v2":    "v2.52.14",
	"github.com/valyala/fasthttp":    "v1.77.0", // refuses two Content-Length headers
	"github.com/xuri/excelize/v2":    "v2.11.1",
	"go.mongodb.org/mongo-driver/v2": "v2.4.2",
	"modernc.org/sqlite":             "v1.46.2",
	"golang.org/x/text":              "v0.39.0",
	"golang.org/x/net":               "v0.56.0",
	"golang.org/x/crypto":            "v0.52.0",
	"golang.org/x/image":             "v0.45.0",
	"github.com/klauspost/compress":  "v1.18.7",
	"github.com/yuin/goldmark":       "v1.7.17",
}

// older reports whether version a comes before b.
func older(a, b string) bool {
	for {
		x, restA, moreA := strings.Cut(strings.TrimPrefix(a, "v"), ".")
		y, restB, moreB := strings.Cut(strings.TrimPrefix(b, "v"), ".")
		m, _ := strconv.Atoi(strings.FieldsFunc(x+"-", func(r rune) bool { return r == '-' || r == '+' })[0])
		n, _ := strconv.Atoi(strings.FieldsFunc(y+"-", func(r rune) bool { return r == '-' || r == '+' })[0])
		if m != n || !moreA || !moreB {
			return m < n
		}
		a, b = restA, restB
	}
}

func TestVersionFloors(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(dir, "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "require "))
		if len(words) < 2 || floors[words[0]] == "" {
			continue
		}
		seen++
		if older(words[1], floors[words[0]]) {
			t.Errorf("%s %s is below %s", words[0], words[1], floors[words[0]])
		}
		t.Log(words[0], words[1])
	}
	if seen < 2 {
		t.Errorf("only %d of the dependencies found", seen)
	}
	if v := strings.TrimPrefix(runtime.Version(), "go"); older(v, "1.26.6") {
		t.Errorf("Go %s is below 1.26.6", v)
	}
	for _, tt := range []struct {
		a, b string
		want bool
	}{{"v1.2.3", "v1.2.3", false}, {"v1.2.3", "v1.10.0", true}, {"v2.0.0", "v1.9.9", false}, {"v1.2.2", "v1.2.3", true}, {"v1.51.0", "v1.77.0", true}, {"1.26.8", "1.26.6", false}} {
		if older(tt.a, tt.b) != tt.want {
			t.Errorf("%s before %s: %v", tt.a, tt.b, !tt.want)
		}
	}
}
