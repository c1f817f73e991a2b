package web

import (
	"context"
	"encoding/json"

	"cartwheel/engine"
	"cartwheel/merge"
)

type testInput struct {
	ID   string `path:"id" maxLength:"100"`
	Body *struct {
		Origin
		Definition *workflowInputJSON `json:"definition,omitempty" doc:"A whole workflow, tried in the place of the draft; it is not stored. Problems are located as in a draft: body.steps[0]..."`
		Until      string             `json:"until,omitempty" maxLength:"100" doc:"The id of the step that the test ends with; left out: it goes to the end."`
		Send       sendJSON           `json:"send,omitempty" doc:"What really leaves; left out: nothing."`
	} `nameHint:"TestRequest"`
}

// sendJSON says what a test really sends.
type sendJSON struct {
	Mail   bool   `json:"mail,omitempty" doc:"Mails go to the tester: to the address of who signed in."`
	MailTo string `json:"mail_to,omitempty" maxLength:"254" doc:"Where mails go for a token, which has no address of its own."`
	HTTP   bool   `json:"http,omitempty" doc:"HTTP requests are really made."`
}

// testRunJSON is a run as it would be.
type testRunJSON struct {
	Matched     bool             `json:"matched" doc:"The workflow would fire."`
	Reason      string           `json:"reason"`
	Explanation []comparisonJSON `json:"explanation"`
	Problems    []merge.Problem  `json:"problems" doc:"Of the draft or the definition."`
	Status      string           `json:"status,omitempty" doc:"How the run would end."`
	Steps       []testStepJSON   `json:"steps"`
}

// testStepJSON is a step as it would be.
type testStepJSON struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	Status      string          `json:"status" doc:"succeeded, skipped or failed; pending: nobody can tell without really doing an earlier step."`
	Reason      string          `json:"reason,omitempty" doc:"Also what has no value only because an earlier step was not really done."`
	Config      rawObject       `json:"config,omitempty" doc:"Rendered."`
	Input       rawOutput       `json:"input" doc:"The same; null when it could not be rendered."`
	Request     string          `json:"request" doc:"Exactly what a live run would send, secrets as ***."`
	Sent        bool            `json:"sent" doc:"Something has really left."`
	SentTo      string          `json:"sent_to,omitempty" doc:"Of a mail: the tester's address."`
	Response    string          `json:"response,omitempty" doc:"What really came back."`
	Output      rawOutput       `json:"output" doc:"What later steps read: of a branch always, of an action when it was really done."`
	WouldWait   string          `json:"would_wait,omitempty" doc:"Of a delay: such as 3d."`
	Explanation []testArmJSON   `json:"explanation" doc:"Of a branch: one entry for each."`
	Codes       []codeUseJSON   `json:"codes"`
	Problems    []merge.Problem `json:"problems"`
}

// testArmJSON is one branch of a branch step.
type testArmJSON struct {
	Name        string           `json:"name"`
	Condition   string           `json:"condition"`
	Result      *bool            `json:"result" doc:"null: the condition has problems."`
	Taken       bool             `json:"taken"`
	Reason      string           `json:"reason"`
	Explanation []comparisonJSON `json:"explanation"`
}

func (s *Server) testWorkflow(ctx context.Context, in *testInput) (*struct{ Body testRunJSON }, error) {
	var trial engine.Trial
	if in.Body != nil {
		src, err := in.Body.source()
		if err != nil {
			return nil, err
		}
		trial = engine.Trial{Source: src, Until: in.Body.Until, Mail: in.Body.Send.Mail, Calls: in.Body.Send.HTTP}
		if trial.MailTo, err = in.Body.Send.tester(actorOf(ctx)); err != nil {
			return nil, err
		}
		if in.Body.Definition != nil {
			d := in.Body.Definition.definition()
			trial.Definition = &d
		}
	}
	t, err := s.Engine.TestWorkflow(ctx, in.ID, trial)
	if err != nil {
		return nil, err
	}
	out := testRunJSON{Matched: t.Matched, Reason: t.Reason, Explanation: showComparisons(t.Explanation),
		Problems: present(t.Problems), Status: string(t.Status), Steps: make([]testStepJSON, len(t.Steps))}
	for i, st := range t.Steps {
		out.Steps[i] = showTestStep(st)
	}
	return &struct{ Body testRunJSON }{out}, nil
}

// tester is where the mails of a test go: to who asks, never to the shopper.
func (in sendJSON) tester(by engine.Actor) (string, error) {
	own := ""
	if by.Kind == engine.UserActor {
		own = by.Name
	}
	const location = "body.send.mail_to"
	switch {
	case !in.Mail:
		return "", nil
	case own != "" && in.MailTo != "" && in.MailTo != own:
		return "", invalid(merge.Problem{Location: location, Message: "The mails of a test go to yourself. Leave this out."})
	case own != "":
		return own, nil
	case in.MailTo == "":
		return "", invalid(merge.Problem{Location: location, Message: "A token has no e-mail address: say where the mails of the test go."})
	case !engine.IsAddress(in.MailTo):
		return "", invalid(merge.Problem{Location: location, Message: "This must be one e-mail address, like anna@example.com."})
	default:
		return in.MailTo, nil
	}
}

func showTestStep(st engine.TestStep) testStepJSON {
	out := testStepJSON{ID: st.ID, Type: st.Type, Status: string(st.Status), Reason: st.Reason, Config: rawObject(objectOrNil(st.Config)),
		Input: rawOutput(objectOrNil(st.Config)), Request: st.Request, Sent: st.Sent, SentTo: st.SentTo, Response: st.Response,
		Output: rawOutput(objectOrNil(st.Output)), WouldWait: st.WouldWait, Explanation: make([]testArmJSON, len(st.Arms)),
		Codes: showUses(st.Codes), Problems: present(st.Problems)}
	for i, a := range st.Arms {
		out.Explanation[i] = testArmJSON{Name: a.Name, Condition: a.Condition, Result: a.Result, Taken: a.Taken, Reason: a.Reason,
			Explanation: showComparisons(a.Explanation)}
	}
	return out
}

// objectOrNil is raw unless it says null.
func objectOrNil(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}
