package charts

import (
	"html/template"
	"math"
)

// HeatMap is a table of links: rows by columns, each cell a count whose colour is one of eight steps.
type HeatMap struct {
	Caption    string // what the table shows, for a screen reader
	Corner     string // the heading of the row names, for a screen reader
	Columns    []string
	Rows       []HeatRow
	TotalWord  string // the heading of the last column; empty leaves the totals out
	Less, More string // the words at the ends of the scale; empty leaves the scale out
}

// HeatRow is one row: its name, its cells in the order of the columns, and a link of the name, or none.
type HeatRow struct {
	Label, Href string
	Cells       []HeatCell
}

// HeatCell is one count. Note is small text after it, such as "/ 5" for a goal; Label says the cell in words.
type HeatCell struct {
	Count             int
	Note, Href, Label string
}

// HeatStep is the step of a count against the greatest one: 0 for none, 1 to 7 in seven equal parts.
func HeatStep(count, greatest int) int {
	if count <= 0 || greatest <= 0 {
		return 0
	}
	return 1 + min(6, int(math.Floor(7*float64(count)/float64(greatest)*0.999)))
}

// HTML draws the table.
func (h HeatMap) HTML() template.HTML {
	greatest := 0
	for _, row := range h.Rows {
		for _, cell := range row.Cells {
			greatest = max(greatest, cell.Count)
		}
	}
	var d drawing
	d.add(`<div class="q-heat-box" tabindex="0" role="group" aria-label="%s"><table class="q-heat"><caption class="q-sr">%[1]s</caption><thead><tr><th scope="col"><span class="q-sr">%s</span></th>`, esc(h.Caption), esc(h.Corner))
	for _, column := range h.Columns {
		d.add(`<th scope="col">%s</th>`, esc(column))
	}
	if h.TotalWord != "" {
		d.add(`<th scope="col" class="q-heat-total">%s</th>`, esc(h.TotalWord))
	}
	d.add(`</tr></thead><tbody>`)
	for _, row := range h.Rows {
		d.add(`<tr><th scope="row">%s</th>`, linked(row.Href, esc(row.Label)))
		total := 0
		for _, cell := range row.Cells {
			total += cell.Count
			h.cell(&d, cell, HeatStep(cell.Count, greatest))
		}
		if h.TotalWord != "" {
			d.add(`<td class="q-heat-total">%s</td>`, num(float64(total)))
		}
		d.add(`</tr>`)
	}
	d.add(`</tbody></table></div>`)
	if h.Less != "" {
		d.add(`<p class="q-ramp" aria-hidden="true"><span>%s</span>`, esc(h.Less))
		for step := 1; step <= 7; step++ {
			d.add(`<i class="q-heat-%d"></i>`, step)
		}
		d.add(`<span>%s</span></p>`, esc(h.More))
	}
	return d.html()
}

func (h HeatMap) cell(d *drawing, cell HeatCell, step int) {
	content := num(float64(cell.Count))
	if cell.Note != "" {
		content += `<small>` + esc(cell.Note) + `</small>`
	}
	label := ""
	if cell.Label != "" {
		label = ` aria-label="` + esc(cell.Label) + `" title="` + esc(cell.Label) + `"`
	}
	if cell.Href == "" {
		d.add(`<td><span class="q-heat-cell q-heat-%d">%s</span></td>`, step, content)
		return
	}
	d.add(`<td><a class="q-heat-cell q-heat-%d" href="%s"%s>%s</a></td>`, step, esc(safeHref(cell.Href)), label, content)
}
