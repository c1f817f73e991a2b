package merge_test

import (
	"strings"
	"testing"

	"cartwheel/merge"
)

// language is a toy expression language: a path, upper(path), path == "text",
// a quoted text, a number, true and false. An unknown path is a problem.
type language struct{}

type program struct {
	code   merge.Code // "" for a fixed value
	local  bool
	fixed  any
	upper  bool
	equals *string
}

func (language) Compile(src string, at merge.Position, s *merge.Scope, _ bool) (merge.Program, []merge.Problem) {
	p := &program{}
	if left, right, ok := strings.Cut(src, " == "); ok {
		text := strings.Trim(right, `"`)
		src, p.equals = left, &text
	}
	if inner, ok := strings.CutPrefix(src, "upper("); ok {
		src, p.upper = strings.TrimSuffix(inner, ")"), true
	}
	if v, err := merge.Decode([]byte(src)); err == nil {
		p.fixed = v
		return p, nil
	}
	code, err := merge.ParsePath(src)
	if err != nil {
		return nil, []merge.Problem{{Message: "This is no expression.", Line: at.Line, Column: at.Column}}
	}
	_, p.local = s.Locals[code.Root()]
	if _, known := s.Catalog.Lookup(code); !known && !p.local {
		return nil, []merge.Problem{{Message: "Unknown " + src + ".", Line: at.Line, Column: at.Column}}
	}
	p.code = code
	return p, nil
}

func (p *program) Codes() []merge.Code {
	if p.code == "" || p.local {
		return nil
	}
	return []merge.Code{p.code}
}

func (p *program) Eval(env merge.Env) (any, error) {
	v := p.fixed
	if p.code != "" {
		root := env.Root
		if p.local {
			root = merge.FromGo(map[string]any{}).(merge.Object)
			for name, local := range env.Locals {
				root.Set(name, local)
			}
		}
		v, _ = root.Lookup(p.code)
	}
	if p.upper {
		v = strings.ToUpper(merge.Text(v))
	}
	if p.equals != nil {
		return v != nil && merge.Text(v) == *p.equals, nil
	}
	return v, env.Meter.Charge(1)
}

// The world of the tests.

const eventJSON = `{
  "BigCommerce": {
    "Order": {
      "id": 4127, "status": "Shipped", "total_inc_tax": "1234.5000", "currency_code": "USD", "items_total": 4,
      "is_deleted": false, "customer_message": "<b>5 > 3 & \"quotes\"</b>", "date_created": "Wed, 17 Sep 2025 22:05:38 +0000",
      "note": "", "nothing": null, "discount": "-0.0049",
      "billing_address": {"first_name": "anna  o'neill", "city": "Zürich", "url": "https://example.com/a?b=1&c=2"}
    },
    "Products": [
      {"name": "Mug", "quantity": 2, "price": "9.5000", "product_options": [{"name": "red"}, {"name": "big"}]},
      {"name": "Tea \u2028 & more", "quantity": 1, "price": "3.0000", "product_options": []}
    ],
    "Tags": ["a", "b\"c"],
    "Empty": [],
    "Store": {"zone": "Europe/Berlin"}
  },
  "Webhook": {"a | b": "piped", "first name": "blank", "say \"hi\"": "quoted", "tmpl": "{{ BigCommerce | Order | id }}"},
  "Steps": {"tell": {"body": {"n": 45.0, "t": "x", "deep": [1, {"a": null}]}}}
}`

func event(t testing.TB) merge.Object {
	t.Helper()
	o, err := merge.DecodeObject([]byte(eventJSON))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func scope() *merge.Scope {
	const order = "BigCommerce | Order | "
	items := []merge.Entry{
		{Code: "name", Type: merge.String},
		{Code: "quantity", Type: merge.Integer},
		{Code: "price", Type: merge.Decimal, Currency: order + "currency_code"},
		{Code: "product_options", Type: merge.List, Items: []merge.Entry{{Code: "name", Type: merge.String}}},
	}
	return &merge.Scope{Catalog: merge.NewCatalog("BigCommerce | Store | zone",
		merge.Entry{Code: order + "id", Type: merge.Integer},
		merge.Entry{Code: order + "status", Type: merge.String},
		merge.Entry{Code: order + "total_inc_tax", Type: merge.Decimal, Currency: order + "currency_code"},
		merge.Entry{Code: order + "discount", Type: merge.Decimal, Currency: order + "currency_code"},
		merge.Entry{Code: order + "currency_code", Type: merge.String},
		merge.Entry{Code: order + "items_total", Type: merge.Integer},
		merge.Entry{Code: order + "is_deleted", Type: merge.Boolean},
		merge.Entry{Code: order + "customer_message", Type: merge.String},
		merge.Entry{Code: order + "date_created", Type: merge.Datetime},
		merge.Entry{Code: order + "note", Type: merge.String},
		merge.Entry{Code: order + "nothing", Type: merge.String},
		merge.Entry{Code: order + "billing_address | first_name", Type: merge.String},
		merge.Entry{Code: order + "billing_address | city", Type: merge.String},
		merge.Entry{Code: order + "billing_address | url", Type: merge.String},
		merge.Entry{Code: "BigCommerce | Customer | first_name", Type: merge.String},
		merge.Entry{Code: "BigCommerce | Products", Type: merge.List, Items: items},
		merge.Entry{Code: "BigCommerce | Tags", Type: merge.List},
		merge.Entry{Code: "BigCommerce | Empty", Type: merge.List},
		merge.Entry{Code: "BigCommerce | Store | zone", Type: merge.String},
	).WithOpen("Webhook", "Steps | tell")}
}

// render parses src, which must have no problems, and renders it with the event.
func render(t *testing.T, src string, place merge.Place) string {
	t.Helper()
	return renderWith(t, src, place, event(t))
}

func renderWith(t *testing.T, src string, place merge.Place, root merge.Object) string {
	t.Helper()
	tmpl, problems := merge.Parse(src, place, scope(), language{})
	if len(problems) > 0 {
		t.Fatalf("Parse(%s): %v", src, problems)
	}
	out, err := tmpl.Render(merge.Env{Root: root})
	if err != nil {
		t.Fatalf("Render(%s): %v", src, err)
	}
	return out
}
