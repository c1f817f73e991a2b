package sendsurvey_test

import (
	"encoding/json"
	"testing"

	"cartwheel/actions/sendsurvey"
	"cartwheel/engine/outbound"
)

func TestATestSurveyGoesToTheTesterAlone(t *testing.T) {
	const config = `{"to":"anna@example.com","subject":"Hi","message":"x","survey_url":"https://survey.example.com/s","hidden":{"order":"100"},"reply_to":"anna@example.com"}`
	got, recipient, err := sendsurvey.New(outbound.New(outbound.Options{})).Redirect(json.RawMessage(config), "tester@example.net")
	var c struct {
		To, Subject, Message string
		SurveyURL            string `json:"survey_url"`
		ReplyTo              string `json:"reply_to"`
		Hidden               map[string]string
	}
	if err != nil || json.Unmarshal(got, &c) != nil {
		t.Fatalf("%s, %v", got, err)
	}
	const message = "<p><strong>This is a test. A live run would send this mail to anna@example.com.</strong></p>\nx"
	if c.To != "tester@example.net" || c.Subject != "[Test] Hi" || c.Message != message || c.ReplyTo != "" || c.SurveyURL != "https://survey.example.com/s" || c.Hidden["order"] != "100" || recipient != "anna@example.com" {
		t.Errorf("got %s, %q", got, recipient)
	}
}
