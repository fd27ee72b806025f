package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

var (
	program   = filepath.Join(benchDir, "qunxian")
	yardstick = filepath.Join(benchDir, "fiber")
)

// buildPrograms builds the product as make build does, and the yardstick.
func (b *bench) buildPrograms(ctx context.Context) error {
	for _, p := range [][2]string{{program, "./cmd/qunxian"}, {yardstick, "./cmd/bench/testdata/fiber"}} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", p[0], p[1])
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go build %s: %w\n%s", p[1], err, text)
		}
	}
	return nil
}

// server is a program that answers on this machine, in a process of its own.
type server struct {
	cmd  *exec.Cmd
	addr string // host:port
	db   []string
	log  *os.File
}

// start runs a program and reads its address off its first lines.
func start(log string, name string, args ...string) (*server, error) {
	s := &server{cmd: exec.Command(name, args...)}
	var err error
	if s.log, err = os.Create(log); err != nil {
		return nil, err
	}
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if addr, ok := strings.CutPrefix(strings.TrimSpace(line), "http://"); ok {
			s.addr = addr
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			return s, nil
		}
		if err != nil {
			_ = s.cmd.Wait()
			text, _ := os.ReadFile(log)
			return nil, fmt.Errorf("%s did not start: %s", name, bytes.TrimSpace(text))
		}
	}
}

// raised are the limits by class that a run needs: it asks more in a minute
// than any office does. The limiter itself keeps running.
var raised = []string{"read", "write", "probe", "asset", "import"}

// serveCity starts the product on the database of dir and waits until it is
// ready; the time is from the start of the process on.
func serveCity(dir string, more ...string) (*server, time.Duration, error) {
	db := []string{"--db", "file:" + database(dir), "--keyring", keyring(dir)}
	args := append([]string{"serve", "--addr", "127.0.0.1:0"}, db...)
	for _, class := range raised {
		args = append(args, "--limit", class+"=100000000/1m")
	}
	began := time.Now()
	s, err := start(filepath.Join(benchDir, "server.log"), program, append(args, more...)...)
	if err != nil {
		return nil, 0, err
	}
	s.db = db
	for time.Since(began) < time.Minute {
		res, err := http.Get("http://" + s.addr + "/readyz")
		if err != nil {
			continue
		}
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return s, time.Since(began), nil
		}
	}
	return nil, 0, errors.Join(errors.New("the server was not ready within a minute"), s.stop())
}

// profileServer writes a CPU profile of a server while something else goes on;
// stop waits for its end. addr is where the server offers profiles.
func profileServer(addr, file string, d time.Duration) (stop func() error) {
	done := make(chan error, 1)
	go func() {
		done <- saveProfile(fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", addr, max(1, int(d.Seconds()))), file)
	}()
	return func() error { return <-done }
}

func saveProfile(from, file string) error {
	res, err := http.Get(from)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, res.Body)
	return errors.Join(err, f.Close())
}

// freePort is a loopback address that nothing listens on at the moment.
func freePort() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// cli runs a subcommand, which goes to the running server.
func (s *server) cli(ctx context.Context, in string, args ...string) (string, error) {
	return cli(ctx, in, append(args, s.db...)...)
}

func cli(ctx context.Context, in string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin = strings.NewReader(in)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("qunxian %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(errs.Bytes()))
	}
	return strings.TrimSpace(string(text)), nil
}

// officer makes an officer with a key, who sees one county or, for "", all.
func (s *server) officer(ctx context.Context, region string) (key string, err error) {
	name := "bench" + region
	add := []string{"user", "add", name, "--role", "officer"}
	if region == "" {
		add[4] += ",admin"
	} else {
		add = append(add, "--region", region)
	}
	if _, err := s.cli(ctx, "zhe-ge-mi-ma-hen-chang-47\n", add...); err != nil {
		return "", err
	}
	return s.cli(ctx, "", "key", "add", name, "--name", "bench", "--scopes", "read,write")
}

// resident is the memory of the process that is in RAM, VmRSS, in MB.
func (s *server) resident() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// stop ends the process as an operator does, and waits for it.
func (s *server) stop() error {
	defer s.log.Close()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := s.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() < 0 { // the yardstick knows no better end
		return nil
	}
	return err
}
