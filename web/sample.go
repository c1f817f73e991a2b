package web

import (
	"context"
	"errors"
	"net/http"

	"cartwheel/engine"
	"cartwheel/merge"
)

// sampleEngine is what the operations on samples take.
type sampleEngine interface {
	Sample(ctx context.Context, trigger, authenticationID, id string) (merge.Object, error)
	KeepSample(ctx context.Context, trigger, authenticationID, id string) (engine.Sample, error)
	Samples(ctx context.Context, trigger string, p engine.Page) ([]engine.Sample, string, error)
	DeleteSample(ctx context.Context, id string) error
}

// sampleJSON is a kept sample, without what it holds.
type sampleJSON struct {
	ID               string `json:"id" doc:"Previews, checks and tests take it as sample_id."`
	Trigger          string `json:"trigger"`
	AuthenticationID string `json:"authentication_id" doc:"The store."`
	Entity           string `json:"entity" doc:"Such as order/251."`
	CreatedAt        string `json:"created_at" format:"date-time" doc:"When it was read from the store. After 30 days it is gone."`
}

func (s *Server) mountSamples() {
	register(s, route{method: http.MethodPost, path: "/triggers/{type}/sample", role: engine.Editor, id: "sampleTrigger",
		summary: "Fetch an order, shipment or cart as a trigger would",
		description: "Reads the thing from the store now and answers with the nested payload, as previews take it. Nothing fires. " +
			"With keep it is kept as a sample, whose address is in Location: at most 50 for a trigger, the oldest making room, for 30 days."}, s.sampleTrigger)
	register(s, route{method: http.MethodGet, path: "/samples", role: engine.Viewer, id: "listSamples",
		summary: "List what was fetched to try workflows with"}, s.listSamples)
	register(s, route{method: http.MethodDelete, path: "/samples/{id}", role: engine.Editor, id: "deleteSample",
		summary: "Forget a sample"}, s.deleteSample)
}

type sampleInput struct {
	Type string `path:"type" maxLength:"100"`
	Body struct {
		AuthenticationID string  `json:"authentication_id" minLength:"1" maxLength:"100" doc:"The store."`
		ID               idValue `json:"id" doc:"The number or id of an order, shipment or cart at the store."`
		Keep             bool    `json:"keep,omitempty" doc:"Keep it as a sample."`
	} `nameHint:"SampleRequest"`
}

type sampleOutput struct {
	Location string `header:"Location" doc:"Of the sample, when it was kept."`
	Body     rawObject
}

func (s *Server) sampleTrigger(ctx context.Context, in *sampleInput) (*sampleOutput, error) {
	id := string(in.Body.ID)
	if !in.Body.Keep {
		payload, err := s.Engine.Sample(ctx, in.Type, in.Body.AuthenticationID, id)
		if err != nil {
			return nil, sampleProblem(err)
		}
		return &sampleOutput{Body: rawOf(payload)}, nil
	}
	kept, err := s.Engine.KeepSample(ctx, in.Type, in.Body.AuthenticationID, id)
	if err != nil {
		return nil, sampleProblem(err)
	}
	return &sampleOutput{Location: locationOf("samples", kept.ID), Body: rawOf(kept.Values)}, nil
}

// sampleProblem gives what neither the store nor the trigger takes its place. The store's
// refusal of the token is not ours: the caller's role is not the matter.
func sampleProblem(err error) error {
	e, ok := errors.AsType[*engine.Error](err)
	switch {
	case !ok || len(e.Problems) > 0:
		return err
	case e.Code == engine.Denied:
		return invalid(merge.Problem{Location: "body.authentication_id", Message: engine.MessageOf(err)}).saying(engine.MessageOf(err))
	case e.Code == engine.Invalid || e.Code == engine.Rejected:
		return invalid(merge.Problem{Location: "body.id", Message: engine.MessageOf(err)}).saying(engine.MessageOf(err))
	default:
		return err
	}
}

func (s *Server) listSamples(ctx context.Context, in *struct {
	Paging
	Trigger string `query:"trigger" maxLength:"100" doc:"Only of this trigger."`
}) (*listOutput[sampleJSON], error) {
	items, next, err := s.Engine.Samples(ctx, in.Trigger, in.page())
	return listOf(items, next, err, func(v engine.Sample) sampleJSON {
		return sampleJSON{ID: v.ID, Trigger: v.Trigger, AuthenticationID: v.AuthenticationID, Entity: v.Entity, CreatedAt: stamp(v.CreatedAt)}
	})
}

func (s *Server) deleteSample(ctx context.Context, in *oneInput) (*struct{}, error) {
	return nil, s.Engine.DeleteSample(ctx, in.ID)
}
