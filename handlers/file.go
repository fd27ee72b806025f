package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"qunxian/schemas"
)

// File is a download. Either Body is read and closed, or Write writes it while it is sent.
type File struct {
	Name  string // as the reader should save it
	Type  string // application/pdf, or "" for bytes of any kind
	Size  int64  // 0 where it is not known
	Body  io.ReadCloser
	Write func(context.Context, io.Writer) error
}

// file makes an endpoint of a method that returns a download. It is never shown inside our own pages.
func file[In any](fn func(context.Context, *In) (*File, error)) Endpoint {
	return endpoint[In, File]("application/octet-stream", func(c *fiber.Ctx, x *exchange, in *In) error {
		f, err := fn(x.ctx, in)
		if err != nil {
			return err
		}
		h := &c.Context().Response.Header
		h.SetContentType(fiber.MIMEOctetStream)
		if f.Type != "" {
			h.SetContentType(f.Type)
		}
		h.Set(fiber.HeaderContentDisposition, attachment(f.Name))
		h.Set(fiber.HeaderContentSecurityPolicy, "sandbox; default-src 'none'")
		if c.Method() == fiber.MethodHead {
			if f.Body != nil {
				return f.Body.Close()
			}
			return nil
		}
		body := f.Body
		if body == nil {
			body = x.written(f.Write)
		}
		size := -1
		if f.Size > 0 {
			size = int(f.Size)
		}
		x.kept = true
		c.Context().Response.SetBodyStream(&sent{body, x.cancel}, size)
		return nil
	})
}

// written is what write writes, as it is read. A failure breaks the download off: the client never takes a part for the whole.
func (x *exchange) written(write func(context.Context, io.Writer) error) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		var err error
		defer func() {
			if v := recover(); v != nil {
				err = &panicked{v, debug.Stack()}
			}
			if err != nil && !errors.Is(err, io.ErrClosedPipe) {
				x.server.Log.Error("download failed", "request", x.id, "route", x.name(), "error", err)
			}
			_ = w.CloseWithError(err)
		}()
		err = write(x.ctx, w)
	}()
	return r
}

// sent is a body that ends its request when it has been sent.
type sent struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (s *sent) Close() error {
	defer s.cancel()
	return s.ReadCloser.Close()
}

// attachment is a Content-Disposition for a name in any language (RFC 6266).
func attachment(name string) string {
	name = fileName(name)
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

// fileName is the last part of a path in either notation, without characters that are not shown.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "_"), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	if name = clip(strings.TrimSpace(name), 200); strings.Trim(name, "./") == "" {
		return "file"
	}
	return name
}

// Upload is a multipart body, read part by part as it arrives and kept nowhere.
type Upload struct {
	parts *multipart.Reader
	next  *multipart.Part
	files int
	each  int64
}

// Part is one file of an upload. Name is what the sender calls it, and only to be shown.
type Part struct {
	Field, Name, Type string
	io.Reader
}

const (
	maxParts  = 200      // files of one upload
	maxText   = 64 << 10 // bytes of one text part
	maxUpload = 10 << 20 // bytes of one file, unless the app asks for more
)

// newUpload reads the text parts that come before the first file.
func newUpload(c *fiber.Ctx, x *exchange, boundary string) (*Upload, pairs, error) {
	req := &c.Context().Request
	limit := x.route.size()
	if int64(req.Header.ContentLength()) > limit {
		return nil, nil, tooLarge()
	}
	stream := req.BodyStream()
	if stream == nil {
		stream = strings.NewReader("")
	}
	u := &Upload{parts: multipart.NewReader(&capped{stream, limit}, boundary), each: maxUpload}
	var form pairs
	for {
		part, err := u.parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, form, nil
		}
		if err != nil {
			return nil, nil, bodyError(err)
		}
		if part.FileName() != "" {
			u.next = part
			return u, form, nil
		}
		raw, err := io.ReadAll(&capped{part, maxText})
		if err != nil {
			return nil, nil, bodyError(err)
		}
		name, value := part.FormName(), strings.ReplaceAll(string(raw), "\r\n", "\n")
		if !plainName(name) || !plainText(value, true) || len(form) >= 16*maxKeys {
			return nil, nil, schemas.InvalidField(shown(name), "encoding", "")
		}
		form = append(form, pair{name, value})
	}
}

// Limit sets how many bytes one file may have; it is 10 MB without. The whole is limited by the route.
func (u *Upload) Limit(bytes int64) { u.each = bytes }

// Next is the next file, or io.EOF after the last. It ends the one before.
func (u *Upload) Next() (*Part, error) {
	part := u.next
	u.next = nil
	for part == nil {
		p, err := u.parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, bodyError(err)
		}
		if p.FileName() != "" {
			part = p
		} else if _, err := io.Copy(io.Discard, &capped{p, maxText}); err != nil {
			return nil, bodyError(err)
		}
	}
	if u.files++; u.files > maxParts {
		return nil, schemas.InvalidField(shown(part.FormName()), "max.items", fmt.Sprint(maxParts))
	}
	return &Part{shown(part.FormName()), fileName(part.FileName()), clip(part.Header.Get(fiber.HeaderContentType), 100), fileReader{&capped{part, u.each}}}, nil
}

// fileReader says of a failure what its sender may know.
type fileReader struct{ r io.Reader }

func (f fileReader) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = bodyError(err)
	}
	return n, err
}
