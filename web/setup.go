package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
)

// setupEngine is what the start page takes.
type setupEngine interface {
	Setup(ctx context.Context) (engine.Setup, error)
	RepairHooks(ctx context.Context, id string) error
}

// setupJSON says how far the installation has come.
type setupJSON struct {
	Store    setupPartJSON     `json:"store" doc:"A store is connected."`
	Hooks    doneJSON          `json:"hooks" doc:"Its webhooks are registered."`
	Sender   setupPartJSON     `json:"sender" doc:"There is a mail server."`
	Workflow setupWorkflowJSON `json:"workflow" doc:"A workflow is live."`
	Event    doneJSON          `json:"event" doc:"An event came in, or a sample was fetched."`
}

type doneJSON struct {
	Done bool `json:"done"`
}

type setupPartJSON struct {
	Done             bool   `json:"done"`
	AuthenticationID string `json:"authentication_id,omitempty"`
}

type setupWorkflowJSON struct {
	Done bool   `json:"done"`
	ID   string `json:"id,omitempty"`
}

func (s *Server) mountSetup() {
	register(s, route{method: http.MethodGet, path: "/setup", role: engine.Viewer, id: "getSetup",
		summary: "Show how far the installation has come"}, s.getSetup)
	register(s, route{method: http.MethodPost, path: "/setup/public-url", role: engine.IntegrationManager, id: "checkPublicURL",
		summary:     "Check whether a store can reach this installation",
		description: "Calls the public URL from here, as a store would, and looks whether this very installation answers."}, s.checkPublicURL)
	register(s, route{method: http.MethodPost, path: "/authentications/{id}/hooks/repair", role: engine.IntegrationManager, id: "repairHooks", status: http.StatusAccepted,
		summary: "Register missing webhooks anew", description: "Begins at once; how it went stands in hooks of the authentication."}, s.repairHooks)
}

func (s *Server) getSetup(ctx context.Context, _ *struct{}) (*struct{ Body setupJSON }, error) {
	v, err := s.Engine.Setup(ctx)
	if err != nil {
		return nil, err
	}
	return &struct{ Body setupJSON }{setupJSON{Store: setupPartJSON{v.Store, v.StoreID}, Hooks: doneJSON{v.Hooks}, Sender: setupPartJSON{v.Sender, v.SenderID},
		Workflow: setupWorkflowJSON{v.Workflow, v.WorkflowID}, Event: doneJSON{v.Event}}}, nil
}

func (s *Server) repairHooks(ctx context.Context, in *oneInput) (*struct{}, error) {
	return nil, s.Engine.RepairHooks(ctx, in.ID)
}
