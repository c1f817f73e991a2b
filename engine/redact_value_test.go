package engine_test

import (
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/merge"
)

func TestRedactValueFindsASecretAnywhere(t *testing.T) {
	const secret = "canary-access-token-0001"
	a := engine.NewAuth("x", "X", "bigcommerce", nil, 1, map[string]string{"access_token": secret})
	for _, c := range []struct{ raw, want string }{
		{`"` + secret + `"`, `"***"`},
		{`["a",1,"` + secret + `",null]`, `["a",1,"***",null]`},
		{`{"a":{"b":[{"c":"it is ` + secret + `."}],"d":2}}`, `{"a":{"b":[{"c":"it is ***."}],"d":2}}`},
		{`{"a":[[],{"` + secret + `":1}]}`, `{"a":[[],{"***":1}]}`},
		{`{"a":[1,"two",{"three":true}]}`, `{"a":[1,"two",{"three":true}]}`},
	} {
		v, err := merge.Decode([]byte(c.raw))
		if err != nil {
			t.Fatal(err)
		}
		if got := merge.JSON(a.RedactValue(v)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.raw, got, c.want)
		}
		if got := merge.JSON(v); got != c.raw {
			t.Errorf("%s: became %s itself", c.raw, got)
		}
	}
}

// Texts are looked at in steps: a secret must be found wherever it stands between two of them.
func TestASecretIsFoundAtEveryPlace(t *testing.T) {
	for _, secret := range []string{"s3cr3t-8", "s3cr3t-09", "aaaaaaaaaaaaa", "a-token-that-is-longer-than-most-0042"} {
		a := engine.NewAuth("x", "X", "bigcommerce", nil, 1, map[string]string{"access_token": secret})
		for before := range 24 {
			for after := range 9 {
				head, tail := strings.Repeat("#", before), strings.Repeat("%", after)
				if got, want := a.Redact(head+secret+tail), head+"***"+tail; got != want {
					t.Errorf("%q with %d bytes before and %d after: got %q", secret, before, after, got)
				}
			}
		}
		if cut := secret[:len(secret)-1]; a.Redact(cut) != cut {
			t.Errorf("%q: all but its last letter is redacted", secret)
		}
	}
}
