package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" default:"1" help:"Print the settings and check them."`
}

type configCheckCmd struct{}

func (configCheckCmd) Run(s *settings, c console) error {
	fmt.Fprintln(c.out, "db      ", redacted(s.DB))
	fmt.Fprintln(c.out, "keyring ", s.Keyring)
	fmt.Fprintln(c.out, "socket  ", s.socket())
	if !strings.HasPrefix(s.DB, "file:") && !strings.HasPrefix(s.DB, "mongodb://") && !strings.HasPrefix(s.DB, "mongodb+srv://") {
		return fmt.Errorf("--db %s: write file:PATH or mongodb://…", redacted(s.DB))
	}
	return nil
}

type healthCmd struct {
	URL string `default:"http://127.0.0.1:8080/healthz" env:"QUNXIAN_HEALTH" help:"What to ask."`
}

func (h healthCmd) Run(ctx context.Context, c console) error {
	u, err := url.Parse(h.URL)
	if err != nil {
		return err
	}
	if host, _, err := net.SplitHostPort(u.Host); err != nil || net.ParseIP(host) == nil || !net.ParseIP(host).IsLoopback() {
		return fmt.Errorf("health asks this machine only, not %s", u.Host)
	}
	client := http.Client{Timeout: 5 * time.Second}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", h.URL, res.Status)
	}
	_, err = io.Copy(c.out, res.Body)
	return err
}
