package handlers

import (
	"slices"

	"qunxian/app"
)

// Handlers answers requests with the app.
type Handlers struct{ App *app.App }

// Routes is every route there is. The router, the role check, openapi.json
// and the tests of routes are all made from it.
func (h *Handlers) Routes() []Route {
	return slices.Concat(
		h.homeRoutes(),
		h.searchRoutes(),
		h.talentRoutes(),
		h.teamRoutes(),
		h.enterpriseRoutes(),
		h.targetRoutes(),
		h.ruleRoutes(),
		h.importRoutes(),
		h.setupRoutes(),
		h.signInRoutes(),
		h.accountRoutes(),
		h.keyRoutes(),
		h.userRoutes(),
		h.taxonomyRoutes(),
		h.fieldRoutes(),
		h.institutionRoutes(),
		h.settingRoutes(),
		h.assetRoutes(),
		h.ownRoutes(),
	)
}

// ownRoutes are those of the product itself.
func (h *Handlers) ownRoutes() []Route {
	return []Route{
		{"GET", "/healthz", "health", anyone, "Whether the process lives.", health()},
		{"GET", "/readyz", "ready", anyone, "Whether requests can be served.", ready(h.App.Ready)},
	}
}

// For makes the server of the product.
func For(a *app.App, o Options) (*Server, error) {
	h := &Handlers{App: a}
	o.Auth = a
	o.Frame = h.frame
	o.Collection = func(name string) Collection {
		if names := a.Names(name); names != nil {
			return names
		}
		return nil
	}
	return New(h, o)
}
