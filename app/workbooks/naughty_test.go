package workbooks

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNaughtyStrings writes and reads unchanged what breaks other programs.
func TestNaughtyStrings(t *testing.T) {
	dir := "../../../shared/fixtures"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("skipped: the fixtures are not beside this checkout")
	}
	lines := func(path string) []string { return strings.Split(string(file(t, dir, path)), "\n") }
	var naughty []string
	if err := json.Unmarshal(file(t, dir, "blns/blns.json"), &naughty); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"malicious/formula_injection.txt", "malicious/nosql/NoSQL.txt", "malicious/nosql/MongoDB.txt"} {
		naughty = append(naughty, lines(path)...)
	}
	var lawful []string
	for _, s := range naughty {
		if fits(s) == nil {
			lawful = append(lawful, lineEnds.Replace(s))
		}
	}
	if len(lawful) < len(naughty)-5 {
		t.Errorf("only %d of %d are lawful", len(lawful), len(naughty))
	}
	rows := rowsOf(lawful)
	var xlsx, csv, gb bytes.Buffer
	for name, out := range map[string]struct {
		b   *bytes.Buffer
		err error
	}{
		"xlsx":    {&xlsx, Write(&xlsx, []Out{{Name: "表", Rows: slices.Values(rows)}})},
		"utf-8":   {&csv, WriteCSV(&csv, slices.Values(rows), CSVUTF8)},
		"gb18030": {&gb, WriteCSV(&gb, slices.Values(rows), CSVGB18030)},
	} {
		got, err := texts(out.b.Bytes())
		if diff := cmp.Diff(rows, got); diff != "" || err != nil || out.err != nil {
			t.Error(name, out.err, err, diff)
		}
	}
}

func file(t *testing.T, dir, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
