package handlers

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"qunxian/app"
	"qunxian/app/sheets"
	"qunxian/schemas"
)

// sheetFile is a file of an upload.
type sheetFile struct {
	name    string
	content []byte
}

// workbook is an xlsx file of one sheet with these lines, whose cells are split at |.
func workbook(t *testing.T, name string, lines ...string) sheetFile {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, line := range lines {
		row := strings.Split(line, "|")
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return sheetFile{name, b.Bytes()}
}

// upload posts files as a form does; fields are its other values.
func (c *city) upload(t *testing.T, path, as string, fields map[string]string, files ...sheetFile) got {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		_ = w.WriteField(name, value)
	}
	for _, f := range files {
		p, err := w.CreateFormFile("files", f.name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write(f.content)
	}
	_ = w.Close()
	lines := []string{"Content-Type: " + w.FormDataContentType()}
	if !strings.HasPrefix(path, "/api/") {
		lines = append(lines, asPage)
	}
	return c.ask(t, "POST", path, as, b.String(), lines...)
}

// report is what an import says of its rows, as clients read it. Every row is in it, and in one of the four counts.
type report struct {
	schemas.Tally
	Batch  string `json:"batch"`
	DryRun bool   `json:"dryRun"`
	Files  []struct {
		Name    string
		Problem *sheets.Error
		schemas.Tally
	} `json:"files"`
	Results []schemas.RowResult `json:"results"`
}

type importJob struct {
	ID, State   string
	Done, Total int
	Error       string
	Report      *report
}

func (r *report) adds(t *testing.T) {
	t.Helper()
	if r == nil || r.Rows != r.Created+r.Changed+r.Unchanged+r.Refused || r.Rows != len(r.Results) {
		t.Fatalf("the report does not add up: %+v", r)
	}
}

// imported commits an upload and waits until its job has ended.
func (c *city) imported(t *testing.T, as, query string, files ...sheetFile) *report {
	t.Helper()
	g := c.upload(t, "/api/v1/imports"+query, as, nil, files...)
	at := g.header.Get("Location")
	if g.status != http.StatusAccepted || !strings.HasPrefix(at, "/api/v1/imports/") || g.header.Get("Retry-After") != "1" {
		t.Fatalf("%d %v %.500s", g.status, g.header, g.body)
	}
	job := c.ended(t, at, as)
	if job.State != "done" || job.Error != "" || job.Done != job.Total || job.Total != job.Report.Rows {
		t.Fatalf("%+v", job)
	}
	job.Report.adds(t)
	return job.Report
}

// ended asks for a job until it has ended; its progress never goes back.
func (c *city) ended(t *testing.T, at, as string) importJob {
	t.Helper()
	done := 0
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		job := decoded[importJob](t, c.ask(t, "GET", at, as, ""))
		switch {
		case job.State != "waiting" && job.State != "running":
			return job
		case job.Done < done || job.Done > job.Total:
			t.Errorf("%d of %d after %d", job.Done, job.Total, done)
		}
		done = job.Done
	}
	t.Fatalf("%s does not end", at)
	return importJob{}
}

var counties = []string{
	"姓名|工作单位|层次|身份证号|签约时间", "赵示例|吉林大学|省级领军|220301197005030037|2026.3", "钱示例|长光所|国家级领军||2026年4月1日", "孙示例|||1234|", "李示例|四平职大|市级骨干||待定", "周示例|四平职大|银河级||",
}

