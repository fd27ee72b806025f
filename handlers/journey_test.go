package handlers

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"qunxian/app"
)

// set writes a value into the field of a name, as typing it would.
func (b *tab) set(name, value string) {
	b.t.Helper()
	sel := `[name="` + name + `"]:not([type=hidden])`
	b.do("field "+name, chromedp.WaitReady(sel, chromedp.ByQuery), chromedp.SetValue(sel, value, chromedp.ByQuery))
}

// submit sends the form that has a field, and waits for the page it leads to.
func (b *tab) submit(field string) {
	b.t.Helper()
	b.goes("submit the form of "+field, `document.querySelector('[name="`+field+`"]').form.requestSubmit()`)
}

// follow goes where a link leads.
func (b *tab) follow(sel string) {
	b.t.Helper()
	b.goes("follow "+sel, `document.querySelector('`+sel+`').click()`)
}

func (b *tab) goes(what, script string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Evaluate(script, nil)); err != nil {
		var text string
		_ = chromedp.Run(b.ctx, chromedp.Text("body", &text, chromedp.ByQuery))
		b.t.Fatalf("%s: %v\nat %s\n%.1200s", what, err, b.path(), text)
	}
}

func (b *tab) text(sel string) string {
	b.t.Helper()
	var s string
	b.do("text of "+sel, chromedp.WaitReady(sel, chromedp.ByQuery), chromedp.TextContent(sel, &s, chromedp.ByQuery))
	return strings.TrimSpace(s)
}

func (b *tab) path() string {
	b.t.Helper()
	var s string
	b.do("address", chromedp.Location(&s))
	return strings.TrimPrefix(s, b.url)
}

// count is the number in the first gauge of the dashboard.
func (b *tab) count() int {
	b.t.Helper()
	b.open("/")
	var s string
	b.do("gauge", chromedp.Evaluate(`document.querySelector('.q-gauge-number').firstChild.textContent`, &s))
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		b.t.Fatalf("gauge says %q", s)
	}
	return n
}

// TestJourneyInBrowser is the main job, from the first start on: set up, sign
// in, import, search by pinyin, open, edit, move a stage, see the gauge move.
// axe-core looks at every page on the way.
func TestJourneyInBrowser(t *testing.T) {
	h := openHouse(t, false)
	b := openTab(t, h, 1440, 900)

	b.open("/setup?token=" + h.app.SetupToken())
	b.axe("set-up")
	b.set("name", "chen")
	b.set("password", housePassword)
	b.set("office", "示例市科学技术局")
	b.submit("office")
	if h.app.NeedsSetup() {
		t.Fatalf("set-up is not done, at %s: %s", b.path(), b.text("main"))
	}
	b.axe("empty dashboard")
	b.goes("sign out", `document.querySelector('form[action="/sign-out"]').requestSubmit()`)
	if at := b.path(); !strings.HasPrefix(at, "/sign-in") {
		t.Fatalf("signed out at %s", at)
	}
	b.axe("sign-in")
	b.set("name", "chen")
	b.set("password", housePassword)
	b.submit("password")

	b.open("/imports")
	b.axe("imports")
	b.do("upload", chromedp.SetUploadFiles(`input[type=file]`, []string{ledger(t)}, chromedp.ByQuery))
	b.submit("collection")
	b.axe("dry run")
	if at := b.path(); !strings.HasPrefix(at, "/imports/check/") {
		t.Fatalf("after the upload at %s", at)
	}
	b.goes("commit", `document.querySelector('form[action*="/imports/check/"]').requestSubmit()`)
	b.until("the import to end", func() bool { return total(local(), h.app.ListTalents) == 3 })

	before := b.count()
	b.axe("dashboard")
	b.open("/talents?q=ouyang")
	b.axe("search")
	b.follow(`#registry a[href^="/talents/0"]`)
	if got := b.text("main h1"); got != "欧阳示例" {
		t.Fatalf("the first found is %q", got)
	}
	b.axe("talent")
	page := b.path()
	b.open(page + "/edit")
	b.axe("form")
	b.set("tier", "national")
	b.set("mode", "flexible")
	b.submit("mode")
	b.open(page + "/moves")
	b.axe("move")
	b.set("stage", "signed")
	b.submit("stage")
	if after := b.count(); after != before+1 {
		t.Errorf("the gauge went from %d to %d", before, after)
	}
}

// local is the operator at the machine.
func local() context.Context {
	return app.WithActor(context.Background(), app.Actor{Local: true})
}

// until polls for what background work brings, up to the test's own deadline.
func (b *tab) until(what string, done func() bool) {
	b.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			b.t.Fatalf("waited for %s in vain", what)
		}
		b.do("wait", chromedp.Poll(`true`, nil, chromedp.WithPollingInterval(50*time.Millisecond)))
	}
}

// ledger is a spreadsheet of three people.
func ledger(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"示例市人才台账"},
		{"姓名", "工作单位", "职称", "人才层次", "产业领域", "县区"},
		{"欧阳示例", "示例换热研究所", "研究员", "市级骨干", "特色装备", "铁西区"},
		{"单示例", "示例大学", "教授", "省级领军", "医药健康", "铁东区"},
		{"仇示例", "示例种业研究所", "高级农艺师", "后备", "现代农业", "梨树县"},
	} {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(t.TempDir(), "台账.xlsx")
	if err := f.SaveAs(name); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); err != nil {
		t.Fatal(err)
	}
	return name
}
