package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"qunxian/schemas"
)

// The cost of a password hash: OWASP's argon2id of 46 MiB and one pass.
const (
	argonMemory = 46 * 1024
	argonTime   = 1
	argonLanes  = 1
	argonKey    = 32
)

// hasher hashes passwords, two at a time: memory stays bounded however many
// people sign in.
type hasher struct {
	slots chan struct{}
	queue chan struct{}
	dummy string // the hash that a name nobody has is checked against
}

func newHasher() *hasher {
	h := &hasher{slots: make(chan struct{}, 2), queue: make(chan struct{}, 32)}
	h.dummy = argonHash(rand.Text())
	return h
}

func (h *hasher) enter(ctx context.Context) (func(), error) {
	select {
	case h.queue <- struct{}{}:
	default:
		return nil, &schemas.Error{Code: schemas.Unavailable, Message: "error.busy", Retry: 2}
	}
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots; <-h.queue }, nil
	case <-ctx.Done():
		<-h.queue
		return nil, ctx.Err()
	}
}

// hash makes the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return argonHash(password), nil
}

func argonHash(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	sum := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// verify reports whether the password is the one of the PHC string. For an
// empty string it does the same work and says no.
func (h *hasher) verify(ctx context.Context, phc, password string) (bool, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	missing := phc == ""
	if missing {
		phc = h.dummy
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("app: password hash of an unknown form")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false, fmt.Errorf("app: password hash: %w", err)
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || memory > 1<<20 || passes > 16 {
		return false, fmt.Errorf("app: password hash of an unknown form")
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && !missing, nil
}

// checkPassword refuses passwords that are short or easy to guess: fewer than
// 12 characters, the user's or the product's name, one character repeated.
func checkPassword(password, user string) error {
	low := strings.ToLower(password)
	switch {
	case utf8.RuneCountInString(password) < 12:
		return invalid("password", "min.length", "12")
	case len(password) > 1024:
		return invalid("password", "max.length", "1024")
	case user != "" && strings.Contains(low, strings.ToLower(user)), strings.Contains(low, "qunxian"), strings.Contains(low, "password"), strings.Contains(password, "群贤"),
		strings.Trim(password, password[:1]) == "", strings.HasPrefix("1234567890123456789012345678901234567890", password), strings.HasPrefix("qwertyuiopasdfghjklzxcvbnm", low):
		return invalid("password", "guessable", "")
	}
	return nil
}
