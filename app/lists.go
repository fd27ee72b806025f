package app

import (
	"qunxian/schemas"
)

// ListQuery asks for one page of a collection.
type ListQuery struct {
	Q       string              // search text, as people type it
	Where   map[string][]string // field name → codes, any of them
	Ranges  map[string]Range    // field name → bounds, for numbers and dates
	Sort    string              // field name; "" is relevance with Q, else newest change
	Desc    bool
	After   string     // the Next of the page before
	Limit   int        // at most 200; 0 is 50
	Facets  []string   // with counts by the codes of these fields
	Archive bool       // the archived ones instead
	On      schemas.On // whose cards
}

// Range is a range with both ends included; an end that is "" is open.
type Range struct{ From, To string }

// List is one page: ready cards, the total of the whole answer, and counts.
// All three speak of one set.
type List struct {
	Cards  [][]byte // JSON objects as they are stored
	IDs    []string
	Total  int
	Next   string // where the next page begins, or "" at the end
	Facets []Facet
	Hits   map[string]Hit // by id, where there was a search text
}

// Facet is the counts of one field, each as if that field were not filtered.
type Facet struct {
	Field    string   `json:"field"`
	Taxonomy string   `json:"taxonomy,omitempty"`
	Values   []Bucket `json:"values"`
}

// Bucket is a code and how many records have it.
type Bucket struct {
	Code  string `json:"code"`
	N     int    `json:"n"`
	Taken bool   `json:"taken,omitempty"` // filtered by
}

// Hit is where a search text was found.
type Hit struct {
	Field   string `json:"field"` // the catalogue's name
	Snippet []Part `json:"snippet"`
}

// Part is a piece of a snippet.
type Part struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// pageLimit is the length of a page.
func pageLimit(n int) int {
	switch {
	case n <= 0:
		return 50
	case n > 200:
		return 200
	}
	return n
}
