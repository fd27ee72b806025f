package schemas

import "reflect"

// The names of the other collections.
const (
	Enterprises  = "enterprises"
	Institutions = "institutions"
	Taxonomies   = "taxonomies"
	FieldDefs    = "fields"
	Targets      = "targets"
	Rules        = "rules"
	Users        = "users"
	Sessions     = "sessions"
	APIKeys      = "keys"
	Batches      = "batches"
	Settings     = "settings"
)

// Enterprise is a firm of the city, 企业.
type Enterprise struct {
	Meta
	EnterpriseFields
	ArchivedOn Date   `json:"archivedOn,omitempty"`
	MergedInto string `json:"mergedInto,omitempty"`
}

// EnterpriseFields is the part of an enterprise that its users may write.
type EnterpriseFields struct {
	Name           string          `json:"name" validate:"required,max=120"`
	Aliases        []string        `json:"aliases,omitempty" validate:"max=20,dive,required,max=120"`
	CreditCode     string          `json:"creditCode,omitempty" validate:"omitempty,uscc"` // 统一社会信用代码, GB 32100
	Region         string          `json:"region,omitempty" validate:"omitempty,term=region"`
	Unit           string          `json:"unit,omitempty" validate:"max=80"`
	Industry       string          `json:"industry,omitempty" validate:"omitempty,term=industry"`
	Sector         string          `json:"sector,omitempty" validate:"omitempty,term=sector"`
	NationalCode   string          `json:"nationalCode,omitempty" validate:"max=8"` // GB/T 4754-2017
	People         int             `json:"people,omitempty" validate:"min=0,max=10000000"`
	Researchers    int             `json:"researchers,omitempty" validate:"min=0,max=10000000"` // R&D staff
	Turnover       float64         `json:"turnover,omitempty" validate:"min=0"`                 // 万元
	Products       string          `json:"products,omitempty" validate:"max=2000"`
	Contacts       []Contact       `json:"contacts,omitempty" validate:"max=20,dive"`
	Qualifications []Qualification `json:"qualifications,omitempty" validate:"max=40,dive"`
	Tags           []string        `json:"tags,omitempty" validate:"max=30,dive,required,max=40"`
	Notes          string          `json:"notes,omitempty" validate:"max=8000"`
	Attributes     map[string]any  `json:"attributes,omitempty" validate:"max=60"`
}

// Qualification is 企业资质, for as long as it is valid.
type Qualification struct {
	ID     string `json:"id" validate:"max=40"`
	Kind   string `json:"kind" validate:"required,term=qualification"`
	Number string `json:"number,omitempty" validate:"max=60"`
	From   Date   `json:"from,omitempty" validate:"omitempty,day"`
	To     Date   `json:"to,omitempty" validate:"omitempty,day,order=From"`
}

// EnterpriseLists are the paths of an enterprise that hold items.
var EnterpriseLists = Lists(reflect.TypeFor[Enterprise]())

// EnterpriseCatalogue is every stored field of an enterprise.
var EnterpriseCatalogue = rows([]Field{
	{Path: "name", Class: K1, Card: Staff | Viewer, Search: ByName, Sort: true},
	{Path: "aliases", Many: true, Search: ByName},
	{Path: "creditCode", Card: Staff, Search: ByName},
	{Path: "region", Class: K1, Kind: Coded, Taxonomy: TaxRegion, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "unit", Card: Staff, Facet: true},
	{Path: "industry", Class: K1, Kind: Coded, Taxonomy: TaxIndustry, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "sector", Class: K1, Kind: Coded, Taxonomy: TaxSector, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "nationalCode", Card: Staff},
	{Path: "people", Kind: Number, Card: Staff, Sort: true},
	{Path: "researchers", Kind: Number, Card: Staff},
	{Path: "turnover", Kind: Number, Card: Staff, Sort: true},
	{Path: "products", Kind: Long, Search: BySpecialty},
	{Path: "contacts/*/kind", Kind: Coded, Taxonomy: TaxContact},
	{Path: "contacts/*/value", Class: K3, Mask: "contact"},
	{Path: "contacts/*/note", Class: K3, Mask: "hidden"},
	{Path: "qualifications/*/kind", Name: "qualification", Kind: Coded, Taxonomy: TaxQualification, Many: true, Facet: true, Fact: true},
	{Path: "qualifications/*/number"},
	{Path: "qualifications/*/from", Name: "qualificationFrom", Kind: Day, Fact: true},
	{Path: "qualifications/*/to", Name: "qualificationTo", Kind: Day, Fact: true},
	{Path: "tags", Many: true, Card: Staff, Search: ByRest, Facet: true},
	{Path: "notes", Kind: Long, Search: ByRest},
	{Path: "archivedOn", Kind: Day, Card: Staff, Fact: true},
	{Path: "mergedInto", Kind: Ref, Of: Enterprises},
})
