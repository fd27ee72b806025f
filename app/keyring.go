package app

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"qunxian/schemas"
)

// Keyring seals K3 values and makes blind indexes. It is a file outside the
// data directory, readable by its owner only; who has the database without it
// has no personal data.
type Keyring struct {
	Active string            `json:"active"`
	Keys   map[string][]byte `json:"keys"`  // id → 32 bytes
	Index  []byte            `json:"index"` // never rotates: blind indexes must stay equal
	aeads  map[string]cipher.AEAD
}

// ErrKeyring is wrapped by every error of a keyring.
var ErrKeyring = errors.New("keyring")

// NewKeyring makes a keyring with one fresh key.
func NewKeyring() *Keyring {
	k := &Keyring{Active: "k1", Keys: map[string][]byte{"k1": make([]byte, 32)}, Index: make([]byte, 32)}
	_, _ = rand.Read(k.Keys["k1"])
	_, _ = rand.Read(k.Index)
	if err := k.ready(); err != nil {
		panic(err)
	}
	return k
}

// ReadKeyring reads the file. It refuses one that others can read, and wraps
// os.ErrNotExist where there is none.
func ReadKeyring(file string) (*Keyring, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s can be read by others; run chmod 600 on it", ErrKeyring, file)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	k := new(Keyring)
	if err := json.Unmarshal(b, k); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrKeyring, file, err)
	}
	return k, k.ready()
}

// Write makes the file, which must not exist yet.
func (k *Keyring) Write(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	b, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (k *Keyring) ready() error {
	k.aeads = map[string]cipher.AEAD{}
	for id, key := range k.Keys {
		if len(key) != 32 || strings.Contains(id, ":") {
			return fmt.Errorf("%w: key %q is not one of 32 bytes", ErrKeyring, id)
		}
		enc, err := hkdf.Key(sha256.New, key, nil, "qunxian field encryption", 32)
		if err != nil {
			return err
		}
		block, err := aes.NewCipher(enc)
		if err != nil {
			return err
		}
		if k.aeads[id], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return err
		}
	}
	if k.aeads[k.Active] == nil || len(k.Index) != 32 {
		return fmt.Errorf("%w: no active key or no index key", ErrKeyring)
	}
	return nil
}

// Seal encrypts a value for one place: AES-256-GCM with the place as
// associated data, so that a sealed value is worthless anywhere else.
func (k *Keyring) Seal(coll, id, path, plain string) schemas.Secret {
	b := k.aeads[k.Active].Seal(nil, nil, []byte(plain), place(coll, id, path))
	return schemas.Secret(schemas.SealMark + k.Active + ":" + base64.RawStdEncoding.EncodeToString(b))
}

// Open decrypts a value that was sealed for this place.
func (k *Keyring) Open(coll, id, path string, s schemas.Secret) (string, error) {
	rest, ok := strings.CutPrefix(string(s), schemas.SealMark)
	kid, text, ok2 := strings.Cut(rest, ":")
	aead := k.aeads[kid]
	if !ok || !ok2 || aead == nil {
		return "", fmt.Errorf("%w: %s/%s/%s: no key for this value", ErrKeyring, coll, id, path)
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err == nil {
		b, err = aead.Open(nil, nil, b, place(coll, id, path))
	}
	if err != nil {
		return "", fmt.Errorf("%w: %s/%s/%s: %w", ErrKeyring, coll, id, path, err)
	}
	return string(b), nil
}

func place(coll, id, path string) []byte { return []byte(coll + "|" + id + "|" + path) }

// Blind is the blind index of a normalised value: equal values of one kind
// have equal indexes, and without the keyring nobody can guess values.
func (k *Keyring) Blind(kind, normal string) string {
	m := hmac.New(sha256.New, k.Index)
	m.Write([]byte(kind + "|" + normal))
	return hex.EncodeToString(m.Sum(nil)[:16])
}
