package main

import (
	"context"
	"os"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The line that the first paint is measured on: 1.6 Mbit/s down, 750 kbit/s up
// and 150 ms there and back.
const (
	lineDown    = 1.6e6 / 8
	lineUp      = 750e3 / 8
	lineLatency = 150
)

// browsers are where a headless Chromium is looked for.
var browsers = []string{"/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"}

// paint measures when a browser without a cache first paints the first page.
func (b *bench) paint(ctx context.Context, addr, key string) error {
	const name = "first paint of / on a line of 1.6 Mbit/s, without a cache"
	exe := ""
	for _, path := range browsers {
		if _, err := os.Stat(path); err == nil {
			exe = path
			break
		}
	}
	if exe == "" {
		b.missing(name, "s", "≤ 1.5", "no headless Chromium on this machine")
		return nil
	}
	var all []float64
	for range b.rounds {
		at, err := firstPaint(ctx, exe, "http://"+addr+"/", key)
		if err != nil {
			return err
		}
		all = append(all, at/1000)
	}
	b.most(name, median(all), "s", 1.5)
	return nil
}

// firstPaint opens a page in a browser of its own and returns the milliseconds
// from the click to the first paint.
func firstPaint(ctx context.Context, exe, url, key string) (float64, error) {
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(exe), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1440, 900))
	ctx, end := chromedp.NewExecAllocator(ctx, o...)
	defer end()
	ctx, end = chromedp.NewContext(ctx)
	defer end()
	ctx, end = context.WithTimeout(ctx, time.Minute)
	defer end()
	var at float64
	return at, chromedp.Run(ctx,
		network.Enable(), network.SetCacheDisabled(true), network.SetExtraHTTPHeaders(network.Headers{"Authorization": "Bearer " + key}),
		chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := network.EmulateNetworkConditionsByRule([]*network.Conditions{{Latency: lineLatency, DownloadThroughput: lineDown, UploadThroughput: lineUp}}).Do(ctx)
			return err
		}),
		chromedp.Navigate(url), chromedp.WaitVisible("h1", chromedp.ByQuery),
		chromedp.Poll("performance.getEntriesByName('first-contentful-paint')[0]?.startTime", &at))
}
