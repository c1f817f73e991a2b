package cond_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

type refusal struct {
	src  string
	want []merge.Problem
}

func at(line, column int, message, suggestion string) merge.Problem {
	return merge.Problem{Line: line, Column: column, Message: message, Suggestion: suggestion}
}

const theFunctions = "the functions are abs all any count date days_since domain duration filter find has is_empty len lower map none now one round sum trim upper within."

// refusals are conditions with all their problems, by what is wrong.
var refusals = map[string][]refusal{
	"names are checked": {
		{`BigCommerce.Order.totl_inc_tax > 5`, []merge.Problem{
			at(1, 1, `There is no merge code BigCommerce.Order.totl_inc_tax here; choose one that the trigger supplies.`, `BigCommerce.Order.total_inc_tax`),
		}},
		{`Bigcommerce.Customer.first_name == "A"`, []merge.Problem{
			at(1, 1, `There is no merge code Bigcommerce.Customer.first_name here; choose one that the trigger supplies.`, `BigCommerce.Customer.first_name, BigCommerce.Order.billing_address.first_name`),
		}},
		{"BigCommerce.Order.id == 1 and\n  Order.total_inc_tax > 5", []merge.Problem{
			at(2, 3, `There is no merge code Order.total_inc_tax here; choose one that the trigger supplies.`, `BigCommerce.Order.total_inc_tax`),
		}},
		{`"Zoë" == "x" and BigCommerce.Ordr.total_inc_tax == 1`, []merge.Problem{
			at(1, 18, `There is no merge code BigCommerce.Ordr.total_inc_tax here; choose one that the trigger supplies.`, `BigCommerce.Order.total_inc_tax`),
		}},
		{`BigCommerce.Order.status == US`, []merge.Problem{
			at(1, 29, `There is no name US here; if it is a text, put it in quotes: "US".`, ""),
		}},
		{`Steps.tel.body.ok`, []merge.Problem{
			at(1, 1, `There is no merge code Steps.tel.body.ok here; choose one that the trigger supplies.`, `Steps.tell.body.ok`),
		}},
		{`any(BigCommerce.Products, .quantty > 1)`, []merge.Problem{
			at(1, 27, `There is no .quantty in the items of BigCommerce.Products.`, `.quantity`),
		}},
		{`any(BigCommerce.Products, any(.product_options, #.valu == "x"))`, []merge.Problem{
			at(1, 49, `There is no .valu in the items of .product_options.`, `.value`),
		}},
		{`BigCommerce.Shipment.items[0].quantty > 1`, []merge.Problem{
			at(1, 1, `There is no .quantty in the items of BigCommerce.Shipment.items[0].`, `.quantity`),
		}},
		{`find(BigCommerce.Products, true).nme == "x"`, []merge.Problem{
			at(1, 1, `There is no .nme in the items of find(BigCommerce.Products, true).`, `.name`),
		}},
		{`BigCommerce.Order.totl_inc_tax > 1 or BigCommerce.Order.stats == "x"`, []merge.Problem{
			at(1, 1, `There is no merge code BigCommerce.Order.totl_inc_tax here; choose one that the trigger supplies.`, `BigCommerce.Order.total_inc_tax`),
			at(1, 39, `There is no merge code BigCommerce.Order.stats here; choose one that the trigger supplies.`, `BigCommerce.Order.status, BigCommerce.Order.tags, BigCommerce.Order.status_id`),
		}},
	},
	"members are checked": {
		{`BigCommerce.Products.name == "x"`, []merge.Problem{
			at(1, 1, `BigCommerce.Products is a list; ask for its items, as in any(BigCommerce.Products, .name == "x").`, ""),
		}},
		{`BigCommerce.Order.id.x == 1`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.id is a number and has no members; leave out what follows.`, ""),
		}},
		{`BigCommerce.Shipment.items["a"] == 1`, []merge.Problem{
			at(1, 1, `BigCommerce.Shipment.items is a list; ask for its items, as in any(BigCommerce.Shipment.items, .name == "x").`, ""),
		}},
		{`BigCommerce.Order.id[0] == 1`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.id is a number and has no items; leave out the [ ].`, ""),
		}},
		{`{a: 1}[true]`, []merge.Problem{
			at(1, 8, `Between [ ] stands the number of an item, counted from 0, or a name.`, ""),
		}},
		{`BigCommerce.Order[0] == 1`, []merge.Problem{
			at(1, 19, `The members of an object have names, not numbers.`, ""),
		}},
	},
	"a condition is yes or no": {
		{`BigCommerce.Order.id`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.id is a number, not yes or no; compare it, as in BigCommerce.Order.id > 0.`, ""),
		}},
		{`BigCommerce.Order.status and true`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.status is a text, not yes or no; compare it, as in BigCommerce.Order.status == "x".`, ""),
		}},
		{`BigCommerce.Products`, []merge.Problem{
			at(1, 1, `BigCommerce.Products is a list, not yes or no; ask for its items with any(BigCommerce.Products, ...), or write not is_empty(BigCommerce.Products).`, ""),
		}},
		{`not BigCommerce.Order`, []merge.Problem{
			at(1, 5, `BigCommerce.Order is an object, not yes or no; choose one of its members, or write has(BigCommerce.Order).`, ""),
		}},
		{`BigCommerce.Order.id == 5 ? "a" : true`, []merge.Problem{
			at(1, 29, `"a" is a text, not yes or no; compare it, as in "a" == "x".`, ""),
		}},
		{`now()`, []merge.Problem{
			at(1, 1, `now() is a date, not yes or no; compare it, as in now() > "2006-01-31".`, ""),
		}},
		{`any(BigCommerce.Products, .name)`, []merge.Problem{
			at(1, 27, `.name is a text, not yes or no; compare it, as in .name == "x".`, ""),
		}},
	},
	"what is compared must be comparable": {
		{`BigCommerce.Order.id == "abc"`, []merge.Problem{
			at(1, 25, `BigCommerce.Order.id is a number, and "abc" is not; write a number, as in 12.50.`, ""),
		}},
		{`BigCommerce.Order.total_inc_tax > ""`, []merge.Problem{
			at(1, 35, `BigCommerce.Order.total_inc_tax is a number, and "" is not; write a number, as in 12.50.`, ""),
		}},
		{`BigCommerce.Order.is_deleted > 3`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.is_deleted is yes or no and has no order; use == or !=.`, ""),
		}},
		{`BigCommerce.Order.is_deleted == 3`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.is_deleted is yes or no and 3 is a number; they cannot be compared.`, ""),
		}},
		{`BigCommerce.Order.is_deleted == "maybe"`, []merge.Problem{
			at(1, 33, `BigCommerce.Order.is_deleted is yes or no, and "maybe" is not; write true or false.`, ""),
		}},
		{`BigCommerce.Products > 3`, []merge.Problem{
			at(1, 1, `BigCommerce.Products is a list and cannot be compared; use in, any(...), len(...) or is_empty(...).`, ""),
		}},
		{`BigCommerce.Order == 3`, []merge.Problem{
			at(1, 1, `BigCommerce.Order is an object and cannot be compared; choose one of its members.`, ""),
		}},
		{`[] == BigCommerce.Products`, []merge.Problem{
			at(1, 1, `[] is a list and cannot be compared; use in, any(...), len(...) or is_empty(...).`, ""),
		}},
		{`BigCommerce.Order.billing_address.zip == 1234`, []merge.Problem{
			at(1, 42, `BigCommerce.Order.billing_address.zip is a text; put the number in quotes: "1234".`, ""),
		}},
		{`BigCommerce.Order.status > BigCommerce.Order.id`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.status is a text and BigCommerce.Order.id is a number; they have no order.`, ""),
		}},
		{`BigCommerce.Order.date_created > "yesterday"`, []merge.Problem{
			at(1, 34, `BigCommerce.Order.date_created is a date, and "yesterday" is not; write a date as "2006-01-31".`, ""),
		}},
		{`BigCommerce.Order.date_created > 5`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.date_created is a date and 5 is a number; they cannot be compared.`, ""),
		}},
		{`now() - BigCommerce.Order.date_created > "7 days"`, []merge.Problem{
			at(1, 42, `now() - BigCommerce.Order.date_created is a length of time, and "7 days" is not; write a length of time as "36h" or "3d".`, ""),
		}},
		{`BigCommerce.Order.id < nil`, []merge.Problem{
			at(1, 22, `nil can only be compared with == and !=.`, ""),
		}},
		{`BigCommerce.Order.date_created == duration("1d")`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.date_created is a date and duration("1d") is a length of time; they cannot be compared.`, ""),
		}},
	},
	"what is looked into must be a text or a list": {
		{`BigCommerce.Order.id contains "1"`, []merge.Problem{
			at(1, 1, `contains looks into texts and lists; BigCommerce.Order.id is a number.`, ""),
		}},
		{`BigCommerce.Order.status contains 5`, []merge.Problem{
			at(1, 35, `contains wants a text; put the number in quotes: "5".`, ""),
		}},
		{`BigCommerce.Order.date_created startsWith "Tue"`, []merge.Problem{
			at(1, 1, `startsWith wants a text, and BigCommerce.Order.date_created is a date.`, ""),
		}},
		{`BigCommerce.Order.billing_address.zip in [1, "2"]`, []merge.Problem{
			at(1, 43, `BigCommerce.Order.billing_address.zip is a text; put the number in quotes: "1".`, ""),
		}},
		{`BigCommerce.Order.id in 5`, []merge.Problem{
			at(1, 25, `in wants a list on its right; 5 is a number.`, ""),
		}},
		{`"x" in BigCommerce.Products`, []merge.Problem{
			at(1, 8, `The items of BigCommerce.Products are objects; write any(BigCommerce.Products, .name == "x").`, ""),
		}},
		{`BigCommerce.Order.tags in ["a"]`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.tags is a list; a list never holds it.`, ""),
		}},
		{`BigCommerce.Order.id in [[1]]`, []merge.Problem{
			at(1, 26, `A list in a list is never found; write its items.`, ""),
		}},
		{`BigCommerce.Order.status_id in ["shipped"]`, []merge.Problem{
			at(1, 33, `BigCommerce.Order.status_id is a number, and "shipped" is not; write a number, as in 12.50.`, ""),
		}},
		{`BigCommerce.Order.status matches "["`, []merge.Problem{
			at(1, 34, `The regular expression is not valid: missing closing ].`, ""),
		}},
		{`BigCommerce.Order.status matches BigCommerce.Order.external_id`, []merge.Problem{
			at(1, 34, `The regular expression after matches must stand there in quotes, as in matches "^A-[0-9]+$".`, ""),
		}},
		{`BigCommerce.Order.status matches "(a|b|c|d|e){1,900}$"`, []merge.Problem{
			at(1, 34, `The regular expressions of a condition may have 2000 steps together, and these have more; shorten them or their {repetitions}.`, ""),
		}},
	},
	"arithmetic needs numbers, dates or texts": {
		{`BigCommerce.Order.is_deleted + 1 == 2`, []merge.Problem{
			at(1, 1, `One cannot compute with BigCommerce.Order.is_deleted: it is yes or no.`, ""),
		}},
		{`BigCommerce.Order.id + "x" == 1`, []merge.Problem{
			at(1, 1, `+ joins two texts or adds two numbers; BigCommerce.Order.id is a number and "x" is a text.`, ""),
		}},
		{`BigCommerce.Order.status * 2 == 1`, []merge.Problem{
			at(1, 1, `A number or a date is needed on both sides of *; BigCommerce.Order.status is a text and 2 is a number.`, ""),
		}},
		{`now() + 1 > now()`, []merge.Problem{
			at(1, 1, `A date can be moved by a length of time, as in + duration("3d"); now() is a date and 1 is a number.`, ""),
		}},
		{`-BigCommerce.Order.status == 1`, []merge.Problem{
			at(1, 1, `BigCommerce.Order.status is a text and has no sign.`, ""),
		}},
		{`nil + 1 == 2`, []merge.Problem{
			at(1, 1, `One cannot compute with nil: it is nil.`, ""),
		}},
	},
	"functions are checked": {
		{`lengths("a") == 1`, []merge.Problem{
			at(1, 1, `There is no function lengths here; `+theFunctions, `len`),
		}},
		{`max(1, 2) == 2`, []merge.Problem{
			at(1, 1, `There is no function max here; `+theFunctions, ""),
		}},
		{`lowr(BigCommerce.Order.status) == "a"`, []merge.Problem{
			at(1, 1, `There is no function lowr here; `+theFunctions, `lower`),
		}},
		{`isEmpty("")`, []merge.Problem{
			at(1, 1, `There is no function isEmpty here; `+theFunctions, `is_empty`),
		}},
		{`startswith("a", "b")`, []merge.Problem{
			at(1, 1, `startsWith stands between two values: a startsWith b.`, ""),
		}},
		{`lower() == "a"`, []merge.Problem{
			at(1, 1, `lower takes one value; see lower(a text).`, ""),
		}},
		{`has(1, 2)`, []merge.Problem{
			at(1, 1, `has takes one value; see has(a value).`, ""),
		}},
		{`now(1) == 1`, []merge.Problem{
			at(1, 1, `now takes nothing; see now().`, ""),
			at(1, 1, `now(1) is a date and 1 is a number; they cannot be compared.`, ""),
		}},
		{`round(1, 2, 3) == 1`, []merge.Problem{
			at(1, 1, `round takes one or two values; see round(a number, a number).`, ""),
		}},
		{`lower(5) == "a"`, []merge.Problem{
			at(1, 7, `lower wants a text, and 5 is a number.`, ""),
		}},
		{`len(BigCommerce.Order.id) > 1`, []merge.Problem{
			at(1, 5, `len wants a text or a list, and BigCommerce.Order.id is a number.`, ""),
		}},
		{`within(BigCommerce.Order.date_created, "7 days")`, []merge.Problem{
			at(1, 40, `within wants a length of time, as in "36h" or "3d", and "7 days" is none.`, ""),
		}},
		{`days_since(BigCommerce.Order.id) == 1`, []merge.Problem{
			at(1, 12, `days_since wants a date, as in "2006-01-31", and BigCommerce.Order.id is a number.`, ""),
		}},
		{`any(BigCommerce.Order.id, true)`, []merge.Problem{
			at(1, 5, `any wants a list, and BigCommerce.Order.id is a number.`, ""),
		}},
		{`any(BigCommerce.Products)`, []merge.Problem{
			at(1, 25, `any wants a list and a test: any(list, .name == "x").`, ""),
		}},
		{`sum(BigCommerce.Products, .name) > 1`, []merge.Problem{
			at(1, 27, `sum adds numbers, and .name is a text.`, ""),
		}},
		{`any([1], #acc == 1)`, []merge.Problem{
			at(1, 10, `#acc is not known; # is the item and #index its number, counted from 0.`, ""),
		}},
	},
	"syntax is explained": {
		{`BigCommerce.Order.id = 5`, []merge.Problem{
			at(1, 22, `Write == to compare.`, ""),
		}},
		{`BigCommerce.Order.id === 5`, []merge.Problem{
			at(1, 24, `Write == to compare.`, ""),
		}},
		{`BigCommerce | Order | id == 5`, []merge.Problem{
			at(1, 1, `In a condition a merge code is written with dots.`, `BigCommerce.Order.id`),
		}},
		{`BigCommerce.Order.status | lower() == "x"`, []merge.Problem{
			at(1, 26, `The sign | does not belong here; write or between two tests, and lower(x) for a function.`, ""),
		}},
		{`1 <> 2`, []merge.Problem{
			at(1, 3, `Write != for unequal.`, ""),
		}},
		{`1 & 2`, []merge.Problem{
			at(1, 3, `Write and (or &&).`, ""),
		}},
		{`1 == 1 AND true`, []merge.Problem{
			at(1, 8, `Write and in small letters.`, ""),
		}},
		{`1 == `, []merge.Problem{
			at(1, 3, `Something is missing after "==".`, ""),
		}},
		{`!`, []merge.Problem{
			at(1, 1, `Something is missing after "!".`, ""),
		}},
		{`(1 == 1`, []merge.Problem{
			at(1, 1, `This ( is never closed.`, ""),
		}},
		{`1 == 1)`, []merge.Problem{
			at(1, 7, `This ) closes nothing; remove it or open it before.`, ""),
		}},
		{`(1 == 1]`, []merge.Problem{
			at(1, 8, `This ] closes nothing; remove it or open it before.`, ""),
		}},
		{`a b`, []merge.Problem{
			at(1, 3, `"b" is not expected here; an operator such as == or "and" is missing before it.`, ""),
		}},
		{`"abc`, []merge.Problem{
			at(1, 1, `The text that begins here has no closing quote.`, ""),
		}},
		{"true and\n  'x", []merge.Problem{
			at(2, 3, `The text that begins here has no closing quote.`, ""),
		}},
		{`“abc” == "x"`, []merge.Problem{
			at(1, 1, `Use straight quotes: "text".`, ""),
		}},
		{`"a" == @`, []merge.Problem{
			at(1, 8, `The character '@' has no meaning here; a text stands in quotes.`, ""),
		}},
		{`12a == 5`, []merge.Problem{
			at(1, 1, `This is no number; write digits with a point, as in 12.50.`, ""),
		}},
		{`1 /* x`, []merge.Problem{
			at(1, 3, `The comment that begins here is not closed; end it with */.`, ""),
		}},
		{`"\q" == "x"`, []merge.Problem{
			at(1, 3, `This \ sequence is not known; write \\ for a backslash, \" for a quote.`, ""),
		}},
		{`99999999999999999999 > 1`, []merge.Problem{
			at(1, 1, `This number is too long; put it in quotes.`, ""),
		}},
		{`BigCommerce.Order.id ?? 0 > 5`, []merge.Problem{
			at(1, 27, `Put round brackets around the ?? and its two sides: (a ?? b) == c.`, ""),
		}},
		{`# > 1`, []merge.Problem{
			at(1, 1, `# and .name stand for the item inside any(list, .name == ...), all, none, one, filter, find, count, map or sum only.`, ""),
		}},
		{`[1,,2] == 1`, []merge.Problem{
			at(1, 4, `"," is not expected here; a value is missing before it.`, ""),
		}},
		{`any(1, )`, []merge.Problem{
			at(1, 8, `any wants a list and a test: any(list, .name == "x").`, ""),
		}},
		{`()`, []merge.Problem{
			at(1, 2, `Something is missing before this ).`, ""),
		}},
	},
}

