package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// EachText calls each for the strings of a stored body whose pattern is wanted,
// in the order of the body. A pattern is a leaf's path with * for the id of an
// item; the elements of a list of strings have the list's. It reads the bytes
// once and builds nothing of what is not wanted.
func EachText(body []byte, wanted func(pattern []byte) bool, each func(pattern, text string)) error {
	s := &scanner{b: body, wanted: wanted, each: each}
	s.space()
	err := s.value(false)
	if err == nil && s.at > len(s.b) {
		err = fmt.Errorf("schemas: body ends too soon")
	}
	return err
}

type scanner struct {
	b      []byte
	at     int
	path   []byte
	wanted func([]byte) bool
	each   func(pattern, text string)
}

func (s *scanner) space() {
	for s.at < len(s.b) && (s.b[s.at] == ' ' || s.b[s.at] == '\n' || s.b[s.at] == '\t' || s.b[s.at] == '\r') {
		s.at++
	}
}

func (s *scanner) peek() byte {
	s.space()
	if s.at >= len(s.b) {
		return 0
	}
	return s.b[s.at]
}

func (s *scanner) bad() error { return fmt.Errorf("schemas: body is no JSON at byte %d", s.at) }

// text moves over a string and returns it with its quotes.
func (s *scanner) text() ([]byte, error) {
	start := s.at
	for s.at++; s.at < len(s.b); s.at++ {
		switch s.b[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return s.b[start:s.at], nil
		}
	}
	return nil, s.bad()
}

// value moves over one value at s.path; element says that it stands in a list.
func (s *scanner) value(element bool) error {
	switch c := s.peek(); c {
	case '{':
		return s.object(element)
	case '[':
		s.at++
		for s.peek() != ']' {
			if err := s.value(true); err != nil {
				return err
			}
			if s.peek() == ',' {
				s.at++
			} else if s.peek() != ']' {
				return s.bad()
			}
		}
		s.at++
		return nil
	case '"':
		raw, err := s.text()
		if err != nil || !s.wanted(s.path) {
			return err
		}
		return s.tell(raw)
	case 0:
		return s.bad()
	}
	for s.at < len(s.b) && !bytes.ContainsRune([]byte(",]} \n\t\r"), rune(s.b[s.at])) {
		s.at++
	}
	return nil
}

func (s *scanner) object(element bool) error {
	s.at++
	depth := len(s.path)
	if element {
		s.path = append(s.path, "/*"...)
	}
	for s.peek() != '}' {
		if s.peek() != '"' {
			return s.bad()
		}
		name, err := s.text()
		if err != nil || s.peek() != ':' {
			return s.bad()
		}
		s.at++
		here := len(s.path)
		if here > 0 {
			s.path = append(s.path, '/')
		}
		s.path = append(s.path, name[1:len(name)-1]...)
		if err := s.value(false); err != nil {
			return err
		}
		s.path = s.path[:here]
		if s.peek() == ',' {
			s.at++
		} else if s.peek() != '}' {
			return s.bad()
		}
	}
	s.at++
	s.path = s.path[:depth]
	return nil
}

func (s *scanner) tell(raw []byte) error {
	if bytes.IndexByte(raw, '\\') < 0 {
		s.each(string(s.path), string(raw[1:len(raw)-1]))
		return nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	s.each(string(s.path), text)
	return nil
}