// TestImport takes a workbook through the API: the dry run writes nothing and tells what the import does; the import ends
// with the same counts; again it changes nothing.
func TestImport(t *testing.T) {
	c := bureau(t)
	file := workbook(t, "台账.xlsx", counties...)
	g := c.upload(t, "/api/v1/imports?dryRun=1", "officer", nil, file)
	if g.status != http.StatusOK {
		t.Fatalf("%d %.500s", g.status, g.body)
	}
	dry := decoded[report](t, g)
	dry.adds(t)
	if !dry.DryRun || dry.Batch != "" || dry.Rows != 5 || dry.Created != 3 || dry.Refused != 2 {
		t.Fatalf("dry run: %+v\n%s", dry.Tally, g.body)
	}
	c.run(t, []step{
		{name: "a dry run writes nothing", method: "GET", path: "/api/v1/talents", as: "officer", status: 200, want: []string{`"total":0`}},
		{name: "nor a batch", method: "GET", path: "/api/v1/batches", as: "officer", status: 200, want: []string{`{"items":[]}`}},
	})
	first := c.imported(t, "officer", "", file)
	if first.Tally != dry.Tally {
		t.Errorf("the import did %+v, the dry run said %+v", first.Tally, dry.Tally)
	}
	for i, r := range first.Results {
		if r.Outcome != dry.Results[i].Outcome || r.Row != i+2 || r.File != "台账.xlsx" || (r.Outcome == "refused") != (len(r.Reasons) > 0) || (r.Doc != "") != (r.Outcome == "created") {
			t.Errorf("row %+v, in the dry run %+v", r, dry.Results[i])
		}
	}
	if got := fmt.Sprint(first.Results[2].Reasons[0].Field, " ", first.Results[4].Reasons[0].Field); got != "idNumber tier" {
		t.Errorf("refused for %s", got)
	}
	c.saved["batch"], c.saved["zhao"] = first.Batch, first.Results[0].Doc
	c.run(t, []step{
		{name: "what it made", method: "GET", path: "/api/v1/talents?sort=name", as: "officer", status: 200, want: []string{`"total":3`, "赵示例", `"stage":"signed"`}, not: []string{"220301197005030037"}},
		{name: "is dated", method: "GET", path: "/api/v1/talents/{zhao}/history", as: "officer", status: 200, want: []string{`"effectiveOn":"2026-03-01"`, `"action":"import"`, `"file":"台账.xlsx"`}},
		{name: "its batch", method: "GET", path: "/api/v1/batches/{batch}", as: "admin", status: 200, want: []string{`"rows":5`, `"created":3`, `"refused":2`, `"field":"tier"`}, not: []string{"220301197005030037"}},
		{name: "in the list", method: "GET", path: "/api/v1/batches", as: "admin", status: 200, want: []string{`"id":"{batch}"`}},
		{name: "not of another's part of the city", method: "GET", path: "/api/v1/batches", as: "tiexi", status: 200, not: []string{"{batch}"}},
		{name: "nor by its id", method: "GET", path: "/api/v1/batches/{batch}", as: "tiexi", status: 404},
		{name: "nor its page", method: "GET", path: "/imports/{batch}", as: "tiexi", status: 404},
		{name: "no such batch", method: "GET", path: "/api/v1/batches/none", as: "officer", status: 404},
	})
	again := c.imported(t, "officer", "", file)
	if again.Unchanged != 3 || again.Refused != 2 || again.Created+again.Changed != 0 {
		t.Errorf("again: %+v", again.Tally)
	}
	later := slices.Clone(counties)
	later[2] = "钱示例|长光所|顶尖人才||2026年4月1日"
	if r := c.imported(t, "officer", "", workbook(t, "台账2.xlsx", later...)); r.Changed != 1 || r.Unchanged != 2 || r.Results[1].Outcome != "changed" {
		t.Errorf("one row more is said: %+v", r.Tally)
	}
	c.run(t, []step{{name: "nobody came twice", method: "GET", path: "/api/v1/talents?tier=top", as: "officer", status: 200, want: []string{`"total":1`, "钱示例"}}})
	if r := c.imported(t, "officer", "?collection=teams", workbook(t, "团队.xlsx", "团队名称|带头人|依托单位", "换热团队|赵示例|恒远换热")); r.Created != 1 {
		t.Errorf("teams: %+v", r)
	}
}