func TestProblemsSayWhatIsWrongAndWhere(t *testing.T) {
	for name, table := range refusals {
		t.Run(name, func(t *testing.T) {
			for _, r := range table {
				c, got := cond.Compile(r.src, scope())
				if diff := cmp.Diff(r.want, got); diff != "" || c != nil {
					t.Errorf("%s: condition %v, problems (-want +got):\n%s", r.src, c, diff)
				}
			}
		})
	}
}

func TestProblemsOfTemplatesCountFromTheSurroundingText(t *testing.T) {
	for _, tt := range []struct {
		src          string
		line, column int
	}{
		{"Order.idd == 1", 7, 12},
		{"1 == 1 and Order.idd == 1", 7, 23},
		{"1 == 1 and\n Order.idd == 1", 8, 2},
		{"(1", 7, 12},
	} {
		_, problems := cond.Language{}.Compile(tt.src, merge.Position{Line: 7, Column: 12}, scope(), true)
		if len(problems) != 1 || problems[0].Line != tt.line || problems[0].Column != tt.column {
			t.Errorf("%q: got %v, want one at %d:%d", tt.src, problems, tt.line, tt.column)
		}
	}
}

func TestLoopVariablesAreChecked(t *testing.T) {
	s := scope()
	s.Locals = map[string]merge.Local{
		"item":   {Entry: merge.Entry{Type: merge.ObjectOf, Items: []merge.Entry{{Code: "name", Type: merge.String}, {Code: "options", Type: merge.List, Items: []merge.Entry{{Code: "value", Type: merge.String}}}}}},
		"number": {Entry: merge.Entry{Type: merge.Integer}},
		"open":   {},
	}
	for src, want := range map[string][]merge.Problem{
		`item.name == "x" and open.x.y == 1 and number > 3`: nil,
		`any(item.options, .value == "x")`:                  nil,
		`item.nam == "x"`:                                   {at(1, 1, "There is no nam in item.", "item.name")},
		`number.x == 1`:                                     {at(1, 1, "number is a number and has no members; leave out what follows.", "")},
		`any(item.options, .valu == "x")`:                   {at(1, 19, "There is no .valu in the items of item.options.", ".value")},
	} {
		_, got := cond.Compile(src, s)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", src, diff)
		}
	}
}

