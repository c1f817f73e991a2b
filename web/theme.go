package web

import (
	"bytes"
	"net/http"
)

// themeCookie is written by the app when a person chooses light or dark; without it the system decides.
const themeCookie = "cartwheel_theme"

// WithTheme gives the root element of a page the class of the chosen colours. The page begins with <html lang="en".
func WithTheme(r *http.Request, page []byte) []byte {
	theme, err := r.Cookie(themeCookie)
	if err != nil || theme.Value != "dark" && theme.Value != "light" {
		return page
	}
	root := []byte(`<html lang="en"`)
	return bytes.Replace(page, root, append(root[:len(root):len(root)], ` class="`+theme.Value+`"`...), 1)
}
