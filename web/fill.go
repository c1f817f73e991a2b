package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
)

// fillEngine knows how often merge codes have a value.
type fillEngine interface {
	FillRates(ctx context.Context, trigger, authenticationID string) (engine.FillRates, error)
}

func (s *Server) mountFill() {
	register(s, route{method: http.MethodGet, path: "/triggers/{type}/fill", role: engine.Viewer, id: "getFillRates",
		summary:     "Tell how often each merge code had a value",
		description: "In the latest decided events of the trigger, at most 200. An answer may be a minute old."}, s.getFillRates)
}

type fillInput struct {
	Type             string `path:"type" maxLength:"100"`
	AuthenticationID string `query:"authentication_id" maxLength:"100" doc:"Of this store only."`
}

// fillRatesJSON says how often each merge code had a value.
type fillRatesJSON struct {
	Events int                     `json:"events" doc:"How many events were looked at."`
	Codes  map[string]fillRateJSON `json:"codes"`
}

// fillRateJSON is about one merge code.
type fillRateJSON struct {
	Seen   int `json:"seen" doc:"Events that read the object it belongs to."`
	Filled int `json:"filled" doc:"Events in which it was neither missing nor empty."`
}

func (s *Server) getFillRates(ctx context.Context, in *fillInput) (*struct{ Body fillRatesJSON }, error) {
	rates, err := s.Engine.FillRates(ctx, in.Type, in.AuthenticationID)
	if err != nil {
		return nil, err
	}
	out := fillRatesJSON{Events: rates.Events, Codes: make(map[string]fillRateJSON, len(rates.Codes))}
	for code, rate := range rates.Codes {
		out.Codes[string(code)] = fillRateJSON{Seen: rate.Seen, Filled: rate.Filled}
	}
	return &struct{ Body fillRatesJSON }{out}, nil
}
