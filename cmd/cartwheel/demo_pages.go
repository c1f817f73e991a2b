package main

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"cartwheel/engine"
	"cartwheel/web"
)

//go:embed demo/*.html
var demoFiles embed.FS

const shownEvents = 50

// demoPages are pages about what the demo has caught. They need no token:
// everything on them is made up.
type demoPages struct{ demo *demo }

func (p demoPages) handlers() map[string]http.Handler {
	templates := template.Must(template.New("").ParseFS(demoFiles, "demo/*.html")) // part of the program: a failure is our mistake
	return map[string]http.Handler{
		"/demo/mailbox": demoPage{templates, "mail", "/demo/mailbox", p.mails, p.mail},
		"/demo/inbox":   demoPage{templates, "call", "/demo/inbox", p.calls, p.call},
		"/demo/events":  demoPage{templates, "event", "/demo/events", p.events, p.event},
	}
}

// demoPage is a list and, below its path, each of its things.
type demoPage struct {
	templates *template.Template
	noun      string // of its templates, "mails.html" and "mail.html"
	path      string
	list      func(*http.Request) (any, error)
	one       func(r *http.Request, id string) (thing any, found bool, err error)
}

// ServeHTTP shows the list or one thing.
func (p demoPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := strings.Trim(strings.TrimPrefix(r.URL.Path, p.path), "/")
	name, found := p.noun+"s.html", true
	var data any
	var err error
	if id == "" {
		data, err = p.list(r)
	} else {
		name = p.noun + ".html"
		data, found, err = p.one(r, id)
	}
	if err == nil && !found {
		p.show(w, r, http.StatusNotFound, "gone.html", p.path)
		return
	}
	if err != nil {
		http.Error(w, engine.MessageOf(err), http.StatusInternalServerError)
		return
	}
	p.show(w, r, http.StatusOK, name, data)
}

func (p demoPage) show(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page cannot be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(web.WithTheme(r, b.Bytes())) //nolint:gosec // a template has escaped it; the reader may have gone
}

func (p demoPages) mails(*http.Request) (any, error) { return p.demo.mail.mails.list(), nil }

func (p demoPages) mail(r *http.Request, id string) (any, bool, error) {
	m, ok := byNumber(&p.demo.mail.mails, id)
	return shownMail{m, p.runOf(r, m)}, ok, nil
}

// shownMail is a mail with the id of the run that sent it; a test mail has none.
type shownMail struct {
	caughtMail
	Run string
}

// runOf looks for the run in the Message-ID, which begins with it.
func (p demoPages) runOf(r *http.Request, m caughtMail) string {
	id, _, _ := strings.Cut(m.MessageID, ".")
	if uuid.Validate(id) != nil {
		return ""
	}
	if _, err := p.demo.app.engine.Run(r.Context(), id); err != nil {
		return ""
	}
	return id
}

func (p demoPages) calls(*http.Request) (any, error) { return p.demo.inbox.calls.list(), nil }

func (p demoPages) call(_ *http.Request, id string) (any, bool, error) {
	c, ok := byNumber(&p.demo.inbox.calls, id)
	return c, ok, nil
}

func byNumber[T any](r *recent[T], id string) (T, bool) {
	n, err := strconv.Atoi(id)
	if err != nil {
		n = 0 // there is no such number
	}
	return r.get(n)
}

// shownEvent is an event with its decisions.
type shownEvent struct {
	engine.Event
	Verdicts []shownVerdict
}

type shownVerdict struct {
	Workflow, Answer, Reason string
}

func (p demoPages) events(r *http.Request) (any, error) {
	events, _, err := p.demo.app.engine.Events(r.Context(), engine.EventFilter{}, engine.Page{Limit: shownEvents})
	if err != nil {
		return nil, err
	}
	shown := make([]shownEvent, len(events))
	for i, ev := range events {
		shown[i] = p.shown(ev)
	}
	return shown, nil
}

func (p demoPages) shown(ev engine.Event) shownEvent {
	s := shownEvent{Event: ev}
	for _, d := range ev.Decisions {
		v := shownVerdict{Workflow: d.WorkflowID, Answer: "no", Reason: d.Reason}
		if d.Matched {
			v.Answer = "yes"
		}
		s.Verdicts = append(s.Verdicts, v)
	}
	return s
}

// codeLine is a merge code with its value.
type codeLine struct{ Code, Value string }

func (p demoPages) event(r *http.Request, id string) (any, bool, error) {
	ev, err := p.demo.app.engine.Event(r.Context(), id)
	if engine.CodeOf(err) == engine.NotFound {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the event: %w", err)
	}
	var codes []codeLine
	for _, use := range p.demo.app.engine.EventCodes(ev) {
		codes = append(codes, codeLine{string(use.Code), shownValue(use.Value)})
	}
	return map[string]any{"Event": p.shown(ev), "Calls": ev.Calls, "Codes": codes, "Body": string(ev.Body)}, true, nil
}
