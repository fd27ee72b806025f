package app

import (
	"bytes"
	"encoding/json"
	"strings"

	"qunxian/app/text"
	"qunxian/schemas"
	"qunxian/store"
)

// cards makes the three list forms of a document from the catalogue: JSON
// objects whose keys are the rows' names. Nothing on them needs decrypting,
// so a list appends them as they are stored.
func (d *documents[T, P]) cards(doc P, leaves schemas.Leaves) (store.Cards, error) {
	var c store.Cards
	pinyin := ""
	if name, ok := leaves["name"]; ok {
		if r := text.Readings(texts(name)[0]); len(r) > 0 {
			pinyin = r[0]
		}
	}
	for _, on := range []schemas.On{schemas.Staff, schemas.Viewer, schemas.Masked} {
		b, err := d.card(on, doc, leaves, pinyin)
		if err != nil {
			return c, err
		}
		switch on {
		case schemas.Staff:
			c.Staff = b
		case schemas.Viewer:
			c.Viewer = b
		case schemas.Masked:
			c.Masked = b
		}
	}
	return c, nil
}

func (d *documents[T, P]) card(on schemas.On, doc P, leaves schemas.Leaves, pinyin string) ([]byte, error) {
	m := doc.DocMeta()
	w := cardWriter{}
	w.put("id", m.ID)
	w.put("version", m.Version)
	w.put("updatedAt", m.UpdatedAt)
	for i := range d.shape.rows {
		f := &d.shape.rows[i]
		if f.Card&on == 0 || f.Class == schemas.K3 {
			continue
		}
		if v, ok := leaves[f.Path]; ok {
			w.put(f.Name, v)
			if f.Path == "name" && on != schemas.Masked && pinyin != "" {
				w.put("pinyin", pinyin)
			}
		}
	}
	if on == schemas.Staff {
		custom := map[string]any{}
		for p, v := range leaves {
			if key, ok := strings.CutPrefix(p, "attributes/"); ok {
				custom[key] = v
			}
		}
		if len(custom) > 0 {
			w.put("attributes", custom)
		}
	}
	return w.end()
}

// cardWriter writes one flat JSON object in the order of its puts. Names are
// those of the catalogue, which need no escapes.
type cardWriter struct {
	b   bytes.Buffer
	err error
}

func (w *cardWriter) put(name string, v any) {
	if w.err != nil {
		return
	}
	if w.b.Len() == 0 {
		w.b.WriteString(`{"`)
	} else {
		w.b.WriteString(`,"`)
	}
	w.b.WriteString(name)
	w.b.WriteString(`":`)
	if s, ok := v.(string); ok && needsNoEscape(s) {
		w.b.WriteByte('"')
		w.b.WriteString(s)
		w.b.WriteByte('"')
		return
	}
	b, err := json.Marshal(v)
	w.err = err
	w.b.Write(b)
}

// needsNoEscape reports whether a text stands in JSON as it is: visible ASCII
// that means nothing to JSON or HTML, and Han.
func needsNoEscape(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' || r >= 0x7f && (r < 0x4e00 || r > 0x9fff) {
			return false
		}
	}
	return true
}

func (w *cardWriter) end() ([]byte, error) {
	w.b.WriteByte('}')
	return w.b.Bytes(), w.err
}
