package facets

import "math"

// Codes is what memory holds of one record: everything that lists, totals,
// facets and as-of answers need, and no text.
type Codes struct {
	// Ord is the record's place in the order of creation; Slot is the number
	// under which its present text was added, Ord itself until the text changes.
	// Both come from Index.Take.
	Ord, Slot uint32
	// Version orders the writes of the record.
	Version int64
	Facets  []Facet
	Numbers []Number
	Keys    []Key
	Spans   []Span
}

// Facet is one code of a field; a field may have several. Field and Code are
// never empty.
type Facet struct{ Field, Code string }

// Number is the value of a number or date field, dates as days since
// 1970-01-01, instants as Unix milliseconds. It must be finite; a field has one.
type Number struct {
	Field string
	Value float64
}

// Key is the value by which a list sorts a text field: its bytes, compared as
// they are. An empty one is absent; a field has one.
type Key struct{ Field, Value string }

// Open ends of a span.
const (
	OpenDay   = math.MaxInt32
	OpenKnown = math.MaxInt64
)

// Span says that a field of a record had a code on the days From to To, as far
// as was known from KnownFrom to KnownTo. Days count from 1970-01-01, instants
// are Unix milliseconds; To and KnownTo are exclusive, open ones OpenDay and
// OpenKnown. Item is the id of the array item that the field belongs to, if any.
type Span struct {
	Field, Item, Code  string
	From, To           int32
	KnownFrom, KnownTo int64
}

// times are the numbers of a span.
type times struct {
	from, to           int32
	knownFrom, knownTo int64
}

// hold reports whether a span is true on a day as known at an instant.
func (t *times) hold(day int32, known int64) bool {
	return t.from <= day && day < t.to && t.knownFrom <= known && known < t.knownTo
}
