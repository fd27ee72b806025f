package charts

import (
	"html/template"
	"strings"
)

// Funnel is a list of steps, each a bar as long as its count against the greatest.
type Funnel struct {
	ID    string // unique on the page
	Steps []FunnelStep
}

// FunnelStep is one bar; Note stands at its right, such as the share of the step before.
type FunnelStep struct {
	Label, Note, Href string
	Count             int
}

// HTML draws the list.
func (f Funnel) HTML() template.HTML {
	greatest := 0
	for _, step := range f.Steps {
		greatest = max(greatest, step.Count)
	}
	var d drawing
	d.add(`<svg class="q-defs" width="0" height="0" aria-hidden="true"><linearGradient id="%s"><stop offset="0" class="q-funnel-from"/><stop offset="1" class="q-funnel-to"/></linearGradient></svg><ol class="q-funnel">`, esc(f.ID))
	for _, step := range f.Steps {
		d.add(`<li><svg class="q-funnel-bar" aria-hidden="true"><rect width="%s%%" height="100%%" rx="8" fill="url(#%s)"/></svg><span>%s</span><b>%s</b><em>%s</em></li>`,
			px(100*share(float64(step.Count), float64(greatest))), esc(f.ID), linked(step.Href, esc(step.Label)), num(float64(step.Count)), esc(step.Note))
	}
	d.add(`</ol>`)
	return d.html()
}

// linked wraps escaped text in a link, or leaves it alone.
func linked(href, text string) string {
	if href == "" {
		return text
	}
	return `<a href="` + esc(safeHref(href)) + `">` + text + `</a>`
}

// safeHref lets only paths of this site through: these strings pass by html/template's own check.
func safeHref(href string) string {
	if href == "" || strings.HasPrefix(href, "//") || strings.HasPrefix(href, `/\`) || !strings.Contains("/?#", href[:1]) {
		return "#"
	}
	return href
}
