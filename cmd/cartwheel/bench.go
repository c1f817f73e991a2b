package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// benchOptions are the flags of cartwheel bench.
type benchOptions struct {
	runs      int
	duration  time.Duration
	only      []string
	json      string
	profile   string
	dir       string
	workflows int // live ones of the phase "workflows"
	backlog   int // events that wait at the start
	history   int // runs in the database of the phase "history"
}

func newBench(s streams) *cobra.Command {
	var o benchOptions
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure this machine: rates, latency, memory, start-up",
		Long: "Measures what Cartwheel does on this machine, beside small programs that do part of it or the same without keeping\n" +
			"anything. Each measured program is a process of its own with a fresh data folder; the store, the inbox and the sender\n" +
			"of the webhooks are this process, on the same machine, so that they take their share of the processors too.\n" +
			"The store answers with the bytes of the simulated store (cartwheel sim), for any order and customer, from memory.\n\n" +
			"  bare      reads the webhook and answers\n" +
			"  straight  answers, reads order and customer, compares, posts; keeps nothing\n" +
			"  grouped   the same, after the webhook is synced to a file, once for all who wait\n\n" +
			"bare and straight are measured before Cartwheel and after it, and their mean counts.\n\n" +
			"Phases: " + strings.Join(phaseNames(), ", ") + ".",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.validate(); err != nil {
				return usageError{err}
			}
			return runBench(cmd.Context(), o, s)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.runs, "runs", 1, "how often everything is measured, in turn; the medians are shown")
	f.DurationVar(&o.duration, "duration", 5*time.Second, "how long each rate is measured")
	f.StringSliceVar(&o.only, "only", nil, "phases to measure, separated by commas (default all)")
	f.StringVar(&o.json, "json", "", "write every figure of every run to this file")
	f.StringVar(&o.profile, "profile", "", "write CPU and allocation profiles of Cartwheel into this folder")
	f.StringVar(&o.dir, "dir", "", "where the data folders are made and removed again: choose the disk (default the system's folder for temporary files)")
	f.IntVar(&o.workflows, "workflows", 1000, "live workflows on one trigger, of which one in a hundred matches")
	f.IntVar(&o.backlog, "backlog", 10_000, "accepted events that wait when Cartwheel starts")
	f.IntVar(&o.history, "history", 0, "also measure with so many runs in the database, such as 1000000; takes minutes")
	cmd.AddCommand(newReference(s))
	return cmd
}

func (o *benchOptions) validate() error {
	switch {
	case o.runs < 1:
		return errors.New("--runs: at least 1")
	case o.duration < 50*time.Millisecond:
		return errors.New("--duration: at least 50ms")
	case o.workflows < 100:
		return errors.New("--workflows: at least 100")
	case o.backlog < 1:
		return errors.New("--backlog: at least 1")
	case o.history < 0:
		return errors.New("--history: a number of runs")
	}
	for _, name := range o.only {
		if !slices.Contains(phaseNames(), name) {
			return fmt.Errorf("--only: there is no phase %q; there are %s", name, strings.Join(phaseNames(), ", "))
		}
	}
	return nil
}

// bench is one run of the command.
type bench struct {
	benchOptions
	exe     string
	figures *figures
	s       streams
	turn    int // of the runs, from 1
	serial  int64
}

// phase is one measurement, and what it is about.
type phase struct {
	name, about string
	measure     func(*bench, context.Context) error
	wanted      func(benchOptions) bool // nil: always
}

func phases() []phase {
	return []phase{
		{"intake", "webhooks answered, signed, synced to disk", (*bench).intake, nil},
		{"pipeline", "webhook, order and customer read, compared, posted", (*bench).pipeline, nil},
		{"latency", "from the webhook's time to its post, at a fixed rate", (*bench).latency, nil},
		{"slow", "the same with a store that takes 100 ms a call", (*bench).slow, nil},
		{"workflows", "many live workflows on one trigger, of which few match", (*bench).many, nil},
		{"start", "memory without work, and the time from start to the first accepted webhook", (*bench).startUp, nil},
		{"history", "with many runs in the database (--history)", (*bench).withHistory, func(o benchOptions) bool { return o.history > 0 }},
	}
}

func phaseNames() []string {
	var names []string
	for _, p := range phases() {
		names = append(names, p.name)
	}
	return names
}

// wants tells whether a phase is to be measured.
func (b *bench) wants(p phase) bool {
	return (len(b.only) == 0 || slices.Contains(b.only, p.name)) && (p.wanted == nil || p.wanted(b.benchOptions))
}

// runBench measures and prints. A goal that is missed is no error.
func runBench(ctx context.Context, o benchOptions, s streams) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	if o.profile != "" {
		if err := os.MkdirAll(o.profile, 0o750); err != nil {
			return usageError{fmt.Errorf("--profile: %w", err)}
		}
	}
	b := &bench{benchOptions: o, exe: exe, figures: newFigures(), s: s}
	for b.turn = 1; b.turn <= b.runs; b.turn++ {
		for _, p := range phases() {
			if !b.wants(p) {
				continue
			}
			b.note("run %d of %d: %s: %s", b.turn, b.runs, p.name, p.about)
			err := p.measure(b, ctx)
			if ctx.Err() != nil {
				return errors.New("bench: stopped before it was done; there is no table")
			}
			if err != nil {
				return fmt.Errorf("bench %s: %w", p.name, err)
			}
		}
	}
	_, err = fmt.Fprintf(s.out, "Cartwheel %s, %s %s/%s, %d processors; %s each, %d run(s), medians\n\n%s", version(), runtime.Version(),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), b.duration, b.runs, b.figures.table())
	if err != nil || o.json == "" {
		return err
	}
	raw, err := json.MarshalIndent(b.figures, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.json, append(raw, '\n'), 0o600)
}

// profileOf is where the profile of the program measured next goes, "" for nowhere.
func (b *bench) profileOf(name string) string {
	if b.profile == "" {
		return ""
	}
	return filepath.Join(b.profile, fmt.Sprintf("%s-%d", name, b.turn))
}

// orders is the first order of a campaign whose events no other campaign has.
func (b *bench) orders() int64 {
	b.serial++
	const spread = 10_000_000
	return 1_000_000_000 + b.serial%800*spread
}