func TestLongAndLargeConditionsAreRefused(t *testing.T) {
	for name, tt := range map[string]struct{ src, want string }{
		"bytes":            {"1 == 1 or " + strings.Repeat("(", 5000), "This is 5010 bytes long and may have 4096; split it into several."},
		"parts":            {strings.Repeat("true and ", 250) + "true", "This has more than 400 parts; split it into several."},
		"in list":          {"1 in [" + strings.Repeat("1,", 450) + "1]", "This has more than 400 parts; split it into several."},
		"patterns":         {strings.Repeat(`"a" matches "b{900}" or `, 3) + "true", "The regular expressions of a condition may have 2000 steps together, and these have more; shorten them or their {repetitions}."},
		"nested patterns":  {`"a" matches "(((\\pL{30}){30}){1})"`, ""},
		"empty expression": {"", "An expression is missing here."},
	} {
		_, problems := cond.Language{}.Compile(tt.src, merge.Position{Line: 1, Column: 1}, scope(), true)
		switch {
		case tt.want == "" && len(problems) == 0:
		case len(problems) != 1 || problems[0].Message != tt.want:
			t.Errorf("%s: got %v, want %q", name, problems, tt.want)
		}
	}
}

func TestWithoutAScopeNothingIsKnown(t *testing.T) {
	if _, problems := cond.Compile(`BigCommerce.Order.id == 1`, nil); len(problems) != 1 {
		t.Errorf("got %v, want one problem", problems)
	}
	if _, problems := cond.Compile(`1 == 1`, nil); len(problems) != 0 {
		t.Errorf("got %v, want none", problems)
	}
}
