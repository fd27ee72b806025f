package handlers

import (
	"context"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

func (h *Handlers) ruleRoutes() []Route {
	return []Route{
		{"GET", "/api/v1/rules", "listRules", staff.or(viewer), "Lists every counting rule.", do(h.listRules)},
		{"GET", "/api/v1/rules/:id", "getRule", staff.or(viewer), "Returns a counting rule.", do(h.getRule)},
		{"GET", "/api/v1/rules/:id/history", "getRuleHistory", staff, "Returns every entry of a counting rule, oldest first.", do(historyOf(h.App.RuleHistory))},
	}
}

// Rules is a list of counting rules.
type Rules struct {
	Items []*schemas.Rule `json:"items"`
}

func (h *Handlers) listRules(ctx context.Context, _ *struct{}) (Rules, error) {
	all, err := h.App.ListRules(ctx)
	return Rules{all}, err
}

func (h *Handlers) getRule(ctx context.Context, in *oneRecord) (*schemas.Rule, error) {
	return h.App.GetRule(ctx, in.ID)
}

// RuleSide is a counting rule laid out in words beside its count. N is the whole city's; Change is it against the rule of the
// target.
type RuleSide struct {
	ID, Name, Note string
	Presumed       bool
	N              int
	Candidates     []string
	Lines          []RuleLine
}

// RuleLine is one condition, or one with several ways to meet it. Fails is how many candidates do not.
type RuleLine struct {
	Text  string
	Ways  []string
	Fails int
}

// side lays a rule out.
func (w *wording) side(r *schemas.Rule, count *app.TargetCount) RuleSide {
	out := RuleSide{ID: r.ID, Name: w.ruleName(r), Note: r.Note, Presumed: r.Presumed, N: count.N}
	for _, c := range r.Candidates {
		out.Candidates = append(out.Candidates, w.clause(c))
	}
	type group struct {
		line  int
		cases []string
		words map[string][]string
	}
	groups := map[string]*group{}
	for _, c := range r.Counts {
		if c.AnyOf == "" {
			out.Lines = append(out.Lines, RuleLine{Text: w.clause(c), Fails: count.PerClause[c.ID]})
			continue
		}
		g := groups[c.AnyOf]
		if g == nil {
			g = &group{line: len(out.Lines), words: map[string][]string{}}
			groups[c.AnyOf] = g
			out.Lines = append(out.Lines, RuleLine{Text: w.t("clause.anyOf"), Fails: count.PerClause[c.ID]})
		}
		if g.words[c.Case] == nil {
			g.cases = append(g.cases, c.Case)
		}
		g.words[c.Case] = append(g.words[c.Case], w.clause(c))
	}
	for _, g := range groups {
		for _, name := range g.cases {
			out.Lines[g.line].Ways = append(out.Lines[g.line].Ways, strings.Join(g.words[name], w.t("clause.and")))
		}
	}
	return out
}

func (w *wording) ruleName(r *schemas.Rule) string {
	if w.frame.Lang == "en" && r.NameEn != "" {
		return r.NameEn
	}
	return r.Name
}

// clause is a condition in words.
func (w *wording) clause(c schemas.Clause) string {
	key, label := "clause."+c.Kind, ""
	f := w.noun.rows.Named(c.Field)
	if f != nil {
		label = w.label(f.Name)
	}
	var words []string
	for _, code := range c.Values {
		words = append(words, w.value(f, code))
	}
	switch c.Kind {
	case schemas.ClauseCodes:
		if len(c.Values) == 0 {
			key += ".any"
		}
	case schemas.ClauseAgreement:
		if c.Required {
			key += ".required"
		}
	case schemas.ClauseService:
		words = []string{web.Number(c.N)}
	case schemas.ClauseVerified:
		words = []string{web.Number(max(c.N, 1))}
	case schemas.ClauseNumber:
		words = []string{numberOr(c.Min, "") + " – " + numberOr(c.Max, "")}
	}
	if c.Not && web.HasText(key+".not") {
		return w.t(key+".not", label, w.join(words))
	}
	text := w.t(key, label, w.join(words))
	if c.Not {
		return w.t("clause.not", text)
	}
	return text
}
