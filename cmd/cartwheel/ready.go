package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"cartwheel/engine"
	"cartwheel/web"
)

// readyFiles are the ready-made workflows, in the order in which they are offered.
//
//go:embed ready/*.json
var readyFiles embed.FS

// readyTemplate is one of these files.
type readyTemplate struct {
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	Summary  string            `json:"summary"`
	Needs    []string          `json:"needs"`
	Workflow engine.Definition `json:"workflow"`
}

// readyTemplates reads them all. An error is our own mistake; a test compiles each.
func readyTemplates() ([]web.Template, error) {
	names, err := fs.Glob(readyFiles, "ready/*.json") // sorted
	if err != nil {
		return nil, err
	}
	all := make([]web.Template, 0, len(names))
	for _, name := range names {
		raw, err := readyFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var t readyTemplate
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&t); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, web.Template(t))
	}
	return all, nil
}
