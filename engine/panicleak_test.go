package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

// An action that panics, or fails with words of its own, holds a credential: neither the run, nor the log, nor a
// byte of the data folder repeats it.
func TestWhatAPanicSaysStaysInside(t *testing.T) {
	t.Parallel()
	said := "the request was Authorization: Bearer " + enginetest.SourceToken
	for name, act := range map[string]func(engine.Request) (engine.Result, error){
		"a panic with a text":     func(engine.Request) (engine.Result, error) { panic(said) },
		"a panic with an error":   func(engine.Request) (engine.Result, error) { panic(errors.New(said)) },
		"a panic with a request":  func(engine.Request) (engine.Result, error) { panic(map[string]any{"header": said}) },
		"an error that is no one": func(engine.Request) (engine.Result, error) { return engine.Result{}, errors.New(said) },
		"an error within an error": func(engine.Request) (engine.Result, error) {
			return engine.Result{}, &engine.Error{Code: engine.Temporary, Message: "It failed.", Err: errors.New(said)}
		},
	} {
		h := enginetest.New(t)
		h.Action.Script(act)
		step := enginetest.Act("do", "x")
		step.Config = json.RawMessage(fmt.Sprintf(`{"text": "x", "authentication_id": %q}`, h.AuthID))
		step.Retry = &engine.Retry{Attempts: 1}
		h.Publish("w", nil, step)
		id := h.Receive("thing/1")
		h.Drain()
		h.Advance(2 * time.Second)
		run := h.RunOf(id, "w")
		if len(h.Action.Requests()) == 0 || run.Status == engine.RunSucceeded {
			t.Errorf("%s: run %s after %d acts", name, run.Status, len(h.Action.Requests()))
		}
		if text := fmt.Sprintf("%+v", run); strings.Contains(text, enginetest.SourceToken) {
			t.Errorf("%s: the run tells it: %s", name, text)
		}
		if log := h.Logged(); strings.Contains(log, enginetest.SourceToken) {
			t.Errorf("%s: the log tells it: %s", name, log)
		}
		files, err := filepath.Glob(filepath.Join(h.Dir(), "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, path := range files {
			if raw, err := os.ReadFile(path); err == nil && strings.Contains(string(raw), enginetest.SourceToken) {
				t.Errorf("%s: %s holds it", name, filepath.Base(path))
			}
		}
	}
}
