package handlers

import (
	"context"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// frame completes the frame of a page: where the reader may go, and how many records there are to see.
func (h *Handlers) frame(ctx context.Context, f *web.Frame) {
	a, ok := app.ActorOf(ctx)
	if !ok || a.User == nil {
		return
	}
	groups := []web.NavGroup{{Items: []web.NavItem{{Key: "nav.dashboard", Href: "/", Icon: "layout-dashboard"}}}}
	add := func(group, key, href, icon string, count int) {
		last := len(groups) - 1
		if groups[last].Key != group {
			groups = append(groups, web.NavGroup{Key: group})
			last++
		}
		groups[last].Items = append(groups[last].Items, web.NavItem{Key: key, Href: href, Icon: icon, Count: count})
	}
	u := a.User
	if u.Staff() || u.Is(schemas.Reader) {
		f.SearchPath = "/search"
		add("", "nav.talents", "/talents", "users", total(ctx, h.App.ListTalents))
		add("", "nav.teams", "/teams", "users-group", total(ctx, h.App.ListTeams))
		add("", "nav.enterprises", "/enterprises", "building-factory-2", total(ctx, h.App.ListEnterprises))
		add("", "nav.targets", "/targets", "target-arrow", 0)
	}
	if u.Is(schemas.Officer) {
		add("nav.group.records", "nav.imports", "/imports", "file-import", 0)
	}
	if u.Is(schemas.Admin) {
		add("nav.group.manage", "nav.users", "/users", "key", 0)
		add("nav.group.manage", "nav.taxonomies", "/taxonomies", "tag", 0)
		add("nav.group.manage", "nav.customFields", "/fields", "list-details", 0)
		add("nav.group.manage", "nav.institutions", "/institutions", "building-community", 0)
		add("nav.group.manage", "nav.settings", "/settings", "settings", 0)
	}
	add("nav.group.help", "nav.api", "/api", "book", 0)
	for g := range groups {
		for i := range groups[g].Items {
			item := &groups[g].Items[i]
			item.Current = within(f.Path, item.Href)
		}
	}
	f.Nav = groups
}

// within reports whether a path is a page or lies below it; everything would lie below the first page.
func within(path, page string) bool {
	path, _, _ = strings.Cut(path, "?")
	return path == page || page != "/" && strings.HasPrefix(path, page+"/")
}

// total is how many records of a list the reader may see.
func total(ctx context.Context, list lister) int {
	l, err := list(ctx, app.ListQuery{Limit: 1, On: schemas.Viewer})
	if err != nil {
		return 0 // the page itself says what is wrong
	}
	return l.Total
}
