package schemas

import (
	"slices"
	"strings"
	"sync"
)

// Class says who may see a field: K1 public, K2 work data of staff, K3
// personal data that is sealed and shown one at a time.
type Class int

// The classes of fields, from open to closed.
const (
	K1 Class = iota + 1
	K2
	K3
)

// Kind is how a field's value reads.
type Kind string

// The kinds of values.
const (
	Text    Kind = "text"
	Long    Kind = "long" // text of several lines
	Coded   Kind = "code" // a code of Field.Taxonomy
	Day     Kind = "date" // Date
	Instant Kind = "time" // Time
	Number  Kind = "number"
	YesNo   Kind = "yesno"
	Ref     Kind = "ref" // the id of a document of Field.Of
	Link    Kind = "link"
)

// Rank orders search results by the field that matched.
type Rank int

// The ranks of searched fields: name first.
const (
	NotSearched Rank = iota
	ByName
	ByOrganisation
	BySpecialty
	ByRest
)

// On says on which cards a field stands.
type On int

// The cards: a list appends one of them as it is stored.
const (
	Staff  On = 1 << iota // officer, organizer, admin
	Viewer                // leaders who only read
	Masked                // enterprises without a grant
)

// Field is one row of a collection's catalogue. Path is slash-separated, with
// * for the id of an array's items. Name is what queries, facets and columns
// call it: the path itself where it is one word.
type Field struct {
	Path     string
	Name     string
	Class    Class
	Kind     Kind
	Taxonomy string // for Coded
	Of       string // for Ref: the collection
	Mask     string // for K3: id, phone, date, hidden
	Card     On
	Search   Rank
	Facet    bool // counted and filtered by code
	Sort     bool // lists can be sorted by it
	Fact     bool // kept as dated spans, for counting as of a day
	Many     bool // a list of scalars
	Derived  bool // set by the product; no history
}

// Catalogue is every stored field of one collection, in reading order.
type Catalogue []Field

// At returns the row of a leaf's path, or nil. Custom fields under attributes
// are typed by their field definitions and have no row.
func (c Catalogue) At(path string) *Field {
	if len(c) == 0 {
		return nil
	}
	found, ok := patterns.Load(&c[0])
	if !ok {
		byPattern := make(map[string]*Field, len(c))
		for i := range c {
			byPattern[c[i].Path] = &c[i]
		}
		found, _ = patterns.LoadOrStore(&c[0], byPattern)
	}
	byPattern := found.(map[string]*Field)
	if f := byPattern[path]; f != nil {
		return f
	}
	list, rest, _ := strings.Cut(path, "/")
	if _, leaf, ok := strings.Cut(rest, "/"); ok {
		return byPattern[list+"/*/"+leaf]
	}
	return nil
}

// patterns are the rows of catalogues by path, made once for each.
var patterns sync.Map // *Field, the first row → map[string]*Field

// Named returns the row that queries call name, or nil.
func (c Catalogue) Named(name string) *Field {
	i := slices.IndexFunc(c, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &c[i]
}

// rows fills in the names that are the path itself, and K2 where none is said.
func rows(fields []Field) Catalogue {
	for i := range fields {
		f := &fields[i]
		if f.Name == "" {
			f.Name = strings.ReplaceAll(f.Path, "/", ".")
		}
		if f.Class == 0 {
			f.Class = K2
		}
		if f.Kind == "" {
			f.Kind = Text
		}
	}
	return fields
}
