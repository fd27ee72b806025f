package app

import (
	"slices"
	"strconv"
	"strings"

	"qunxian/app/sheets"
	"qunxian/app/text"
	"qunxian/schemas"
)

// customColumns are the columns of the custom fields of a collection: by name,
// English name, key and the headers that the definition names. What a cell
// holds is judged with the document; here it is only read.
func customColumns[P any](a *App, coll string) []importColumn[P] {
	var out []importColumn[P]
	for _, f := range a.fields.cached.all() {
		if f.Collection != coll || f.Retired {
			continue
		}
		aliases := slices.DeleteFunc(append([]string{f.Name, f.NameEn, f.Key}, f.Aliases...), func(s string) bool { return s == "" })
		out = append(out, importColumn[P]{sheets.Column{Field: "attributes." + f.Key, Aliases: aliases}, func(in *incoming[P], c sheets.Cell) (string, string) {
			v, rule, param := customValue(f, c)
			if rule == "" && v != nil {
				at := attributesOf(in.doc)
				if *at == nil {
					*at = map[string]any{}
				}
				(*at)[f.Key] = v
			}
			return rule, param
		}})
	}
	return out
}

func attributesOf(doc any) *map[string]any {
	switch x := doc.(type) {
	case *schemas.Talent:
		return &x.Attributes
	case *schemas.Team:
		return &x.Attributes
	case *schemas.Enterprise:
		return &x.Attributes
	}
	return &map[string]any{}
}

var (
	yesWords = []string{"是", "有", "√", "✓", "yes", "y", "true", "1"}
	noWords  = []string{"否", "无", "×", "✗", "no", "n", "false", "0"}
)

// customValue is a cell as a custom field keeps it, or the rule that it breaks.
func customValue(f *schemas.FieldDef, c sheets.Cell) (v any, rule, param string) {
	word := text.Clean(c.Text)
	switch f.Kind {
	case "number":
		n, err := strconv.ParseFloat(strings.ReplaceAll(word, ",", ""), 64)
		if err != nil {
			return nil, "type", "number"
		}
		return n, "", ""
	case "yesno":
		low := strings.ToLower(word)
		if yes := slices.Contains(yesWords, low); yes || slices.Contains(noWords, low) {
			return yes, "", ""
		}
		return nil, "type", "yesno"
	case "date":
		d, err := c.Date()
		if err != nil {
			return nil, "date", c.Text
		} else if d.IsZero() {
			return nil, "", ""
		}
		return string(wholeDay(d)), "", ""
	case "choice":
		for _, choice := range f.Choices {
			if word == choice.ID || squeeze(word) == squeeze(choice.Name) {
				return choice.ID, "", ""
			}
		}
		return nil, "oneof", choiceNames(f)
	case "link":
		return word, "", ""
	}
	return text.CleanLong(c.Text), "", ""
}
