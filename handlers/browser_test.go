package handlers

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpnetwork "github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"qunxian/app"
	"qunxian/app/sample"
	"qunxian/schemas"
	"qunxian/store/storetest/databases"
)

// house is the whole product on a port of its own.
type house struct {
	app *app.App
	url string
}

// openHouse serves an empty registry, or the demo city.
func openHouse(t *testing.T, demo bool) *house {
	t.Helper()
	ctx := context.Background()
	began := time.Now()
	now := func() time.Time { return cityNow.Add(time.Since(began)) }
	a, err := app.Open(ctx, app.Config{Store: databases.Open(t), Keyring: filepath.Join(t.TempDir(), "keyring.json"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if demo {
		ctx := app.WithActor(ctx, app.Actor{Local: true})
		u, err := a.CreateUser(ctx, schemas.UserFields{Name: "demo", DisplayName: "示例专员", Roles: []schemas.Role{schemas.Admin, schemas.Officer}}, housePassword, app.How{})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.StartPeriod(ctx, "示例市科学技术局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
			t.Fatal(err)
		}
		o := sample.Demo(2026, schemas.DateOf(cityNow))
		o.Owners = []string{u.ID}
		if err := a.FillSample(ctx, o); err != nil {
			t.Fatal(err)
		}
		if _, err := a.UpdateSetting(ctx, 0, app.How{}, func(s *schemas.SettingFields) error { s.Demo = true; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	rates := map[string]Rate{}
	for class := range Rates() {
		rates[class] = Rate{N: 100_000, Per: time.Minute}
	}
	s, err := For(a, Options{Now: now, Rates: rates})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() {
		end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = s.Shutdown(end)
	})
	return &house{a, "http://" + ln.Addr().String()}
}

const housePassword = "changchun-to-siping-110"

// browsers are where a headless Chromium is looked for.
var browsers = []string{"/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"}

// tab is a page of a headless Chromium. What it says on its console, and every
// breach of the content policy, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
}

func openTab(t *testing.T, h *house, width, height int) *tab {
	t.Helper()
	var exe string
	for _, b := range browsers {
		if _, err := os.Stat(b); err == nil {
			exe = b
			break
		}
	}
	if exe == "" {
		if found, err := exec.LookPath("chromium"); err == nil {
			exe = found
		} else {
			t.Skip("browser: skipped: no headless Chromium on this machine")
		}
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(exe), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "zh-CN"), chromedp.WindowSize(width, height))
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), o...)
	t.Cleanup(cancel)
	ctx, cancel2 := chromedp.NewContext(allocated)
	t.Cleanup(cancel2)
	ctx, cancel3 := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel3)
	chromedp.ListenTarget(ctx, func(ev any) {
		switch e := ev.(type) {
		case *cdpruntime.EventExceptionThrown:
			t.Errorf("script: %s", e.ExceptionDetails.Error())
		case *cdpruntime.EventConsoleAPICalled:
			if e.Type == cdpruntime.APITypeError {
				t.Errorf("console: %s", e.Args[0].Value)
			}
		}
	})
	// The first run starts the browser, which ends with that run's context.
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	b := &tab{t, ctx, h.url}
	b.do("begin", cdpnetwork.Enable(), emulation.SetDeviceMetricsOverride(int64(width), int64(height), 1, width < 600))
	return b
}

func (b *tab) do(what string, actions ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var where, text string
		_ = chromedp.Run(b.ctx, chromedp.Location(&where), chromedp.Text("body", &text, chromedp.ByQuery))
		b.t.Fatalf("%s: %v\nat %s\n%.1200s", what, err, where, text)
	}
}

// cookie signs the tab in as a user, without the page.
func (b *tab) cookie(name, value string) {
	b.t.Helper()
	b.do("cookie "+name, chromedp.ActionFunc(func(ctx context.Context) error {
		return cdpnetwork.SetCookie(name, value).WithURL(b.url).WithPath("/").WithSecure(true).WithHTTPOnly(true).Do(ctx)
	}))
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.url+path), chromedp.WaitReady("body", chromedp.ByQuery))
}

