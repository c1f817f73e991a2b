package store_test

import (
	"fmt"
	"time"

	"cartwheel/engine"
	"cartwheel/merge"
)

func (f fixture) sample(n int, trigger string) engine.Sample {
	values, err := merge.DecodeObject(fmt.Appendf(nil, `{"BigCommerce":{"Order":{"id":%d,"total":"30.0000","note":null}}}`, n))
	f.ok(err)
	return engine.Sample{ID: fmt.Sprintf("sample-%03d", n), Trigger: trigger, AuthenticationID: shop, Entity: fmt.Sprintf("order/%d", n),
		CreatedAt: f.clock.now(), Values: values}
}

func (f fixture) sampleIDs(trigger string) []string {
	f.t.Helper()
	var ids []string
	for p := (engine.Page{Limit: 20}); ; {
		items, next, err := f.Samples(f.ctx, trigger, p)
		f.ok(err)
		for _, s := range items {
			ids = append(ids, s.ID)
		}
		if next == "" {
			return ids
		}
		p.Cursor = next
	}
}

var sampleSpecs = []spec{
	{"a sample comes back as it was kept", func(f fixture) {
		want := f.sample(1, shipped)
		id, err := f.AddSample(f.ctx, want)
		f.ok(err)
		f.same("sample-001", id)
		got, err := f.Sample(f.ctx, id)
		f.ok(err)
		f.same(merge.JSON(want.Values), merge.JSON(got.Values))
		got.Values, want.Values = merge.Object{}, merge.Object{}
		f.same(want, got)
	}},
	{"a sample about the same entity is renewed and keeps its id", func(f fixture) {
		_, err := f.AddSample(f.ctx, f.sample(1, shipped))
		f.ok(err)
		f.clock.add(time.Hour)
		again := f.sample(1, shipped)
		again.ID = "another"
		id, err := f.AddSample(f.ctx, again)
		f.ok(err)
		f.same("sample-001", id)
		got, err := f.Sample(f.ctx, id)
		f.ok(err)
		f.same(f.clock.now(), got.CreatedAt)
	}},
	{"50 samples of a trigger are kept, the oldest go", func(f fixture) {
		_, err := f.AddSample(f.ctx, f.sample(900, "bigcommerce.order_created"))
		f.ok(err)
		for n := 1; n <= 53; n++ {
			f.clock.add(time.Second)
			_, err := f.AddSample(f.ctx, f.sample(n, shipped))
			f.ok(err)
		}
		ids := f.sampleIDs(shipped)
		if len(ids) != engine.MaxSamples || ids[0] != "sample-053" || ids[49] != "sample-004" {
			f.t.Errorf("got %d samples, %v", len(ids), ids)
		}
		f.same([]string{"sample-900"}, f.sampleIDs("bigcommerce.order_created"))
		f.same(51, len(f.sampleIDs("")))
	}},
	{"a sample is gone after 30 days, from the file too", func(f fixture) {
		_, err := f.AddSample(f.ctx, f.sample(1, shipped))
		f.ok(err)
		f.clock.add(engine.SampleLives)
		if _, err := f.Sample(f.ctx, "sample-001"); err != nil {
			f.t.Fatalf("on its last day: %v", err)
		}
		f.clock.add(time.Second)
		_, err = f.Sample(f.ctx, "sample-001")
		f.code(engine.NotFound, err)
		f.same(0, len(f.sampleIDs("")))
		n, _, err := f.OldHistory(time.Time{}, time.Time{}, time.Time{}).Delete(f.ctx, 10)
		f.ok(err)
		f.same(1, n)
	}},
	{"a sample can be thrown away, once", func(f fixture) {
		_, err := f.AddSample(f.ctx, f.sample(1, shipped))
		f.ok(err)
		f.ok(f.DeleteSample(f.ctx, "sample-001"))
		f.code(engine.NotFound, f.DeleteSample(f.ctx, "sample-001"))
		entries, _, err := f.Audit(f.ctx, engine.AuditFilter{ObjectKind: "sample"}, engine.Page{})
		f.ok(err)
		if len(entries) != 2 || entries[0].Action != "sample.delete" || entries[1].Action != "sample.keep" || string(entries[1].After) != `{"authentication_id":"shop","entity":"order/1","trigger":"bigcommerce.shipment_created"}` {
			f.t.Errorf("audit %+v", entries)
		}
	}},
	{"a trial that sends stands in the audit log", func(f fixture) {
		f.ok(f.NoteTrial(f.ctx, engine.TrialNote{Action: "workflow.test", ID: "ask", MailTo: "tester@example.com", Calls: true}))
		entries, _, err := f.Audit(f.ctx, engine.AuditFilter{ObjectKind: "workflow", ObjectID: "ask"}, engine.Page{})
		f.ok(err)
		if len(entries) != 1 || entries[0].Action != "workflow.test" || string(entries[0].After) != `{"http":true,"mail_to":"tester@example.com"}` {
			f.t.Errorf("audit %+v", entries)
		}
	}},
}
