package schemas

import "slices"

// Role is one of the roles of the product; a user has one or several.
type Role string

// The roles.
const (
	Officer   Role = "officer"    // 人才专员
	Company   Role = "enterprise" // 企业用户
	Organizer Role = "organizer"  // 活动组织者
	Evaluator Role = "evaluator"  // 评审专家
	Reader    Role = "viewer"     // 领导（查阅）
	Admin     Role = "admin"      // 管理员
)

// Roles is every role, in the order of the product's pages.
var Roles = []Role{Officer, Company, Organizer, Evaluator, Reader, Admin}

// User is someone who signs in. The id is a ULID; Name is what they type.
type User struct {
	Meta
	UserFields
	Password   string `json:"password,omitempty"` // PHC string, argon2id
	Epoch      int64  `json:"epoch"`              // rises when every credential of the user must end
	PasswordAt Time   `json:"passwordAt"`
}

// UserFields is the part of a user that an admin may write.
type UserFields struct {
	Name         string   `json:"name" validate:"required,min=2,max=40,account"`
	DisplayName  string   `json:"displayName,omitempty" validate:"max=40"`
	Roles        []Role   `json:"roles" validate:"required,min=1,max=6,dive,oneof=officer enterprise organizer evaluator viewer admin"`
	Auditor      bool     `json:"auditor,omitempty"`
	Regions      []string `json:"regions,omitempty" validate:"max=40,dive,term=region"`
	Units        []string `json:"units,omitempty" validate:"max=40,dive,max=80"`
	EnterpriseID string   `json:"enterpriseId,omitempty" validate:"max=26"`
	Disabled     bool     `json:"disabled,omitempty"`
	Lang         string   `json:"lang,omitempty" validate:"omitempty,oneof=zh-CN en"`
}

// Is reports whether the user has the role.
func (u *UserFields) Is(r Role) bool { return slices.Contains(u.Roles, r) }

// Staff reports whether the user works for the bureau and may see K2 fields.
func (u *UserFields) Staff() bool {
	return u.Is(Officer) || u.Is(Organizer) || u.Is(Admin)
}
