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
	for _, on := range []schemas.On{schemas.Staff, schemas.Viewer, schemas.Masked} {
		b, err := d.card(on, doc, leaves)
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

func (d *documents[T, P]) card(on schemas.On, doc P, leaves schemas.Leaves) ([]byte, error) {
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
			if f.Path == "name" && on != schemas.Masked {
				if r := text.Readings(texts(v)[0]); len(r) > 0 {
					w.put("pinyin", r[0])
				}
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

// cardWriter writes one flat JSON object in the order of its puts.
type cardWriter struct {
	b   bytes.Buffer
	err error
}

func (w *cardWriter) put(name string, v any) {
	if w.err != nil {
		return
	}
	if w.b.Len() == 0 {
		w.b.WriteByte('{')
	} else {
		w.b.WriteByte(',')
	}
	for i, part := range []any{name, v} {
		b, err := json.Marshal(part)
		if err != nil {
			w.err = err
			return
		}
		if i == 1 {
			w.b.WriteByte(':')
		}
		w.b.Write(b)
	}
}

func (w *cardWriter) end() ([]byte, error) {
	w.b.WriteByte('}')
	return w.b.Bytes(), w.err
}
