package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func newServe(s streams) *cobra.Command {
	var cfg Config
	var profile string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the engine, the API and the web pages",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cfg.validate(); err != nil {
				return err
			}
			stop, err := startProfile(profile)
			if err != nil {
				return err
			}
			return errors.Join(serve(cmd.Context(), cfg, s), stop())
		},
	}
	cmd.Flags().StringVar(&profile, "cpu-profile", "", "write profiles to FILE.cpu and FILE.allocs; for cartwheel bench")
	_ = cmd.Flags().MarkHidden("cpu-profile") // the flag is there
	bind(cmd.Flags(), append(cfg.serverOptions(), cfg.storeOptions()...)...)
	return cmd
}

// serve works until ctx ends, then drains.
func serve(ctx context.Context, cfg Config, s streams) error {
	defer tuneMemory()()
	log := cfg.logger(s.err)
	app, err := New(ctx, cfg, log, Extras{})
	if err != nil {
		return err
	}
	if err := app.Start(ctx); err != nil {
		_ = app.Stop() // the first error is the one that matters
		return err
	}
	if _, err := fmt.Fprintf(s.out, "Cartwheel %s is ready at %s\n", version(), app.URL()); err != nil {
		log.Warn("standard output cannot be written to", "error", err)
	}
	if err := app.invite(ctx, cfg.PublicURL, s.out); err != nil {
		log.Warn("the link that makes the owner could not be printed; make one with: cartwheel user create --role admin", "error", err)
	}
	return app.wait(ctx)
}

// wait blocks until ctx ends or the server fails, then stops the app.
func (a *App) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		a.log.Info("stopping: steps under way come to their end first")
		return a.Stop()
	case err := <-a.Failed():
		_ = a.Stop() // the first error is the one that matters
		return fmt.Errorf("the HTTP server ended: %w", err)
	}
}
