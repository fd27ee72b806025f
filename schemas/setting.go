package schemas

// Setting is one document of settings that pages may change.
type Setting struct {
	Meta
	SettingFields
}

// SettingFields are the settings of the office.
type SettingFields struct {
	Office        string `json:"office,omitempty" validate:"max=80"` // 单位名称
	DefaultRegion string `json:"defaultRegion,omitempty" validate:"omitempty,term=region"`
	IDNumberLate  bool   `json:"idNumberLate"` // keep ID numbers only from 已签约 / 已认定 on
	PeriodFrom    Date   `json:"periodFrom,omitempty" validate:"omitempty,day"`
	PeriodTo      Date   `json:"periodTo,omitempty" validate:"omitempty,day"`
	SetUp         bool   `json:"setUp"`
	Demo          bool   `json:"demo,omitempty"` // 示例
}
