// Package handlers is how one asks: the table of routes, and what every route shares. From the table are made
// the router, the checks of role, origin, rate and size, the log field route= and the OpenAPI document.
package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"qunxian/schemas"
)

// Route is one row of the table. Path is Fiber's: /talents/:id. Name is the operation's, the same in the log, the
// OpenAPI document and the tests; Doc is one sentence.
type Route struct {
	Method, Path, Name string
	Who                Who
	Doc                string
	Do                 Endpoint
}

// Who says who may use a route, and with what limits. Its zero value is nobody's, and stops the start.
type Who struct {
	said    bool // a row chose its Who
	open    bool // also for those who are not signed in
	roles   []schemas.Role
	auditor bool // also for readers marked as auditors
	class   string
	size    int64
	within  time.Duration
	audit   bool
	needs   string
}

// The groups that a row may name. Admins are named where they may: no role implies another.
var (
	anyone    = Who{said: true, open: true}
	signedIn  = Who{said: true, roles: schemas.Roles}
	officer   = only(schemas.Officer)
	organizer = only(schemas.Organizer)
	viewer    = only(schemas.Reader)
	admin     = only(schemas.Admin)
	staff     = officer.or(organizer).or(admin)
)

func only(r schemas.Role) Who { return Who{said: true, roles: []schemas.Role{r}} }

// or adds those of another group; limits stay those of w.
func (w Who) or(other Who) Who {
	w.open = w.open || other.open
	w.auditor = w.auditor || other.auditor
	w.roles = slices.Clone(w.roles)
	for _, r := range other.roles {
		if !slices.Contains(w.roles, r) {
			w.roles = append(w.roles, r)
		}
	}
	return w
}

// limit counts the route's requests in a class of their own: login, reveal, export, import.
func (w Who) limit(class string) Who { w.class = class; return w }

// body lets a request's body have so many bytes.
func (w Who) body(bytes int64) Who { w.size = bytes; return w }

// takes gives the route more time than the usual deadline, for imports and files.
func (w Who) takes(d time.Duration) Who { w.within = d; return w }

// audited has each use and each refusal written to the audit log before it is answered.
func (w Who) audited() Who { w.audit = true; return w }

// scope is what an API key must hold: read, write or admin. Without it GET needs read and the others write.
func (w Who) scope(name string) Who { w.needs = name; return w }

// The order of scopes: each one holds those before it.
var scopes = []string{"read", "write", "admin"}

func (r *Route) scope() string {
	switch {
	case r.Who.needs != "":
		return r.Who.needs
	case r.Method == "GET":
		return "read"
	}
	return "write"
}

func (r *Route) class() string {
	switch {
	case r.Who.class != "":
		return r.Who.class
	case r.Method == "GET":
		return "read"
	}
	return "write"
}

// api reports whether the route answers programs rather than people.
func (r *Route) api() bool { return strings.HasPrefix(r.Path, "/api/") }

// Table is whoever has the rows.
type Table interface{ Routes() []Route }

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// checkRows says what is wrong with the rows: incomplete or repeated ones, and those that an earlier row hides.
func checkRows(rows []Route) error {
	names := map[string]bool{}
	for i, r := range rows {
		bad := ""
		switch {
		case !r.Who.said:
			bad = "says not who may use it"
		case r.Name == "" || r.Doc == "" || r.Do.serve == nil:
			bad = "is incomplete"
		case !slices.Contains(methods, r.Method):
			bad = "has the method " + r.Method
		case !strings.HasPrefix(r.Path, "/") || strings.ContainsAny(r.Path, "*+?<>\\") || len(r.Path) > 1 && strings.HasSuffix(r.Path, "/"):
			bad = "has a path that is not plain: " + r.Path
		case names[r.Name]:
			bad = "has the name of an earlier row"
		case !slices.Contains(scopes, r.scope()):
			bad = "needs an unknown scope"
		case r.Method == "GET" && r.Do.plan.takesBody():
			bad = "is a GET with a body"
		case r.Do.plan.paths() != pathNames(r.Path):
			bad = fmt.Sprintf("binds the path names %q", r.Do.plan.paths())
		}
		for _, before := range rows[:i] {
			if bad == "" && before.Method == r.Method && matches(before.Path, r.Path) {
				bad = "is never reached, since " + before.Name + " comes first"
			}
		}
		if bad != "" {
			return fmt.Errorf("handlers: route %s %s (%s) %s", r.Method, r.Path, r.Name, bad)
		}
		names[r.Name] = true
	}
	return nil
}

func pathNames(path string) string {
	var names []string
	for part := range strings.SplitSeq(path, "/") {
		if name, is := strings.CutPrefix(part, ":"); is {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// matches reports whether a row's path takes a path.
func matches(pattern, path string) bool {
	for {
		p, rest, more := strings.Cut(pattern, "/")
		q, left, also := strings.Cut(path, "/")
		if p != q && (!strings.HasPrefix(p, ":") || q == "") || more != also {
			return false
		}
		if !more {
			return true
		}
		pattern, path = rest, left
	}
}
