package app

import (
	"context"
	"slices"

	"qunxian/schemas"
)

// Scope is which records an actor sees: all, or those of some regions or
// units, or their own. It is one more AND of every query and bitmap.
type Scope struct {
	All     bool
	Regions []string
	Units   []string
	Owner   string
}

// scopeOf is the scope of who acts. Nobody sees nothing.
func scopeOf(ctx context.Context) Scope {
	a, ok := ActorOf(ctx)
	switch {
	case !ok || a.Local:
		return Scope{All: true} // the product itself, or the operator at the machine
	case a.User == nil:
		return Scope{}
	case !a.User.Staff() && !a.User.Is(schemas.Reader):
		return Scope{}
	case len(a.User.Regions) == 0 && len(a.User.Units) == 0:
		return Scope{All: true}
	}
	return Scope{Regions: a.User.Regions, Units: a.User.Units, Owner: a.User.ID}
}

// holds reports whether a record of this region, unit and owner is in scope.
func (s Scope) holds(region, unit, owner string) bool {
	return s.All || region != "" && slices.Contains(s.Regions, region) || unit != "" && slices.Contains(s.Units, unit) || owner != "" && owner == s.Owner
}

// place is what scope is judged on: the record as it is now.
func scopePlace(doc any) (region, unit, owner string, scoped bool) {
	switch d := doc.(type) {
	case *schemas.Talent:
		return d.Region, d.Unit, d.Owner, true
	case *schemas.Team:
		return d.Region, d.Unit, d.Owner, true
	case *schemas.Enterprise:
		return d.Region, d.Unit, "", true
	}
	return "", "", "", false
}

// maySee answers not found for what is out of scope, as for what is not there.
func (a *App) maySee(ctx context.Context, _ string, doc any) error {
	region, unit, owner, scoped := scopePlace(doc)
	if scoped && !scopeOf(ctx).holds(region, unit, owner) {
		return notFound()
	}
	return nil
}

// mayWrite is maySee for writes; a new record outside the writer's scope is
// refused by naming its region.
func (a *App) mayWrite(ctx context.Context, coll string, doc any) error {
	if err := a.maySee(ctx, coll, doc); err != nil {
		return invalid("region", "scope", "")
	}
	return nil
}
