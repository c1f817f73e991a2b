package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// blocked lets the writer stand still inside a transaction until release is called.
func blocked(f fixture) (release func()) {
	begun, end := make(chan struct{}), make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) }) // a batch may run again
	done := make(chan error, 1)
	go func() {
		done <- f.Write(context.WithoutCancel(f.ctx), func(func(string, ...any) error) error {
			begin()
			<-end
			return nil
		})
	}()
	<-begun
	return sync.OnceFunc(func() {
		close(end)
		if err := <-done; err != nil && engine.CodeOf(err) != engine.Temporary { // that of a batch that failed with it
			f.t.Error(err)
		}
	})
}

func TestWhatArrivesDuringACommitIsTheNextOne(t *testing.T) {
	var mu sync.Mutex
	var batches []int
	f := setup(t, store.Options{Exclusive: true, OnCommit: func(n int) {
		mu.Lock()
		defer mu.Unlock()
		batches = append(batches, n)
	}})
	const producers, each = 64, 20
	var running sync.WaitGroup
	for p := range producers {
		running.Go(func() {
			for n := range each {
				if err := f.SetSetting(f.ctx, fmt.Sprint(p, "/", n), "x"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	mu.Lock()
	defer mu.Unlock()
	total, largest := 0, 0
	for _, n := range batches {
		total += n
		largest = max(largest, n)
	}
	if total != producers*each || largest < 2 || largest > store.MaxBatch {
		t.Fatalf("got %d writes in %d commits, the largest of %d; want %d writes, and some together", total, len(batches), largest, producers*each)
	}
}

func TestAWriteThatFailsUndoesOnlyItself(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	release := blocked(f)
	const writes = 30
	results := make([]error, writes)
	var running sync.WaitGroup
	for i := range writes {
		running.Go(func() {
			results[i] = f.Write(f.ctx, func(exec func(string, ...any) error) error {
				if err := exec(`INSERT INTO setting (name, value) VALUES ($1, 'x')`, fmt.Sprint("n", i)); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return engine.Errorf(engine.Conflict, "no")
				case 2:
					panic("our mistake")
				}
				return nil
			})
		})
	}
	release()
	running.Wait()
	for i, err := range results {
		want := []engine.Code{"", engine.Conflict, engine.Internal}[i%3]
		f.code(want, err)
		_, err = f.Setting(f.ctx, fmt.Sprint("n", i))
		if want == "" {
			f.ok(err)
		} else {
			f.code(engine.NotFound, err)
		}
	}
}

func TestAWriteWhoseCallerHasGoneIsNotDone(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	release := blocked(f)
	ctx, cancel := context.WithCancel(f.ctx)
	done := make(chan error, 1)
	go func() { done <- f.SetSetting(ctx, "a", "b") }()
	cancel()
	err := <-done
	f.code(engine.Temporary, err)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error as its cause", err)
	}
	release()
	_, err = f.Setting(f.ctx, "a")
	f.code(engine.NotFound, err)
}

func TestAWriteWaitsForItsTurnOnlySoLong(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	release := blocked(f)
	defer release()
	f.code(engine.Temporary, f.SetSetting(f.ctx, "a", "b"))
	f.code(engine.Temporary, f.Ready(f.ctx))
}

func TestCloseCommitsWhatIsQueued(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	var running sync.WaitGroup
	results := make([]error, 20)
	for i := range results {
		running.Go(func() { results[i] = f.SetSetting(f.ctx, fmt.Sprint(i), "x") })
	}
	f.ok(f.Close())
	running.Wait()
	f = setup(t, store.Options{Dir: dir, Exclusive: true})
	for i, err := range results {
		_, found := f.Setting(f.ctx, fmt.Sprint(i))
		if (err == nil) != (found == nil) {
			t.Errorf("write %d answered %v, and reading it back %v", i, err, found)
		}
	}
}
