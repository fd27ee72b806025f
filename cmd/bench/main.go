// Command bench measures what the project promises of its speed, on a generated
// city, and prints one table: the figure, its bar, and whether it holds. The
// same rows go to build/bench.jsonl. It runs at the top of the project, where
// make bench starts it, and ends with 1 where a measured row is short.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	benchDir = "build/bench"       // databases, programs and logs of the runs
	jsonFile = "build/bench.jsonl" // the rows of the last run
	usual    = 100_000
)

// bench is one run.
type bench struct {
	*report
	only    []string // the sections that run; all where none is named
	keep    bool
	profile string
	round   time.Duration // how long one round of one load takes
	rounds  int
}

// section is a group of rows that is measured together.
type section struct {
	name  string
	rows  func(*bench, context.Context, *city) error
	grows bool // measured at every size
}

// sections are in the order in which they run.
var sections = []section{
	{"shapes", (*bench).shapes, false},
	{"facets", (*bench).facets, true},
	{"serve", (*bench).serve, true},
	{"import", (*bench).imports, false},
	{"mongo", (*bench).mongo, false},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	b := &bench{report: newReport(errs), rounds: 3}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errs)
	n := flags.Int("n", usual, "how many talents the city has")
	scale := flags.Bool("scale", false, "measure at 10,000, 100,000 and 1,000,000 talents, and how figures grow")
	only := flags.String("only", "", "sections to run, with commas: "+sectionNames())
	flags.BoolVar(&b.keep, "keep", false, "use a stored city although the program has changed since it was made")
	flags.StringVar(&b.profile, "profile", "", "folder for CPU profiles of what runs in this process, and of the server where it offers them")
	flags.DurationVar(&b.round, "round", 600*time.Millisecond, "how long each round of each load takes")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *only != "" {
		b.only = strings.Split(*only, ",")
	}
	if err := b.ready(); err != nil {
		fmt.Fprintln(errs, "bench:", err)
		return 2
	}
	began := time.Now()
	err := b.measure(ctx, *n, *scale)
	if w := b.print(out, time.Since(began)); err == nil {
		err = w
	}
	if err != nil {
		fmt.Fprintln(errs, "bench:", err)
		return 1
	}
	if b.short() {
		return 1
	}
	return 0
}

func sectionNames() string {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}

// ready checks where the run stands and what it was told.
func (b *bench) ready() error {
	if _, err := os.Stat(filepath.Join("cmd", "qunxian")); err != nil {
		return errors.New("run it at the top of the project: go run ./cmd/bench")
	}
	for _, name := range b.only {
		if !slices.ContainsFunc(sections, func(s section) bool { return s.name == name }) {
			return fmt.Errorf("-only %s: there are %s", name, sectionNames())
		}
	}
	for _, dir := range []string{benchDir, b.profile} {
		if dir != "" {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
		}
	}
	return nil
}

// wants says that a section runs.
func (b *bench) wants(name string) bool { return len(b.only) == 0 || slices.Contains(b.only, name) }

// measure runs the sections on one city, or on three for how figures grow.
func (b *bench) measure(ctx context.Context, n int, scale bool) error {
	sizes := []int{n}
	if scale {
		sizes = []int{10_000, usual, 1_000_000}
	}
	if b.wants("serve") || b.wants("import") {
		if err := b.buildPrograms(ctx); err != nil {
			return err
		}
	}
	var failed error
	for _, n := range sizes {
		b.size = 0
		if scale {
			b.size = n
		}
		c, err := b.city(ctx, n)
		if err != nil {
			return err
		}
		if b.profile != "" {
			if err := b.profileOpening(ctx, c); err != nil {
				return err
			}
		}
		for _, s := range sections {
			if !b.wants(s.name) || scale && n != usual && !s.grows {
				continue
			}
			b.say("%s of %s talents", s.name, thousands(n))
			if err := s.rows(b, ctx, c); err != nil { // the other sections can be measured all the same
				failed = errors.Join(failed, fmt.Errorf("%s: %w", s.name, err))
			}
		}
		if failed = errors.Join(failed, c.close(), ctx.Err()); ctx.Err() != nil {
			return failed
		}
	}
	if scale {
		b.growth(sizes[0], sizes[len(sizes)-1])
	}
	return failed
}
