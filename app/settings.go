package app

import (
	"context"

	"qunxian/schemas"
)

// settingID is the one document of settings.
const settingID = "office"

// Setting is the settings of the office as they are now.
func (a *App) Setting() schemas.SettingFields {
	if s := a.settings.cached.get(settingID); s != nil {
		return s.SettingFields
	}
	return schemas.SettingFields{IDNumberLate: true}
}

// GetSetting returns the settings' document.
func (a *App) GetSetting(ctx context.Context) (*schemas.Setting, error) {
	return a.settings.get(ctx, settingID)
}

// UpdateSetting edits the settings.
func (a *App) UpdateSetting(ctx context.Context, version int64, how How, edit func(*schemas.SettingFields) error) (*schemas.Setting, error) {
	return a.settings.update(ctx, settingID, version, how, func(s *schemas.Setting) error { return edit(&s.SettingFields) })
}
