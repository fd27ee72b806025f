package store

// Query selects records of one collection: all of Where hold, in the order of
// Sort, from After on, at most Limit (0: all). Every field it names is
// declared; id is always there. The id breaks every tie, so the order is
// total.
type Query struct {
	Where []Cond
	Sort  []Order
	After []any // the sort values and id of the last record of the page before
	Limit int
	Parts Part
	// With names the indexed fields to return in Record.Fields.
	With []string
}

// Order sorts by one scalar field or by id. An absent field comes first
// ascending, last descending. All orders of a query share one direction.
type Order struct {
	Field string
	Desc  bool
}

// Cond is a condition on one record: Eq, In, Has, Between or Exists.
type Cond interface{ cond() }

type (
	// Eq holds if the scalar Field is Value. An absent field equals nothing.
	Eq struct {
		Field string
		Value any
	}
	// In holds if the scalar Field is one of Values; an empty list holds nothing.
	In struct {
		Field  string
		Values []any
	}
	// Has holds if the array Field has all of Values; an empty list holds
	// everything.
	Has struct {
		Field  string
		Values []string
	}
	// Between holds if From ≤ the scalar Field ≤ To; a nil bound is open. An
	// absent field is between nothing.
	Between struct {
		Field    string
		From, To any
	}
	// Exists holds if the field is present, or absent for Absent.
	Exists struct {
		Field  string
		Absent bool
	}
)

func (Eq) cond()      {}
func (In) cond()      {}
func (Has) cond()     {}
func (Between) cond() {}
func (Exists) cond()  {}
