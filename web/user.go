package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
)

// userEngine is what the operations on people take.
type userEngine interface {
	Users(ctx context.Context, p engine.Page) ([]engine.User, string, error)
	CreateUser(ctx context.Context, email string, role engine.Role, password string) (engine.User, error)
	ChangeUser(ctx context.Context, id string, role engine.Role, password string) (engine.User, error)
	DeleteUser(ctx context.Context, id string) error
}

// userJSON is a person who may sign in.
type userJSON struct {
	ID          string  `json:"id"`
	Email       string  `json:"email"`
	Role        string  `json:"role" enum:"viewer,editor,integration_manager,admin"`
	CreatedAt   string  `json:"created_at" format:"date-time"`
	LastLoginAt *string `json:"last_login_at" format:"date-time" doc:"null: never."`
}

func shownUser(u engine.User) userJSON {
	return userJSON{ID: u.ID, Email: u.Email, Role: string(u.Role), CreatedAt: stamp(u.CreatedAt), LastLoginAt: stampOf(u.LastLoginAt)}
}

func (s *Server) mountUsers() {
	const path = "/users"
	register(s, route{method: http.MethodGet, path: path, role: engine.Admin, id: "listUsers",
		summary: "List the people who may sign in"}, s.listUsers)
	register(s, route{method: http.MethodPost, path: path, role: engine.Admin, id: "createUser", status: http.StatusCreated,
		summary: "Add a person"}, s.createUser)
	register(s, route{method: http.MethodPatch, path: path + "/{id}", role: engine.Admin, id: "editUser",
		summary: "Give a person another role or password", description: "Ends that person's sessions. The last administrator stays one: 409."}, s.editUser)
	register(s, route{method: http.MethodDelete, path: path + "/{id}", role: engine.Admin, id: "deleteUser",
		summary: "Remove a person", description: "Ends that person's sessions. The last administrator stays: 409."}, s.deleteUser)
}

func (s *Server) listUsers(ctx context.Context, in *struct{ Paging }) (*listOutput[userJSON], error) {
	items, next, err := s.Engine.Users(ctx, in.page())
	return listOf(items, next, err, shownUser)
}

type createUserInput struct {
	Body struct {
		Email    string `json:"email" minLength:"3" maxLength:"254"`
		Role     string `json:"role" enum:"viewer,editor,integration_manager,admin"`
		Password string `json:"password" minLength:"12" maxLength:"1024" doc:"The person can change it."`
	} `nameHint:"UserRequest"`
}

func (s *Server) createUser(ctx context.Context, in *createUserInput) (*struct{ Body userJSON }, error) {
	return userOutput(s.Engine.CreateUser(ctx, in.Body.Email, engine.Role(in.Body.Role), in.Body.Password))
}

type editUserInput struct {
	ID   string `path:"id" maxLength:"100"`
	Body struct {
		Role     string `json:"role,omitempty" enum:"viewer,editor,integration_manager,admin"`
		Password string `json:"password,omitempty" minLength:"12" maxLength:"1024"`
	} `nameHint:"UserPatch"`
}

func (s *Server) editUser(ctx context.Context, in *editUserInput) (*struct{ Body userJSON }, error) {
	return userOutput(s.Engine.ChangeUser(ctx, in.ID, engine.Role(in.Body.Role), in.Body.Password))
}

func userOutput(u engine.User, err error) (*struct{ Body userJSON }, error) {
	if err != nil {
		return nil, err
	}
	return &struct{ Body userJSON }{shownUser(u)}, nil
}

func (s *Server) deleteUser(ctx context.Context, in *oneInput) (*struct{}, error) {
	return nil, s.Engine.DeleteUser(ctx, in.ID)
}
