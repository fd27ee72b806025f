package sheets

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	bookXML = `<workbook xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`
	bookRel = `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="t/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`
	rootRel = `<Relationships><Relationship Id="r1" Type="t/officeDocument" Target="xl/workbook.xml"/></Relationships>`
)

// entry is a file of a zip: a text, so many times; or a writer of much text.
// Its header may be changed to lie.
type entry struct {
	name   string
	text   string
	times  int
	stream func(io.Writer)
	mode   fs.FileMode
	change func(*zip.FileHeader)
}

// raw packs the entry's text once and repeats the packed block, so that a bomb
// costs nothing to build.
func (e entry) raw() (*zip.FileHeader, []byte) {
	var block bytes.Buffer
	w, _ := flate.NewWriter(&block, flate.BestSpeed)
	_, _ = io.WriteString(w, e.text)
	_ = w.Flush()
	times := max(1, e.times)
	packed := bytes.Repeat(block.Bytes(), times)
	packed = append(packed, 3, 0) // an empty last block
	sum := crc32.NewIEEE()
	for range times {
		_, _ = io.WriteString(sum, e.text)
	}
	return &zip.FileHeader{
		Name: e.name, Method: zip.Deflate, CRC32: sum.Sum32(),
		UncompressedSize64: uint64(len(e.text) * times), CompressedSize64: uint64(len(packed)),
	}, packed
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		if e.change != nil || e.times > 0 {
			h, packed := e.raw()
			if e.change != nil {
				e.change(h)
			}
			w, err := z.CreateRaw(h)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = w.Write(packed)
			continue
		}
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if e.stream != nil {
			e.stream(w)
		}
		_, _ = io.WriteString(w, e.text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rawBook is a workbook of the given parts and nothing else.
func rawBook(t testing.TB, sheet, shared string, more ...entry) []byte {
	t.Helper()
	return zipOf(t, append([]entry{
		{name: "_rels/.rels", text: rootRel},
		{name: "xl/workbook.xml", text: bookXML},
		{name: "xl/_rels/workbook.xml.rels", text: bookRel},
		{name: "xl/sharedStrings.xml", text: shared},
		{name: "xl/worksheets/sheet1.xml", text: sheet},
	}, more...)...)
}

func sheetXML(rows string) string {
	return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"
}

// mega is a MB of s.
func mega(s string) string { return strings.Repeat(s, 1<<20/len(s)) }

// drain opens a file and reads all its rows, and returns how many.
func drain(content []byte) (rows int, err error) {
	book, err := Open("x.xlsx", content, Limits{})
	if err != nil {
		return 0, err
	}
	for _, s := range book.Sheets {
		for _, err := range s.Rows() {
			if err != nil {
				return rows, err
			}
			rows++
		}
	}
	return rows, nil
}

// peakHeap runs do and returns the most heap in use above what was before.
func peakHeap(do func()) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak uint64
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapInuse-min(now.HeapInuse, before.HeapInuse))
			}
		}
	})
	do()
	close(stop)
	wait.Wait()
	return peak
}

