package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
)

type userCmd struct {
	Add  userAddCmd  `cmd:"" help:"Add someone who signs in; the password is read from standard input."`
	List userListCmd `cmd:"" help:"List who can sign in."`
}

type userAddCmd struct {
	Name   string   `arg:"" help:"The name to sign in with."`
	Role   []string `required:"" enum:"officer,enterprise,organizer,evaluator,viewer,admin" placeholder:"ROLE" help:"officer, enterprise, organizer, evaluator, viewer or admin; several with commas."`
	Region []string `help:"Codes of the regions whose records the user sees; all where none is said."`
	Unit   []string `help:"Units whose records the user sees."`
	Shown  string   `name:"display-name" help:"The name that pages show."`
}

type userAddArgs struct {
	Fields   schemas.UserFields
	Password string
}

func init() {
	workers["user add"] = func(ctx context.Context, a *app.App, j job, out io.Writer) error {
		var args userAddArgs
		if err := json.Unmarshal(j.Args, &args); err != nil {
			return err
		}
		u, err := a.CreateUser(ctx, args.Fields, args.Password, app.How{})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, u.ID)
		return err
	}
	workers["user list"] = func(ctx context.Context, a *app.App, _ job, out io.Writer) error {
		users, err := a.ListUsers(ctx)
		for _, u := range users {
			state := ""
			if u.Disabled {
				state = " disabled"
			}
			fmt.Fprintf(out, "%s  %s  %v%s\n", u.ID, u.Name, u.Roles, state)
		}
		return err
	}
}

func (u *userAddCmd) Run(ctx context.Context, s *settings, c console) error {
	line, err := bufio.NewReader(io.LimitReader(c.in, 4096)).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if password == "" {
		return fmt.Errorf("user add reads the password from standard input, and there was none: %w", firstErr(err, io.ErrUnexpectedEOF))
	}
	f := schemas.UserFields{Name: u.Name, DisplayName: u.Shown, Regions: u.Region, Units: u.Unit}
	for _, r := range u.Role {
		f.Roles = append(f.Roles, schemas.Role(r))
	}
	return s.do(ctx, c, "user add", userAddArgs{f, password}, nil)
}

func firstErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

type userListCmd struct{}

func (userListCmd) Run(ctx context.Context, s *settings, c console) error {
	return s.do(ctx, c, "user list", nil, nil)
}

type keyCmd struct {
	Add    keyAddCmd    `cmd:"" help:"Make an API key for a user and print it, once."`
	Revoke keyRevokeCmd `cmd:"" help:"End an API key."`
}

type keyAddCmd struct {
	User    string       `arg:"" help:"Whose key it is: a name to sign in with."`
	Name    string       `help:"What it is for."`
	Scopes  []string     `default:"read" enum:"read,write,admin" help:"What it may do: ${enum}; several with commas."`
	Expires schemas.Date `placeholder:"YYYY-MM-DD" help:"Its last day; a year from now where none is said."`
}

func init() {
	workers["key add"] = func(ctx context.Context, a *app.App, j job, out io.Writer) error {
		var args keyAddCmd
		if err := json.Unmarshal(j.Args, &args); err != nil {
			return err
		}
		u := a.UserNamed(args.User)
		if u == nil {
			return fmt.Errorf("no user %q", args.User)
		}
		key, _, err := a.CreateAPIKey(ctx, u.ID, args.Name, args.Scopes, args.Expires)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, key)
		return err
	}
	workers["key revoke"] = func(ctx context.Context, a *app.App, j job, _ io.Writer) error {
		var id string
		if err := json.Unmarshal(j.Args, &id); err != nil {
			return err
		}
		return a.RevokeAPIKey(ctx, id)
	}
}

func (k *keyAddCmd) Run(ctx context.Context, s *settings, c console) error {
	return s.do(ctx, c, "key add", k, nil)
}

type keyRevokeCmd struct {
	ID string `arg:"" help:"The part of the key between tlt_ and the second _."`
}

func (k *keyRevokeCmd) Run(ctx context.Context, s *settings, c console) error {
	return s.do(ctx, c, "key revoke", k.ID, nil)
}
