package web

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"cartwheel/engine"
	"cartwheel/merge"
)

const apiBase = "/api/v1"

// prepareLibraries sets what gin and huma keep in global variables, once.
var prepareLibraries = sync.OnceFunc(func() {
	gin.SetMode(gin.ReleaseMode)
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = newHumaError
})

// mountAPI declares every operation, then freezes the document.
func (s *Server) mountAPI() {
	s.api = humagin.New(s.router, apiConfig())
	s.mountTriggers()
	s.mountActions()
	s.mountAuthentications()
	s.mountWorkflows()
	s.mountPreviews()
	s.mountConditions()
	s.mountFill()
	s.mountTemplates()
	s.mountSamples()
	s.mountPreviewPages()
	s.mountSetup()
	s.mountEvents()
	s.mountRuns()
	s.mountOverview()
	s.mountSettings()
	s.mountStream()
	s.mountSession()
	s.mountUsers()
	s.mountTokens()
	s.mountAudit()
	s.mountDocuments()
}

// apiConfig is huma without what it would add by itself: pages that load
// scripts from elsewhere and $schema members.
func apiConfig() huma.Config {
	c := huma.DefaultConfig("Cartwheel", "1")
	c.Info.Description = "Workflows for BigCommerce stores: triggers, conditions, steps, and what became of every event."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat} // json: for problem+json
	c.RejectUnknownQueryParameters = true
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "An API token, made by cartwheel token create."},
		"session": {Type: "apiKey", In: "cookie", Name: plainCookie, Description: "A person's session, begun at /login; called " + secureCookie + " under https."}}
	c.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	return c
}

// schemaName names a type in the document: workflowJSON is Workflow. Our
// problem is Error, because Problem is one place in it.
func schemaName(t reflect.Type, hint string) string {
	if t == reflect.TypeFor[problem]() {
		return "Error"
	}
	return strings.ReplaceAll(huma.DefaultSchemaNamer(t, hint), "JSON", "")
}

// route is one operation as it is declared.
type route struct {
	method, path string // the path below /api/v1
	role         engine.Role
	public       bool   // for everybody: then there is no role
	id           string // for the document: "listWorkflows"
	summary      string
	description  string
	status       int // of success; 0: 200, or 204 without a body
}

// register makes one operation. It panics without a role, method, path, id or
// summary: our mistake, seen at the first start.
func register[I, O any](s *Server, r route, handle func(context.Context, *I) (*O, error)) {
	if r.role.Allows(engine.Viewer) == r.public || r.id == "" || r.summary == "" {
		panic(fmt.Sprintf("web: %s %s is declared without a role, an id or a summary", r.method, r.path))
	}
	_, takesBody := reflect.TypeFor[I]().FieldByName("Body")
	op := huma.Operation{
		Method: r.method, Path: apiBase + r.path, OperationID: r.id, Summary: r.summary,
		Description:     strings.TrimSpace(r.description + "\n\n" + needs(r)),
		Tags:            []string{strings.SplitN(r.path, "/", 3)[1]},
		DefaultStatus:   r.status,
		MaxBodyBytes:    -1, // readBody has a limit, and a better answer
		BodyReadTimeout: -1, // everything is read by then
		Middlewares:     huma.Middlewares{s.bodyCheck(takesBody)},
		Extensions:      map[string]any{"x-role": string(r.role)},
	}
	if r.public {
		op.Security, op.Extensions = []map[string][]string{}, nil
	}
	s.declare(r.method, ginPath(op.Path), access{role: r.role, public: r.public})
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// needs says who may call an operation.
func needs(r route) string {
	if r.public {
		return "Needs no role."
	}
	return "Needs the role " + string(r.role) + "."
}

// ginPath writes {id} as gin does, :id.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// bodyCheck reads and checks the body before huma does.
func (s *Server) bodyCheck(takesBody bool) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := humagin.Unwrap(ctx)
		c.Request.Header.Del("Accept") // everything is JSON, whatever is asked for
		body, p := readBody(c)
		if p == nil && len(body) > 0 {
			p = checkJSON(body)
		}
		if p == nil && !takesBody && !emptyBody(body) {
			p = invalid(merge.Problem{Location: "body", Message: "This operation takes no body. Leave it out."})
		}
		if p != nil {
			s.fail(c, p)
			return
		}
		next(ctx)
	}
}

// emptyBody tells whether checked JSON says nothing; some clients always send {}.
func emptyBody(body []byte) bool {
	text := strings.Join(strings.Fields(string(body)), "")
	return text == "" || text == "{}" || text == "null"
}

// noRoute answers where nothing is: the app's page at addresses of the app, which the app knows.
func (s *Server) noRoute(c *gin.Context) {
	if s.hasUI(c.Request) {
		s.app(c)
		return
	}
	if wantsPage(c.Request) {
		s.notFoundPage(c)
		return
	}
	s.fail(c, newProblem(http.StatusNotFound, notHere))
}

// noMethod answers where something is, but not for this method.
func (s *Server) noMethod(c *gin.Context) {
	s.fail(c, newProblem(http.StatusMethodNotAllowed,
		"This address does not take this method. It takes: "+c.Writer.Header().Get("Allow")+"."))
}
