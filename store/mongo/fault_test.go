package mongo

//lint:file-ignore SA1019 the driver greets a server with an OP_QUERY, which only these functions read

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"
)

// responder speaks the wire protocol of MongoDB and gives the answers of a
// script: it stands for a server in the moments that a real one cannot be
// asked for. It keeps what a script says it applied, and knows no query.
type responder struct {
	t     testing.TB
	addr  string
	ln    net.Listener
	hello bson.D
	build bson.D

	mu      sync.Mutex
	scripts map[string][]answer // by command and collection, as in "insert things"
	asked   []string
	docs    []bson.D // of what was asked
	stored  bson.D   // what was applied last
	conns   []net.Conn
}

// answer is what happens to one command.
type answer struct {
	apply bool          // the write is kept, as a find shows afterwards
	wait  chan struct{} // the answer comes when this is closed
	drop  bool          // the connection ends instead of an answer
	doc   bson.D        // the answer; that of a success where there is none
	find  []bson.D      // the documents of a find; what is stored where there are none
	ever  bool          // it is the answer from now on
}

func newResponder(t testing.TB) *responder {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &responder{t: t, ln: ln, addr: ln.Addr().String(), scripts: map[string][]answer{}}
	r.hello = bson.D{
		{Key: "helloOk", Value: true},
		{Key: "ismaster", Value: true},
		{Key: "isWritablePrimary", Value: true},
		{Key: "setName", Value: "rs0"},
		{Key: "hosts", Value: bson.A{r.addr}},
		{Key: "me", Value: r.addr},
		{Key: "primary", Value: r.addr},
		{Key: "setVersion", Value: 1},
		{Key: "maxBsonObjectSize", Value: 16 << 20},
		{Key: "maxMessageSizeBytes", Value: 48_000_000},
		{Key: "maxWriteBatchSize", Value: 100_000},
		{Key: "logicalSessionTimeoutMinutes", Value: 30},
		{Key: "minWireVersion", Value: 0},
		{Key: "maxWireVersion", Value: 25},
	}
	r.build = bson.D{{Key: "version", Value: "8.0.21"}, {Key: "versionArray", Value: bson.A{8, 0, 21, 0}}}
	go r.accept()
	t.Cleanup(r.stop)
	return r
}

func (r *responder) stop() {
	_ = r.ln.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		_ = c.Close()
	}
}

func (r *responder) uri(options string) string {
	return "mongodb://" + r.addr + "/?replicaSet=rs0&serverSelectionTimeoutMS=1000" + options
}

// set replaces a key of a document.
func set(d bson.D, key string, v any) bson.D {
	d = slices.DeleteFunc(slices.Clone(d), func(e bson.E) bool { return e.Key == key })
	if v == nil {
		return d
	}
	return append(d, bson.E{Key: key, Value: v})
}

// script says what happens to the next commands of a kind; afterwards they
// succeed again.
func (r *responder) script(command string, as ...answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scripts[command] = as
}

// unasked are the answers that nobody has come for.
func (r *responder) unasked(command string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(r.scripts[command]), func(a answer) bool { return a.ever }))
}

// all are the documents of the commands of a kind that were asked for.
func (r *responder) all(command string) []bson.D {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []bson.D
	for i, name := range r.asked {
		if name == command {
			out = append(out, r.docs[i])
		}
	}
	return out
}

func (r *responder) accept() {
	for {
		c, err := r.ln.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		r.conns = append(r.conns, c)
		r.mu.Unlock()
		go r.serve(c)
	}
}

func (r *responder) serve(c net.Conn) {
	defer c.Close()
	for {
		var size [4]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		msg := make([]byte, binary.LittleEndian.Uint32(size[:]))
		copy(msg, size[:])
		if _, err := io.ReadFull(c, msg[4:]); err != nil {
			return
		}
		_, id, _, op, body, _ := wiremessage.ReadHeader(msg)
		command, ok := readCommand(op, body)
		if !ok {
			r.t.Errorf("a message of kind %v cannot be read", op)
			return
		}
		a := r.next(command)
		if a.wait != nil {
			<-a.wait
		}
		if a.drop {
			return
		}
		answer, err := bson.Marshal(a.doc)
		if err != nil {
			r.t.Error(err)
			return
		}
		if _, err := c.Write(message(op, id, answer)); err != nil {
			return
		}
	}
}

