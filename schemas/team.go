package schemas

import "reflect"

// Teams is the name of the collection of teams.
const Teams = "teams"

// Team is one team of the registry, 团队. Its host's region counts.
type Team struct {
	Meta
	TeamFields
	Tracked
}

// TeamFields is the part of a team that its users may write.
type TeamFields struct {
	Name    string   `json:"name" validate:"required,max=120"`
	Aliases []string `json:"aliases,omitempty" validate:"max=10,dive,required,max=120"`
	Lead    Lead     `json:"lead,omitzero"`
	Members []Member `json:"members,omitempty" validate:"max=200,dive"`
	Host    Employer `json:"host,omitzero"` // 依托单位

	Region     string     `json:"region,omitempty" validate:"omitempty,term=region"`
	Unit       string     `json:"unit,omitempty" validate:"max=80"`
	Owner      string     `json:"owner,omitempty" validate:"max=40"`
	NextAction NextAction `json:"nextAction,omitzero"`

	Track        string   `json:"track" validate:"required,term=track"`
	Mode         string   `json:"mode,omitempty" validate:"omitempty,term=mode"`
	Origin       string   `json:"origin,omitempty" validate:"omitempty,term=origin"`
	Channel      string   `json:"channel,omitempty" validate:"omitempty,term=channel"`
	Tier         string   `json:"tier,omitempty" validate:"omitempty,term=team-tier"`
	Industry     string   `json:"industry,omitempty" validate:"omitempty,term=industry"`
	IndustryMore []string `json:"industryMore,omitempty" validate:"max=10,dive,term=industry"`
	Sector       string   `json:"sector,omitempty" validate:"omitempty,term=sector"`
	SectorMore   []string `json:"sectorMore,omitempty" validate:"max=10,dive,term=sector"`
	Directions   []string `json:"directions,omitempty" validate:"max=10,dive,term=direction"`
	Specialties  []string `json:"specialties,omitempty" validate:"max=30,dive,required,max=80"`
	Bio          string   `json:"bio,omitempty" validate:"max=8000"` // 团队简介

	Agreements   []Agreement    `json:"agreements,omitempty" validate:"max=40,dive"`
	Services     []Service      `json:"services,omitempty" validate:"max=400,dive"`
	Titles       []Title        `json:"titles,omitempty" validate:"max=40,dive"`
	Achievements []Achievement  `json:"achievements,omitempty" validate:"max=500,dive"`
	Supports     []Support      `json:"supports,omitempty" validate:"max=100,dive"`
	Integrity    []Decision     `json:"integrity,omitempty" validate:"max=40,dive"`
	NoPublicity  bool           `json:"noPublicity,omitempty"`
	Tags         []string       `json:"tags,omitempty" validate:"max=30,dive,required,max=40"`
	Source       string         `json:"source,omitempty" validate:"max=120"`
	Notes        string         `json:"notes,omitempty" validate:"max=8000"`
	Attributes   map[string]any `json:"attributes,omitempty" validate:"max=60"`
}

// Lead is 带头人. One lead counts for one team.
type Lead struct {
	Talent string `json:"talent,omitempty" validate:"max=26"`
	Name   string `json:"name,omitempty" validate:"max=80"`
}

// Member is one person of a team, for as long as they are in it.
type Member struct {
	ID     string `json:"id" validate:"max=40"`
	Talent string `json:"talent,omitempty" validate:"max=26"`
	Name   string `json:"name" validate:"required,max=80"`
	Role   string `json:"role,omitempty" validate:"max=60"`
	From   Date   `json:"from,omitempty" validate:"omitempty,day"`
	To     Date   `json:"to,omitempty" validate:"omitempty,day,order=From"`
}

// TeamLists are the paths of a team that hold items.
var TeamLists = Lists(reflect.TypeFor[Team]())

// TeamCatalogue is every stored field of a team.
var TeamCatalogue = rows([]Field{
	{Path: "name", Card: Staff | Viewer, Search: ByName, Sort: true},
	{Path: "aliases", Many: true, Search: ByName},
	{Path: "lead/talent", Name: "leadTalent", Kind: Ref, Of: Talents, Facet: true, Fact: true},
	{Path: "lead/name", Name: "lead", Card: Staff | Viewer, Search: ByName},
	{Path: "members/*/talent", Name: "memberTalent", Kind: Ref, Of: Talents, Many: true, Facet: true, Fact: true},
	{Path: "members/*/name", Search: ByRest},
	{Path: "members/*/role"},
	{Path: "members/*/from", Kind: Day},
	{Path: "members/*/to", Kind: Day},
	{Path: "host/kind"},
	{Path: "host/id", Name: "host", Facet: true, Fact: true},
	{Path: "host/name", Name: "organisation", Card: Staff | Viewer, Search: ByOrganisation, Sort: true},
	{Path: "region", Class: K1, Kind: Coded, Taxonomy: TaxRegion, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "unit", Card: Staff | Viewer, Facet: true},
	{Path: "owner", Kind: Ref, Of: Users, Card: Staff, Facet: true},
	{Path: "nextAction/what", Card: Staff},
	{Path: "nextAction/due", Name: "due", Kind: Day, Card: Staff, Sort: true},
	{Path: "track", Class: K1, Kind: Coded, Taxonomy: TaxTrack, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "mode", Kind: Coded, Taxonomy: TaxMode, Card: Staff, Facet: true, Fact: true},
	{Path: "origin", Class: K1, Kind: Coded, Taxonomy: TaxOrigin, Card: Staff | Masked, Facet: true, Fact: true},
	{Path: "channel", Kind: Coded, Taxonomy: TaxChannel, Card: Staff, Facet: true},
	{Path: "tier", Class: K1, Kind: Coded, Taxonomy: TaxTeamTier, Card: Staff | Viewer, Facet: true, Fact: true, Sort: true},
	{Path: "industry", Class: K1, Kind: Coded, Taxonomy: TaxIndustry, Card: Staff | Viewer | Masked, Facet: true, Fact: true},
	{Path: "industryMore", Kind: Coded, Taxonomy: TaxIndustry, Many: true, Facet: true},
	{Path: "sector", Class: K1, Kind: Coded, Taxonomy: TaxSector, Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "sectorMore", Kind: Coded, Taxonomy: TaxSector, Many: true, Facet: true},
	{Path: "directions", Class: K1, Kind: Coded, Taxonomy: TaxDirection, Many: true, Card: Staff | Masked, Facet: true},
	{Path: "specialties", Many: true, Card: Staff, Search: BySpecialty},
	{Path: "bio", Kind: Long, Search: ByRest},
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
	{Path: "noPublicity", Kind: YesNo, Facet: true},
	{Path: "tags", Many: true, Card: Staff, Search: ByRest, Facet: true},
	{Path: "source", Card: Staff},
	{Path: "notes", Kind: Long, Search: ByRest},
	{Path: "stage", Class: K1, Kind: Coded, Taxonomy: "stage", Card: Staff | Viewer, Facet: true, Fact: true},
	{Path: "stageSince", Kind: Day, Card: Staff | Viewer, Sort: true, Derived: true},
	{Path: "archivedOn", Kind: Day, Card: Staff, Fact: true},
	{Path: "mergedInto", Kind: Ref, Of: Teams},
})
