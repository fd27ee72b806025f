package handlers

import (
	"qunxian/app"
	"qunxian/app/facets"
	"qunxian/schemas"
	"qunxian/web"
	"qunxian/web/charts"
)

// homeHeat lays talents out by industry or sector and tier. A cell counts what its list shows: codes below a code are in it.
func (h *Handlers) homeHeat(w *wording, _ app.When, in *askHome, page *HomePage) error {
	by := schemas.TaxIndustry
	if in.By == schemas.TaxSector {
		by = schemas.TaxSector
	}
	for _, name := range []string{schemas.TaxIndustry, schemas.TaxSector} {
		page.HeatTabs = append(page.HeatTabs, web.Tab{Label: w.label(name), Href: addressOf("/", map[string]string{"by": name, "line": in.Line}) + "#heat", Current: name == by})
	}
	table, err := h.App.HeatMap(w.ctx, schemas.Talents, by, schemas.TaxTier)
	if err != nil {
		return err
	}
	rows, columns := roots(w.terms(by)), roots(w.terms(schemas.TaxTier))
	n := rolled(table, rows, columns)
	heat := charts.HeatMap{
		Caption: w.t("home.heat.caption", w.label(by)), Corner: w.label(by), TotalWord: w.t("chart.total"), Less: w.t("chart.less"), More: w.t("chart.more"),
	}
	for _, c := range columns.order {
		heat.Columns = append(heat.Columns, w.code(schemas.TaxTier, c))
	}
	placed := 0
	for _, r := range rows.order {
		row := charts.HeatRow{Label: w.code(by, r), Href: addressOf("/talents", map[string]string{by: r})}
		for _, c := range columns.order {
			count := n[[2]string{r, c}]
			placed += count
			row.Cells = append(row.Cells, charts.HeatCell{
				Count: count, Href: addressOf("/talents", map[string]string{by: r, "tier": c}),
				Label: w.t("home.heat.cell", row.Label, w.code(schemas.TaxTier, c), count),
			})
		}
		heat.Rows = append(heat.Rows, row)
	}
	page.Heat, page.Unplaced = heat, total(w.ctx, h.App.ListTalents)-placed
	return nil
}

// tree is the codes of a taxonomy that stand below no other, and which of them each code belongs to.
type tree struct {
	order []string
	root  map[string]string
}

func roots(terms []schemas.Term) tree {
	out := tree{root: map[string]string{}}
	parent := map[string]string{}
	for _, t := range terms {
		parent[t.ID] = t.Parent
	}
	for _, t := range terms {
		top := t.ID
		for range terms { // as deep as it can be; a circle ends there
			if parent[top] == "" {
				break
			}
			top = parent[top]
		}
		out.root[t.ID] = top
		if top == t.ID && !t.Retired {
			out.order = append(out.order, t.ID)
		}
	}
	return out
}

// rolled are the counts of a table by the codes at the top.
func rolled(t facets.Table, rows, columns tree) map[[2]string]int {
	out := map[[2]string]int{}
	for i, r := range t.Rows {
		for j, c := range t.Columns {
			out[[2]string{rows.root[r], columns.root[c]}] += t.N[i][j]
		}
	}
	return out
}
