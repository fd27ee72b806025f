package schemas

// APIKey lets a program act for a user. The key is shown once; only its
// SHA-256 is kept.
type APIKey struct {
	Meta
	UserID    string   `json:"userId"`
	Name      string   `json:"name,omitempty" validate:"max=60"`
	Hash      string   `json:"hash"`
	Scopes    []string `json:"scopes,omitempty" validate:"max=10,dive,oneof=read write admin"`
	ExpiresAt Time     `json:"expiresAt"`
	LastUsed  Time     `json:"lastUsed"`
	Revoked   bool     `json:"revoked,omitempty"`
	Epoch     int64    `json:"epoch,omitempty"` // the owner's when it was made; it ends with that
}
