// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

func (s *session) checkWorkspace() {
	s.t.Helper()
	_, err := s.server.ExecuteCommand(s.t.Context(), &protocol.ExecuteCommandParams{Command: commandCheckWorkspace})
	s.must(err)
}

// toldOf waits for the diagnostics of a file and skips others.
func (s *session) toldOf(file string) []protocol.Diagnostic {
	s.t.Helper()
	for {
		if p := s.published(); fileOf(p.URI) == file {
			return p.Diagnostics
		}
	}
}

const program = "#include \"vmlinux.h\"\nSEC(\"xdp\")\nint f(void *ctx) { return 2; }\n"

func TestWorkspaceIsChecked(t *testing.T) {
	s := newSession(t)
	for _, dir := range []string{"sub", "node_modules", ".hidden"} {
		s.mkdir(dir)
		s.file(dir+"/c.bpf.c", program)
	}
	a, b := s.file("a.bpf.c", program), s.file("plainly_named.c", program)
	s.file("user.c", "int main(void) { return 0; }\n")
	open := s.open("open.bpf.c", program)
	s.checkOf(open).finds()
	s.settled()
	os.Remove(filepath.Join(s.dir, "settled.bpf.c"))
	s.checkWorkspace()
	seen := map[string]*pendingCheck{}
	for range 3 {
		c := s.check()
		seen[c.req.File] = c
	}
	c := filepath.Join(s.dir, "sub", "c.bpf.c")
	if seen[a] == nil || seen[b] == nil || seen[c] == nil {
		t.Fatalf("checked %v", seen)
	}
	seen[a].finds(at(a, 2, 1, "x"))
	if ds := s.toldOf(a); len(ds) != 1 {
		t.Errorf("got %v", ds)
	}
	seen[b].finds()
	seen[c].finds()
	if m := receive(t, s.client.messages,
		"message"); m != "bpf-lsp: files checked: 4, with rejected programs: 0, not checked: 4." {
		t.Errorf("told %q", m)
	}
	// A file keeps its results when it is opened and after it is closed.
	s.open("a.bpf.c", program)
	if ds := s.toldOf(a); len(ds) != 1 {
		t.Errorf("opening the file left %v", ds)
	}
	s.checkOf(a).finds(at(a, 2, 1, "other"))
	s.toldOf(a)
	s.close(a)
	if ds := s.toldOf(a); len(ds) != 1 {
		t.Errorf("closing the file left %v", ds)
	}
	s.settled()
	// When deleted, it disappears.
	s.must(os.Remove(a))
	s.watched(protocol.FileChangeTypeDeleted, a)
	if ds := s.toldOf(a); len(ds) != 0 {
		t.Errorf("the deleted file has %v", ds)
	}
}

func TestOpenFilesCountInTheWorkspace(t *testing.T) {
	s := newSession(t)
	closed := s.file("closed.bpf.c", program)
	done, running, shut, gone := s.open("done.bpf.c", program), "", "", ""
	s.checkOf(done).finds()
	running = s.open("running.bpf.c", program)
	slow := s.checkOf(running)
	shut = s.open("shut.bpf.c", program)
	s.checkOf(shut)
	gone = s.open("gone.bpf.c", program)
	s.checkOf(gone)
	s.checkWorkspace()
	s.checkOf(closed).finds()
	// A file closed during the sweep is checked like the others; a deleted one is not waited for.
	s.close(shut)
	s.checkOf(shut).finds()
	s.must(os.Remove(gone))
	s.watched(protocol.FileChangeTypeDeleted, gone)
	select {
	case m := <-s.client.messages:
		t.Errorf("told %q while an open file is being checked", m)
	default:
	}
	slow.finds()
	if m := receive(t, s.client.messages,
		"message"); m != "bpf-lsp: files checked: 4, with rejected programs: 0, not checked: 4." {
		t.Errorf("told %q", m)
	}
}

func TestHeadersOfTheWorkspaceAreShared(t *testing.T) {
	s := newSession(t)
	h := s.file("h.h", "int x;\n")
	a, b := s.file("a.bpf.c", program), s.file("b.bpf.c", program)
	s.checkWorkspace()
	for range 2 {
		d := at(h, 1, 5, "shared")
		c := s.check()
		d.Program = filepath.Base(c.req.File)
		c.ends([]string{h}, d)
	}
	receive(t, s.client.messages, "message")
	for {
		if ds := s.toldOf(h); strings.Contains(string(ds[0].Message.(protocol.String)),
			"(in programs a.bpf.c, b.bpf.c)") {
			break
		}
	}
	// A change of the header checks both again, without a message at the end.
	s.file("h.h", "int xyz;\n")
	future := time.Now().Add(time.Hour)
	s.must(os.Chtimes(h, future, future))
	s.watched(protocol.FileChangeTypeChanged, h)
	for range 2 {
		c := s.check()
		if c.req.File != a && c.req.File != b {
			t.Errorf("checked %s", c.req.File)
		}
		c.ends([]string{h})
	}
	for len(s.toldOf(h)) > 0 {
	}
	if len(s.client.messages) > 0 {
		t.Error("a check that nobody asked for was announced")
	}
}