// TestHostile holds that every hostile workbook is refused by name or read
// whole, quickly and in little memory.
func TestHostile(t *testing.T) {
	const sst = `<sst/>`
	parts := func(big entry) []byte {
		return zipOf(
			t,
			entry{name: "_rels/.rels", text: rootRel},
			entry{name: "xl/workbook.xml", text: bookXML},
			entry{name: "xl/_rels/workbook.xml.rels", text: strings.ReplaceAll(bookRel, "sheet1", "big")},
			big,
		)
	}
	const sheetPart, sharedPart = "xl/worksheets/big.xml", "xl/sharedStrings.xml"
	good := sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>`)
	forged := func(change func(*zip.FileHeader)) []byte {
		return zipOf(
			t,
			entry{name: "_rels/.rels", text: rootRel},
			entry{name: "xl/workbook.xml", text: bookXML},
			entry{name: "xl/_rels/workbook.xml.rels", text: bookRel},
			entry{name: "xl/worksheets/sheet1.xml", text: good, change: change},
		)
	}
	var many []entry
	for i := range 10_000 {
		many = append(many, entry{name: fmt.Sprintf("xl/a%d.xml", i)})
	}
	manyFew := zipOf(t, many...)
	end := len(manyFew) - 22
	binary.LittleEndian.PutUint16(manyFew[end+8:], 3)
	binary.LittleEndian.PutUint16(manyFew[end+10:], 3)
	flip := rawBook(t, good, sst)
	flip[bytes.Index(flip, []byte("xl/worksheets/sheet1.xml"))+40] ^= 0xff
	inner := zipOf(t, entry{name: "0", text: mega("\x00"), times: 512})
	noise := func(w io.Writer, each func(int) string, n int) {
		for i := range n {
			_, _ = io.WriteString(w, each(i))
		}
	}
	rowsOf := func(n int) func(io.Writer) {
		return func(w io.Writer) {
			_, _ = io.WriteString(w, "<worksheet><sheetData>")
			noise(w, func(i int) string { return fmt.Sprintf(`<row r="%d"><c r="A%d"><v>%d</v></c></row>`, i+1, i+1, i*7919) }, n)
			_, _ = io.WriteString(w, "</sheetData></worksheet>")
		}
	}
	var xfd strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&xfd, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+1, i+1)
	}
	laughs := `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("哈", 1000) + `"><!ENTITY b "&a;&a;&a;&a;">]>`
	for _, c := range []struct {
		name    string
		content []byte
		kind    Kind
	}{
		{"512 MB of zeros", parts(entry{name: sheetPart, text: mega("\x00"), times: 512}), KindRatio},
		{"512 MB of empty rows", parts(entry{name: sheetPart, text: mega("<row></row>"), times: 512}), KindRatio},
		{"shared strings of one letter", parts(entry{name: sharedPart, text: mega("<si><t>a</t></si>"), times: 512}), KindRatio},
		{"shared strings that pack badly", zipOf(t, entry{name: "xl/workbook.xml", text: bookXML}, entry{name: "xl/_rels/workbook.xml.rels", text: bookRel}, entry{name: "xl/worksheets/sheet1.xml", text: good}, entry{name: sharedPart, stream: func(w io.Writer) {
			_, _ = io.WriteString(w, "<sst>")
			noise(w, func(i int) string { return fmt.Sprintf("<si><t>%x</t></si>", uint64(i)*0x9e3779b97f4a7c15) }, 900_000)
			_, _ = io.WriteString(w, "</sst>")
		}}), KindUnpacked},
		{"cells at XFD", rawBook(t, sheetXML(xfd.String()), sst), KindColumns},
		{"row 2^31-1", rawBook(t, sheetXML(`<row r="2147483647"><c><v>1</v></c></row>`), sst), KindBroken},
		{"row 2^63", rawBook(t, sheetXML(`<row r="9223372036854775808"><c><v>1</v></c></row>`), sst), KindBroken},
		{"row -1", rawBook(t, sheetXML(`<row r="-1"><c><v>1</v></c></row>`), sst), KindBroken},
		{"rows backwards", rawBook(t, sheetXML(`<row r="5"/><row r="4"/>`), sst), KindBroken},
		{"a cell of another row", rawBook(t, sheetXML(`<row r="5"><c r="A6"><v>1</v></c></row>`), sst), KindBroken},
		{"two cells in one place", rawBook(t, sheetXML(`<row r="5"><c r="A5"><v>1</v></c><c r="A5"><v>2</v></c></row>`), sst), KindBroken},
		{"a shared string that is not there", rawBook(t, sheetXML(`<row><c t="s"><v>7</v></c></row>`), sst), KindBroken},
		{"row 100,001", parts(entry{name: sheetPart, stream: rowsOf(100_001)}), KindRows},
		{"declares less", forged(func(h *zip.FileHeader) { h.UncompressedSize64 -= 60 }), KindBroken},
		{"declares more", forged(func(h *zip.FileHeader) { h.UncompressedSize64 += 60 }), KindBroken},
		{"bad checksum", forged(func(h *zip.FileHeader) { h.CRC32++ }), KindBroken},
		{"checksum 0", forged(func(h *zip.FileHeader) { h.CRC32 = 0 }), KindBroken},
		{"a flipped byte", flip, KindBroken},
		{"10,000 entries", zipOf(t, many...), KindEntries},
		{"10,000 entries said to be 3", manyFew, KindEntries},
		{"a zip in a zip", zipOf(t, entry{name: "inner.zip", text: string(inner)}), KindOther},
		{"entities", rawBook(t, laughs+sheetXML(`<row><c t="str"><v>&b;</v></c></row>`), sst), KindBroken},
		{"an external entity", rawBook(t, `<!DOCTYPE x SYSTEM "file:///etc/passwd">`+good, sst), KindBroken},
		{"a link", rawBook(t, good, sst, entry{name: "xl/link.xml", text: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), KindBroken},
		{"a name used twice", rawBook(t, good, sst, entry{name: "XL/worksheets/sheet1.xml", text: sheetXML("")}), KindBroken},
		{"a name outside", rawBook(t, good, sst, entry{name: "../../x.xml"}), KindBroken},
		{"a name from the root", rawBook(t, good, sst, entry{name: "/etc/x.xml"}), KindBroken},
		{"nested 100,000 deep", rawBook(t, strings.Repeat("<a>", 100_000), sst), KindBroken},
		{"one text of 3 MB", rawBook(t, sheetXML(`<row><c t="str"><v>`+strings.Repeat("长", 1<<20)+`</v></c></row>`), sst), KindCell},
		{"one attribute of 3 MB", rawBook(t, sheetXML(`<row a="`+strings.Repeat("长", 1<<20)+`"/>`), sst), KindCell},
		{"a cell of 5 KB", rawBook(t, sheetXML(`<row><c t="str"><v>`+strings.Repeat("x", 5<<10)+`</v></c></row>`), sst), KindCell},
		{"two grids", rawBook(t, `<worksheet><sheetData/><sheetData><row/></sheetData></worksheet>`, sst), KindBroken},
		{"no grid", rawBook(t, `<worksheet/>`, sst), KindBroken},
		{"100,000 sheets of one part", zipOf(
			t,
			entry{name: "xl/workbook.xml", text: `<workbook><sheets>` + strings.Repeat(`<sheet name="a" id="r1"/>`, 100_000) + `</sheets></workbook>`},
			entry{name: "xl/_rels/workbook.xml.rels", text: bookRel},
			entry{name: "xl/worksheets/sheet1.xml", text: good},
		), KindEntries},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			var rows int
			var err error
			peak := peakHeap(func() { rows, err = drain(c.content) })
			took := time.Since(start)
			t.Logf("%d bytes, %d rows, %v, %d MB: %v", len(c.content), rows, took.Round(time.Millisecond), peak>>20, err)
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.File != "x.xlsx" {
				t.Errorf("%v is not refused as %s", err, c.kind)
			}
			if peak > 110<<20 {
				t.Errorf("peak heap %d MB", peak>>20)
			}
		})
	}
}

