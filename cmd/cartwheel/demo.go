package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// demoOptions are the demo's own flags.
type demoOptions struct {
	once   bool
	events int           // after the story; -1: until stopped
	every  time.Duration // between them
	key    string        // of the link that signs in; empty: a random one
}

func newDemo(s streams) *cobra.Command {
	cfg := Config{Durability: "normal", Role: "all", PublicURL: demoPublicURL} // durability: nothing here outlives the program
	o := demoOptions{}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show everything at work with a simulated store",
		Long: "Starts a simulated store, a mail catcher, an inbox for HTTP calls and Cartwheel with five ready-made workflows,\n" +
			"and tells what happens. Nothing leaves this machine, and everything is thrown away at the end.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.once {
				o.events = 0
			}
			return runDemo(cmd.Context(), cfg, o, s)
		},
	}
	f := cmd.Flags()
	for _, option := range cfg.serverOptions() {
		switch option.flag {
		case "log-level":
			option.value = "warn" // the story is what should be read
			bind(f, option)
		case "addr", "log-format", "ui-dir":
			bind(f, option)
		}
	}
	// Without its variable: a demo must never work in the folder of an installation.
	f.StringVar(&cfg.Data, "data", "", "an empty folder to keep the data in (default: a throw-away folder)")
	f.BoolVar(&o.once, "once", false, "end after the story")
	f.IntVar(&o.events, "events", -1, "end after so many events more than the story's (default: go on until stopped)")
	f.StringVar(&o.key, "key", "", "the key of the link that signs in, and the password; for tests in a browser")
	_ = f.MarkHidden("key") // the flag is there
	f.DurationVar(&o.every, "every", 20*time.Second, "time between the events after the story")
	return cmd
}

// runDemo works until ctx ends, or the story when there is nothing after it.
func runDemo(ctx context.Context, cfg Config, o demoOptions, s streams) (err error) {
	if o.every <= 0 {
		return usageError{fmt.Errorf("--every: %s must be more than nothing, such as 20s", o.every)}
	}
	fate := "everything is thrown away"
	if cfg.Data != "" {
		fate = "the data stays in " + cfg.Data
	}
	clean, err := demoFolder(&cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	if err := cfg.validate(); err != nil {
		return err
	}
	d, err := startDemo(ctx, cfg, fate, cfg.logger(s.err), s.out)
	if err != nil {
		return demoStartError(err, ctx.Err() != nil)
	}
	defer func() { err = errors.Join(err, d.stop()) }()
	if err := d.widenLimits(ctx); err != nil {
		return err
	}
	if o.events != 0 { // otherwise it ends before anybody can come in
		if err := d.letIn(ctx, o.key); err != nil {
			return err
		}
	}
	err = d.tellUntil(ctx, o)
	if ctx.Err() != nil { // stopped on purpose, wherever the story was
		d.teller.line("Stopped; " + fate + ".")
		return nil
	}
	return err
}

// widenLimits lets the few shoppers of the demo have all the mails of a long day.
func (d *demo) widenLimits(ctx context.Context) error {
	settings, err := d.app.engine.Settings(ctx)
	if err != nil {
		return err
	}
	settings.Sending.PerRecipientDay = 10_000
	return d.app.engine.SaveSettings(ctx, settings)
}

// tellUntil tells the story until it is told, ctx ends or the server fails.
func (d *demo) tellUntil(ctx context.Context, o demoOptions) error {
	story, end := context.WithCancelCause(ctx)
	told := make(chan error, 1)
	go func() { told <- d.tellAll(story, o) }()
	select {
	case err := <-told:
		end(nil)
		return err
	case failure := <-d.app.Failed():
		end(fmt.Errorf("the HTTP server ended: %w", failure))
		return errors.Join(context.Cause(story), <-told) // the story ends with its context
	}
}

// demoFolder makes the throw-away folder, or looks at the one that was named. clean removes the former.
func demoFolder(cfg *Config) (clean func() error, err error) {
	keep := func() error { return nil }
	if cfg.Data != "" {
		entries, err := os.ReadDir(cfg.Data)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return keep, usageError{fmt.Errorf("--data: the folder cannot be read: %w", err)}
		}
		if len(entries) > 0 {
			return keep, usageError{fmt.Errorf("--data: the folder %s is not empty; the demo needs a folder of its own", cfg.Data)}
		}
		return keep, nil
	}
	folder, err := os.MkdirTemp("", "cartwheel-demo-")
	if err != nil {
		return keep, fmt.Errorf("a folder for the demo cannot be made: %w", err)
	}
	cfg.Data, cfg.MasterKeyFile = folder, filepath.Join(folder, "master.key")
	return func() error {
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("the demo's folder could not be removed: %w", err)
		}
		return nil
	}, nil
}

// demoStartError adds what to do when the port is taken. Who stopped the demo before it began has seen no error.
func demoStartError(err error, stopped bool) error {
	if stopped {
		return nil
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return usageError{fmt.Errorf("%w; take another port with --addr 127.0.0.1:0", err)}
	}
	return err
}

// logStop notes what went wrong at the end of a part.
func logStop(log *slog.Logger, part string, err error) {
	if err != nil {
		log.Warn("the demo did not stop cleanly", "part", part, "error", err)
	}
}
