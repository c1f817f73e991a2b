// Package actions lists what a workflow can do outside, and the authentications for it. An action is one package below
// this one: it describes itself (Spec) and does one thing (Do); it knows nothing of runs, retries
// or storage. To add one, write its package and put one line into All.
package actions

import (
	"time"

	"cartwheel/actions/httprequest"
	"cartwheel/actions/sendemail"
	"cartwheel/actions/sendsurvey"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// Deps is what actions need from the program.
type Deps struct {
	Out *outbound.Guard
	Now func() time.Time
}

// All lists the actions in the order in which people see them.
func All(d Deps) []engine.Action {
	return []engine.Action{
		sendsurvey.New(d.Out),
		sendemail.New(d.Out),
		httprequest.New(d.Out, d.Now),
	}
}

// Mailer sends Cartwheel's own mails.
func Mailer(d Deps) engine.Mailer { return sendemail.NewMailer(d.Out) }

// AuthTypes lists the authentication types that actions use.
func AuthTypes(d Deps) []engine.AuthType {
	return append([]engine.AuthType{sendemail.NewSMTP(d.Out)}, httprequest.AuthTypes(d.Out, d.Now)...)
}