// TestNothingCutOff cuts a sheet at every place and holds that it is never read
// as a shorter one.
func TestNothingCutOff(t *testing.T) {
	whole := sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row><row r="2"><c r="A2"><v>12</v></c></row><row r="3"><c><v>3</v></c></row>`)
	if rows, err := drain(rawBook(t, whole, `<sst/>`)); rows != 3 || err != nil {
		t.Fatal(rows, err)
	}
	for n := range len(whole) {
		if rows, err := drain(rawBook(t, whole[:n], `<sst/>`)); err == nil {
			t.Fatalf("cut at %d: %d rows and no error", n, rows)
		}
	}
	content := rawBook(t, whole, `<sst/>`)
	for n := 4; n < len(content); n++ { // shorter, it is no zip but a text
		if rows, err := drain(content[:n]); err == nil {
			t.Fatalf("file cut at %d: %d rows and no error", n, rows)
		}
	}
}

// TestLargeIsStreamed reads the largest sheet that is allowed in bounded memory.
func TestLargeIsStreamed(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100,000 rows")
	}
	content := zipOf(
		t,
		entry{name: "xl/workbook.xml", text: bookXML},
		entry{name: "xl/_rels/workbook.xml.rels", text: bookRel},
		entry{name: "xl/worksheets/sheet1.xml", stream: func(w io.Writer) {
			_, _ = io.WriteString(w, "<worksheet><sheetData>")
			for i := range 100_000 {
				fmt.Fprintf(w, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="BL%d" t="inlineStr"><is><t>值%d</t></is></c></row>`, i+1, i+1, i, i+1, i*7919)
			}
			_, _ = io.WriteString(w, "</sheetData></worksheet>")
		}},
	)
	var rows int
	var err error
	peak := peakHeap(func() { rows, err = drain(content) })
	if rows != 100_000 || err != nil || peak > 60<<20 {
		t.Errorf("%d rows, peak %d MB, %v", rows, peak>>20, err)
	}
}
