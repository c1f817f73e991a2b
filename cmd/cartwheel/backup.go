package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

func newBackup(s streams) *cobra.Command {
	var cfg Config
	cmd := &cobra.Command{
		Use:   "backup DIR",
		Short: "Copy the database into a folder, while serve runs or not",
		Long: "Copies the database into DIR, under a name with the time: synced to the disk and checked. It works while\n" +
			"serve runs. The master key is not in the copy: keep it in another place; without it nothing that is sealed can be opened.",
		Args: oneArg("the folder for the copy"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cfg.validateStore(); err != nil {
				return err
			}
			return backup(cmd.Context(), cfg, args[0], s)
		},
	}
	bind(cmd.Flags(), cfg.storeOptions()...)
	return cmd
}

// oneArg refuses everything but one argument; what says what it is.
func oneArg(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return usageError{fmt.Errorf("%s takes one argument, %s; see cartwheel %s --help", c.CommandPath(), what, c.Name())}
		}
		return nil
	}
}

func backup(ctx context.Context, cfg Config, to string, s streams) error {
	began := time.Now()
	b, err := store.WriteBackup(ctx, store.BackupOptions{Data: cfg.Data, To: to, Now: time.Now, Reached: reached()})
	if err != nil {
		return mistake(err)
	}
	_, err = fmt.Fprintf(s.out, "%s\n%.1f MB, schema %d, checked, in %.1f s. The master key is not in it: keep a copy of %s in another place.\nWithout that key nothing that is sealed in the backup can be opened.\n",
		b.Path, float64(b.Bytes)/1e6, b.Schema, time.Since(began).Seconds(), cfg.MasterKeyFile)
	return err
}

// mistake makes what a person can put right a usage error.
func mistake(err error) error {
	if code := engine.CodeOf(err); code == engine.Invalid || code == engine.Conflict {
		return usageError{err}
	}
	return err
}

func newRestore(s streams) *cobra.Command {
	var cfg Config
	var force bool
	cmd := &cobra.Command{
		Use:   "restore DIR",
		Short: "Put a backup back into the data folder; serve must not run",
		Long: "Puts the newest backup in DIR, or the one whose file is named, into the data folder. It refuses while an engine\n" +
			"works there, and when there is a database already; with --force that one is kept under another name. The master\n" +
			"key is not in a backup: put the file back where it was.",
		Args: oneArg("the folder with the backup, or its file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cfg.validateStore(); err != nil {
				return err
			}
			return restore(cmd.Context(), cfg, args[0], force, s)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "move the database that is there aside")
	bind(cmd.Flags(), cfg.storeOptions()...)
	return cmd
}

func restore(ctx context.Context, cfg Config, from string, force bool, s streams) error {
	_, err := os.Stat(cfg.MasterKeyFile)
	keyless := errors.Is(err, fs.ErrNotExist)
	r, err := store.Restore(ctx, store.RestoreOptions{From: from, Data: cfg.Data, Force: force, Now: time.Now, CheckKey: func(check string) error {
		if keyless || check == "" {
			return nil
		}
		return opensWith(cfg.MasterKeyFile, check)
	}})
	if err != nil {
		return mistake(err)
	}
	story := fmt.Sprintf("%s is restored to %s (schema %d).\n", r.From, r.Path, r.Schema)
	if r.Moved != "" {
		story += fmt.Sprintf("The database that was there is now %s.\n", r.Moved)
	}
	if keyless {
		story += fmt.Sprintf("The master key is not in a backup: put its file back as %s before you start Cartwheel.\n", cfg.MasterKeyFile)
	} else {
		story += fmt.Sprintf("The master key in %s fits.\n", cfg.MasterKeyFile)
	}
	_, err = fmt.Fprint(s.out, story)
	return err
}

// opensWith refuses a master key that a backup was not sealed with.
func opensWith(path, check string) error {
	box, err := loadKey(path, false, nil)
	if err != nil {
		return err
	}
	if err := box.VerifyCheck(check); err != nil {
		return usageError{fmt.Errorf("the master key in %s is not the one that this backup was sealed with, so nothing was restored; put the right one there, or name it with --master-key-file", path)}
	}
	return nil
}