// TestImportRefused uploads what cannot be read, or not by whom: the file is named, those beside it are read.
func TestImportRefused(t *testing.T) {
	c := bureau(t)
	good := workbook(t, "好.xlsx", counties[:2]...)
	broken := sheetFile{"坏的.xlsx", append(slices.Clone(good.content[:len(good.content)/2]), "broken"...)}
	for _, bad := range []sheetFile{
		broken, {"空的.xlsx", nil}, {"旧的.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")}, {"图.xlsx", []byte("\x89PNG\r\n\x1a\n")}, {"../../台账.xlsx", []byte("PK\x03\x04")},
	} {
		g := c.upload(t, "/api/v1/imports?dryRun=1", "officer", nil, bad, good)
		if g.status != http.StatusOK {
			t.Errorf("%s: %d %s", bad.name, g.status, g.body)
			continue
		}
		r := decoded[report](t, g)
		r.adds(t)
		if len(r.Files) != 2 || r.Files[0].Name != bad.name[strings.LastIndexByte(bad.name, '/')+1:] || r.Files[0].Problem == nil || r.Files[0].Rows != 0 || r.Files[1].Problem != nil || r.Created != 1 {
			t.Errorf("%s: %+v", bad.name, r.Files)
		}
	}
	r := c.imported(t, "officer", "", broken, good)
	if r.Files[0].Problem == nil || r.Created != 1 {
		t.Errorf("%+v", r.Files)
	}
	for _, tt := range []struct {
		name, path, as string
		fields         map[string]string
		files          []sheetFile
		status         int
		want           string
	}{
		{"no file", "/api/v1/imports", "officer", nil, nil, 400, `"pointer":"/files","rule":"required"`},
		{"no such collection", "/api/v1/imports?collection=targets", "officer", nil, []sheetFile{good}, 400, `"pointer":"/collection","rule":"oneof"`},
		{"no such way to match", "/api/v1/imports?match=phone", "officer", nil, []sheetFile{good}, 400, `"pointer":"/match","rule":"oneof"`},
		{"unknown parameter", "/api/v1/imports?dry=1", "officer", nil, []sheetFile{good}, 400, `"pointer":"/dry","rule":"unknown"`},
		{"a word for a switch", "/api/v1/imports?dryRun=maybe", "officer", nil, []sheetFile{good}, 400, `"pointer":"/dryRun"`},
		{"unknown field", "/api/v1/imports", "officer", map[string]string{"note": "x"}, []sheetFile{good}, 400, `"pointer":"/note","rule":"unknown"`},
		{"a file too large", "/api/v1/imports", "officer", nil, []sheetFile{{"大.xlsx", make([]byte, importFile+1)}}, 413, `"code":"too_large"`},
		{"as a viewer", "/api/v1/imports?dryRun=1", "viewer", nil, []sheetFile{good}, 403, ""},
		{"as an organizer", "/api/v1/imports", "organizer", nil, []sheetFile{good}, 403, ""},
		{"as an admin", "/api/v1/imports", "admin", nil, []sheetFile{good}, 403, ""},
		{"as a firm", "/imports", "firm", map[string]string{"collection": "talents"}, []sheetFile{good}, 403, ""},
		{"as nobody", "/api/v1/imports", "", nil, []sheetFile{good}, 401, ""},
		{"by the form, no file", "/imports", "officer", map[string]string{"collection": "teams", "match": "name"}, nil, 400, `id="f-files-error"`},
		{"by the form, too large", "/imports", "officer", map[string]string{"collection": "talents"}, []sheetFile{{"大.xlsx", make([]byte, importFile+1)}}, 413, ""},
	} {
		g := c.upload(t, tt.path, tt.as, tt.fields, tt.files...)
		if g.status != tt.status || !strings.Contains(g.body, tt.want) {
			t.Errorf("%s: %d, want %d %s: %.600s", tt.name, g.status, tt.status, tt.want, g.body)
		}
	}
	if g := c.ask(t, "POST", "/api/v1/imports", "officer", `{"files":[]}`); g.status != 415 {
		t.Errorf("JSON: %d", g.status)
	}
	early := c.raw(t, "POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nCookie: "+sessionCookie+"=officer\r\nSec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\nContent-Length: 67108865\r\n\r\n")
	if len(early) == 0 || early[0].status != 413 {
		t.Errorf("a body of 64 MiB and a byte: %+v", early)
	}
	c.run(t, []step{
		{name: "only the good one is in", method: "GET", path: "/api/v1/talents", as: "officer", status: 200, want: []string{`"total":1`}},
		{name: "no such job", method: "GET", path: "/api/v1/imports/none", as: "officer", status: 404},
		{name: "no job to stop", method: "DELETE", path: "/api/v1/imports/none", as: "officer", status: 404},
	})
}

