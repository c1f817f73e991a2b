package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cartwheel/engine/store"
)

func newAudit(s streams) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Look after the log of who changed what", RunE: needSubcommand}
	cmd.AddCommand(newAuditVerify(s))
	return cmd
}

func newAuditVerify(s streams) *cobra.Command {
	var cfg Config
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that no entry of the audit log was altered or taken out",
		Long:  "Checks that no entry of the audit log was altered or taken out. Exit code 1: the first\nentry that is wrong is named.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withExistingStore(cmd.Context(), cfg, s, func(ctx context.Context, st *store.Store) error {
				report, err := st.VerifyAudit(ctx)
				if err != nil {
					return err
				}
				if report.Wrong != 0 {
					return errors.New(report.String())
				}
				_, err = fmt.Fprintln(s.out, report)
				return err
			})
		},
	}
	bind(cmd.Flags(), cfg.storeOptions()...)
	return cmd
}
