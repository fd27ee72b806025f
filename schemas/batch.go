package schemas

// Batch is one import: a job document whose rows are one-document steps, each
// idempotent by its operation id (batch and row).
type Batch struct {
	Meta
	Collection string      `json:"collection"`
	Files      []BatchFile `json:"files"`
	State      string      `json:"state"` // dry, running, done, cancelled, failed, undone
	MatchBy    string      `json:"matchBy"`
	Total      int         `json:"total"`
	Done       int         `json:"done"`
	Tally      Tally       `json:"tally"`
	Results    []RowResult `json:"results,omitempty"` // rows that were refused or need a person
	Failure    string      `json:"failure,omitempty"`
}

// BatchFile is one file of an import.
type BatchFile struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
	Rows  int    `json:"rows"`
	Tally Tally  `json:"tally"`
}

// Tally counts rows: Rows = Created + Changed + Unchanged + Refused.
type Tally struct {
	Rows      int `json:"rows"`
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
}

// Add sums two tallies.
func (t Tally) Add(o Tally) Tally {
	return Tally{t.Rows + o.Rows, t.Created + o.Created, t.Changed + o.Changed, t.Unchanged + o.Unchanged, t.Refused + o.Refused}
}

// RowResult is what became of one row.
type RowResult struct {
	ID      string       `json:"id"` // file/sheet/row
	File    string       `json:"file"`
	Sheet   string       `json:"sheet"`
	Row     int          `json:"row"`
	Outcome string       `json:"outcome"` // created, changed, unchanged, refused
	Doc     string       `json:"doc,omitempty"`
	Name    string       `json:"name,omitempty"`
	Reasons []FieldError `json:"reasons,omitempty"`
}