// shot writes a picture of the whole page.
func (b *tab) shot(file string) {
	b.t.Helper()
	var png []byte
	b.do("picture "+file, chromedp.ActionFunc(func(ctx context.Context) error {
		var err error
		png, err = cdppage.CaptureScreenshot().WithCaptureBeyondViewport(true).WithFormat(cdppage.CaptureScreenshotFormatPng).Do(ctx)
		return err
	}))
	if err := os.WriteFile(file, png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// axe reports what axe-core finds against WCAG 2.2 A and AA.
func (b *tab) axe(what string) {
	b.t.Helper()
	source, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		b.t.Fatal(err)
	}
	var found []string
	run := `axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | ')))`
	b.do("axe "+what, chromedp.Evaluate(string(source)+"\ntrue", nil),
		chromedp.Evaluate(run, &found, func(p *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams { return p.WithAwaitPromise(true) }))
	for _, f := range found {
		b.t.Errorf("%s: %s", what, f)
	}
	if dir := os.Getenv("QUNXIAN_SHOTS"); dir != "" {
		b.shot(filepath.Join(dir, "journey-"+strings.ReplaceAll(what, " ", "-")+".png"))
	}
}

// TestBrowserShots writes pictures of the pages of the demo city to the folder
// QUNXIAN_SHOTS, for people to look at.
func TestBrowserShots(t *testing.T) {
	dir := os.Getenv("QUNXIAN_SHOTS")
	if dir == "" {
		t.Skip("QUNXIAN_SHOTS names no folder")
	}
	h := openHouse(t, true)
	token, _, err := h.app.SignIn(context.Background(), "demo", housePassword, "127.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	paths := h.pages(t)
	only := os.Getenv("QUNXIAN_SHOTS_ONLY")
	for _, width := range []int{1440, 390} {
		b := openTab(t, h, width, 900)
		b.cookie(sessionCookie, token)
		for _, theme := range []string{"light", "dark"} {
			b.cookie(themeCookie, theme)
			for _, p := range paths {
				if only != "" && !strings.Contains(only, p[0]) {
					continue
				}
				b.open(p[1])
				b.shot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", p[0], width, theme)))
			}
		}
	}
	b := openTab(t, h, 1440, 1384) // the picture of the README
	b.cookie(sessionCookie, token)
	b.open("/")
	b.shot(filepath.Join(dir, "dashboard.png"))
}

// coveredText lists labels and links that lie over others of the same row of a table, as far as they are not cut off.
const coveredText = `[...document.querySelectorAll('main tr')].filter(row => getComputedStyle(row.parentElement).position !== 'absolute').flatMap(row => {
	const seen = e => {
		const range = document.createRange();
		range.selectNodeContents(e);
		let {left, right, top, bottom} = range.getBoundingClientRect();
		for (let at = e; at !== row; at = at.parentElement) {
			if (getComputedStyle(at).overflow === 'visible') continue;
			const cut = at.getBoundingClientRect();
			[left, right, top, bottom] = [Math.max(left, cut.left), Math.min(right, cut.right), Math.max(top, cut.top), Math.min(bottom, cut.bottom)];
		}
		return {left, right, top, bottom, text: e.textContent.trim()};
	};
	const one = 'a, .q-badge, .q-pill, b, small';
	const boxes = [...row.querySelectorAll(one)].filter(e => !e.querySelector(one) && e.checkVisibility()).map(seen).filter(r => r.right > r.left);
	const over = (a, b) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom;
	return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => over(a, b)).map(b => a.text + ' / ' + b.text));
})`

// TestBrowserEveryPage looks at every page of the demo city, dark and wide, and light and as narrow as a phone: axe-core
// finds nothing, no page is wider than its window, and nothing in a table covers something else.
func TestBrowserEveryPage(t *testing.T) {
	h := openHouse(t, true)
	token, _, err := h.app.SignIn(context.Background(), "demo", housePassword, "127.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		theme, lang string
		width       int
	}{{"dark", "zh-CN", 1440}, {"light", "en", 390}} {
		b := openTab(t, h, look.width, 900)
		b.cookie(sessionCookie, token)
		b.cookie(themeCookie, look.theme)
		b.cookie(langCookie, look.lang)
		for _, p := range h.pages(t) {
			b.open(p[1])
			b.axe(fmt.Sprintf("%s %d %s", p[0], look.width, look.theme))
			var over int
			var covered []string
			var lang string
			b.do("width", chromedp.Evaluate("document.scrollingElement.scrollWidth - window.innerWidth", &over), chromedp.Evaluate("document.documentElement.lang", &lang), chromedp.Evaluate(coveredText, &covered))
			if len(covered) > 0 {
				t.Errorf("%s at %d: over each other: %q", p[0], look.width, covered)
			}
			if over > 0 || lang != look.lang {
				t.Errorf("%s at %d: %d px too wide, in %s", p[0], look.width, over, lang)
			}
		}
	}
}

// TestBrowserPrint holds that paper has what was asked for and nothing to click: no menu, no search box, no buttons, and
// the whole sheet within the width of A4.
func TestBrowserPrint(t *testing.T) {
	h := openHouse(t, true)
	token, _, err := h.app.SignIn(context.Background(), "demo", housePassword, "127.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(t, h, 794, 1123) // A4 at 96 dpi
	b.cookie(sessionCookie, token)
	b.cookie(themeCookie, "dark")
	for _, p := range h.pages(t) {
		if !slices.Contains([]string{"home", "talents", "talent", "team", "enterprise", "targets", "target"}, p[0]) {
			continue
		}
		b.open(p[1])
		b.do("print", emulation.SetEmulatedMedia().WithMedia("print"))
		var shown []string
		var over int
		var paper, title string
		b.do("look", chromedp.Evaluate("[...document.querySelectorAll('.q-side, .q-search, main button, main .q-btn, input')].filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 120))", &shown),
			chromedp.Evaluate("document.scrollingElement.scrollWidth - window.innerWidth", &over),
			chromedp.Evaluate("getComputedStyle(document.body).backgroundColor", &paper), chromedp.Text("h1", &title, chromedp.ByQuery))
		if len(shown) > 0 || over > 0 || title == "" || paper != "rgb(255, 255, 255)" && paper != "rgba(0, 0, 0, 0)" {
			t.Errorf("%s on paper: %q, %d px too wide, on %s, titled %q", p[0], shown, over, paper, title)
		}
		if dir := os.Getenv("QUNXIAN_SHOTS"); dir != "" {
			b.shot(filepath.Join(dir, "print-"+p[0]+".png"))
		}
		b.do("screen", emulation.SetEmulatedMedia().WithMedia(""))
	}
}

// pages are the pages of the product, by a short name.
func (h *house) pages(t *testing.T) [][2]string {
	t.Helper()
	ctx := app.WithActor(context.Background(), app.Actor{Local: true})
	first := func(list func(context.Context, app.ListQuery) (*app.List, error)) string {
		l, err := list(ctx, app.ListQuery{Limit: 1})
		if err != nil || len(l.IDs) == 0 {
			t.Fatal("no record: ", err)
		}
		return l.IDs[0]
	}
	talent, team, firm := first(h.app.ListTalents), first(h.app.ListTeams), first(h.app.ListEnterprises)
	all := [][2]string{
		{"home", "/"},
		{"talents", "/talents"},
		{"talents-search", "/talents?q=%E6%8D%A2%E7%83%AD"},
		{"talents-empty", "/talents?q=zzzz"},
		{"talent", "/talents/" + talent},
		{"talent-new", "/talents/new"},
		{"talent-edit", "/talents/" + talent + "/edit"},
		{"talent-move", "/talents/" + talent + "/moves"},
		{"talent-agreement", "/talents/" + talent + "/items/agreements"},
		{"talent-archive", "/talents/" + talent + "/archive"},
		{"search", "/search?q=%E6%8D%A2%E7%83%AD"},
		{"teams", "/teams"},
		{"team", "/teams/" + team},
		{"enterprises", "/enterprises"},
		{"enterprise", "/enterprises/" + firm},
		{"targets", "/targets"},
		{"target", "/targets/talents-2026"},
		{"imports", "/imports"},
		{"account", "/account"},
		{"users", "/users"},
		{"taxonomies", "/taxonomies"},
		{"taxonomy", "/taxonomies/tier"},
		{"fields", "/fields"},
		{"institutions", "/institutions"},
		{"settings", "/settings"},
		{"api", "/api"},
	}
	var out [][2]string
	for _, p := range all {
		req, err := http.NewRequest(http.MethodGet, h.url+p[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			out = append(out, p)
		}
	}
	return out
}
