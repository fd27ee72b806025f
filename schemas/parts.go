package schemas

// The parts that talents, teams and enterprises share. Items of arrays have
// ids, made by the product where a writer leaves them out.

// Affiliation is where a person works now.
type Affiliation struct {
	Organisation string `json:"organisation,omitempty" validate:"max=120"`
	Institution  string `json:"institution,omitempty" validate:"max=40"` // id in the list of institutions
	Department   string `json:"department,omitempty" validate:"max=120"`
	Position     string `json:"position,omitempty" validate:"max=80"` // 职务
}

// Employer is 用人单位: the enterprise or institution of the city that a person
// works for or with. The record counts under its region, once.
type Employer struct {
	Kind string `json:"kind,omitempty" validate:"omitempty,oneof=enterprise institution"`
	ID   string `json:"id,omitempty" validate:"max=40"`
	Name string `json:"name,omitempty" validate:"max=120"`
}

// Agreement is a contract with an employer of the city.
type Agreement struct {
	ID         string `json:"id" validate:"max=40"`
	Employer   string `json:"employer,omitempty" validate:"max=120"`
	Number     string `json:"number,omitempty" validate:"max=60"`
	Signed     Date   `json:"signed,omitempty" validate:"omitempty,day"`
	From       Date   `json:"from,omitempty" validate:"omitempty,day"`
	To         Date   `json:"to,omitempty" validate:"omitempty,day,order=From"`
	Days       int    `json:"days,omitempty" validate:"min=0,max=366"` // service days agreed a year
	Consent    string `json:"consent,omitempty" validate:"omitempty,term=consent"`
	Attachment string `json:"attachment,omitempty" validate:"max=200"`
}

// Service is work done for an enterprise of the city.
type Service struct {
	ID         string `json:"id" validate:"max=40"`
	From       Date   `json:"from,omitempty" validate:"omitempty,day"`
	To         Date   `json:"to,omitempty" validate:"omitempty,day,order=From"`
	Days       int    `json:"days,omitempty" validate:"min=0,max=366"`
	Enterprise string `json:"enterprise,omitempty" validate:"max=120"`
	Content    string `json:"content,omitempty" validate:"max=1000"`
	Evidence   string `json:"evidence,omitempty" validate:"max=300"`
	VerifiedBy string `json:"verifiedBy,omitempty" validate:"max=40"`
}

// Schooling is one education.
type Schooling struct {
	ID        string `json:"id" validate:"max=40"`
	Level     string `json:"level,omitempty" validate:"omitempty,term=education"` // 学历
	Degree    string `json:"degree,omitempty" validate:"omitempty,term=degree"`   // 学位
	AsWritten string `json:"asWritten,omitempty" validate:"max=120"`
	School    string `json:"school,omitempty" validate:"max=120"`
	Major     string `json:"major,omitempty" validate:"max=120"`
	On        string `json:"on,omitempty" validate:"omitempty,partial"`
	FullTime  *bool  `json:"fullTime,omitempty"`
}

// Employment is one earlier post.
type Employment struct {
	ID           string `json:"id" validate:"max=40"`
	Organisation string `json:"organisation,omitempty" validate:"max=120"`
	Position     string `json:"position,omitempty" validate:"max=120"`
	From         string `json:"from,omitempty" validate:"omitempty,partial"`
	To           string `json:"to,omitempty" validate:"omitempty,partial,order=From"`
}

// Title is 人才称号 or a place in a talent plan.
type Title struct {
	ID         string `json:"id" validate:"max=40"`
	Name       string `json:"name,omitempty" validate:"max=120"`
	Level      string `json:"level,omitempty" validate:"max=40"`
	Batch      string `json:"batch,omitempty" validate:"max=40"`
	DocNo      string `json:"docNo,omitempty" validate:"max=80"` // 文号
	Authority  string `json:"authority,omitempty" validate:"max=120"`
	ValidUntil Date   `json:"validUntil,omitempty" validate:"omitempty,day"`
	Evidence   string `json:"evidence,omitempty" validate:"max=300"`
}

