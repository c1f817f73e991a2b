package bigcommerce_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"cartwheel/engine"
)

// zipped are texts, each a gzip member of its own.
func zipped(t *testing.T, texts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, text := range texts {
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestPackedAnswersAreUnpacked(t *testing.T) {
	t.Parallel()
	whole := zipped(t, `{"id": 7, "city": "Ghent"}`)
	for name, c := range map[string]struct {
		status int
		body   []byte
		want   string // the city
		code   engine.Code
	}{
		"one member":        {200, whole, "Ghent", ""},
		"two members":       {200, zipped(t, `{"id": 7, `, `"city": "Lier"}`), "Lier", ""},
		"nothing":           {204, nil, "", ""},
		"packed nothing":    {200, zipped(t, ""), "", ""},
		"cut off":           {200, whole[:len(whole)-9], "", engine.Temporary},
		"cut off at once":   {200, whole[:5], "", engine.Temporary},
		"not packed at all": {200, []byte(`{"id": 7}`), "", engine.Temporary},
		"a refusal's words": {404, zipped(t, `[{"status": 404, "message": "gone"}]`), "", engine.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Accept-Encoding") != "gzip" {
					t.Errorf("asked for %q, want gzip", r.Header.Get("Accept-Encoding"))
				}
				w.Header().Set("Content-Encoding", "gzip")
				w.WriteHeader(c.status)
				_, _ = w.Write(c.body)
			}))
			defer s.Close()
			client := realClient(s)
			for range 2 { // the second uses what the first has left
				var out struct{ City string }
				err := client.Call(context.Background(), auth(`{"store_hash":"`+hash+`","api_base_url":"`+s.URL+`"}`), "GET", "/v2/orders/7", nil, &out)
				if engine.CodeOf(err) != c.code || out.City != c.want {
					t.Errorf("got %q and %v, want %q and %q", out.City, err, c.want, c.code)
				}
			}
		})
	}
}

// A packed answer of 30 KiB must not become 32 MiB in memory before somebody says that it is too long. Not parallel: it measures.
func TestAPackedAnswerIsUnpackedOnlyUpToTheLimit(t *testing.T) {
	blanks := make([]string, 32)
	for i := range blanks {
		blanks[i] = strings.Repeat(" ", 1<<20)
	}
	bomb := zipped(t, blanks...)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb)
	}))
	defer s.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := realClient(s).Call(context.Background(), auth(`{"store_hash":"`+hash+`","api_base_url":"`+s.URL+`"}`), "GET", "/v2/orders/7", nil, &struct{}{})
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; engine.CodeOf(err) != engine.Temporary || used > 48<<20 {
		t.Errorf("got %v and used %d MiB", err, used>>20)
	}
}

func TestCallsOfOneAccountKeepTheirHeadersApart(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, isWrite := r.Header.Get("Content-Type"), r.Method == http.MethodPut; (got == "application/json") != isWrite {
			t.Errorf("%s has the content type %q", r.Method, got)
		}
		if r.Header.Get("X-Auth-Token") == "" || r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "Cartwheel" {
			t.Errorf("the headers are %v", r.Header)
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	defer s.Close()
	client, a := realClient(s), auth(`{"store_hash":"`+hash+`","api_base_url":"`+s.URL+`"}`)
	for _, method := range []string{"GET", "PUT", "GET"} {
		var in any
		if method == http.MethodPut {
			in = map[string]int{"status_id": 2}
		}
		if err := client.Call(context.Background(), a, method, "/v2/orders/7", in, nil); err != nil {
			t.Error(err)
		}
	}
}
