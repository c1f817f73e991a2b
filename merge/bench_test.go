package merge_test

import (
	"os"
	"testing"

	"cartwheel/merge"
)

const mail = `<p>Hello {{ BigCommerce | Order | billing_address | first_name ?? "there" :: title }},</p>
<p>your order {{ BigCommerce | Order | id }} of {{ BigCommerce | Order | total_inc_tax :: money }} is on its way.</p>
<ul>{{#each BigCommerce | Products}}<li>{{ item | quantity }} x {{ item | name }}</li>{{/each}}</ul>
{{#if BigCommerce.Order.status == "Shipped"}}<p>It left on {{ BigCommerce | Order | date_created :: date "2 January 2006" }}.</p>{{/if}}
<p><a href="https://example.com/?order={{ BigCommerce | Order | id :: url }}">Tell us</a></p>`

func BenchmarkDecode(b *testing.B) {
	raw, err := os.ReadFile("testdata/v2_order.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := merge.Decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFlatten(b *testing.B) {
	o := payload(b, "v2_order.json").(merge.Object)
	b.ReportAllocs()
	for b.Loop() {
		merge.Flatten(o)
	}
}

func BenchmarkParse(b *testing.B) {
	s := scope()
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := merge.Parse(mail, merge.PlaceHTML, s, language{}); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	tmpl, _ := merge.Parse(mail, merge.PlaceHTML, scope(), language{})
	env := merge.Env{Root: event(b)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tmpl.Render(env); err != nil {
			b.Fatal(err)
		}
	}
}

// A webhook is small: what a decoder costs at once weighs most.
func BenchmarkDecodeSmall(b *testing.B) {
	const webhook = `{"store_id":"1025646","producer":"stores/k7mq2zt9ax","scope":"store/order/created","data":{"type":"order","id":251},` +
		`"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335}`
	b.SetBytes(int64(len(webhook)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := merge.DecodeText(webhook); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSON(b *testing.B) {
	for name, file := range map[string]string{"customer": "v2_customer.json", "order": "v2_order.json"} {
		o := payload(b, file)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				merge.JSON(o)
			}
		})
	}
}

func BenchmarkSet(b *testing.B) {
	names := []string{"id", "received_at", "trigger", "scope", "entity"}
	b.ReportAllocs()
	for b.Loop() {
		var o merge.Object
		for _, name := range names {
			o.Set(name, true)
		}
	}
}