// TestImportCancelled stops an import that waits for another: nothing of it is written. Nobody stops another's.
func TestImportCancelled(t *testing.T) {
	c := bureau(t)
	lines := func(n int, name string) []byte {
		b := []byte("姓名,工作单位\n")
		for i := range n {
			b = fmt.Appendf(b, "%s%d,%d厂\n", name, i, i%9)
		}
		return b
	}
	const people = 2000
	long := c.upload(t, "/api/v1/imports", "officer", nil, sheetFile{"长.csv", lines(people, "长")})
	short := c.upload(t, "/api/v1/imports", "officer", nil, sheetFile{"短.csv", lines(300, "短")})
	at, other := short.header.Get("Location"), long.header.Get("Location")
	for method, want := range map[string]int{"GET": 404, "DELETE": 404} {
		if g := c.ask(t, method, at, "tiexi", ""); g.status != want {
			t.Errorf("another's job: %s %d", method, g.status)
		}
	}
	if g := c.ask(t, "DELETE", at, "officer", ""); g.status != http.StatusNoContent {
		t.Errorf("stop: %d %s", g.status, g.body)
	}
	if job := c.ended(t, other, "officer"); job.State != "done" || job.Report.Created != people {
		t.Errorf("the other import: %+v", job.State)
	}
	if job := c.ended(t, at, "officer"); job.State != "cancelled" || job.Report != nil && job.Report.Created != 0 {
		t.Errorf("the stopped import: %+v", job)
	}
	c.run(t, []step{
		{name: "nobody of it is in", method: "GET", path: "/api/v1/talents?q=" + "%E7%9F%AD1", as: "officer", status: 200, want: []string{`"total":0`}},
		{name: "the others are", method: "GET", path: "/api/v1/talents", as: "officer", status: 200, want: []string{fmt.Sprintf(`"total":%d`, people)}},
		{name: "stopping it again does nothing", method: "DELETE", path: at, as: "officer", status: 204},
		{name: "its page says so", method: "GET", path: strings.Replace(at, "/api/v1/imports/", "/imports/jobs/", 1), as: "officer", status: 200, want: []string{"导入已停止"}},
	})
}

// TestImportPages takes a workbook through the pages: upload, look, import, progress, result.
func TestImportPages(t *testing.T) {
	c := bureau(t)
	file := workbook(t, "台账.xlsx", append([]string{"四平市人才台账", "填报单位：铁西区科技局"}, counties...)...)
	g := c.upload(t, "/imports", "officer", map[string]string{"collection": "talents", "match": ""}, file)
	look := g.header.Get("Location")
	if g.status != http.StatusSeeOther || !strings.HasPrefix(look, "/imports/check/") {
		t.Fatalf("%d %.600s", g.status, g.body)
	}
	check, _, _ := strings.Cut(look, "?")
	c.run(t, []step{
		{name: "what it would do", method: "GET", path: look, as: "officer", status: 200, want: []string{"台账.xlsx", "铁西区科技局", "赵示例", "周示例", "第 7 行"}, not: []string{"220301197005030037"}},
		{name: "those refused", method: "GET", path: look + "&outcome=refused", as: "officer", status: 200, want: []string{"孙示例", "周示例"}, not: []string{"钱示例"}},
		{name: "another's look", method: "GET", path: look, as: "tiexi", status: 404},
		{name: "another's import", method: "POST", path: check, as: "tiexi", body: formed("collection", "talents", "match", ""), status: 404},
		{name: "a look that is none", method: "GET", path: "/imports/check/none", as: "officer", status: 404},
		{name: "a collection that is none", method: "GET", path: check + "?collection=targets", as: "officer", status: 400},
		{name: "nothing is written yet", method: "GET", path: "/api/v1/talents", as: "officer", status: 200, want: []string{`"total":0`}},
	})
	c.play(t, step{method: "POST", path: check, as: "officer", body: formed("collection", "talents", "match", ""), status: 303, save: "job", want: []string{"/imports/jobs/"}})
	c.ended(t, "/api/v1/imports/"+c.saved["job"], "officer")
	page := c.play(t, step{method: "GET", path: "/imports/jobs/{job}", as: "officer", status: 200})
	batch := regexp.MustCompile(`href="(/imports/[0-9A-Z]{26})"`).FindStringSubmatch(page.body)
	if batch == nil {
		t.Fatalf("no link to the result in\n%.2000s", page.body)
	}
	c.run(t, []step{
		{name: "its progress alone", method: "GET", path: "/imports/jobs/{job}", as: "officer", lines: []string{"HX-Request: true", "HX-Target: job"}, status: 200, not: []string{"<html"}},
		{name: "another's job", method: "GET", path: "/imports/jobs/{job}", as: "tiexi", status: 404},
		{name: "another stops it", method: "POST", path: "/imports/jobs/{job}/cancel", as: "tiexi", status: 404},
		{name: "its result", method: "GET", path: batch[1], as: "officer", status: 200, want: []string{"台账.xlsx", "孙示例", "周示例"}},
		{name: "in the list", method: "GET", path: "/imports", as: "officer", status: 200, want: []string{"台账.xlsx", batch[1]}},
		{name: "they are in", method: "GET", path: "/api/v1/talents", as: "officer", status: 200, want: []string{`"total":3`}},
	})
	for _, path := range []string{"/imports", look, "/imports/jobs/" + c.saved["job"], batch[1]} {
		for _, lang := range []string{"zh-CN", "en"} {
			sound(t, path+" "+lang, c.ask(t, "GET", path, "officer", "", asPage, "Accept-Language: "+lang).body)
		}
	}
	batches := decoded[Batches](t, c.ask(t, "GET", "/api/v1/batches", "officer", "")).Items
	for _, b := range batches {
		if b.Tally.Created != 3 || b.Tally.Refused != 2 {
			t.Errorf("%+v", b.Tally)
		}
	}
	if len(batches) != 1 {
		t.Errorf("%d batches", len(batches))
	}
}

