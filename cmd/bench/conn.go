package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// conn is one connection that is kept open: requests ready to send, answers
// read with as little work as can be, since both share the machine's cores.
type conn struct {
	net.Conn
	in     *bufio.Reader
	status int
	etag   string
	sent   int // bytes of the last answer on the wire
	body   []byte
}

func dial(addr string) (*conn, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, in: bufio.NewReaderSize(c, 64<<10)}, nil
}

// do sends a request and reads its answer into the connection.
func (c *conn) do(request []byte) error {
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return err
	}
	if _, err := c.Write(request); err != nil {
		return err
	}
	line, err := c.line()
	if err != nil {
		return err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return fmt.Errorf("an answer began with %q", line)
	}
	c.sent, c.etag = len(line)+2, ""
	if c.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return err
	}
	return c.rest()
}

// rest reads the header and the body.
func (c *conn) rest() error {
	length := -1
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		c.sent += len(line) + 2
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		case bytes.EqualFold(name, []byte("ETag")):
			c.etag = string(value)
		}
	}
	if length < 0 {
		if c.status == 204 || c.status == 304 {
			c.body = c.body[:0]
			return nil
		}
		return errors.New("an answer without a length")
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	c.body = c.body[:length]
	c.sent += length
	_, err := io.ReadFull(c.in, c.body)
	return err
}

func (c *conn) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	return bytes.TrimRight(line, "\r\n"), err
}

// request is the text of a request with an officer's key. head are more header
// lines, each with its end.
func request(method, target, key, head, body string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n%s", method, target, key, head)
	if body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	fmt.Fprintf(&b, "\r\n%s", body)
	return b.Bytes()
}

// answered is an answer with another status than the one wanted.
type answered struct {
	status int
	said   string
}

func (a *answered) Error() string {
	return strings.TrimSpace(fmt.Sprintf("answered %d %s", a.status, a.said))
}

// failed is what an answer with another status than the one wanted says.
func (c *conn) failed(want int) error {
	if c.status == want {
		return nil
	}
	out := &answered{status: c.status}
	if said := c.body[:min(len(c.body), 300)]; bytes.HasPrefix(said, []byte("{")) { // a page says it to people
		out.said = string(said)
	}
	return out
}
