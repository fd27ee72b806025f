package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/handlers"
	"qunxian/schemas"
)

type serveCmd struct {
	Addr        string       `default:"127.0.0.1:8080" env:"QUNXIAN_ADDR" placeholder:"HOST:PORT" help:"Where to listen. Beyond this machine it needs TLS or a proxy."`
	TLSCert     string       `name:"tls-cert" env:"QUNXIAN_TLS_CERT" placeholder:"FILE" help:"Certificate, PEM."`
	TLSKey      string       `name:"tls-key" env:"QUNXIAN_TLS_KEY" placeholder:"FILE" help:"Key of the certificate, PEM, readable by its owner only."`
	BehindProxy []string     `name:"behind-proxy" env:"QUNXIAN_BEHIND_PROXY" placeholder:"CIDR" help:"Networks of the proxy that ends TLS; its X-Forwarded-For is believed."`
	Limit       []string     `env:"QUNXIAN_LIMIT" placeholder:"CLASS=N/TIME" help:"How often one user or address may ask for a class of routes, as read=300/1m; see docs/operations.md."`
	Profile     string       `placeholder:"HOST:PORT" help:"Serve runtime profiles on this loopback address; off by default."`
	Demo        bool         `help:"Serve a generated city, marked 示例, from data/demo.db with a ready login."`
	Today       schemas.Date `placeholder:"YYYY-MM-DD" help:"The day the demo stands at; today where none is said."`
}

func (v *serveCmd) Run(ctx context.Context, s *settings, c console) error {
	if err := v.check(); err != nil {
		return err
	}
	log := s.logger(c)
	slog.SetDefault(log)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // the lists live in memory: what is free between two collections stays small
	}
	now := time.Now
	if v.Demo {
		if s.DB == "file:data/qunxian.db" {
			s.DB, s.Keyring = "file:data/demo.db", "data/demo-keyring.json"
		}
		now = v.clock()
	} else if v.Today != "" {
		return errors.New("--today goes with --demo: a real registry keeps the real day")
	}
	a, err := s.open(ctx, log, now)
	if err != nil {
		return err
	}
	defer func() {
		if err := a.Close(); err != nil {
			log.Error("closing", "error", err)
		}
	}()
	if v.Demo {
		if err := fillDemo(ctx, a, schemas.DateOf(now())); err != nil {
			return err
		}
	}
	ln, err := v.listen(ctx)
	if err != nil {
		return err
	}
	rates, err := v.rates()
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	srv, err := handlers.For(a, handlers.Options{Log: log, Now: now, Proxies: v.proxies(), Rates: rates})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	stopJobs, err := listenJobs(a, s.socket())
	if err != nil {
		return errors.Join(fmt.Errorf("socket for subcommands: %w", err), ln.Close())
	}
	defer stopJobs()
	if v.Profile != "" {
		stop, err := serveProfiles(ctx, v.Profile)
		if err != nil {
			return errors.Join(err, ln.Close())
		}
		defer stop()
	}
	v.greet(c, a, ln.Addr())
	go debug.FreeOSMemory() // what the start took is not needed again
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return srv.Shutdown(end)
}

// check refuses what cannot be served safely, in one line.
func (v *serveCmd) check() error {
	host, _, err := net.SplitHostPort(v.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s: write HOST:PORT", v.Addr)
	}
	for _, p := range v.BehindProxy {
		if _, err := netip.ParsePrefix(p); err != nil {
			return fmt.Errorf("--behind-proxy %s: write a network such as 10.0.0.0/8", p)
		}
	}
	if (v.TLSCert == "") != (v.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if v.TLSKey != "" {
		info, err := os.Stat(v.TLSKey)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			return fmt.Errorf("--tls-key %s can be read by others; run chmod 600 on it", v.TLSKey)
		}
	}
	if v.Profile != "" {
		if host, _, err := net.SplitHostPort(v.Profile); err != nil || net.ParseIP(host) == nil || !net.ParseIP(host).IsLoopback() {
			return fmt.Errorf("--profile %s: write a loopback address such as 127.0.0.1:6060", v.Profile)
		}
	}
	if _, err := v.rates(); err != nil {
		return err
	}
	if v.Today != "" && !v.Today.Valid() {
		return fmt.Errorf("--today %s: write YYYY-MM-DD", v.Today)
	}
	ip := net.ParseIP(host)
	loopback := host == "localhost" || ip != nil && ip.IsLoopback()
	if !loopback && v.TLSCert == "" && len(v.BehindProxy) == 0 {
		return fmt.Errorf("--addr %s reaches beyond this machine: give --tls-cert and --tls-key, or --behind-proxy", v.Addr)
	}
	return nil
}

func (v *serveCmd) listen(ctx context.Context) (net.Listener, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", v.Addr)
	if err != nil || v.TLSCert == "" {
		return ln, err
	}
	pair, err := tls.LoadX509KeyPair(v.TLSCert, v.TLSKey)
	if err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return tls.NewListener(ln, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}), nil
}

// rates reads --limit.
func (v *serveCmd) rates() (map[string]handlers.Rate, error) {
	out := map[string]handlers.Rate{}
	for _, l := range v.Limit {
		class, rate, ok := strings.Cut(l, "=")
		times, per, ok2 := strings.Cut(rate, "/")
		n, err1 := strconv.Atoi(times)
		d, err2 := time.ParseDuration(per)
		if !ok || !ok2 || err1 != nil || err2 != nil || n < 1 || d <= 0 {
			return nil, fmt.Errorf("--limit %s: write CLASS=N/TIME such as read=300/1m", l)
		}
		if _, known := handlers.Rates()[class]; !known {
			return nil, fmt.Errorf("--limit %s: there is no class %q", l, class)
		}
		out[class] = handlers.Rate{N: n, Per: d}
	}
	return out, nil
}

// serveProfiles serves the runtime's profiles on a loopback address.
func serveProfiles(ctx context.Context, addr string) (stop func(), err error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/heap", pprof.Handler("heap").ServeHTTP)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = srv.Serve(ln) }()
	return func() { _ = srv.Close() }, nil
}

func (v *serveCmd) proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, p := range v.BehindProxy {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// clock runs from the morning of the demo's day.
func (v *serveCmd) clock() func() time.Time {
	if v.Today == "" {
		return time.Now
	}
	start, began := v.Today.Time().Add(9*time.Hour), time.Now()
	return func() time.Time { return start.Add(time.Since(began)) }
}

// greet prints where the product is and how to get in.
func (v *serveCmd) greet(c console, a *app.App, addr net.Addr) {
	at := "http://" + addr.String()
	if v.TLSCert != "" {
		at = "https://" + addr.String()
	}
	fmt.Fprintf(c.out, "群贤 Qunxian %s\n%s\n", version, at)
	if v.Demo {
		fmt.Fprintf(c.out, "示例 demo: sign in as %s with the password %s\n", demoUser, demoPassword)
	}
	if token := a.SetupToken(); token != "" {
		fmt.Fprintf(c.out, "Nobody can sign in yet. Set up within 24 hours at\n%s/setup?token=%s\n", strings.TrimSuffix(at, "/"), token)
	}
}
