package web

import (
	"context"
	"net/http"
	"strings"

	"cartwheel/engine"
)

// auditEngine is what the operations on the audit log take.
type auditEngine interface {
	Audit(ctx context.Context, f engine.AuditFilter, p engine.Page) ([]engine.AuditEntry, string, error)
}

// auditJSON is an entry of the audit log.
type auditJSON struct {
	Seq    int64           `json:"seq" doc:"1, 2, 3, ... without gaps."`
	At     string          `json:"at" format:"date-time"`
	Actor  auditActorJSON  `json:"actor"`
	IP     string          `json:"ip,omitempty" doc:"Where the request came from: the socket's address, or what a trusted proxy says."`
	Action string          `json:"action" doc:"Such as workflow.publish."`
	Object auditObjectJSON `json:"object"`
	Before rawOutput       `json:"before" doc:"What it was: of a change, the members that differ. Secrets as {\"set\": true}."`
	After  rawOutput       `json:"after" doc:"What it is then; null when it was deleted."`
}

// auditActorJSON is who did it.
type auditActorJSON struct {
	Kind string `json:"kind" enum:"system,command,token,user"`
	ID   string `json:"id,omitempty" doc:"Of the token or user."`
	Name string `json:"name"`
}

// auditObjectJSON is what was changed.
type auditObjectJSON struct {
	Kind string `json:"kind" doc:"Such as workflow."`
	ID   string `json:"id"`
}

func (s *Server) mountAudit() {
	register(s, route{method: http.MethodGet, path: "/audit", role: engine.Admin, id: "listAudit",
		summary: "List who changed what, newest first", description: "cartwheel audit verify checks that no entry was altered or taken out."}, s.listAudit)
}

type auditInput struct {
	Paging
	Actor  string `query:"actor" maxLength:"300" doc:"The name of who did it."`
	Action string `query:"action" maxLength:"100" doc:"Such as workflow.publish."`
	Object string `query:"object" maxLength:"200" doc:"A kind, or kind/id: workflow, workflow/ask."`
}

func (s *Server) listAudit(ctx context.Context, in *auditInput) (*listOutput[auditJSON], error) {
	kind, id, _ := strings.Cut(in.Object, "/")
	items, next, err := s.Engine.Audit(ctx, engine.AuditFilter{Actor: in.Actor, Action: in.Action, ObjectKind: kind, ObjectID: id}, in.page())
	return listOf(items, next, err, func(e engine.AuditEntry) auditJSON {
		return auditJSON{Seq: e.Seq, At: stamp(e.At), Actor: auditActorJSON{Kind: string(e.Actor.Kind), ID: e.Actor.ID, Name: e.Actor.Name}, IP: e.Actor.IP,
			Action: e.Action, Object: auditObjectJSON{Kind: e.ObjectKind, ID: e.ObjectID}, Before: rawOutput(e.Before), After: rawOutput(e.After)}
	})
}
