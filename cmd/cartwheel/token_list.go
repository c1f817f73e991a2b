package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

func newTokenList(s streams) *cobra.Command {
	var cfg Config
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the API tokens, newest first; never the token itself",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withExistingStore(cmd.Context(), cfg, s, func(ctx context.Context, st *store.Store) error {
				return listTokens(ctx, st, time.Now(), s.out)
			})
		},
	}
	bind(cmd.Flags(), cfg.storeOptions()...)
	return cmd
}

func listTokens(ctx context.Context, st *store.Store, now time.Time, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tNAME\tROLE\tSTATE\tCREATED\tEXPIRES\tLAST USED") // Flush tells of errors
	for p := (engine.Page{Limit: 200}); ; {
		items, next, err := st.Tokens(ctx, p)
		if err != nil {
			return err
		}
		for _, t := range items {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, printable(t.Name), t.Role, stateOf(t, now), day(&t.CreatedAt), day(t.ExpiresAt), day(t.LastUsedAt))
		}
		if next == "" {
			return w.Flush()
		}
		p.Cursor = next
	}
}

func stateOf(t engine.Token, now time.Time) string {
	switch {
	case t.RevokedAt != nil:
		return "revoked"
	case !t.Valid(now):
		return "expired"
	}
	return "valid"
}

func day(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format(time.DateOnly)
}

func newTokenRevoke(s streams) *cobra.Command {
	var cfg Config
	cmd := &cobra.Command{
		Use:   "revoke ID-OR-NAME",
		Short: "Make an API token invalid for good, at once",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("say which token, by its id or name: %s; cartwheel token list shows them", cmd.UseLine())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return withExistingStore(cmd.Context(), cfg, s, func(ctx context.Context, st *store.Store) error {
				t, err := engine.FindToken(ctx, st, time.Now(), args[0])
				if err != nil {
					return err
				}
				if err := st.RevokeToken(ctx, t.ID); err != nil {
					return err
				}
				_, err = fmt.Fprintf(s.out, "Revoked the token %s (%s).\n", printable(t.Name), t.ID)
				return err
			})
		},
	}
	bind(cmd.Flags(), cfg.storeOptions()...)
	return cmd
}
