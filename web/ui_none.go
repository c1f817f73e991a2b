//go:build no_ui

package web

import (
	"embed"
	"io/fs"
)

// builtUI is empty: this program was built without the app.
func builtUI() fs.FS { return embed.FS{} }
