package schemas

import "reflect"

// Talents is the name of the collection of talents.
const Talents = "talents"

// Talent is one person of the registry, 人才.
type Talent struct {
	Meta
	TalentFields
	Tracked
	// BirthYear is the K2 part of the birth date.
	BirthYear int `json:"birthYear,omitempty"`
	// IDBlind is the blind index of the ID number, kept also where the number
	// itself is not.
	IDBlind string `json:"idBlind,omitempty"`
}

// Tracked is what the product keeps of a talent or team beside the fields that
// are written: the stage, which only moves change, and the archive.
type Tracked struct {
	Stage      string `json:"stage,omitempty"`
	StageSince Date   `json:"stageSince,omitempty"` // the day of the move to the stage
	ArchivedOn Date   `json:"archivedOn,omitempty"`
	MergedInto string `json:"mergedInto,omitempty"`
}

// TalentFields is the part of a talent that its users may write.
type TalentFields struct {
	Name        string    `json:"name" validate:"required,max=80"`
	FormerNames []string  `json:"formerNames,omitempty" validate:"max=10,dive,required,max=80"`
	Aliases     []string  `json:"aliases,omitempty" validate:"max=10,dive,required,max=80"`
	Gender      string    `json:"gender,omitempty" validate:"omitempty,term=gender"`
	Ethnicity   string    `json:"ethnicity,omitempty" validate:"max=40"`
	Politics    string    `json:"politics,omitempty" validate:"max=40"`
	Photo       string    `json:"photo,omitempty" validate:"max=40"`
	BirthDate   Secret    `json:"birthDate,omitempty" validate:"omitempty,max=400,birth"`
	Nationality string    `json:"nationality,omitempty" validate:"max=40"`
	NativePlace string    `json:"nativePlace,omitempty" validate:"max=80"`
	IDKind      string    `json:"idKind,omitempty" validate:"omitempty,term=document"`
	IDNumber    Secret    `json:"idNumber,omitempty" validate:"omitempty,max=400"`
	Contacts    []Contact `json:"contacts,omitempty" validate:"max=20,dive"`

	Affiliation Affiliation `json:"affiliation,omitzero"`
	Employer    Employer    `json:"employer,omitzero"`
	Region      string      `json:"region,omitempty" validate:"omitempty,term=region"`
	Unit        string      `json:"unit,omitempty" validate:"max=80"` // 填报单位
	Owner       string      `json:"owner,omitempty" validate:"max=40"`
	NextAction  NextAction  `json:"nextAction,omitzero"`

	Track       string      `json:"track" validate:"required,term=track"`
	Mode        string      `json:"mode,omitempty" validate:"omitempty,term=mode"`
	Cooperation []string    `json:"cooperation,omitempty" validate:"max=10,dive,term=cooperation"`
	Origin      string      `json:"origin,omitempty" validate:"omitempty,term=origin"`
	Channel     string      `json:"channel,omitempty" validate:"omitempty,term=channel"`
	Agreements  []Agreement `json:"agreements,omitempty" validate:"max=40,dive"`
	Services    []Service   `json:"services,omitempty" validate:"max=400,dive"`

	Tier         string   `json:"tier,omitempty" validate:"omitempty,term=tier"`
	TalentTypes  []string `json:"talentTypes,omitempty" validate:"max=10,dive,term=talent-type"`
	Industry     string   `json:"industry,omitempty" validate:"omitempty,term=industry"`
	IndustryMore []string `json:"industryMore,omitempty" validate:"max=10,dive,term=industry"`
	Sector       string   `json:"sector,omitempty" validate:"omitempty,term=sector"`
	SectorMore   []string `json:"sectorMore,omitempty" validate:"max=10,dive,term=sector"`
	Directions   []string `json:"directions,omitempty" validate:"max=10,dive,term=direction"`
	Specialties  []string `json:"specialties,omitempty" validate:"max=30,dive,required,max=80"`
	Bio          string   `json:"bio,omitempty" validate:"max=8000"`

	Education    []Schooling   `json:"education,omitempty" validate:"max=20,dive"`
	Work         []Employment  `json:"work,omitempty" validate:"max=40,dive"`
	Rank         string        `json:"rank,omitempty" validate:"omitempty,term=rank"` // 职称
	RankWritten  string        `json:"rankWritten,omitempty" validate:"max=120"`
	RankSince    string        `json:"rankSince,omitempty" validate:"omitempty,partial"`
	Titles       []Title       `json:"titles,omitempty" validate:"max=40,dive"`
	Achievements []Achievement `json:"achievements,omitempty" validate:"max=500,dive"`
	Supports     []Support     `json:"supports,omitempty" validate:"max=100,dive"`
	Integrity    []Decision    `json:"integrity,omitempty" validate:"max=40,dive"`
	Ties         []Tie         `json:"ties,omitempty" validate:"max=60,dive"`

	Lawful      Lawful    `json:"lawful,omitzero"`
	Consents    []Consent `json:"consents,omitempty" validate:"max=60,dive"`
	NoPublicity bool      `json:"noPublicity,omitempty"` // 不公开宣传
	Tags        []string  `json:"tags,omitempty" validate:"max=30,dive,required,max=40"`
	Source      string    `json:"source,omitempty" validate:"max=120"`    // 来源
	AssignedBy  string    `json:"assignedBy,omitempty" validate:"max=80"` // 交办人
	Notes       string    `json:"notes,omitempty" validate:"max=8000"`

	Attributes map[string]any `json:"attributes,omitempty" validate:"max=60"`
}

