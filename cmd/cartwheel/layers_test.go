package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layer says what the packages that match may import beside the standard library.
type layer struct {
	packages string   // pattern of path.Match, "/**" for everything below
	ours     []string // patterns of our packages
	others   []string // prefixes of other modules; "*" for any
}

// layers is the house: merge <- engine/cond <- engine <- engine/{outbound,store}
// <- triggers/*, actions/*, web <- triggers, actions <- cmd. The first row that matches counts.
var layers = []layer{
	{"merge", nil, []string{"golang.org/x/text"}},
	{"engine/cond", []string{"merge"}, []string{"github.com/expr-lang/expr"}},
	{"engine/secret", nil, []string{"golang.org/x/crypto"}},
	{"engine", []string{"merge", "engine/cond", "engine/secret"}, []string{"github.com/prometheus/client_golang", "github.com/go-co-op/gocron/v2", "github.com/jonboulle/clockwork", "github.com/google/uuid", "golang.org/x/text", "golang.org/x/sync"}},
	{"engine/outbound", []string{"merge", "engine"}, []string{"code.dny.dev/ssrf", "github.com/wneessen/go-mail", "golang.org/x/net"}},
	{"engine/store", []string{"merge", "engine"}, []string{"modernc.org/sqlite", "github.com/pressly/goose/v3", "github.com/gofrs/flock", "github.com/klauspost/compress", "golang.org/x/sys"}},
	{"engine/enginetest", []string{"merge", "engine", "engine/*"}, []string{"*"}},
	{"triggers/bigcommerce/bcsim", nil, nil},
	{"triggers/*", []string{"merge", "engine", "engine/outbound"}, []string{"golang.org/x/sync", "golang.org/x/time", "github.com/google/uuid"}},
	{"triggers", []string{"engine", "engine/outbound", "triggers/*"}, nil},
	{"actions/*", []string{"merge", "engine", "engine/outbound"}, []string{"golang.org/x/net"}},
	{"actions", []string{"engine", "engine/outbound", "actions/*"}, nil},
	{"web", []string{"merge", "engine"}, []string{"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma/v2", "github.com/prometheus/client_golang"}},
	{"cmd/cartwheel", []string{"*", "*/*", "*/*/*"}, []string{"*"}},
}

func TestImportsKeepTheLayers(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, file)
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata" || rel == filepath.Join("web", "ui")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		checkFile(t, file, filepath.ToSlash(filepath.Dir(rel)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, file, pkg string) {
	t.Helper()
	row, ok := rowOf(pkg)
	if !ok {
		t.Errorf("package %s has no row in the table of layers", pkg)
		return
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !row.allows(imported) {
			t.Errorf("%s: package %s must not import %s", file, pkg, imported)
		}
	}
}

func rowOf(pkg string) (layer, bool) {
	for _, row := range layers {
		if matches(row.packages, pkg) {
			return row, true
		}
	}
	return layer{}, false
}

func (l layer) allows(imported string) bool {
	if ours, ok := strings.CutPrefix(imported, "cartwheel/"); ok {
		for _, pattern := range l.ours {
			if matches(pattern, ours) {
				return true
			}
		}
		return false
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	for _, prefix := range l.others {
		if prefix == "*" || imported == prefix || strings.HasPrefix(imported, prefix+"/") {
			return true
		}
	}
	return false
}

func matches(pattern, pkg string) bool {
	ok, err := path.Match(pattern, pkg)
	return err == nil && ok
}

// The rules have teeth: what must not be is told apart from what may be.
func TestTheTableOfLayersHasTeeth(t *testing.T) {
	for _, c := range []struct {
		pkg, imported string
		want          bool
	}{
		{"merge", "strings", true},
		{"merge", "golang.org/x/text/currency", true},
		{"merge", "cartwheel/engine", false},
		{"merge", "github.com/expr-lang/expr", false},
		{"engine", "cartwheel/engine/store", false},
		{"engine", "cartwheel/web", false},
		{"engine/store", "cartwheel/web", false},
		{"engine/store", "cartwheel/engine", true},
		{"triggers/bigcommerce", "cartwheel/actions/sendemail", false},
		{"triggers/bigcommerce/bcsim", "cartwheel/triggers/bigcommerce", false},
		{"actions/httprequest", "cartwheel/triggers/bigcommerce", false},
		{"actions/httprequest", "github.com/gin-gonic/gin", false},
		{"web", "cartwheel/engine/store", false},
		{"web", "modernc.org/sqlite", false},
		{"cmd/cartwheel", "cartwheel/web", true},
	} {
		row, ok := rowOf(c.pkg)
		if !ok || row.allows(c.imported) != c.want {
			t.Errorf("%s importing %s: allowed %v, want %v", c.pkg, c.imported, !c.want, c.want)
		}
	}
}
