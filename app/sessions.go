package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"qunxian/schemas"
)

// How long a session lasts, whatever the role, by the server's clock.
const (
	SessionIdle     = 30 * time.Minute
	SessionAbsolute = 12 * time.Hour
	sessionTouch    = time.Minute // a session's last use is stored no more often
)

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func unauthorized(message string) error {
	return &schemas.Error{Code: schemas.Unauthorized, Message: message}
}

// SignIn checks name and password and begins a session. The token is for the
// cookie; the database holds its hash. Unknown names, wrong passwords and
// disabled users get one and the same answer, after the same work.
func (a *App) SignIn(ctx context.Context, name, password, ip, agent string) (token string, s *schemas.Session, err error) {
	name = strings.TrimSpace(name)
	u := a.UserNamed(name)
	phc := ""
	if u != nil {
		phc, name = u.Password, u.Name // however it is written, it is one account that is guessed at
	}
	if err := a.throttle.wait(name, ip, a.Now()); err != nil {
		return "", nil, err
	}
	right, err := a.hasher.verify(ctx, phc, password)
	if err != nil {
		return "", nil, err
	}
	if !right || u.Disabled {
		a.throttle.failed(name, ip, a.Now())
		return "", nil, unauthorized("error.sign_in_failed")
	}
	a.throttle.passed(name, ip)
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	token = base64.RawURLEncoding.EncodeToString(raw)
	s = &schemas.Session{UserID: u.ID, Epoch: u.Epoch, SeenAt: a.now(), IP: ip, Agent: clip(agent, 200)}
	s.ID = hashOf(token)
	as := WithActor(ctx, Actor{User: u})
	s, err = a.sessions.create(as, s, How{})
	return token, s, err
}

func clip(s string, n int) string {
	r := []rune(strings.ToValidUTF8(s, ""))
	return string(r[:min(n, len(r))])
}

// BySession is who a cookie's token acts for, as the user is at this moment.
func (a *App) BySession(ctx context.Context, token, ip string) (Actor, error) {
	s := a.sessions.cached.get(hashOf(token))
	if s == nil {
		return Actor{}, unauthorized("error.sign_in")
	}
	now := a.Now()
	u := a.users.cached.get(s.UserID)
	if u == nil || u.Disabled || u.Epoch != s.Epoch || now.Sub(s.SeenAt.Time) > SessionIdle || now.Sub(s.CreatedAt.Time) > SessionAbsolute || now.Before(s.CreatedAt.Add(-time.Minute)) {
		a.endSession(ctx, s)
		return Actor{}, unauthorized("error.session_ended")
	}
	if now.Sub(s.SeenAt.Time) > sessionTouch {
		if _, err := a.sessions.update(WithActor(ctx, Actor{User: u}), s.ID, 0, How{}, func(s *schemas.Session) error {
			s.SeenAt = a.now()
			return nil
		}); err != nil {
			return Actor{}, err
		}
	}
	return Actor{User: u, Session: s.ID, IP: ip}, nil
}

// SignOut ends the actor's session.
func (a *App) SignOut(ctx context.Context) error {
	actor, _ := ActorOf(ctx)
	if s := a.sessions.cached.get(actor.Session); s != nil {
		a.endSession(ctx, s)
	}
	return nil
}

// SignOutEverywhere ends every session of the actor.
func (a *App) SignOutEverywhere(ctx context.Context) error {
	actor, ok := ActorOf(ctx)
	if !ok || actor.User == nil {
		return unauthorized("error.sign_in")
	}
	_, err := a.users.update(ctx, actor.User.ID, 0, How{Action: "sign-out"}, func(u *schemas.User) error {
		u.Epoch++
		return nil
	})
	return err
}

// ListSessions returns the actor's live sessions.
func (a *App) ListSessions(ctx context.Context) ([]*schemas.Session, error) {
	actor, _ := ActorOf(ctx)
	out := []*schemas.Session{}
	for _, s := range a.sessions.cached.all() {
		if actor.User != nil && s.UserID == actor.User.ID && s.Epoch == actor.User.Epoch {
			out = append(out, s)
		}
	}
	return out, nil
}

func (a *App) endSession(ctx context.Context, s *schemas.Session) {
	a.sessions.cached.drop(s.ID)
	if err := a.store.Delete(ctx, schemas.Sessions, s.ID, s.Version); err != nil {
		a.log.WarnContext(ctx, "session not deleted", "error", err)
	}
}
