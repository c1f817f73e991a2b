package engine_test

import (
	"testing"

	"cartwheel/engine"
)

func TestASecretIsRedactedAsOthersWriteIt(t *testing.T) {
	a := engine.NewAuth("x", "X", "http_bearer", nil, 1, map[string]string{"token": `p@ss/w0rd+"é😀`})
	for _, c := range []struct{ language, echo string }{
		{"as it is", `p@ss/w0rd+"é😀`},
		{"JSON by Go", `p@ss/w0rd+\"é😀`},
		{"JSON by Python", `p@ss/w0rd+\"\u00e9\ud83d\ude00`},
		{"JSON by PHP", `p@ss\/w0rd+\"\u00e9\ud83d\ude00`},
		{"a query", `p%40ss%2Fw0rd%2B%22%C3%A9%F0%9F%98%80`},
		{"base64", `cEBzcy93MHJkKyLDqfCfmIA=`},
	} {
		if got := a.Redact("<" + c.echo + ">"); got != "<***>" {
			t.Errorf("%s: got %s of %s", c.language, got, c.echo)
		}
	}
}
