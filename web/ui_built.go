//go:build !no_ui

package web

import (
	"embed"
	"io/fs"
)

// What npm run build makes of web/ui/src, committed, so that Go alone builds the whole program.
//
//go:embed all:ui/dist
var dist embed.FS

func builtUI() fs.FS {
	files, err := fs.Sub(dist, "ui/dist")
	if err != nil {
		panic(err) // the name above is no path
	}
	return files
}