// readCommand is the command document of a message, with its sequences as
// arrays.
func readCommand(op wiremessage.OpCode, body []byte) (bson.D, bool) {
	var doc []byte
	seqs := bson.D{}
	switch op {
	case wiremessage.OpQuery:
		_, body, _ = wiremessage.ReadQueryFlags(body)
		_, body, _ = wiremessage.ReadQueryFullCollectionName(body)
		_, body, _ = wiremessage.ReadQueryNumberToSkip(body)
		_, body, _ = wiremessage.ReadQueryNumberToReturn(body)
		doc, _, _ = wiremessage.ReadQueryQuery(body)
	case wiremessage.OpMsg:
		_, body, _ = wiremessage.ReadMsgFlags(body)
		for len(body) > 0 {
			var kind wiremessage.SectionType
			kind, body, _ = wiremessage.ReadMsgSectionType(body)
			if kind == wiremessage.SingleDocument {
				doc, body, _ = wiremessage.ReadMsgSectionSingleDocument(body)
				continue
			}
			name, docs, rest, ok := wiremessage.ReadMsgSectionDocumentSequence(body)
			if !ok {
				return nil, false
			}
			array := bson.A{}
			for _, one := range docs {
				array = append(array, bson.Raw(one))
			}
			seqs, body = append(seqs, bson.E{Key: name, Value: array}), rest
		}
	default:
		return nil, false
	}
	var out bson.D
	if err := bson.Unmarshal(doc, &out); err != nil {
		return nil, false
	}
	return append(out, seqs...), len(out) > 0
}

func message(op wiremessage.OpCode, to int32, doc []byte) []byte {
	var at int32
	var out []byte
	if op == wiremessage.OpQuery {
		at, out = wiremessage.AppendHeaderStart(nil, 0, to, wiremessage.OpReply)
		out = wiremessage.AppendReplyFlags(out, 0)
		out = wiremessage.AppendReplyCursorID(out, 0)
		out = wiremessage.AppendReplyStartingFrom(out, 0)
		out = wiremessage.AppendReplyNumberReturned(out, 1)
	} else {
		at, out = wiremessage.AppendHeaderStart(nil, 0, to, wiremessage.OpMsg)
		out = wiremessage.AppendMsgFlags(out, 0)
		out = wiremessage.AppendMsgSectionType(out, wiremessage.SingleDocument)
	}
	out = append(out, doc...)
	binary.LittleEndian.PutUint32(out[at:], uint32(len(out)))
	return out
}

func value(d bson.D, key string) any {
	for _, e := range d {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// next is what happens to a command.
func (r *responder) next(command bson.D) answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := command[0].Key
	if coll, ok := command[0].Value.(string); ok {
		name += " " + coll
	}
	r.asked, r.docs = append(r.asked, name), append(r.docs, command)
	a := answer{}
	if s := r.scripts[name]; len(s) > 0 {
		if a = s[0]; !a.ever {
			r.scripts[name] = s[1:]
		}
	}
	if a.apply {
		r.apply(command)
	}
	if a.doc == nil {
		a.doc = r.success(command, a)
	}
	return a
}

// apply keeps the one document that an insert or an update leaves.
func (r *responder) apply(command bson.D) {
	plain := func(v any) bson.D {
		var d bson.D
		switch v := v.(type) {
		case bson.Raw:
			if err := bson.Unmarshal(v, &d); err != nil {
				r.t.Error(err)
			}
		case bson.D:
			d = v
		}
		return d
	}
	switch command[0].Key {
	case "insert":
		r.stored = plain(value(command, "documents").(bson.A)[0])
	case "delete":
		r.stored = nil
	case "update":
		one := plain(value(command, "updates").(bson.A)[0])
		change := plain(value(one, "u"))
		for _, e := range plain(value(change, "$set")) {
			r.stored = set(r.stored, e.Key, e.Value)
		}
		if push := plain(value(change, "$push")); push != nil {
			history, _ := value(r.stored, "history").(bson.A)
			r.stored = set(r.stored, "history", append(slices.Clone(history), value(plain(value(push, "history")), "$each").(bson.A)...))
		}
	}
}

func (r *responder) success(command bson.D, a answer) bson.D {
	ok := bson.E{Key: "ok", Value: 1}
	switch command[0].Key {
	case "hello", "isMaster", "ismaster":
		return append(slices.Clone(r.hello), ok)
	case "buildInfo":
		return append(slices.Clone(r.build), ok)
	case "findAndModify":
		return bson.D{ok, {Key: "value", Value: bson.D{{Key: "_id", Value: leaseID}, {Key: "token", Value: int64(1)}}}}
	case "insert", "delete":
		return bson.D{ok, {Key: "n", Value: 1}}
	case "update":
		return bson.D{ok, {Key: "n", Value: 1}, {Key: "nModified", Value: 1}}
	case "find", "listIndexes":
		batch := bson.A{}
		for _, d := range a.find {
			batch = append(batch, d)
		}
		if a.find == nil && r.stored != nil && command[0].Key == "find" {
			batch = append(batch, r.stored)
		}
		ns, _ := command[0].Value.(string)
		return bson.D{ok, {Key: "cursor", Value: bson.D{{Key: "id", Value: int64(0)}, {Key: "ns", Value: "qunxian." + ns}, {Key: "firstBatch", Value: batch}}}}
	}
	return bson.D{ok}
}

// openOn opens a database on the responder, with one collection.
func openOn(t *testing.T, r *responder, options string) *DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	d, _, err := Open(ctx, r.uri(options), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Ensure(ctx, faulty); err != nil {
		t.Fatal(err)
	}
	return d
}
