package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// traced makes the program run under strace, which notes what it writes to files and sockets and syncs to the disk.
func (r *rig) traced(to string) {
	r.t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		r.t.Skip("SKIPPED: R2 needs strace, which is not installed; on Debian: apt-get install strace")
	}
	if out, err := exec.Command(strace, "-D", "-o", to, "true").CombinedOutput(); err != nil {
		r.t.Skipf("SKIPPED: R2 needs strace, which may not trace here: %v %s", err, out)
	}
	r.args = []string{strace, "-D", "-f", "-y", "-s", "16", "-e", "trace=read,write,pwrite64,fsync,fdatasync", "-e", "signal=none", "-o", to}
}

// extent is a part of a file.
type extent struct{ from, length int64 }

// diskLog is what strace has noted, read call by call in order of time.
type diskLog struct {
	started map[string]string   // by thread: a call that has not returned
	fresh   map[string][]extent // by file: written and not synced
	covers  map[string]coverage // by thread: what the sync under way is good for
	syncs   int                 // of the log
	answer  func(synced bool)   // called for each 200 that a webhook got

	asked   bool // a webhook came in, and no answer went out
	written bool // the log was written to since
	synced  bool // and what was written is on the disk
}

// coverage is what had been written when a sync began.
type coverage struct {
	extents int
	written bool
}

var (
	straceLine = regexp.MustCompile(`^(\d+) +(?:<\.\.\. (\w+) resumed>(.*)|(\w+)\((.*))$`)
	filePath   = regexp.MustCompile(`^\d+<([^>]*)>`)
	pwriteEnd  = regexp.MustCompile(`, (\d+), (\d+)\) += +(-?\d+)`)
)

func readDiskLog(path string, answer func(synced bool)) (*diskLog, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	l := &diskLog{started: map[string]string{}, fresh: map[string][]extent{}, covers: map[string]coverage{}, answer: answer}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		m := straceLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue // an exit
		}
		thread, call, rest := m[1], m[4], m[5]
		if m[2] != "" {
			call, rest = m[2], l.started[thread]+m[3]
			delete(l.started, thread)
		} else {
			l.begins(thread, call, rest)
		}
		if before, unfinished := strings.CutSuffix(rest, " <unfinished ...>"); unfinished {
			l.started[thread] = before
			continue
		}
		l.ends(thread, call, rest)
	}
	return l, lines.Err()
}

func databaseFile(rest string) string {
	m := filePath.FindStringSubmatch(rest)
	if m == nil || !strings.Contains(m[1], "cartwheel.db") {
		return ""
	}
	return filepath.Base(m[1])
}

// begins: an answer counts from when it is begun, and a sync covers what had been written by then.
func (l *diskLog) begins(thread, call, rest string) {
	switch call {
	case "write":
		if strings.Contains(rest, `"HTTP/1.1 200`) && l.asked {
			l.answer(l.synced)
			l.asked = false
		}
	case "fsync", "fdatasync":
		l.covers[thread] = coverage{len(l.fresh[databaseFile(rest)]), l.written}
	}
}

// ends: a write that a death cut off is taken for one that did not happen.
func (l *diskLog) ends(thread, call, rest string) {
	file := databaseFile(rest)
	isLog := strings.HasSuffix(file, "-wal")
	switch call {
	case "read":
		if strings.Contains(rest, `"POST /hooks`) {
			l.asked, l.written, l.synced = true, false, false
		}
	case "pwrite64":
		if m := pwriteEnd.FindStringSubmatch(rest); m != nil && file != "" {
			length, _ := strconv.ParseInt(m[1], 10, 64)
			from, _ := strconv.ParseInt(m[2], 10, 64)
			l.fresh[file] = append(l.fresh[file], extent{from, length})
			l.written = l.written || isLog
		}
	case "fsync", "fdatasync":
		if file != "" && strings.HasSuffix(strings.TrimSpace(rest), "= 0") {
			covers := l.covers[thread]
			l.fresh[file] = l.fresh[file][covers.extents:]
			if isLog {
				l.syncs++
				l.synced = l.synced || covers.written
			}
		}
	}
}

// No webhook is answered before the sync of its commit (R2). With --durability normal, which promises less, the same look finds that it is.
func TestNoAnswerBeforeTheSync(t *testing.T) {
	const hooks = 30
	for durability, wantSynced := range map[string]bool{"full": true, "normal": false} {
		t.Run(durability, func(t *testing.T) {
			r := startRig(t, "")
			r.shop.hang() // so that nothing but webhooks makes commits
			r.kill()
			log := filepath.Join(t.TempDir(), "strace")
			r.traced(log)
			r.flags = []string{"--durability", durability}
			r.start()
			for range hooks {
				if n, status, _, _ := r.hook(); status != http.StatusOK {
					t.Fatalf("webhook %d was answered %d", n, status)
				}
			}
			r.kill()
			answers, early := 0, 0
			disk, err := readDiskLog(log, func(synced bool) {
				answers++
				if !synced {
					early++
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if answers != hooks {
				t.Fatalf("strace saw %d answers to %d webhooks", answers, hooks)
			}
			if wantSynced && (early > 0 || disk.syncs < hooks) {
				t.Errorf("%d of %d answers went out before the sync; there were %d syncs", early, answers, disk.syncs)
			}
			if !wantSynced && early == 0 {
				t.Errorf("the look finds nothing where nothing is synced: it proves nothing")
			}
			t.Logf("R2: %s: %d answers, %d of them before the sync, %d syncs of the log", durability, answers, early, disk.syncs)
		})
	}
}

// A power cut (R2): the process dies under load, and whatever it had not synced by then is not on the disk. Everything that was accepted is.
func TestWhatWasNotSyncedIsNotNeeded(t *testing.T) {
	r := startRig(t, "")
	cuts, lost := size(2, 100), int64(0)
	for range cuts {
		r.kill()
		log := filepath.Join(t.TempDir(), "strace")
		r.traced(log)
		r.start()
		before := r.book.acceptedSoFar()
		v := r.fire(500)
		eventually(t, "the program takes webhooks", func() bool { return r.book.acceptedSoFar() >= before+150 })
		r.kill()
		v.cease()
		disk, err := readDiskLog(log, func(bool) {})
		if err != nil {
			t.Fatal(err)
		}
		for file, spans := range disk.fresh {
			lost += r.wipe(file, spans)
		}
		_ = os.Remove(filepath.Join(r.dir, "cartwheel.db-shm")) // memory, not disk
		r.args = nil
		r.start()
	}
	r.settle()
	r.verify()
	r.kill()
	r.integrity()
	t.Logf("R2: %d power cuts, %d bytes that were not synced were wiped", cuts, lost)
}

// wipe makes parts of a database file zeros.
func (r *rig) wipe(file string, spans []extent) (bytes int64) {
	r.t.Helper()
	f, err := os.OpenFile(filepath.Join(r.dir, file), os.O_RDWR, 0)
	if err != nil {
		return 0 // SQLite has removed it
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range spans {
		length := min(s.length, info.Size()-s.from)
		if length <= 0 {
			continue
		}
		if _, err := f.WriteAt(make([]byte, length), s.from); err != nil {
			r.t.Fatal(fmt.Errorf("wipe %s: %w", file, err))
		}
		bytes += length
	}
	return bytes
}
