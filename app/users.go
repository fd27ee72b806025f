package app

import (
	"context"
	"strings"

	"qunxian/schemas"
)

// ListUsers returns every user by name.
func (a *App) ListUsers(context.Context) ([]*schemas.User, error) { return a.users.cached.all(), nil }

// GetUser returns one user.
func (a *App) GetUser(ctx context.Context, id string) (*schemas.User, error) {
	return a.users.get(ctx, id)
}

// CreateUser adds someone who may sign in with the password.
func (a *App) CreateUser(ctx context.Context, f schemas.UserFields, password string, how How) (*schemas.User, error) {
	if err := checkPassword(password, f.Name); err != nil {
		return nil, err
	}
	phc, err := a.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	u := &schemas.User{UserFields: f, Password: phc, Epoch: 1, PasswordAt: a.now()}
	return a.users.create(ctx, u, how)
}

// UpdateUser edits a user. A change of roles, scope or the lock ends every
// credential of the user on the next request.
func (a *App) UpdateUser(ctx context.Context, id string, version int64, how How, edit func(*schemas.UserFields) error) (*schemas.User, error) {
	return a.users.update(ctx, id, version, how, func(u *schemas.User) error {
		was := u.UserFields
		if err := edit(&u.UserFields); err != nil {
			return err
		}
		if !sameRights(&was, &u.UserFields) {
			u.Epoch++
		}
		if was.Is(schemas.Admin) && !was.Disabled && (!u.Is(schemas.Admin) || u.Disabled) && a.lastAdmin(id) {
			return invalid("roles", "lastadmin", "")
		}
		return nil
	})
}

func (a *App) lastAdmin(id string) bool {
	return a.users.cached.find(func(u *schemas.User) bool { return u.ID != id && u.Is(schemas.Admin) && !u.Disabled }) == nil
}

func sameRights(a, b *schemas.UserFields) bool {
	roles := func(u *schemas.UserFields) string {
		s := []string{}
		for _, r := range u.Roles {
			s = append(s, string(r))
		}
		return strings.Join(s, " ") + "|" + strings.Join(u.Regions, " ") + "|" + strings.Join(u.Units, " ") + "|" + u.EnterpriseID
	}
	return roles(a) == roles(b) && a.Disabled == b.Disabled && a.Auditor == b.Auditor
}

// normaliseUser holds that the enterprise of a user is there.
func (a *App) normaliseUser(_ context.Context, u *schemas.User) []schemas.FieldError {
	if u.EnterpriseID == "" {
		return nil
	}
	if _, known := a.enterprises.lists.index.Find(u.EnterpriseID); known {
		return nil
	}
	return []schemas.FieldError{{Field: "enterpriseId", Rule: "ref", Param: schemas.Enterprises}}
}

// ChangePassword replaces the actor's own password and ends every other
// credential of theirs.
func (a *App) ChangePassword(ctx context.Context, old, password string) error {
	actor, ok := ActorOf(ctx)
	if !ok || actor.User == nil {
		return &schemas.Error{Code: schemas.Unauthorized, Message: "error.sign_in"}
	}
	right, err := a.hasher.verify(ctx, actor.User.Password, old)
	if err != nil {
		return err
	}
	if !right {
		return invalid("old", "wrong", "")
	}
	return a.SetPassword(ctx, actor.User.ID, password, How{Action: "password"})
}

// SetPassword gives a user a new password and ends every credential of theirs.
func (a *App) SetPassword(ctx context.Context, id, password string, how How) error {
	u := a.users.cached.get(id)
	if u == nil {
		return notFound()
	}
	if err := checkPassword(password, u.Name); err != nil {
		return err
	}
	phc, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = a.users.update(ctx, id, 0, how, func(u *schemas.User) error {
		u.Password, u.PasswordAt = phc, a.now()
		u.Epoch++
		return nil
	})
	return err
}

// UserHistory returns the entries of a user.
func (a *App) UserHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.users.shown(ctx, id)
}

// UserNamed finds a user by the name they sign in with, or nil.
func (a *App) UserNamed(name string) *schemas.User {
	return a.users.cached.find(func(u *schemas.User) bool { return strings.EqualFold(u.Name, name) })
}
