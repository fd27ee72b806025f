package app

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"qunxian/app/text"
	"qunxian/schemas"
)

// newValidator knows the rules of the schemas' tags beside validator's own:
//
//	code           a short latin name that never changes
//	account        a name to sign in with
//	day            YYYY-MM-DD
//	partial        YYYY, YYYY-MM or YYYY-MM-DD
//	birth          partial, or sealed
//	uscc           统一社会信用代码, GB 32100-2015
//	order=Field    a day, or a part of one, that is not before that of the field
//	term=taxonomy  a code of the taxonomy
func newValidator(term func(taxonomy, code string) bool) *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(schemas.JSONName)
	rule := func(name string, ok func(value, param string) bool) {
		if err := v.RegisterValidation(name, func(f validator.FieldLevel) bool { return ok(f.Field().String(), f.Param()) }); err != nil {
			panic(err)
		}
	}
	match := func(pattern string) func(string, string) bool {
		re := regexp.MustCompile(pattern)
		return func(s, _ string) bool { return re.MatchString(s) }
	}
	rule("code", match(`^[a-z0-9][a-z0-9-]{0,38}$`))
	rule("account", match(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,39}$`))
	rule("day", func(s, _ string) bool { return schemas.Date(s).Valid() })
	rule("partial", func(s, _ string) bool { return partialDate(s) })
	rule("birth", func(s, _ string) bool { return schemas.Secret(s).Sealed() || partialDate(s) })
	rule("uscc", func(s, _ string) bool { _, err := text.ParseUSCC(s); return err == nil })
	if err := v.RegisterValidation("order", func(f validator.FieldLevel) bool {
		from, to := f.Parent().FieldByName(f.Param()).String(), f.Field().String()
		n := min(len(from), len(to)) // 2019 is not before 2019-06
		return to[:n] >= from[:n]
	}); err != nil {
		panic(err)
	}
	rule("term", func(s, taxonomy string) bool { return term(taxonomy, s) })
	return v
}

func partialDate(s string) bool {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// check runs the tags' rules on a whole document.
func (a *App) check(ctx context.Context, doc any) error {
	var broken validator.ValidationErrors
	err := a.validate.StructCtx(ctx, doc)
	if !errors.As(err, &broken) {
		return err
	}
	e := &schemas.Error{Code: schemas.Invalid, Message: "error.invalid"}
	embedded := embeddedNames(reflect.TypeOf(doc))
	for _, f := range broken {
		e.Fields = append(e.Fields, schemas.FieldError{Field: pointer(f.Namespace(), embedded), Rule: ruleOf(f), Param: f.Param()})
	}
	return e
}

// ruleOf names a rule so that its message can say what is counted: characters,
// items, or the number itself.
func ruleOf(f validator.FieldError) string {
	if tag := f.Tag(); tag == "min" || tag == "max" || tag == "len" {
		switch f.Kind() {
		case reflect.String:
			return tag + ".length"
		case reflect.Slice, reflect.Map:
			return tag + ".items"
		}
	}
	return f.Tag()
}

// pointer turns Talent.TalentFields.agreements[0].from into agreements/0/from.
func pointer(namespace string, embedded map[string]bool) string {
	parts := strings.Split(namespace, ".")[1:]
	out := parts[:0]
	for _, p := range parts {
		if !embedded[p] {
			out = append(out, strings.NewReplacer("[", "/", "]", "").Replace(p))
		}
	}
	return strings.Join(out, "/")
}

func embeddedNames(t reflect.Type) map[string]bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	out := map[string]bool{}
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous {
			out[f.Name] = true
		}
	}
	return out
}
