package web

// Facet is one group of a list's filters: a name in the query string and its values with counts.
type Facet struct {
	Name, Label string
	Values      []FacetValue
	More        string // a path that shows all values, or empty
}

// FacetValue is one value to filter by, how many records it would leave, and whether it is chosen.
type FacetValue struct {
	Value, Label string
	Count        int
	On           bool
}

// Facets are the groups of filters beside a list, in a form that also works as a plain GET.
type Facets struct {
	Frame
	Groups []Facet
}

// Facets makes the component "facets".
func (f Frame) Facets(groups []Facet) Facets { return Facets{f, groups} }

// Percent is the length of a value's bar against the longest of its group.
func (f Facet) Percent(v FacetValue) int {
	top := 0
	for _, other := range f.Values {
		top = max(top, other.Count)
	}
	return percent(v.Count, top)
}

// Chip is one filter in force; Href is the list without it.
type Chip struct {
	Label, Value, Href string
}

// Chips are the filters in force above a list; Clear is the list without any.
type Chips struct {
	Frame
	Items []Chip
	Clear string
}

// Chips makes the component "chips", which is empty when no filter is in force.
func (f Frame) Chips(items []Chip, clear string) Chips { return Chips{f, items, clear} }

// Pager leads to the pages before and after; a list is cut by key, so there are no page numbers. Shown is the count of this
// page and Total of the whole list.
type Pager struct {
	Frame
	Prev, Next, Text string
	Shown, Total     int
}

// Pager makes the component "pager".
func (f Frame) Pager(shown, total int, options ...any) (Pager, error) {
	c := Pager{Frame: f, Shown: shown, Total: total}
	return c, fill(&c, options)
}

// Tab is one saved view or one part of a record.
type Tab struct {
	Label, Href string
	Count       string
	Current     bool
}

// Tabs is a row of links, one of them current; Segments draws them as one closed group.
type Tabs struct {
	Frame
	Label string
	Items []Tab
}

// Tabs makes the components "tabs" and "segments"; the key names the row for a screen reader.
func (f Frame) Tabs(key string, items []Tab) Tabs { return Tabs{f, f.T(key), items} }

// Bulk is the bar of what to do with the chosen rows of a list marked data-list; it shows while any row is chosen. The boxes of the
// rows (data-row) and its buttons name by their form attribute a form of their own, so that filters and choices do not mix.
type Bulk struct{ Frame }

// Bulk makes the component "bulk" … "/bulk".
func (f Frame) Bulk() Bulk { return Bulk{f} }
