package handlers

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/swaggest/jsonschema-go"

	"qunxian/schemas"
)

// schemaNames makes JSON Schemas of types, each with a name of its own under components.
type schemaNames struct {
	reflector jsonschema.Reflector
	all       map[string]any
	types     map[string]reflect.Type // by name
}

const schemaPlace = "#/components/schemas/"

func newSchemas() *schemaNames {
	n := &schemaNames{all: map[string]any{}, types: map[string]reflect.Type{}}
	n.reflector.DefaultOptions = []func(*jsonschema.ReflectContext){
		jsonschema.DefinitionsPrefix(schemaPlace),
		jsonschema.InterceptDefName(n.name),
		jsonschema.InterceptNullability(func(p jsonschema.InterceptNullabilityParams) { p.Schema.RemoveType(jsonschema.Null) }),
		jsonschema.InterceptSchema(written),
		jsonschema.InterceptProp(rules),
		jsonschema.CollectDefinitions(func(name string, s jsonschema.Schema) { n.all[name] = plainSchema(s) }),
	}
	return n
}

// written gives the types that write their own JSON their schemas.
func written(p jsonschema.InterceptSchemaParams) (stop bool, err error) {
	switch p.Value.Type() {
	case reflect.TypeFor[schemas.Time]():
		*p.Schema = *(&jsonschema.Schema{}).WithType(jsonschema.String.Type()).WithFormat("date-time")
	case reflect.TypeFor[schemas.Date]():
		*p.Schema = *(&jsonschema.Schema{}).WithType(jsonschema.String.Type()).WithFormat("date")
	case reflect.TypeFor[json.RawMessage]():
		*p.Schema = jsonschema.Schema{}
	default:
		return false, nil
	}
	return true, nil
}

// name is the type's own, unless another package has one of that name.
func (n *schemaNames) name(t reflect.Type, usual string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, t.Name()[strings.LastIndexByte(t.Name(), '/')+1:])
	if name == "" {
		return usual
	}
	name = strings.ToUpper(name[:1]) + name[1:]
	if old, taken := n.types[name]; taken && old != t {
		return usual
	}
	n.types[name] = t
	return name
}

// of is the schema of a type: the place of a named one.
func (n *schemaNames) of(t reflect.Type) (any, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s, err := n.reflector.Reflect(reflect.New(t).Elem().Interface(), jsonschema.RootRef)
	return plainSchema(s), err
}

// patch is the schema of a merge patch: nothing is required, and null clears.
func (n *schemaNames) patch(t reflect.Type) (any, error) {
	whole, err := n.of(t)
	if err != nil {
		return nil, err
	}
	place, _ := whole.(object)["$ref"].(string)
	name := strings.TrimPrefix(place, schemaPlace)
	full, _ := n.all[name].(object)
	fields, ok := full["properties"].(object)
	if !ok {
		return whole, nil
	}
	own := object{}
	for field, s := range fields {
		own[field] = object{"anyOf": []any{s, object{"type": "null"}}}
	}
	n.all[name+"Patch"] = object{"type": "object", "properties": own}
	return object{"$ref": schemaPlace + name + "Patch"}, nil
}

// text is the schema of a value that comes as text.
func (n *schemaNames) text(s slot) (any, error) {
	t := s.typ
	if t == reflect.TypeFor[version]() {
		return object{"type": "string", "pattern": `^"[0-9]+"$`, "description": "The version that was read, in quotes."}, nil
	}
	if t != reflect.TypeFor[schemas.Time]() && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return object{"type": "string"}, nil
	}
	return n.of(t)
}

// plainSchema is a schema as plain JSON values, for reading and changing.
func plainSchema(s jsonschema.Schema) any {
	s.Definitions = nil
	b, err := json.Marshal(s)
	if err != nil {
		return true
	}
	var out any
	if json.Unmarshal(b, &out) != nil {
		return true
	}
	return out
}

var formats = map[string]string{"email": "email", "url": "uri", "http_url": "uri", "day": "date"}

var patterns = map[string]string{
	"ulid":    `^[0-7][0-9A-HJKMNP-TV-Z]{25}$`,
	"partial": `^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`,
}

// rules maps the validate tag of a field, the one source of rules, onto its schema.
func rules(p jsonschema.InterceptPropParams) error {
	tag := p.Field.Tag.Get("validate")
	if tag == "" || tag == "-" || !p.Processed {
		return nil
	}
	s := p.PropertySchema
	for i, level := range strings.Split(","+tag, ",dive") {
		if i > 0 {
			if s = elements(s); s == nil {
				return nil
			}
		}
		for rule := range strings.SplitSeq(strings.Trim(level, ","), ",") {
			name, param, _ := strings.Cut(rule, "=")
			if name == "required" && i == 0 && p.ParentSchema != nil && !slices.Contains(p.ParentSchema.Required, p.Name) {
				p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
			}
			if s.Ref == nil {
				apply(s, name, param)
			}
		}
	}
	return nil
}

// elements is the schema of an array's elements or a map's values.
func elements(s *jsonschema.Schema) *jsonschema.Schema {
	switch {
	case s.Items != nil && s.Items.SchemaOrBool != nil:
		return s.Items.SchemaOrBool.TypeObject
	case s.AdditionalProperties != nil:
		return s.AdditionalProperties.TypeObject
	}
	return nil
}

func apply(s *jsonschema.Schema, name, param string) {
	n, err := strconv.ParseFloat(param, 64)
	switch name {
	case "min", "gte", "max", "lte", "len":
		if err == nil {
			bounds(s, n, name != "max" && name != "lte", name != "min" && name != "gte")
		}
	case "gt":
		s.ExclusiveMinimum = &n
	case "lt":
		s.ExclusiveMaximum = &n
	case "oneof":
		s.Enum = nil
		for v := range strings.FieldsSeq(param) {
			if number, err := strconv.ParseFloat(v, 64); err == nil && !s.HasType(jsonschema.String) {
				s.Enum = append(s.Enum, number)
			} else {
				s.Enum = append(s.Enum, v)
			}
		}
	case "term":
		s.WithExtraPropertiesItem("x-taxonomy", param)
	case "unique":
		s.WithUniqueItems(true)
	}
	if f, ok := formats[name]; ok {
		s.WithFormat(f)
	}
	if p, ok := patterns[name]; ok {
		s.WithPattern(p)
	}
}

// bounds sets the least or greatest length, number of items or value.
func bounds(s *jsonschema.Schema, n float64, least, greatest bool) {
	set := func(chosen bool, length func(int64), items func(int64), value func(float64)) {
		switch {
		case !chosen:
		case s.HasType(jsonschema.String):
			length(int64(n))
		case s.HasType(jsonschema.Array):
			items(int64(n))
		case s.HasType(jsonschema.Object):
		default:
			value(n)
		}
	}
	set(least, func(n int64) { s.WithMinLength(n) }, func(n int64) { s.WithMinItems(n) }, func(n float64) { s.WithMinimum(n) })
	set(greatest, func(n int64) { s.WithMaxLength(n) }, func(n int64) { s.WithMaxItems(n) }, func(n float64) { s.WithMaximum(n) })
}
