package schemas

// Session is one signed-in browser. The id is the SHA-256 of the cookie, so a
// stolen database signs nobody in.
type Session struct {
	Meta
	UserID string `json:"userId"`
	Epoch  int64  `json:"epoch"` // the user's at sign-in
	SeenAt Time   `json:"seenAt"`
	Agent  string `json:"agent,omitempty"`
	IP     string `json:"ip,omitempty"`
}
