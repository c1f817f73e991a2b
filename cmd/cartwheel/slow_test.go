package main

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	slowLife  = 20 * time.Second        // a slow client is gone by then
	maxTaken  = 48 << 20                // of an endless body: 8 MiB are read, the rest lies in the buffers of the sockets
	maxGrown  = 256 << 20               // of memory; the race detector takes several times as much as the program
	slowGuard = 2500 * time.Millisecond // of everybody else's 99th percentile: ten times the goal
)

// slowClient sends a byte a second, until the server has had enough of it.
type slowClient struct {
	kind, begin, more string // what is sent at once, and then byte by byte, again and again
}

func slowClients(path string) []slowClient {
	head := "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	return []slowClient{
		{"in its headers", "POST " + path + " HTTP/1.1\r\nHost: x\r\nX-Slow: ", "x"},
		{"before its first header", "", "P"},
		{"in its body", head + "Content-Length: 100000\r\n\r\n{", " "},
		{"in its chunks", head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"},
		{"without a byte", "", ""},
	}
}

// run holds a connection until the server closes it and returns how long that took. It has ended when it returns.
func (c slowClient) run(t *testing.T, address string) time.Duration {
	started := time.Now()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Errorf("%s: %v", c.kind, err)
		return 0
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, c.begin)
	closed := make(chan struct{})
	go func() { // an answer may come before the end
		defer close(closed)
		_ = conn.SetReadDeadline(started.Add(slowLife + 5*time.Second))
		_, _ = io.Copy(io.Discard, conn)
	}()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-closed:
			return time.Since(started)
		case <-tick.C:
			if c.more != "" {
				_, _ = io.WriteString(conn, c.more[i%len(c.more):i%len(c.more)+1]) // the end shows in reading
			}
		}
	}
}

// Clients that send a byte a second are gone in 20 s, hold nothing afterwards and keep nobody waiting.
func TestSlowClientsKeepNobodyWaiting(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	m := p.postman("store/shipment/created")
	data := object{"type": "shipment", "id": 903, "orderId": 4127}
	if a := m.send(m.envelope(data), nil); a.status != 200 {
		t.Fatalf("delivery: %d %s", a.status, a.body)
	}
	kinds, sockets := slowClients(m.path), size(200, 500)
	goroutines, memory := runtime.NumGoroutine(), residentMemory(t)
	var slow sync.WaitGroup
	var open atomic.Int64
	lives, all := make([]time.Duration, sockets), make(chan struct{})
	for i := range sockets {
		open.Add(1)
		slow.Go(func() {
			defer open.Add(-1)
			lives[i] = kinds[i%len(kinds)].run(t, strings.TrimPrefix(p.app.URL(), "http://"))
		})
	}
	go func() { slow.Wait(); close(all) }()
	latencies := p.answersBeside(t, m, data, all)
	for i, life := range lives {
		if life > slowLife {
			t.Errorf("a client that is slow %s was there for %s, want at most %s", kinds[i%len(kinds)].kind, life, slowLife)
		}
	}
	slices.Sort(latencies)
	p99 := latencies[len(latencies)*99/100]
	if p99 > slowGuard {
		t.Errorf("beside %d slow clients the others waited p99 %s, want at most %s", sockets, p99, slowGuard)
	}
	p.waitFor("the goroutines of the slow clients have ended", func() bool { return runtime.NumGoroutine() <= goroutines+20 })
	if grown := residentMemory(t) - memory; grown > maxGrown {
		t.Errorf("the process has grown by %d MiB", grown>>20)
	}
	t.Logf("T12: %d sockets, slow in %d ways, the last gone after %s; %d other requests meanwhile, p50 %s, p99 %s; goroutines %d before, %d after",
		sockets, len(kinds), slices.Max(lives).Round(time.Millisecond), len(latencies), latencies[len(latencies)/2], p99, goroutines, runtime.NumGoroutine())
}

// answersBeside sends webhooks and reads lists until done, one after the other, and returns how long each took.
func (p *program) answersBeside(t *testing.T, m *postman, data object, done <-chan struct{}) (took []time.Duration) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return took
		case <-tick.C:
		}
		for _, ask := range []func() answer{
			func() answer { return m.send(m.envelope(data), nil) },
			func() answer { return p.call("GET", "/api/v1/runs?limit=1", nil) },
			func() answer { return p.call("GET", "/healthz", nil) },
		} {
			started := time.Now()
			if a := ask(); a.status != 200 {
				t.Errorf("a request beside slow clients: %d %s", a.status, a.body)
			}
			took = append(took, time.Since(started))
		}
	}
}

// Bodies that never end are cut, and the connection with them; what is compressed or nested is not unpacked.
func TestEndlessBodiesAreCut(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	m := p.postman("store/shipment/created")
	blocks := map[string]string{"blanks": strings.Repeat(" ", 1<<16), "brackets": strings.Repeat("[", 1<<16), "objects": strings.Repeat(`{"a":`, 1<<13),
		"a text": `"` + strings.Repeat("x", 1<<16), "chunk extensions": ""}
	before, tried := residentMemory(t), 0
	for _, path := range []string{m.path, m.path + "/", "/hooks/in/none", "/api/v1/workflows", "/api/v1/merge/preview", "/api/v1/authentications/hooks/test", "/nothing"} {
		var pouring sync.WaitGroup
		for name, block := range blocks {
			tried++
			pouring.Go(func() {
				sent, status := p.pour(t, path, block)
				if sent > maxTaken {
					t.Errorf("%s, endless %s: %d MiB were taken", path, name, sent>>20)
				}
				if status >= 500 || status > 0 && status < 400 {
					t.Errorf("%s, endless %s: %d", path, name, status)
				}
			})
		}
		pouring.Wait()
	}
	if grown := residentMemory(t) - before; grown > maxGrown {
		t.Errorf("the process has grown by %d MiB", grown>>20)
	}
	if n := p.eventCount(); n != 0 {
		t.Errorf("%d events, want none", n)
	}
	t.Logf("T11: %d endless bodies, cut; memory grew by %d KiB", tried, (residentMemory(t)-before)>>10)
}

// pour sends chunks of block until the server closes, and returns how many bytes went and the status, 0 without one.
// Without a block the chunks are small and their extensions long.
func (p *program) pour(t *testing.T, path, block string) (sent, status int) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.app.URL(), "http://"))
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(slowLife))
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", path, p.token)
	answered := make(chan int, 1)
	go func() {
		var version string
		var code int
		_, _ = fmt.Fscan(conn, &version, &code)
		answered <- code
	}()
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(block), block)
	if block == "" {
		chunk = strings.Repeat("1;"+strings.Repeat("x", 4000)+"\r\n \r\n", 16)
	}
	for sent < 64<<20 {
		n, err := io.WriteString(conn, chunk)
		sent += n
		if err != nil {
			break
		}
	}
	_ = conn.Close()
	return sent, <-answered
}
