package handlers

// assetRoutes are what pages and programs load beside the records: the files of the pages, and the description of the API.
func (h *Handlers) assetRoutes() []Route {
	return []Route{
		{"GET", "/assets/:hash/:name", "asset", anyone.limit("asset"), "Sends a file of the pages, under an address that changes with its content.", asset()},
		{"GET", "/api/v1/openapi.json", "getOpenAPI", anyone, "Sends the OpenAPI 3.1 document of these operations.", apiDocument()},
		{"GET", "/api", "referencePage", anyone, "The OpenAPI document for people.", apiReference()},
	}
}
