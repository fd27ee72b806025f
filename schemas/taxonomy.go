package schemas

// Taxonomy is a versioned list of codes: industries, tiers, stages, regions
// and every other list that is data. Its id is its name in catalogues.
type Taxonomy struct {
	Meta
	TaxonomyFields
}

// TaxonomyFields is the part of a taxonomy that an admin may write.
type TaxonomyFields struct {
	Name      string  `json:"name" validate:"required,max=60"`
	NameEn    string  `json:"nameEn,omitempty" validate:"max=80"`
	Source    string  `json:"source,omitempty" validate:"max=500"` // where the list comes from
	Presumed  bool    `json:"presumed,omitempty"`                  // 推定，待确认
	Terms     []Term  `json:"terms" validate:"max=2000,dive"`
	Crosswalk []Cross `json:"crosswalk,omitempty" validate:"max=2000,dive"`
}

// Term is one code. The id is the code that records hold; it never changes.
type Term struct {
	ID         string   `json:"id" validate:"required,code"`
	Name       string   `json:"name" validate:"required,max=80" text:"kept"`
	NameEn     string   `json:"nameEn,omitempty" validate:"max=120"`
	Parent     string   `json:"parent,omitempty" validate:"max=40"`
	Aliases    []string `json:"aliases,omitempty" validate:"max=60,dive,max=80"`
	Order      int      `json:"order,omitempty"`
	Retired    bool     `json:"retired,omitempty"`
	ReplacedBy string   `json:"replacedBy,omitempty" validate:"max=40"`
	Leading    bool     `json:"leading,omitempty"` // of a tier: 领军 or above
	Counts     bool     `json:"counts,omitempty"`  // of a stage: 在库
	Aside      bool     `json:"aside,omitempty"`   // of a stage: beside the path (暂缓, 婉拒)
	Dated      bool     `json:"dated,omitempty"`   // of a stage: records date, 文号, conclusion, attachment
	Next       []string `json:"next,omitempty" validate:"max=40,dive,max=40"`
}

// Cross maps one code of this taxonomy to one of another. An empty To is the
// explicit 未对应.
type Cross struct {
	ID       string `json:"id" validate:"required,max=60"`
	From     string `json:"from" validate:"required,max=40"`
	Taxonomy string `json:"taxonomy" validate:"required,max=40"`
	To       string `json:"to,omitempty" validate:"max=40"`
	Presumed bool   `json:"presumed,omitempty"`
	Note     string `json:"note,omitempty" validate:"max=300"`
}

// Term returns the term with this code, or nil.
func (t *Taxonomy) Term(code string) *Term {
	for i := range t.Terms {
		if t.Terms[i].ID == code {
			return &t.Terms[i]
		}
	}
	return nil
}

// The taxonomies that the rules of the product name.
const (
	TaxIndustry       = "industry"        // 八大产业
	TaxSector         = "sector"          // 专栏领域
	TaxTier           = "tier"            // 人才层次
	TaxTeamTier       = "team-tier"       // 团队层次
	TaxTalentType     = "talent-type"     // 人才类型
	TaxRegion         = "region"          // 县区
	TaxStageRecruit   = "stage-recruit"   // 引进阶段
	TaxStageCultivate = "stage-cultivate" // 培育阶段
	TaxTrack          = "track"           // 引 / 育
	TaxOrigin         = "origin"          // 本地 / 域外
	TaxMode           = "mode"            // 用人方式
	TaxCooperation    = "cooperation"     // 合作方式
	TaxChannel        = "channel"         // 引才渠道
	TaxGender         = "gender"          // GB/T 2261.1
	TaxEducation      = "education"       // 学历 GB/T 4658-2006
	TaxDegree         = "degree"          // 学位 GB/T 6864-2003
	TaxRank           = "rank"            // 职称 ranks
	TaxAchievement    = "achievement"     // kinds of achievement
	TaxDirection      = "direction"       // 技术方向, the controlled list of the masked card
	TaxQualification  = "qualification"   // 企业资质
	TaxDocument       = "document"        // kinds of identity document
	TaxContact        = "contact"         // kinds of contact
	TaxConsent        = "consent"         // 原单位意见
)
