package mongo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"qunxian/store"
)

// A document is
//
//	{_id, version, body: {…}, cards: {staff, viewer, masked}, codes,
//	 f: {indexed fields}, history: [entries],
//	 past: {entries, bytes, segments: [ids]}}
//
// where past counts what history holds and names the segments that were moved
// out of it (segments.go).

// document is a record as a new document whose first entries stand in
// segments.
func (c *collection) document(r store.Record, entries []bson.RawValue, segments []string) (bson.Raw, error) {
	at, dst := bsoncore.AppendDocumentStart(nil)
	dst = bsoncore.AppendStringElement(dst, "_id", r.ID)
	dst, err := c.appendState(dst, r, max(r.Version, 1))
	if err != nil {
		return nil, err
	}
	if c.History {
		dst = appendArray(dst, "history", entries)
		dst = bsoncore.BuildDocumentElement(dst, "past",
			bsoncore.AppendInt64Element(nil, "entries", int64(len(entries))),
			bsoncore.AppendInt64Element(nil, "bytes", sizeOf(entries)),
			appendStrings(nil, "segments", segments))
	}
	if dst, err = bsoncore.AppendDocumentEnd(dst, at); err == nil && len(dst) > maxDocument {
		err = fmt.Errorf("mongo: %s %s: %d bytes are more than a document may have", c.Name, r.ID, len(dst))
	}
	return dst, err
}

// update sets a new state and appends the entries.
func (c *collection) update(r store.Record, version int64) (bson.Raw, error) {
	at, dst := bsoncore.AppendDocumentStart(nil)
	set, dst := bsoncore.AppendDocumentElementStart(dst, "$set")
	dst, err := c.appendState(dst, r, version)
	if err != nil {
		return nil, err
	}
	if dst, err = bsoncore.AppendDocumentEnd(dst, set); err != nil {
		return nil, err
	}
	if len(r.Entries) > 0 {
		entries, err := entriesOf(r)
		if err != nil {
			return nil, err
		}
		each := bsoncore.BuildDocument(nil, appendArray(nil, "$each", entries))
		dst = bsoncore.BuildDocumentElement(dst, "$push", bsoncore.AppendDocumentElement(nil, "history", each))
		dst = bsoncore.BuildDocumentElement(dst, "$inc",
			bsoncore.AppendInt64Element(nil, "past.entries", int64(len(r.Entries))),
			bsoncore.AppendInt64Element(nil, "past.bytes", sizeOf(entries)))
	}
	return bsoncore.AppendDocumentEnd(dst, at)
}

// appendState appends what every write sets. What is empty is null, so that an
// update clears it.
func (c *collection) appendState(dst []byte, r store.Record, version int64) ([]byte, error) {
	dst = bsoncore.AppendInt64Element(dst, "version", version)
	var err error
	if len(r.Body) == 0 {
		dst = bsoncore.AppendNullElement(dst, "body")
	} else if dst, err = appendJSON(dst, "body", r.Body); err != nil {
		return nil, err
	}
	cards, dst := bsoncore.AppendDocumentElementStart(dst, "cards")
	dst = appendBinary(dst, "staff", r.Cards.Staff)
	dst = appendBinary(dst, "viewer", r.Cards.Viewer)
	dst = appendBinary(dst, "masked", r.Cards.Masked)
	if dst, err = bsoncore.AppendDocumentEnd(dst, cards); err != nil {
		return nil, err
	}
	dst = appendBinary(dst, "codes", r.Codes)
	fields, dst := bsoncore.AppendDocumentElementStart(dst, "f")
	for _, f := range c.Fields {
		dst = appendField(dst, f.Name, r.Fields[f.Name])
	}
	return bsoncore.AppendDocumentEnd(dst, fields)
}

func appendBinary(dst []byte, name string, b []byte) []byte {
	if len(b) == 0 {
		return bsoncore.AppendNullElement(dst, name)
	}
	return bsoncore.AppendBinaryElement(dst, name, 0, b)
}

// appendField appends a field that is there; Collection.CheckRecord has seen
// its kind.
func appendField(dst []byte, name string, v any) []byte {
	switch v := v.(type) {
	case string:
		return bsoncore.AppendStringElement(dst, name, v)
	case int:
		return bsoncore.AppendInt64Element(dst, name, int64(v))
	case int64:
		return bsoncore.AppendInt64Element(dst, name, v)
	case float64:
		return bsoncore.AppendDoubleElement(dst, name, v)
	case bool:
		return bsoncore.AppendBooleanElement(dst, name, v)
	case []string:
		if len(v) > 0 {
			return appendStrings(dst, name, v)
		}
	}
	return dst
}