func TestWorkspaceCheckIsCancelled(t *testing.T) {
	s := newSession(t)
	for i := range 20 {
		s.file(fmt.Sprintf("p%d.bpf.c", i), program)
	}
	s.checkWorkspace()
	s.passes(progressWait, "")
	token := receive(t, s.client.created, "progress")
	if got := receive(t, s.client.progress, "begin"); !strings.Contains(got, "Checking BPF programs") {
		t.Errorf("got %s", got)
	}
	first := s.check()
	first.finds(at(first.req.File, 1, 1, "x"))
	s.toldOf(first.req.File)
	if got := receive(t, s.client.progress, "report"); !strings.Contains(got, `"percentage":5`) ||
		!strings.Contains(got, "1 of 20 files") {
		t.Errorf("got %s", got)
	}
	s.must(s.server.WorkDoneProgressCancel(t.Context(), &protocol.WorkDoneProgressCancelParams{Token: token}))
	if got := receive(t, s.client.progress, "end"); !strings.Contains(got, `"end"`) {
		t.Errorf("got %s", got)
	}
	s.settled()
}

func TestWorkspaceWithoutFolders(t *testing.T) {
	s := start(t)
	_, err := s.server.Initialize(t.Context(), &protocol.InitializeParams{})
	s.must(err)
	if _, err := s.server.ExecuteCommand(t.Context(),
		&protocol.ExecuteCommandParams{Command: commandCheckWorkspace}); err == nil ||
		!strings.Contains(err.Error(), "no folder is open") {
		t.Errorf("got %v", err)
	}
}

// manyChecker immediately finds many diagnostics in every file.
type manyChecker struct {
	running, most atomic.Int32
	dropped       atomic.Int32 // texts that were freed
	header        string
}

func (*manyChecker) Hints(context.Context, *check.Report) []diag.LineHint { return nil }
func (*manyChecker) Recorded(context.Context, *check.Report) *check.Recorded {
	return &check.Recorded{}
}

func (*manyChecker) Prove(context.Context, check.Request, *check.Report, *diag.Diagnostic) (check.Proof, error) {
	return check.Proof{}, nil
}

func (*manyChecker) Together(context.Context, check.Request, *check.Report,
	[]check.Repaired) ([]diag.Edit, bool, error) {
	return nil, false, nil
}

func (*manyChecker) Costs(context.Context, *check.Report, string) []diag.ProgramCost {
	return nil
}

func (*manyChecker) Knows(context.Context, string) bool { return false }

func (*manyChecker) Forget() {}

func (c *manyChecker) Unit(_ context.Context, req check.Request) (check.Report, error) {
	now := c.running.Add(1)
	defer c.running.Add(-1)
	for {
		most := c.most.Load()
		if now <= most || c.most.CompareAndSwap(most, now) {
			break
		}
	}
	// A substring keeps the whole text alive; the cleanup counts the texts that are freed.
	excerpt := strings.Repeat("x", 1<<10)
	runtime.AddCleanup(unsafe.StringData(excerpt), func(dropped *atomic.Int32) { dropped.Add(1) }, &c.dropped)
	ds := make([]diag.Diagnostic, 0, maxSweptDiagnostics+2)
	for i := range maxSweptDiagnostics + 1 {
		d := at(req.File, 1, i+1, "x")
		d.Reason = excerpt[:10]
		ds = append(ds, d)
	}
	return check.Report{File: req.File, Faults: append(ds, at(c.header, 1, 5, "shared")),
		Deps: []string{req.File, c.header}, Source: check.NewSource(req.Overlay)}, nil
}

// TestTenThousandFiles has errors in all of them. Memory use must stay small, and the server must answer meanwhile.
func TestTenThousandFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("writes ten thousand files")
	}
	checker := &manyChecker{}
	s := startWith(t, func(check.Settings) Checker { return checker })
	s.initialize(everything())
	checker.header = s.file("h.h", "int x;\n")
	const files = 10_000
	for i := range files {
		if i%100 == 0 {
			s.mkdir(fmt.Sprint(i / 100))
		}
		// A link is faster to create than a file.
		if name := fmt.Sprintf("%d/p%d.bpf.c", i/100, i); os.Link(checker.header, filepath.Join(s.dir, name)) != nil {
			s.file(name, "int x;\n")
		}
	}
	told, hundreds := map[string]int{}, make(chan bool, files)
	s.client.raw = func(params []byte) {
		_, rest, _ := strings.Cut(string(params), `"uri":"`)
		file, rest, _ := strings.Cut(rest, `"`)
		if file == string(uri.File(checker.header)) {
			return
		}
		told[file] = strings.Count(rest, `"severity":`)
		if len(told)%100 == 0 {
			hundreds <- true
		}
	}
	before := heap()
	s.checkWorkspace()
	longest := time.Duration(0)
	for range files / 100 {
		receive(t, hundreds, "diagnostics of a hundred files")
		asked := time.Now()
		s.hover(checker.header, 0)
		longest = max(longest, time.Since(asked))
	}
	receive(t, s.client.messages, "message")
	if len(told) != files {
		t.Errorf("told of %d files", len(told))
	}
	for file, n := range told {
		if n != maxSweptDiagnostics {
			t.Fatalf("%s has %d diagnostics", file, n)
		}
	}
	if most := checker.most.Load(); most > 4 {
		t.Errorf("%d checks at once", most)
	}
	grown := heap() - before
	// Cleanups run in a goroutine of the runtime. A text of which a part is kept is never freed.
	deadline.Until(t, "all texts to be dropped", func() bool { return checker.dropped.Load() == files })
	if grown > 384<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	} else {
		t.Logf("the heap grew by %d MB; the slowest answer took %v", grown>>20, longest)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
