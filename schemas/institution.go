package schemas

import "reflect"

// Institution is an academy, institute, university, hospital or other body that
// people work for, 机构; it is known by many names.
type Institution struct {
	Meta
	InstitutionFields
}

// InstitutionFields is the part of an institution that an admin may write.
type InstitutionFields struct {
	Name    string   `json:"name" validate:"required,max=120"`
	NameEn  string   `json:"nameEn,omitempty" validate:"max=160"`
	Kind    string   `json:"kind,omitempty" validate:"omitempty,oneof=academy institute university college enterprise hospital other"`
	Region  string   `json:"region,omitempty" validate:"max=40"` // the place, as text
	Aliases []string `json:"aliases,omitempty" validate:"max=40,dive,required,max=160"`
	Parent  string   `json:"parent,omitempty" validate:"max=40"` // id of the institution it belongs to
	Note    string   `json:"note,omitempty" validate:"max=500"`
}

// InstitutionKinds are the kinds, in the order of pages.
var InstitutionKinds = []string{"academy", "institute", "university", "college", "enterprise", "hospital", "other"}

// InstitutionLists are the paths of an institution that hold items: none.
var InstitutionLists = Lists(reflect.TypeFor[Institution]())

// InstitutionCatalogue is every stored field of an institution.
var InstitutionCatalogue = rows([]Field{
	{Path: "name", Class: K1, Card: Staff, Search: ByName, Sort: true},
	{Path: "nameEn", Class: K1, Card: Staff, Search: ByName},
	{Path: "kind", Class: K1, Card: Staff, Facet: true},
	{Path: "region", Class: K1, Card: Staff},
	{Path: "aliases", Class: K1, Card: Staff, Many: true, Search: ByName},
	{Path: "parent", Class: K1, Kind: Ref, Of: Institutions},
	{Path: "note", Kind: Long},
})
