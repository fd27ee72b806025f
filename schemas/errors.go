package schemas

// Code says what kind of error it is; a client acts on it, not on the text.
type Code string

// The codes of house rules, each with one HTTP status in handlers.
const (
	Invalid      Code = "invalid"
	Unauthorized Code = "unauthorized"
	Forbidden    Code = "forbidden"
	NotFound     Code = "not_found"
	Method       Code = "method"
	Timeout      Code = "timeout"
	Conflict     Code = "conflict"
	Precondition Code = "precondition"
	NeedVersion  Code = "precondition_required"
	TooLarge     Code = "too_large"
	Unsupported  Code = "unsupported"
	TooMany      Code = "too_many"
	Unavailable  Code = "unavailable"
	StorageFull  Code = "storage_full"
	Internal     Code = "internal"
)

// Error is an error that its reader may see. Message is a key of the locales;
// Args fill it. Retry is the number of seconds after which to try again.
type Error struct {
	Code    Code         `json:"code"`
	Message string       `json:"message"`
	Args    []any        `json:"args,omitempty"`
	Fields  []FieldError `json:"fields,omitempty"`
	Retry   int          `json:"retry,omitempty"`
	// Version is the stored version where a stale one was sent.
	Version int64 `json:"version,omitempty"`
}

// FieldError says which rule a field breaks. Field is a JSON pointer without
// the leading slash; Param is the rule's parameter.
type FieldError struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
	Param string `json:"param,omitempty"`
}

func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Message
	for _, f := range e.Fields {
		s += " [" + f.Field + " " + f.Rule + " " + f.Param + "]"
	}
	return s
}

// InvalidField is the error of one field that breaks one rule.
func InvalidField(field, rule, param string) *Error {
	return &Error{Code: Invalid, Message: "error.invalid", Fields: []FieldError{{field, rule, param}}}
}
