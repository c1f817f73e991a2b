package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"cartwheel/engine"
	"cartwheel/engine/secret"
	"cartwheel/engine/store"
)

func newToken(s streams) *cobra.Command {
	cmd := &cobra.Command{Use: "token", Short: "Administer API tokens", RunE: needSubcommand}
	cmd.AddCommand(newTokenCreate(s), newTokenList(s), newTokenRevoke(s))
	return cmd
}

func needSubcommand(cmd *cobra.Command, _ []string) error {
	var all []string
	for _, sub := range cmd.Commands() {
		all = append(all, cmd.CommandPath()+" "+sub.Name())
	}
	return usageError{fmt.Errorf("say what to do: %s; see %s --help", strings.Join(all, ", "), cmd.CommandPath())}
}

func newTokenCreate(s streams) *cobra.Command {
	var cfg Config
	var name, role, expires string
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make an API token and print it; it is shown only once",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var lifetime time.Duration
			if expires != "" {
				var err error
				if lifetime, err = engine.ParseDuration(expires); err != nil || lifetime == 0 {
					return usageError{fmt.Errorf("--expires: %q is no duration; write something like 90d or 12h", expires)}
				}
			}
			return withStore(cmd.Context(), cfg, s, func(ctx context.Context, st *store.Store) error {
				token, err := engine.CreateToken(ctx, st, time.Now(), name, engine.Role(role), lifetime)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(s.out, token)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "what the token is for")
	cmd.Flags().StringVar(&role, "role", "", "admin, integration_manager, editor or viewer")
	cmd.Flags().StringVar(&expires, "expires", "", "how long it is valid, such as 90d (default: for ever)")
	bind(cmd.Flags(), cfg.storeOptions()...)
	return cmd
}

func newUser(s streams) *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Administer the people who may sign in", RunE: needSubcommand}
	cmd.AddCommand(newUserCreate(s))
	return cmd
}

func newUserCreate(s streams) *cobra.Command {
	var cfg Config
	var email, role string
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make a user; the password is read from standard input",
		RunE: func(cmd *cobra.Command, _ []string) error {
			password, err := readPassword(s)
			if err != nil {
				return err
			}
			return withStore(cmd.Context(), cfg, s, func(ctx context.Context, st *store.Store) error {
				return engine.CreateUser(ctx, st, time.Now(), email, engine.Role(role), password)
			})
		},
	}
	cmd.Flags().StringVar(&email, "email", "", "the user's e-mail address")
	cmd.Flags().StringVar(&role, "role", "", "admin, integration_manager, editor or viewer")
	bind(cmd.Flags(), cfg.storeOptions()...)
	return cmd
}

// readPassword takes one line from standard input, without its line break. On a terminal it is not shown.
func readPassword(s streams) (string, error) {
	if f, ok := s.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		_, _ = fmt.Fprint(s.err, "Password: ") // a prompt that cannot be shown harms nothing
		raw, err := term.ReadPassword(int(f.Fd()))
		return string(raw), err
	}
	line, err := bufio.NewReader(io.LimitReader(s.in, secret.MaxPassword+2)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// commandActor is who types a command: for the audit log.
func commandActor() engine.Actor {
	a := engine.Actor{Kind: engine.CommandActor, Name: "unknown"}
	if u, err := user.Current(); err == nil {
		a.Name = u.Username
	}
	return a
}

// withExistingStore is withStore for commands that make no new installation.
func withExistingStore(ctx context.Context, cfg Config, s streams, do func(context.Context, *store.Store) error) error {
	if err := cfg.validateStore(); err != nil {
		return err
	}
	if err := store.Exists(cfg.Data); err != nil {
		return usageError{err}
	}
	return withStore(ctx, cfg, s, do)
}

// withStore opens the installation beside a server that may be running, and
// closes it again. What a person got wrong is a usage error.
func withStore(ctx context.Context, cfg Config, s streams, do func(context.Context, *store.Store) error) (err error) {
	if err := cfg.validateStore(); err != nil {
		return err
	}
	log := cfg.logger(s.err)
	st, err := store.Open(ctx, store.Options{Dir: cfg.Data, Durability: "full", Now: time.Now, Logger: log})
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	err = do(engine.WithActor(ctx, commandActor()), st)
	if code := engine.CodeOf(err); code == engine.Invalid || code == engine.Conflict {
		return usageError{err}
	}
	return err
}
