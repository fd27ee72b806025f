package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"qunxian/app"
)

// A subcommand that needs the database goes to the running server, through a
// socket that only its owner can open, or takes the lock and works alone.

// job is a subcommand as it travels: its name, its arguments, its files.
type job struct {
	Command string          `json:"command"`
	Args    json.RawMessage `json:"args"`
	files   []app.ImportFile
}

// worker does a job on the product.
type worker func(ctx context.Context, a *app.App, j job, out io.Writer) error

// workers are the subcommands that need the database.
var workers = map[string]worker{}

// do runs a job on the running server, or else on the database itself.
func (s *settings) do(ctx context.Context, c console, command string, args any, files []app.ImportFile) error {
	b, err := json.Marshal(args)
	if err != nil {
		return err
	}
	j := job{command, b, files}
	if conn, err := net.Dial("unix", s.socket()); err == nil {
		_ = conn.Close()
		return s.send(ctx, c, j)
	}
	a, err := s.open(ctx, s.logger(c), nil)
	if err != nil {
		return err
	}
	err = workers[command](app.WithActor(ctx, app.Actor{Local: true}), a, j, c.out)
	return errors.Join(err, a.Close())
}

// send gives the job to the running server and copies what it says.
func (s *settings) send(ctx context.Context, c console, j job) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	head, err := json.Marshal(j)
	if err != nil {
		return err
	}
	if err := form.WriteField("job", string(head)); err != nil {
		return err
	}
	for _, f := range j.files {
		w, err := form.CreateFormFile("file", url.PathEscape(f.Name))
		if err != nil {
			return err
		}
		if _, err := w.Write(f.Content); err != nil {
			return err
		}
	}
	if err := form.Close(); err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", s.socket())
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://qunxian/job", &body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(c.out, res.Body); err != nil {
		return err
	}
	if msg := res.Trailer.Get("Qunxian-Error"); msg != "" {
		text, _ := url.QueryUnescape(msg)
		return errors.New(text)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the running server answered %s", res.Status)
	}
	return nil
}

// listenJobs takes subcommands for a server on its socket until stop is called.
func listenJobs(a *app.App, path string) (stop func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	srv := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serveJob(a, w, r) })}
	go func() { _ = srv.Serve(ln) }()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = srv.Shutdown(ctx)
	}, nil
}

func serveJob(a *app.App, w http.ResponseWriter, r *http.Request) {
	j, err := readJob(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	work := workers[j.Command]
	if work == nil {
		http.Error(w, "no such command", http.StatusNotFound)
		return
	}
	w.Header().Set("Trailer", "Qunxian-Error")
	w.WriteHeader(http.StatusOK)
	defer func() {
		if p := recover(); p != nil {
			w.Header().Set("Qunxian-Error", url.QueryEscape(fmt.Sprint(p)))
		}
	}()
	if err := work(app.WithActor(r.Context(), app.Actor{Local: true}), a, j, w); err != nil {
		w.Header().Set("Qunxian-Error", url.QueryEscape(inWords(err)))
	}
}

func readJob(r *http.Request) (job, error) {
	var j job
	parts, err := r.MultipartReader()
	if err != nil {
		return j, err
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return j, nil
		} else if err != nil {
			return j, err
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return j, err
		}
		if p.FormName() == "job" {
			if err := json.Unmarshal(b, &j); err != nil {
				return j, err
			}
			continue
		}
		name, err := url.PathUnescape(p.FileName())
		if err != nil {
			return j, err
		}
		j.files = append(j.files, app.ImportFile{Name: name, Content: b})
	}
}
