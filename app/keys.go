package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"strings"
	"time"

	"qunxian/schemas"
)

const (
	keyMark    = "tlt_"
	keyMaxLife = 366 * 24 * time.Hour
	base62     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// keyUseNoted is how far apart the uses of a key are noted.
const keyUseNoted = time.Hour

// CreateAPIKey makes a key for a user and returns its text, tlt_<id>_<secret>,
// which is shown once and kept only as a hash.
func (a *App) CreateAPIKey(ctx context.Context, userID, name string, scopes []string, expires schemas.Date) (string, *schemas.APIKey, error) {
	owner := a.users.cached.get(userID)
	if owner == nil {
		return "", nil, notFound()
	}
	if len(scopes) == 0 {
		scopes = []string{"read"}
	}
	now := a.Now()
	end := now.Add(keyMaxLife)
	if expires != "" {
		if !expires.Valid() {
			return "", nil, invalid("expires", "day", "")
		}
		at := expires.AddDays(1).Time()
		if !at.After(now) || at.After(end) {
			return "", nil, invalid("expires", "within", "366")
		}
		end = at
	}
	k := &schemas.APIKey{UserID: userID, Name: name, Scopes: scopes, ExpiresAt: schemas.At(end), Epoch: owner.Epoch}
	k.ID = a.newID()
	text := keyMark + k.ID + "_" + random62(43)
	k.Hash = hashOf(text)
	k, err := a.apikeys.create(ctx, k, How{})
	return text, k, err
}

func random62(n int) string {
	out := make([]byte, 0, n)
	buf := make([]byte, 64)
	for len(out) < n {
		_, _ = rand.Read(buf)
		for _, b := range buf {
			if b < 248 && len(out) < n { // 248 = 4 × 62: no letter is likelier
				out = append(out, base62[b%62])
			}
		}
	}
	return string(out)
}

// ByKey is who an API key acts for, as its owner is at this moment.
func (a *App) ByKey(ctx context.Context, text, ip string) (Actor, error) {
	id, _, _ := strings.Cut(strings.TrimPrefix(text, keyMark), "_")
	k := a.apikeys.cached.get(id)
	if k == nil || subtle.ConstantTimeCompare([]byte(k.Hash), []byte(hashOf(text))) != 1 || k.Revoked || !a.Now().Before(k.ExpiresAt.Time) {
		return Actor{}, unauthorized("error.key")
	}
	u := a.users.cached.get(k.UserID)
	if u == nil || u.Disabled || u.Epoch != k.Epoch {
		return Actor{}, unauthorized("error.key")
	}
	if now := a.Now(); now.Sub(k.LastUsed.Time) > keyUseNoted {
		if _, err := a.apikeys.update(WithActor(ctx, Actor{Local: true}), k.ID, 0, How{Action: "use"}, func(k *schemas.APIKey) error {
			k.LastUsed = schemas.At(now)
			return nil
		}); err != nil {
			a.log.Warn("use of a key not noted", "key", k.ID, "error", err)
		}
	}
	return Actor{User: u, KeyID: k.ID, Scopes: k.Scopes, IP: ip}, nil
}

// ListAPIKeys returns the keys of one user, or of all for "".
func (a *App) ListAPIKeys(_ context.Context, userID string) ([]*schemas.APIKey, error) {
	out := []*schemas.APIKey{}
	for _, k := range a.apikeys.cached.all() {
		if userID == "" || k.UserID == userID {
			out = append(out, k)
		}
	}
	return out, nil
}

// RevokeAPIKey ends a key at once.
func (a *App) RevokeAPIKey(ctx context.Context, id string) error {
	_, err := a.apikeys.update(ctx, id, 0, How{Action: "revoke"}, func(k *schemas.APIKey) error {
		k.Revoked = true
		return nil
	})
	return err
}
