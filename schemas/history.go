package schemas

// The actions of history entries.
const (
	ActCreate  = "create"
	ActUpdate  = "update"
	ActMove    = "move"
	ActArchive = "archive"
	ActRestore = "restore"
	ActUndo    = "undo"
	ActImport  = "import"
)

// Entry is one line of a document's history; entries are appended and never
// rewritten. Seq counts from 1. RecordedAt is when it was written, EffectiveOn
// the business day from which it holds.
//
// On day d as known at k, a path has the value of the entry with the greatest
// (EffectiveOn, Seq) among those with EffectiveOn ≤ d and RecordedAt ≤ k.
type Entry struct {
	Seq         int64             `json:"seq"`
	RecordedAt  Time              `json:"recordedAt"`
	EffectiveOn Date              `json:"effectiveOn"`
	Actor       string            `json:"actor"`
	Action      string            `json:"action"`
	Reason      string            `json:"reason,omitempty"`
	OpID        string            `json:"opId,omitempty"`
	Sent        string            `json:"sent,omitempty"`    // a fingerprint of the request that OpID names
	Undoes      int64             `json:"undoes,omitempty"`  // the seq that replay skips from RecordedAt on
	Details     map[string]string `json:"details,omitempty"` // of a move: date, docNo, conclusion, attachment; of an import: file, row
	Changes     []Change          `json:"changes,omitempty"`
}

// Change is one leaf that an entry sets. Path is slash-separated; items of
// arrays stand under their id, as in achievements/01J…/level. A nil To clears.
type Change struct {
	Path string `json:"path"`
	From any    `json:"from,omitempty"`
	To   any    `json:"to,omitempty"`
}