func appendStrings(dst []byte, name string, texts []string) []byte {
	at, dst := bsoncore.AppendArrayElementStart(dst, name)
	for i, s := range texts {
		dst = bsoncore.AppendStringElement(dst, strconv.Itoa(i), s)
	}
	dst, _ = bsoncore.AppendArrayEnd(dst, at) // fails only for a bad start
	return dst
}

func appendArray(dst []byte, name string, values []bson.RawValue) []byte {
	at, dst := bsoncore.AppendArrayElementStart(dst, name)
	for i, v := range values {
		dst = bsoncore.AppendValueElement(dst, strconv.Itoa(i), bsoncore.Value{Type: bsoncore.Type(v.Type), Data: v.Value})
	}
	dst, _ = bsoncore.AppendArrayEnd(dst, at) // fails only for a bad start
	return dst
}

// entriesOf are a record's new entries.
func entriesOf(r store.Record) ([]bson.RawValue, error) {
	out := make([]bson.RawValue, len(r.Entries))
	for i, e := range r.Entries {
		elem, err := appendJSON(nil, "", e)
		if err != nil {
			return nil, err
		}
		out[i] = bson.RawValue{Type: bson.Type(elem[0]), Value: elem[2:]} // after the type and an empty key
	}
	return out, nil
}

// valuesOf are the values of an array, none where there is no array.
func valuesOf(array bson.RawValue) ([]bson.RawValue, error) {
	if a, ok := array.ArrayOK(); ok {
		return a.Values()
	}
	return nil, nil
}

// sizeOf is how many bytes values take, their places in an array left out.
func sizeOf(values []bson.RawValue) (n int64) {
	for _, v := range values {
		n += int64(len(v.Value))
	}
	return n
}

// parts are the paths behind each bit of store.Part.
var parts = []string{"body", "cards.staff", "cards.viewer", "cards.masked", "codes"}

// projection asks for parts and fields, never for the history.
func projection(p store.Part, with []string) bson.D {
	out := bson.D{{Key: "version", Value: 1}}
	for i, path := range parts {
		if p&(1<<i) != 0 {
			out = append(out, bson.E{Key: path, Value: 1})
		}
	}
	for _, name := range with {
		out = append(out, bson.E{Key: "f." + name, Value: 1})
	}
	return out
}

// record is a projected document as a record. It shares no memory with doc.
func record(doc bson.Raw, with []string) (store.Record, error) {
	id, _ := doc.Lookup("_id").StringValueOK()
	version, _ := doc.Lookup("version").AsInt64OK()
	r := store.Record{ID: id, Version: version, Codes: binaryOf(doc, "codes")}
	r.Cards = store.Cards{Staff: binaryOf(doc, "cards", "staff"), Viewer: binaryOf(doc, "cards", "viewer"), Masked: binaryOf(doc, "cards", "masked")}
	if body := doc.Lookup("body"); body.Type != 0 && body.Type != bson.TypeNull {
		var err error
		if r.Body, err = appendText(nil, body); err != nil {
			return r, err
		}
	}
	for _, name := range with {
		if v := valueOf(doc.Lookup("f", name)); v != nil {
			if r.Fields == nil {
				r.Fields = store.Fields{}
			}
			r.Fields[name] = v
		}
	}
	return r, nil
}

func binaryOf(doc bson.Raw, path ...string) []byte {
	_, b, _ := doc.Lookup(path...).BinaryOK()
	return slices.Clone(b)
}

// valueOf is a field's value, nil where it is absent.
func valueOf(v bson.RawValue) any {
	switch v.Type {
	case bson.TypeString:
		return v.StringValue()
	case bson.TypeInt64:
		return v.Int64()
	case bson.TypeInt32:
		return int64(v.Int32())
	case bson.TypeDouble:
		return v.Double()
	case bson.TypeBoolean:
		return v.Boolean()
	case bson.TypeArray:
		var out []string
		values, _ := v.Array().Values()
		for _, s := range values {
			out = append(out, s.StringValue())
		}
		return out
	}
	return nil
}

// texts are entries as JSON.
func texts(entries []bson.RawValue) ([]json.RawMessage, error) {
	var out []json.RawMessage
	for _, v := range entries {
		text, err := appendText(nil, v)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}
