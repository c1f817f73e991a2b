// Command cartwheel is the workflow engine for BigCommerce stores: one binary
// with the engine, the REST API, the web pages, a simulated store for trying
// things out, and the commands that administer an installation.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones of stores, on machines that have none

	"github.com/spf13/cobra"

	"cartwheel/engine"
)

// Exit codes.
const (
	exitOK    = 0
	exitFault = 1 // something went wrong while working
	exitUsage = 2 // flags, key, folder or database are wrong; nothing was started
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// streams are a command's standard input and outputs.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// usageError is a mistake of whoever started the command: exit code 2.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// run does one command and returns the exit code. Errors are one line on the error stream.
func run(ctx context.Context, args []string, s streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintln(s.err, "cartwheel: "+explain(err))
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFault
}

// explain gives the one line that a person reads: for our own errors what is wrong
// and what to do, for others the whole chain.
func explain(err error) string {
	if e, ok := errors.AsType[*engine.Error](err); ok {
		return e.Error()
	}
	return err.Error()
}

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "cartwheel",
		Short:         "Workflows for BigCommerce stores",
		Long:          "Cartwheel takes the events of a BigCommerce store (a shipment was created, a cart was\nabandoned) through workflows of your own: surveys, e-mails, HTTP calls.\n\nTry it: cartwheel demo",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("there is no command %q; see cartwheel --help", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newServe(s), newDemo(s), newSim(s), newBench(s), newToken(s), newUser(s),
		newBackup(s), newRestore(s), newAudit(s), newVersion(s))
	for _, c := range root.Commands() {
		noArgs(c)
	}
	return root
}

// noArgs makes a stray argument a usage error, in every command that does not say which it takes.
func noArgs(c *cobra.Command) {
	if c.RunE != nil && c.Args == nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("%s takes no argument %q; see cartwheel %s --help", c.CommandPath(), args[0], c.Name())}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		noArgs(sub)
	}
}
