package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is a measured program: this one again, in a process of its own, so that
// its CPU time and its memory are its own.
type child struct {
	name string
	cmd  *exec.Cmd
	pipe *os.File
	out  *bufio.Reader
	errs *lastWords
	done chan struct{}
	err  error // of the process, when done is closed
}

const childPatience = 60 * time.Second

// startChild runs exe with args. Variables of Cartwheel are kept from it: what it does is said by args alone.
func startChild(ctx context.Context, exe string, args ...string) (*child, error) {
	c := &child{name: strings.Join(args[:min(3, len(args))], " "), errs: &lastWords{}, done: make(chan struct{})}
	c.cmd = exec.CommandContext(ctx, exe, args...) //nolint:gosec // this program itself
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CARTWHEEL_") {
			c.cmd.Env = append(c.cmd.Env, v)
		}
	}
	c.cmd.Stderr = c.errs
	out, w, err := os.Pipe() // not StdoutPipe, which Wait closes before everything is read
	if err != nil {
		return nil, err
	}
	c.pipe, c.out, c.cmd.Stdout = out, bufio.NewReader(out), w
	err = c.cmd.Start()
	_ = w.Close() // the child has its own
	if err != nil {
		_ = out.Close()
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.done)
	}()
	return c, nil
}

// readyLine is the line with which the measured programs say where they are. It ends with the address.
const readyLine = " is ready at "

// ready waits until the child has said where it answers, and returns host:port.
func (c *child) ready() (string, error) {
	said := make(chan string, 1)
	go func() {
		line, _ := c.out.ReadString('\n') // at its end the child has an error
		said <- line
		_, _ = io.Copy(io.Discard, c.out)
	}()
	select {
	case line := <-said:
		_, url, ok := strings.Cut(strings.TrimSpace(line), readyLine)
		if !ok {
			return "", c.fault(errors.New("it did not start"))
		}
		return strings.TrimPrefix(url, "http://"), nil
	case <-time.After(childPatience):
		return "", c.fault(errors.New("it did not start in time"))
	}
}

func (c *child) fault(err error) error { return fmt.Errorf("%s: %w: %s", c.name, err, c.errs) }

// cpu is the CPU time that it has used; 0 where it cannot be told.
func (c *child) cpu() time.Duration {
	d, err := cpuOf(c.cmd.Process.Pid)
	if err != nil {
		return 0
	}
	return d
}

// memory is its resident memory in MB; 0 where it cannot be told.
func (c *child) memory() (now, peak float64) {
	n, p, err := memoryOf(c.cmd.Process.Pid)
	if err != nil {
		return 0, 0
	}
	const mb = 1 << 20
	return float64(n) / mb, float64(p) / mb
}

// stop asks it to end and waits.
func (c *child) stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	return c.wait()
}

// wait waits until it ends by itself.
func (c *child) wait() error {
	defer func() { _ = c.pipe.Close() }() // it was only read
	select {
	case <-c.done:
	case <-time.After(childPatience):
		c.kill()
		return c.fault(errors.New("it did not stop"))
	}
	if c.err != nil {
		return c.fault(c.err)
	}
	return nil
}

// kill ends it as a power cut would.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended by itself
	<-c.done
	_ = c.pipe.Close()
}

// lastWords keeps the end of what was written.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (l *lastWords) Write(p []byte) (int, error) {
	const kept = 2 << 10
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if n := len(l.text) - kept; n > 0 {
		l.text = l.text[n:]
	}
	return len(p), nil
}

// String is what is left of it.
func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(bytes.TrimSpace(l.text))
}
