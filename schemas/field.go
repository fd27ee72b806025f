package schemas

// FieldDef defines a custom field of a collection: attributes.<id>.
type FieldDef struct {
	Meta
	FieldDefFields
}

// FieldDefFields is the part of a field definition that an admin may write.
type FieldDefFields struct {
	Collection string   `json:"collection" validate:"required,oneof=talents teams enterprises"`
	Key        string   `json:"key" validate:"required,code"`
	Name       string   `json:"name" validate:"required,max=40"`
	NameEn     string   `json:"nameEn,omitempty" validate:"max=60"`
	Kind       string   `json:"kind" validate:"required,oneof=text number date choice yesno link"`
	Choices    []Choice `json:"choices,omitempty" validate:"max=100,dive"`
	Class      Class    `json:"class,omitempty" validate:"omitempty,min=1,max=2"` // K2 where none is said
	Required   bool     `json:"required,omitempty"`
	Min        *float64 `json:"min,omitempty"`
	Max        *float64 `json:"max,omitempty"`
	Retired    bool     `json:"retired,omitempty"`
	Order      int      `json:"order,omitempty"`
	Aliases    []string `json:"aliases,omitempty" validate:"max=20,dive,max=40"` // headers that import into it
}

// Choice is one value of a choice field.
type Choice struct {
	ID   string `json:"id" validate:"required,code"`
	Name string `json:"name" validate:"required,max=60"`
}