// TestBatchesOverHTTP pages through the imports.
func TestBatchesOverHTTP(t *testing.T) {
	c := bureau(t)
	ctx := app.WithActor(t.Context(), app.Actor{Local: true})
	for i := range 3 {
		file := app.ImportFile{Name: "名单.csv", Content: []byte("姓名,工作单位\n甲" + strconv.Itoa(i) + ",甲校\n,甲校\n")}
		if _, err := c.app.Import(ctx, []app.ImportFile{file}, app.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	first := decoded[Batches](t, c.ask(t, "GET", "/api/v1/batches?limit=2", "admin", ""))
	rest := decoded[Batches](t, c.ask(t, "GET", "/api/v1/batches?limit=2&cursor="+first.Next, "admin", ""))
	if len(first.Items) != 2 || len(rest.Items) != 1 || rest.Next != "" || first.Items[0].Results != nil || rest.Items[0].ID >= first.Items[1].ID {
		t.Errorf("%+v %+v", first, rest)
	}
	c.run(t, []step{
		{name: "too many", method: "GET", path: "/api/v1/batches?limit=201", as: "admin", status: 400, want: []string{`"/limit"`}},
		{name: "older ones", method: "GET", path: "/imports?limit=2", as: "officer", status: 200, want: []string{"更早的导入", "/imports?cursor=" + first.Next}},
		{name: "the last", method: "GET", path: "/imports?cursor=" + first.Next, as: "officer", status: 200, not: []string{"更早的导入"}},
	})
}

// TestRefusalsInWords holds that every kind of file that cannot be read has its words in both languages, with the place.
func TestRefusalsInWords(t *testing.T) {
	for _, kind := range sheets.Kinds {
		e := &sheets.Error{Kind: kind, Row: 3, Column: 28, Limit: 7 << 20, Detail: "quotes"}
		zh, en := Refused("zh-CN", e), Refused("en", e)
		for _, text := range []string{zh, en} {
			if strings.Contains(text, "import.") || strings.ContainsAny(text, "%⟦") || strings.Contains(text, string(kind)) && kind != sheets.KindEmpty && kind != sheets.KindXLS && kind != sheets.KindRows && kind != sheets.KindColumns && kind != sheets.KindCell && kind != sheets.KindEncoding {
				t.Errorf("%s: %s", kind, text)
			}
		}
		if !strings.HasPrefix(zh, "第 3 行 AB 列：") || !strings.HasSuffix(zh, "（引号没有成对）") || !strings.HasPrefix(en, "row 3 column AB: ") || strings.IndexFunc(en, func(r rune) bool { return r > 0x2000 }) >= 0 {
			t.Errorf("%s: %s; %s", kind, zh, en)
		}
	}
	if Refused("en", nil) != "" {
		t.Error("words for nothing")
	}
}
