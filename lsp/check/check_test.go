// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// fakeBuilder stands in for clang.
type fakeBuilder struct {
	obj      compile.Object
	messages []diag.Diagnostic
	err      error
	panics   bool
}

func (b *fakeBuilder) BuildUnsaved(context.Context, string, compile.Unsaved) (compile.Object,
	[]diag.Diagnostic, error) {
	if b.panics {
		panic("odd build file")
	}
	return b.obj, b.messages, b.err
}
func (b *fakeBuilder) Version(compile.Command) string     { return "clang version 99" }
func (b *fakeBuilder) Knows(context.Context, string) bool { return false }
func (b *fakeBuilder) Forget()                            {}

// unit returns a checker of one C file whose stages are all replaced: the file holds the named programs, and verify
// gives their verdicts.
func unit(t *testing.T, verify Verifier, names ...string) (*Checker, Request) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.bpf.c")
	if err := os.WriteFile(file, []byte("int f(void)\n{\n\treturn 0;\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	obj := &program.Object{}
	for i, name := range names {
		obj.Programs = append(obj.Programs, &program.Program{Name: name, Section: "xdp", Autoload: true,
			Type:  facts.ProgXDP,
			Insns: []isa.Insn{{Op: 0xb7}, {Op: 0x95}},
			Lines: []program.Line{{InsnOff: 0, File: file, Text: "int f(void)", Line: 1, Col: 5},
				{InsnOff: 1, File: file, Text: "\treturn 0;", Line: uint32(3), Col: 2}},
			Funcs: []program.Func{{Name: fmt.Sprintf("f%d", i)}}})
	}
	c := New(Settings{Workers: 1})
	c.Builder = &fakeBuilder{obj: compile.Object{ELF: []byte("object"), Deps: []string{file, "/h.h"},
		Command: compile.Command{Clang: "clang"}}}
	c.Load = func(elf []byte, o program.Options) (*program.Object, error) {
		if string(elf) != "object" || o.Kernel == nil || o.Name != file {
			t.Errorf("loading %q for %v as %s", elf, o.Kernel, o.Name)
		}
		return obj, nil
	}
	c.NewVerifier = func() Verifier { return verify }
	var ticks atomic.Int64
	c.Now = func() time.Time { return time.UnixMilli(ticks.Add(1)) }
	return c, Request{File: file}
}

// TestPartialDependencies tests for each outcome of a build whether the dependencies are complete.
func TestPartialDependencies(t *testing.T) {
	for _, tt := range []struct {
		what    string
		obj     compile.Object
		err     error
		deps    int
		partial bool
	}{
		{"success", compile.Object{ELF: []byte("object"), Deps: []string{"/a.c", "/h.h"}}, nil, 2, false},
		{"errors in the program", compile.Object{Deps: []string{"/a.c", "/h.h"}}, nil, 2, true},
		{"a timeout", compile.Object{}, &compile.Fault{Code: catalog.CompilerTimeout}, 1, true},
		{"a crash", compile.Object{Deps: []string{"/a.c", "/h.h"}}, &compile.Fault{Code: catalog.CompilerFailed}, 2,
			true},
	} {
		c, req := unit(t, nil)
		c.Builder = &fakeBuilder{obj: tt.obj, err: tt.err}
		if r := run(t, c, req); len(r.Deps) != tt.deps || r.Partial != tt.partial {
			t.Errorf("%s: %q, partial %v", tt.what, r.Deps, r.Partial)
		}
	}
	object := filepath.Join(t.TempDir(), "a.o")
	if err := os.WriteFile(object, []byte("\x7fELF"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := run(t, New(Settings{}), Request{File: object}); r.Partial {
		t.Error("an object is not all of itself")
	}
}

func rejection(code catalog.Code) verifier.Result {
	return verifier.Result{Verdict: verifier.Rejected,
		Reports: []verifier.Report{{Code: code, PC: 1, Kernel: "R0 !read_ok", Errno: 13}}}
}

func run(t *testing.T, c *Checker, req Request) *Report {
	t.Helper()
	var r Report
	var err error
	deadline.Within(t, "the check", func(ctx context.Context) { r, err = c.Unit(ctx, req) })
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

// summary returns one line per diagnostic: line, severity, code, programs.
func summary(ds []diag.Diagnostic) []string {
	var out []string
	for _, d := range ds {
		out = append(out, fmt.Sprintf("%d %s %s %s", d.Span.Line, d.Severity, d.Code, strings.Join(d.Programs, ",")))
	}
	return out
}

func TestVerdictsBecomeDiagnostics(t *testing.T) {
	c, req := unit(t, func(p *program.Program, o verifier.Options) verifier.Result {
		switch p.Name {
		case "bad", "bad2":
			return rejection(catalog.UnreadableRegister)
		case "new":
			return verifier.Result{Verdict: verifier.Unsupported, Reason: "uses bpf_dynptr_from_skb()"}
		case "crash":
			var m map[string]int
			m["x"] = 1
		}
		return verifier.Result{Verdict: verifier.Accepted}
	}, "bad", "good", "new", "crash", "bad2")
	r := run(t, c, req)
	want := []string{
		"1 info verifier-internal/bug crash",
		"1 info verifier-internal/unsupported new",
		"3 error register-type/unreadable-register bad,bad2",
	}
	ds := r.Diagnostics()
	if d := cmp.Diff(want, summary(ds)); d != "" {
		t.Error(d)
	}
	if !strings.Contains(ds[0].Reason, "assignment to entry in nil map") || !strings.Contains(ds[0].Reason, "check") {
		t.Errorf("the fault does not tell where it is: %s", ds[0].Reason)
	}
	if !strings.Contains(ds[1].Reason, "bpf_dynptr_from_skb()") {
		t.Errorf("no reason in %q", ds[1].Reason)
	}
	if a, rej, un := r.Counts(); a != 1 || rej != 2 || un != 2 || r.Failed() {
		t.Errorf("counted %d, %d, %d", a, rej, un)
	}
	if r.Programs[0].Program.Name != "bad" || r.Programs[4].Program.Name != "bad2" {
		t.Error("programs are not in the order of the object")
	}
	if d := cmp.Diff([]string{req.File, "/h.h"}, r.Deps); d != "" || r.ClangVersion != "clang version 99" {
		t.Errorf("%s %s", d, r.ClangVersion)
	}
}

// TestHistoryOnlyForRejected runs a rejected program three times and an accepted one once.
func TestHistoryOnlyForRejected(t *testing.T) {
	var runs [2][]verifier.Options
	c, req := unit(t, func(p *program.Program, o verifier.Options) verifier.Result {
		i := 0
		if p.Name == "bad" {
			i = 1
		}
		runs[i] = append(runs[i], o)
		if i == 1 {
			return rejection(catalog.UnreadableRegister)
		}
		return verifier.Result{}
	}, "good", "bad")
	r := run(t, c, req)
	if len(runs[0]) != 1 || len(runs[1]) != 3 || runs[1][0].Record || !runs[1][1].Record || runs[1][1].Further ||
		!runs[1][2].Further {
		t.Errorf("runs: %+v", runs)
	}
	if got := r.Programs[0].TimeUS; got != 1000 {
		t.Errorf("time %d", got)
	}
	runs = [2][]verifier.Options{}
	req.LogLevel, req.Program, req.Flags = 2, "good", program.FlagStrictAlignment
	run(t, c, req)
	if len(runs[1]) != 0 || len(runs[0]) != 2 || runs[0][1].LogLevel&2 == 0 ||
		runs[0][1].Flags != program.FlagStrictAlignment {
		t.Errorf("runs: %+v", runs)
	}
}

// TestTargetReachesTheVerifier runs a rejected program, by the rules of another release in all three runs.
func TestTargetReachesTheVerifier(t *testing.T) {
	var targets []verifier.Target
	c, req := unit(t, func(_ *program.Program, o verifier.Options) verifier.Result {
		targets = append(targets, o.Target)
		return rejection(catalog.UnreadableRegister)
	}, "p")
	c.target = New(Settings{Target: verifier.Linux73}).target
	run(t, c, req)
	if d := cmp.Diff([]verifier.Target{verifier.Linux73, verifier.Linux73, verifier.Linux73}, targets); d != "" {
		t.Error(d)
	}
}

func TestLoaderErrors(t *testing.T) {
	accepted := func(*program.Program, verifier.Options) verifier.Result { return verifier.Result{} }
	t.Run("of the object", func(t *testing.T) {
		c, req := unit(t, accepted)
		c.Load = func([]byte, program.Options) (*program.Object, error) {
			return nil, errors.New("section .BTF: short")
		}
		r := run(t, c, req)
		if d := cmp.Diff([]string{"1 error loader/invalid-object "}, summary(r.Diagnostics())); d != "" ||
			!r.Failed() {
			t.Error(d)
		}
	})
	t.Run("of a map", func(t *testing.T) {
		c, req := unit(t, accepted, "f")
		if err := os.WriteFile(req.File, []byte("struct {\n} counts SEC(\".maps\");\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		load := c.Load
		c.Load = func(elf []byte, o program.Options) (*program.Object, error) {
			obj, err := load(elf, o)
			obj.Faults = []*program.Fault{{Kind: program.MapDefinition, Fatal: true, Name: "counts",
				Message: "no key size"}}
			return obj, err
		}
		r := run(t, c, req)
		ds := r.Diagnostics()
		if d := cmp.Diff([]string{"2 error loader/invalid-map-definition "}, summary(ds)); d != "" ||
			!strings.Contains(ds[0].Reason, "`counts`") || ds[0].Span.Col != 3 {
			t.Errorf("%s %+v", d, ds)
		}
		if a, _, _ := r.Counts(); a != 1 || r.Failed() {
			t.Error("the fault of a map hides a program")
		}
	})
	t.Run("panic", func(t *testing.T) {
		c, req := unit(t, accepted)
		c.Load = func([]byte, program.Options) (*program.Object, error) { panic("odd") }
		r := run(t, c, req)
		if d := cmp.Diff([]string{"1 info verifier-internal/bug "}, summary(r.Diagnostics())); d != "" ||
			!r.Failed() {
			t.Error(d)
		}
	})
	t.Run("of a program", func(t *testing.T) {
		c, req := unit(t, func(*program.Program, verifier.Options) verifier.Result {
			t.Error("a program that libbpf refuses was verified")
			return verifier.Result{}
		}, "f")
		load := c.Load
		c.Load = func(elf []byte, o program.Options) (*program.Object, error) {
			obj, err := load(elf, o)
			p := obj.Programs[0]
			p.LoadError = &program.LoadError{Kind: program.MissingSymbol, Fatal: true, PC: 1, Symbol: "bpf_x",
				Message: "No bpf_x."}
			p.LoadErrors = []*program.LoadError{p.LoadError}
			return obj, err
		}
		if d := cmp.Diff([]string{"3 error loader/unresolved-symbol f"},
			summary(run(t, c, req).Diagnostics())); d != "" {
			t.Error(d)
		}
		c.Load = func(elf []byte, o program.Options) (*program.Object, error) {
			obj, err := load(elf, o)
			p := obj.Programs[0]
			p.LoadError = &program.LoadError{Kind: program.MissingKfunc, Fatal: true, PC: 1,
				Symbol: "bpf_xdp_flow_lookup", Message: "None.", Optional: true}
			p.LoadErrors = []*program.LoadError{p.LoadError}
			return obj, err
		}
		if d := cmp.Diff([]string{"3 warning loader/unresolved-symbol f"},
			summary(run(t, c, req).Diagnostics())); d != "" {
			t.Error("of a module:", d)
		}
	})
}

// TestPartOfLargerObject checks an object that is linked with others.
func TestPartOfLargerObject(t *testing.T) {
	r := run(t, New(Settings{Workers: 1}), Request{File: filepath.Join("..", "..", "testdata", "loader", "parts.o")})
	want := []string{
		"15 info loader/incomplete-program calls",
		"20 info loader/incomplete-program calls_through",
		"25 info loader/incomplete-program reads",
		"35 warning loader/static-program hidden_whole",
		"42 info loader/incomplete-program uses_arena",
		"50 info loader/unsupported-object wants_license",
	}
	if d := cmp.Diff(want, summary(r.Diagnostics())); d != "" {
		t.Error(d)
	}
	if a, rej, un := r.Counts(); a != 2 || rej != 0 || un != 5 {
		t.Errorf("counted %d, %d, %d", a, rej, un)
	}
}

func TestOnlyFunctions(t *testing.T) {
	c, req := unit(t, nil)
	c.Load = func([]byte, program.Options) (*program.Object, error) { return nil, program.ErrNoPrograms }
	if d := cmp.Diff([]string{"1 info loader/no-programs "}, summary(run(t, c, req).Diagnostics())); d != "" {
		t.Error(d)
	}
}

// TestTypesOfRecords checks maps that declare the type of their records, for a loader that uses it as documentation
// only.
func TestTypesOfRecords(t *testing.T) {
	for loader, want := range map[compile.Loader][]string{compile.LoaderUnknown: {"1 warning loader/map-refused "},
		compile.LoaderLibbpf: {"1 warning loader/map-refused "}, compile.LoaderOther: nil} {
		c, req := unit(t, func(*program.Program, verifier.Options) verifier.Result {
			return verifier.Result{Verdict: verifier.Accepted}
		}, "f")
		c.Builder.(*fakeBuilder).obj.Command.Loader = loader
		load := c.Load
		c.Load = func(elf []byte, o program.Options) (*program.Object, error) {
			obj, err := load(elf, o)
			events := &program.Map{Name: "events", FullName: "events", Type: facts.MapRingBuf}
			obj.Faults = []*program.Fault{{Kind: program.MapRefused, Fatal: true, OnlyLibbpf: true, Name: "events",
				Map: events, Why: program.MapFault{Problem: program.MapValueSize, Describes: true}}}
			return obj, err
		}
		if d := cmp.Diff(want, summary(run(t, c, req).Diagnostics())); d != "" {
			t.Errorf("loader %d: %s", loader, d)
		}
	}
}

// TestLinkedLicense checks a file without a license in a project with a separate license file.
func TestLinkedLicense(t *testing.T) {
	c, req := unit(t, func(p *program.Program, _ verifier.Options) verifier.Result {
		if p.License != "GPL" {
			return rejection(catalog.GPLOnlyHelper)
		}
		return verifier.Result{Verdict: verifier.Accepted}
	}, "f")
	c.Builder.(*fakeBuilder).obj.Command.File = req.File
	load := c.Load
	c.Load = func(elf []byte, o program.Options) (*program.Object, error) {
		obj, err := load(elf, o)
		obj.License = o.License()
		obj.Programs[0].License = obj.License
		return obj, err
	}
	if _, rejected, _ := run(t, c, req).Counts(); rejected != 1 {
		t.Error("a file without a license has one")
	}
	from := filepath.Join(filepath.Dir(req.File), "license.bpf.c")
	if err := os.WriteFile(from, []byte("char LICENSE[] SEC(\"license\") = \"GPL\";\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := run(t, c, req)
	if accepted, _, _ := r.Counts(); accepted != 1 || r.LicenseFrom != from {
		t.Errorf("the license of %q did not count", r.LicenseFrom)
	}
}

func TestWrongKernelTypes(t *testing.T) {
	c, req := unit(t, nil)
	c.kernel = kernelTypes{file: filepath.Join(t.TempDir(), "missing.btf")}
	ds := run(t, c, req).Diagnostics()
	if d := cmp.Diff([]string{"1 warning loader/target-kernel "}, summary(ds)); d != "" ||
		!strings.Contains(ds[0].Reason, "missing.btf") {
		t.Errorf("%s %+v", d, ds)
	}
}

func TestBuildFaults(t *testing.T) {
	c, req := unit(t, nil)
	c.Builder = &fakeBuilder{panics: true}
	if ds := run(t, c, req).Diagnostics(); len(ds) != 1 || ds[0].Code != catalog.InternalBug ||
		!strings.Contains(ds[0].Reason, "odd build file") {
		t.Errorf("got %v", ds)
	}
	c.Builder = &fakeBuilder{err: &compile.Fault{Problem: "No clang was found.", Advice: "Install it.",
		Code: catalog.CompilerNotFound}}
	ds := run(t, c, req).Diagnostics()
	if d := cmp.Diff([]string{"1 warning toolchain/compiler-not-found "}, summary(ds)); d != "" ||
		ds[0].Suggestion != "Install it." {
		t.Errorf("%s %+v", d, ds)
	}
	c.Builder = &fakeBuilder{messages: []diag.Diagnostic{{Code: catalog.CompileError, Severity: diag.Error,
		Source: diag.SourceClang, Span: diag.Span{File: req.File, Line: 2}}}}
	r := run(t, c, req)
	if d := cmp.Diff([]string{"2 error toolchain/compile-error "}, summary(r.Diagnostics())); d != "" ||
		!r.Failed() {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"2 info toolchain/compiler-failed "}, summary(r.DiagnosticsBesideClangd())); d != "" {
		t.Error(d)
	}
	req.File = filepath.Join(t.TempDir(), "missing.bpf.c")
	if ds := run(t, c, req).Diagnostics(); len(ds) != 1 || ds[0].Severity != diag.Warning ||
		ds[0].Code != catalog.UnreadableFile {
		t.Errorf("got %v", ds)
	}
	req.File = t.TempDir()
	if ds := run(t, c, req).Diagnostics(); len(ds) != 1 || !strings.Contains(ds[0].Reason, "not a regular file") {
		t.Errorf("got %v", ds)
	}
}

// TestWorkersAreSharedByUnits checks several units at once. No more programs may be verified in parallel than there are
// workers.
func TestWorkersAreSharedByUnits(t *testing.T) {
	var running, most atomic.Int32
	c, req := unit(t, func(*program.Program, verifier.Options) verifier.Result {
		n := running.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		runtime.Gosched()
		running.Add(-1)
		return verifier.Result{}
	}, "a", "b", "c", "d")
	c.workers, c.slots = 2, make(chan struct{}, 2)
	var units sync.WaitGroup
	for range 8 {
		units.Go(func() {
			if _, err := c.Unit(deadline.Context(t, "the check"), req); err != nil {
				t.Error(err)
			}
		})
	}
	deadline.Do(t, "all units", units.Wait)
	if most.Load() > 2 {
		t.Errorf("%d programs were verified at once by 2 workers", most.Load())
	}
}

func TestCancelEndsTheVerifier(t *testing.T) {
	ctx, cancel := context.WithCancel(deadline.Context(t, "the end of the check"))
	var started atomic.Int32
	c, req := unit(t, func(_ *program.Program, o verifier.Options) verifier.Result {
		if started.Add(1) == 2 {
			cancel()
		}
		for !o.Cancel() {
			<-ctx.Done()
		}
		return verifier.Result{Verdict: verifier.Canceled}
	}, "a", "b", "c", "d", "e", "f")
	c.workers, c.slots = 2, make(chan struct{}, 2)
	if _, err := c.Unit(ctx, req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestHeaderIsWrittenOnce(t *testing.T) {
	cache := t.TempDir()
	c := New(Settings{})
	source := c.kernel.headerSource(cache)
	dir, err := source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first, err := os.Stat(filepath.Join(dir, headerName))
	if err != nil || first.Size() < 1<<20 {
		t.Fatalf("%v, %v", first, err)
	}
	again, err := source(t.Context())
	second, serr := os.Stat(filepath.Join(again, headerName))
	if err != nil || serr != nil || again != dir || !os.SameFile(first, second) {
		t.Errorf("%s and %s: %v, %v", dir, again, err, serr)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left beside the header: %v", left)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	empty := t.TempDir()
	if _, err := c.kernel.headerSource(empty)(cancelled); err == nil {
		t.Error("a cancelled header was kept")
	}
}

// TestDamagedHeaderIsWrittenAgain damages the header, for the server that wrote it and for another one.
func TestDamagedHeaderIsWrittenAgain(t *testing.T) {
	cache := t.TempDir()
	c := New(Settings{})
	maker := c.kernel.headerSource(cache)
	dir, err := maker(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, headerName)
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	damage := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
		// The file system's clock may be too coarse to distinguish the versions.
		if err := os.Chtimes(name, time.Time{}, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if !whole(name) {
		t.Error("what was just written counts as damaged")
	}
	flipped := bytes.Clone(good)
	flipped[len(good)/2] ^= 1
	for what, damaged := range map[string][]byte{"empty": {}, "cut short": good[:len(good)/2],
		"without its last line": good[:bytes.LastIndexByte(good[:len(good)-1], '\n')],
		"zeros":                 make([]byte, len(good)), "one bit": flipped} {
		if damage(damaged); whole(name) {
			t.Errorf("%s: the header counts as whole", what)
		}
	}
	// Generating it takes long, so this is not done after each damage.
	for who, source := range map[string]compile.HeaderSource{"its maker": maker,
		"another": c.kernel.headerSource(cache)} {
		damage(flipped)
		if _, err := source(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now, err := os.ReadFile(name); err != nil || !bytes.Equal(now, good) {
			t.Errorf("%s uses a header of %d bytes, %v", who, len(now), err)
		}
	}
}

// TestRealPipeline builds and checks the demonstration program.
func TestRealPipeline(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "testdata", "demo", "leak.bpf.c"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "leak.bpf.c")
	check := func(text string) *Report {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		r := run(t, New(Settings{Clang: compile.Settings{CacheDir: t.TempDir()}}), Request{File: file})
		if len(r.Faults) > 0 && r.Faults[0].Code == catalog.CompilerNotFound {
			t.Skipf("SKIPPED, NEEDS CLANG: %s", r.Faults[0].Reason)
		}
		return r
	}
	ds := check(string(source)).Diagnostics()
	if len(ds) != 1 || ds[0].Code != catalog.UnreleasedReference || len(ds[0].Related) < 3 || ds[0].Span.File != file {
		t.Errorf("got %+v", ds)
	}
	fixed := strings.Replace(string(source), "\t\treturn bpf_redirect",
		"\t{\n\t\tbpf_sk_release(sk);\n\t\treturn bpf_redirect", 1)
	fixed = strings.Replace(fixed, "\n\n\tbpf_sk_release(sk);", "\n\t}\n\tbpf_sk_release(sk);", 1)
	r := check(fixed)
	if a, _, _ := r.Counts(); a != 1 || len(r.Diagnostics()) != 0 {
		t.Errorf("got %+v", r.Diagnostics())
	}
}

// TestReplacedCall checks a program with a call that only its loader can make one of something.
func TestReplacedCall(t *testing.T) {
	file := filepath.Join("..", "..", "testdata", "loader", "replaced_call.o")
	r := run(t, New(Settings{Workers: 1}), Request{File: file})
	want := []string{
		"11 info loader/unsupported-object waits_for_code",
		"24 error policy/unknown-helper calls_none",
	}
	if d := cmp.Diff(want, summary(r.Diagnostics())); d != "" {
		t.Error(d)
	}
}
