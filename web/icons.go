package web

import (
	"fmt"
	"html/template"
	"strings"
	"sync"
)

var drawnIcons sync.Map

// Icon is the Tabler outline icon of that name as inline SVG, hidden from screen readers: the words beside it speak.
// Further classes may be added; an icon not in the icons folder is an error.
func Icon(name string, classes ...string) (template.HTML, error) {
	class := strings.Join(append([]string{"q-icon"}, classes...), " ")
	if drawn, ok := drawnIcons.Load(name + "/" + class); ok {
		return drawn.(template.HTML), nil
	}
	raw, err := files.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return "", fmt.Errorf("web: no icon %q", name)
	}
	_, shapes, found := strings.Cut(string(raw), ">")
	if !found {
		return "", fmt.Errorf("web: icon %q is not an SVG file", name)
	}
	shapes = strings.TrimSuffix(strings.Join(strings.Fields(shapes), " "), "</svg>")
	shapes = strings.Replace(shapes, `<path stroke="none" d="M0 0h24v24H0z" fill="none" />`, "", 1)
	drawn := template.HTML(`<svg class="` + template.HTMLEscapeString(class) + `" viewBox="0 0 24 24" aria-hidden="true">` + strings.TrimSpace(shapes) + `</svg>`)
	drawnIcons.Store(name+"/"+class, drawn)
	return drawn, nil
}
