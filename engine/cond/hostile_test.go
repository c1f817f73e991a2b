package cond_test

import (
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// hostile is one text of testdata/hostile.json: written out or made by a rule.
type hostile struct {
	Name   string `json:"name"`
	Expr   string `json:"expr"`
	Repeat *struct {
		Text  string `json:"text"`
		Times int    `json:"times"`
	} `json:"repeat"`
	Double *struct {
		First string `json:"first"`
		Next  string `json:"next"` // N is the number of the step, M the one before
		Last  string `json:"last"`
		Times int    `json:"times"`
	} `json:"double"`
	Nest *struct {
		Inner  string    `json:"inner"`
		Around [2]string `json:"around"`
		Times  int       `json:"times"`
	} `json:"nest"`
	Around [2]string `json:"around"`
	Expect string    `json:"expect"` // reject (when it is compiled) or limit (when it is evaluated)
}

func (h hostile) source() string {
	switch {
	case h.Repeat != nil:
		return strings.Repeat(h.Repeat.Text, h.Repeat.Times)
	case h.Double != nil:
		src := h.Double.First
		for i := 2; i <= h.Double.Times; i++ {
			src += strings.NewReplacer("N", strconv.Itoa(i), "M", strconv.Itoa(i-1)).Replace(h.Double.Next)
		}
		return src + strings.ReplaceAll(h.Double.Last, "N", strconv.Itoa(h.Double.Times))
	case h.Nest != nil:
		before, after := strings.Repeat(h.Nest.Around[0], h.Nest.Times), strings.Repeat(h.Nest.Around[1], h.Nest.Times)
		return h.Around[0] + before + h.Nest.Inner + after + h.Around[1]
	}
	return h.Expr
}

// ceiling is ten times what a hostile text may take, for slow machines.
const ceiling = time.Second

// hostileEnv is an event that is as large as they come.
func hostileEnv() (merge.Env, *merge.Scope) {
	items, huge := make([]any, 1000), make([]any, 500_000)
	for i := range items {
		items[i] = strings.Repeat("a", 1000)
	}
	for i := range huge {
		huge[i] = json.Number(strconv.Itoa(i))
	}
	var root, inner merge.Object
	inner.Set("k", "v")
	for name, v := range map[string]any{
		"items": items, "huge": huge, "long": strings.Repeat("x", 1<<20), "s": strings.Repeat("a", 30), "name": "Jane",
		"power": json.Number("1e900"), "root": inner,
		"digits": json.Number(strings.Repeat("7", 1000)),
	} {
		root.Set(name, v)
	}
	root.Put("BigCommerce | Products", products("10.5000", "2.0000"))
	codes := []merge.Code{"items", "huge", "long", "s", "name", "power", "root", "digits", "BigCommerce"}
	return merge.Env{Root: root, Now: now}, &merge.Scope{Catalog: merge.NewCatalog("").WithOpen(codes...)}
}

func products(prices ...string) (list []any) {
	for _, p := range prices {
		var o merge.Object
		o.Set("base_price", p)
		list = append(list, o)
	}
	return list
}

func TestHostileTextsAreRefusedOrStopped(t *testing.T) {
	raw, err := os.ReadFile("testdata/hostile.json")
	if err != nil {
		t.Fatal(err)
	}
	var corpus []hostile
	if err := json.Unmarshal(raw, &corpus); err != nil {
		t.Fatal(err)
	}
	e, s := hostileEnv()
	for _, h := range corpus {
		t.Run(h.Name, func(t *testing.T) {
			src := h.source()
			start := time.Now()
			c, problems := cond.Compile(src, s)
			if h.Expect == "reject" {
				if len(problems) == 0 || problems[0].Line != 1 || problems[0].Message == "" {
					t.Errorf("%.100s: problems %v, want it refused", src, problems)
				}
			} else if len(problems) > 0 {
				t.Fatalf("%.100s: %v, want it to compile", src, problems)
			} else if _, err := c.Decide(e); !errors.Is(err, cond.ErrLimit) || errors.Is(err, merge.ErrSlow) {
				t.Errorf("%.100s: got %v, want ErrLimit", src, err)
			}
			if took := time.Since(start); took > ceiling {
				t.Errorf("%.100s: took %v", src, took)
			}
		})
	}
}

func TestHonestTextsBesideTheHostileOnesAreTrue(t *testing.T) {
	e, s := hostileEnv()
	for _, src := range []string{
		`name == "Jane" && any(items, len(#) > 5) && lower(s) startsWith "a"`,
		strings.Repeat("(", 2000) + "true" + strings.Repeat(")", 2000),
		`sum(BigCommerce.Products, .base_price) == 12.5`,
		`BigCommerce.Order.nothing.at.all == nil`,
		`any(items, # matches "^a+$")`,
		`len(long) == 1048576`,
	} {
		v, err := mustCompile(t, src, s).Decide(e)
		if err != nil || !v.Result {
			t.Errorf("%.100s: got %v (%s), %v; want true", src, v.Result, v.Reason, err)
		}
	}
}
