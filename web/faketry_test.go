package web_test

import (
	"context"

	"cartwheel/engine"
)

// This file is the fake engine's part for trying out and setting up.

func (f *fakeEngine) PreviewTemplates(_ context.Context, in engine.PreviewsInput) (map[string]engine.Preview, error) {
	f.source, f.templates = in.Source, in.Templates
	out := map[string]engine.Preview{}
	for name, t := range in.Templates {
		out[name] = engine.Preview{Output: string(t.Place) + ":" + t.Text, Codes: sampleUses()}
	}
	return out, f.note1("PreviewTemplates")
}

func fakeSample() engine.Sample {
	return engine.Sample{ID: "sample1", Trigger: "bigcommerce.order_created", AuthenticationID: "store", Entity: "order/251", CreatedAt: moment}
}

func (f *fakeEngine) KeepSample(ctx context.Context, trigger, authenticationID, id string) (engine.Sample, error) {
	kept := fakeSample()
	kept.Values, _ = f.Sample(ctx, trigger, authenticationID, id)
	return kept, f.note1("KeepSample")
}

func (f *fakeEngine) Samples(_ context.Context, trigger string, p engine.Page) ([]engine.Sample, string, error) {
	f.id, f.page = trigger, p
	return []engine.Sample{fakeSample()}, f.next, f.note1("Samples")
}

func (f *fakeEngine) DeleteSample(_ context.Context, id string) error {
	f.id = id
	return f.note1("DeleteSample")
}

func (f *fakeEngine) SendTestMail(_ context.Context, id, to string) ([]engine.Check, error) {
	f.id, f.note = id, to
	return []engine.Check{{Name: "Test mail", OK: true, Detail: "It went to " + to}}, f.note1("SendTestMail")
}

func (f *fakeEngine) Setup(context.Context) (engine.Setup, error) {
	return engine.Setup{Store: true, StoreID: "store", Event: true}, f.note1("Setup")
}

func (f *fakeEngine) RepairHooks(_ context.Context, id string) error {
	f.id = id
	return f.note1("RepairHooks")
}