// Achievement is a project, patent, product, standard, award, conversion, key
// technology or paper.
type Achievement struct {
	ID         string `json:"id" validate:"max=40"`
	Kind       string `json:"kind,omitempty" validate:"omitempty,term=achievement"`
	Title      string `json:"title" validate:"required,max=400"`
	Number     string `json:"number,omitempty" validate:"max=80"`
	Category   string `json:"category,omitempty" validate:"max=120"`
	Role       string `json:"role,omitempty" validate:"max=60"`
	Year       int    `json:"year,omitempty" validate:"omitempty,min=1900,max=2100"`
	Level      string `json:"level,omitempty" validate:"max=60"`
	Evidence   string `json:"evidence,omitempty" validate:"max=300"`
	VerifiedBy string `json:"verifiedBy,omitempty" validate:"max=40"`
}

// Support is money or a project given by the city.
type Support struct {
	ID      string  `json:"id" validate:"max=40"`
	Project string  `json:"project,omitempty" validate:"max=200"`
	Money   float64 `json:"money,omitempty" validate:"min=0"` // 万元
	Year    int     `json:"year,omitempty" validate:"omitempty,min=1900,max=2100"`
	DocNo   string  `json:"docNo,omitempty" validate:"max=80"`
}

// Decision is a formal decision on research integrity.
type Decision struct {
	ID       string `json:"id" validate:"max=40"`
	DocNo    string `json:"docNo" validate:"required,max=80"`
	Body     string `json:"body" validate:"required,max=120"`
	From     Date   `json:"from" validate:"required,day"`
	To       Date   `json:"to,omitempty" validate:"omitempty,day,order=From"`
	Repaired bool   `json:"repaired,omitempty"` // 已修复
}

// Tie is what links a talent to somebody: who could introduce us.
type Tie struct {
	ID     string `json:"id" validate:"max=40"`
	Kind   string `json:"kind" validate:"required,oneof=alumni supervisor coworker hometown"`
	Name   string `json:"name,omitempty" validate:"max=80"`
	Talent string `json:"talent,omitempty" validate:"max=26"`
	Note   string `json:"note,omitempty" validate:"max=200"`
}

// Contact is one way to reach somebody. The value is K3.
type Contact struct {
	ID    string `json:"id" validate:"max=40"`
	Kind  string `json:"kind" validate:"required,term=contact"`
	Value Secret `json:"value" validate:"required,max=400"`
	Note  Secret `json:"note,omitempty" validate:"max=400"`
}

// Consent is one consent of the person; all of it is K3.
type Consent struct {
	ID          string `json:"id" validate:"max=40"`
	Purpose     Secret `json:"purpose" validate:"required,max=400"`
	Recipient   Secret `json:"recipient,omitempty" validate:"max=400"`
	Notice      Secret `json:"notice,omitempty" validate:"max=400"` // version of the notice shown
	Basis       Secret `json:"basis,omitempty" validate:"max=400"`
	At          Secret `json:"at,omitempty" validate:"max=400"`
	By          Secret `json:"by,omitempty" validate:"max=400"`
	Evidence    Secret `json:"evidence,omitempty" validate:"max=400"`
	WithdrawnAt Secret `json:"withdrawnAt,omitempty" validate:"max=400"`
}

// NextAction is what the owner does next, and by when.
type NextAction struct {
	What string `json:"what,omitempty" validate:"max=200"`
	Due  Date   `json:"due,omitempty" validate:"omitempty,day"`
}

// Lawful says why a record of a person may be kept.
type Lawful struct {
	Basis       string `json:"basis,omitempty" validate:"omitempty,oneof=consent statutory hr public"`
	Purpose     string `json:"purpose,omitempty" validate:"max=200"`
	Notice      string `json:"notice,omitempty" validate:"max=40"`
	RetainUntil Date   `json:"retainUntil,omitempty" validate:"omitempty,day"`
}