// TalentLists are the paths of a talent that hold items.
var TalentLists = Lists(reflect.TypeFor[Talent]())

// TalentCatalogue is every stored field of a talent.
var TalentCatalogue = rows([]Field{
	{Path: "name", Card: Staff | Viewer, Search: ByName, Sort: true},
	{Path: "formerNames", Many: true, Search: ByName},
	{Path: "aliases", Many: true, Search: ByName},
	{Path: "gender", Kind: Coded, Taxonomy: TaxGender, Card: Staff, Facet: true},
	{Path: "ethnicity"},
	{Path: "politics"},
	{Path: "photo"},
	{Path: "birthDate", Class: K3, Kind: Day, Mask: "date"},
	{Path: "birthYear", Kind: Number, Card: Staff, Sort: true},
	{Path: "nationality"},
	{Path: "nativePlace"},
	{Path: "idKind", Kind: Coded, Taxonomy: TaxDocument},
	{Path: "idNumber", Class: K3, Mask: "id"},
	{Path: "idBlind", Mask: "hidden"},
	{Path: "contacts/*/kind", Kind: Coded, Taxonomy: TaxContact},
	{Path: "contacts/*/value", Class: K3, Mask: "contact"},
	{Path: "contacts/*/note", Class: K3, Mask: "hidden"},
	{Path: "affiliation/organisation", Name: "organisation", Card: Staff | Viewer, Search: ByOrganisation, Sort: true},
	{Path: "affiliation/institution", Name: "institution", Kind: Ref, Of: Institutions, Facet: true},
	{Path: "affiliation/department", Name: "department", Card: Staff, Search: ByOrganisation},
	{Path: "affiliation/position", Name: "position", Card: Staff | Viewer},
	{Path: "employer/kind"},
	{Path: "employer/id", Name: "employer", Facet: true, Fact: true},
	{Path: "employer/name", Card: Staff, Search: ByOrganisation},
	{Path: "region", Class: K1, Kind: Coded, Taxonomy: TaxRegion, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "unit", Card: Staff | Viewer, Facet: true},
	{Path: "owner", Kind: Ref, Of: Users, Card: Staff, Facet: true},
	{Path: "nextAction/what", Card: Staff},
	{Path: "nextAction/due", Name: "due", Kind: Day, Card: Staff, Sort: true},
	{Path: "track", Class: K1, Kind: Coded, Taxonomy: TaxTrack, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "mode", Kind: Coded, Taxonomy: TaxMode, Card: Staff, Facet: true, Fact: true},
	{Path: "cooperation", Kind: Coded, Taxonomy: TaxCooperation, Many: true, Facet: true},
	{Path: "origin", Class: K1, Kind: Coded, Taxonomy: TaxOrigin, Card: Staff | Masked, Facet: true, Fact: true},
	{Path: "channel", Kind: Coded, Taxonomy: TaxChannel, Card: Staff, Facet: true},
	{Path: "agreements/*/employer"},
	{Path: "agreements/*/number"},
	{Path: "agreements/*/signed", Kind: Day},
	{Path: "agreements/*/from", Name: "agreementFrom", Kind: Day, Fact: true},
	{Path: "agreements/*/to", Name: "agreementTo", Kind: Day, Fact: true},
	{Path: "agreements/*/days", Kind: Number},
	{Path: "agreements/*/consent", Kind: Coded, Taxonomy: TaxConsent},
	{Path: "agreements/*/attachment"},
	{Path: "services/*/from", Name: "serviceFrom", Kind: Day, Fact: true},
	{Path: "services/*/to", Kind: Day},
	{Path: "services/*/days", Name: "serviceDays", Kind: Number, Fact: true},
	{Path: "services/*/enterprise"},
	{Path: "services/*/content", Kind: Long, Search: ByRest},
	{Path: "services/*/evidence"},
	{Path: "services/*/verifiedBy"},
	{Path: "tier", Class: K1, Kind: Coded, Taxonomy: TaxTier, Card: Staff | Viewer, Facet: true, Fact: true, Sort: true},
	{Path: "talentTypes", Kind: Coded, Taxonomy: TaxTalentType, Many: true, Facet: true},
	{Path: "industry", Class: K1, Kind: Coded, Taxonomy: TaxIndustry, Card: Staff | Viewer | Masked, Facet: true, Fact: true},
	{Path: "industryMore", Kind: Coded, Taxonomy: TaxIndustry, Many: true, Facet: true},
	{Path: "sector", Class: K1, Kind: Coded, Taxonomy: TaxSector, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "sectorMore", Kind: Coded, Taxonomy: TaxSector, Many: true, Facet: true},
	{Path: "directions", Class: K1, Kind: Coded, Taxonomy: TaxDirection, Many: true, Card: Staff | Masked, Facet: true},
	{Path: "specialties", Many: true, Card: Staff, Search: BySpecialty},
	{Path: "bio", Kind: Long, Search: ByRest},
	{Path: "education/*/level", Name: "education", Kind: Coded, Taxonomy: TaxEducation, Many: true, Facet: true},
	{Path: "education/*/degree", Name: "degree", Kind: Coded, Taxonomy: TaxDegree, Many: true, Facet: true},
	{Path: "education/*/asWritten"},
	{Path: "education/*/school", Search: ByRest},
	{Path: "education/*/major", Search: ByRest},
	{Path: "education/*/on"},
	{Path: "education/*/fullTime", Kind: YesNo},
	{Path: "work/*/organisation", Search: ByRest},
	{Path: "work/*/position"},
	{Path: "work/*/from"},
	{Path: "work/*/to"},
	{Path: "rank", Kind: Coded, Taxonomy: TaxRank, Card: Staff, Facet: true},
	{Path: "rankWritten", Card: Staff},
	{Path: "rankSince"},
	{Path: "titles/*/name", Search: ByRest},
	{Path: "titles/*/level"},
	{Path: "titles/*/batch"},
	{Path: "titles/*/docNo"},
	{Path: "titles/*/authority"},
	{Path: "titles/*/validUntil", Kind: Day},
	{Path: "titles/*/evidence"},
	{Path: "achievements/*/kind", Kind: Coded, Taxonomy: TaxAchievement},
	{Path: "achievements/*/title", Search: ByRest},
	{Path: "achievements/*/number"},
	{Path: "achievements/*/category"},
	{Path: "achievements/*/role"},
	{Path: "achievements/*/year", Kind: Number},
	{Path: "achievements/*/level"},
	{Path: "achievements/*/evidence"},
	{Path: "achievements/*/verifiedBy", Name: "achievementVerified", Fact: true},
	{Path: "supports/*/project", Search: ByRest},
	{Path: "supports/*/money", Kind: Number},
	{Path: "supports/*/year", Kind: Number},
	{Path: "supports/*/docNo"},
	{Path: "integrity/*/docNo"},
	{Path: "integrity/*/body"},
	{Path: "integrity/*/from", Name: "integrityFrom", Kind: Day, Fact: true},
	{Path: "integrity/*/to", Name: "integrityTo", Kind: Day, Fact: true},
	{Path: "integrity/*/repaired", Name: "integrityRepaired", Kind: YesNo, Fact: true},
	{Path: "ties/*/kind"},
	{Path: "ties/*/name"},
	{Path: "ties/*/talent", Kind: Ref, Of: Talents},
	{Path: "ties/*/note"},
	{Path: "lawful/basis"},
	{Path: "lawful/purpose"},
	{Path: "lawful/notice"},
	{Path: "lawful/retainUntil", Kind: Day},
	{Path: "consents/*/purpose", Class: K3, Mask: "hidden"},
	{Path: "consents/*/recipient", Class: K3, Mask: "hidden"},
	{Path: "consents/*/notice", Class: K3, Mask: "hidden"},
	{Path: "consents/*/basis", Class: K3, Mask: "hidden"},
	{Path: "consents/*/at", Class: K3, Mask: "hidden"},
	{Path: "consents/*/by", Class: K3, Mask: "hidden"},
	{Path: "consents/*/evidence", Class: K3, Mask: "hidden"},
	{Path: "consents/*/withdrawnAt", Class: K3, Mask: "hidden"},
	{Path: "noPublicity", Kind: YesNo, Facet: true},
	{Path: "tags", Many: true, Card: Staff, Search: ByRest, Facet: true},
	{Path: "source", Card: Staff},
	{Path: "assignedBy"},
	{Path: "notes", Kind: Long, Search: ByRest},
	{Path: "stage", Class: K1, Kind: Coded, Taxonomy: "stage", Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "stageSince", Kind: Day, Card: Staff | Viewer, Sort: true, Derived: true},
	{Path: "archivedOn", Kind: Day, Card: Staff, Fact: true},
	{Path: "mergedInto", Kind: Ref, Of: Talents},
})
