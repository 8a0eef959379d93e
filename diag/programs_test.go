// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// The programs below testdata/programs were compiled once, and a running
// Linux 6.18 was asked about the objects. These tests hold the embedded
// verifier against its answers, word by word, and the diagnostics against the
// expectations in the sources.

const (
	objectDir  = "../testdata/objects"
	programDir = "../testdata/programs"
	recorded   = objectDir + "/kernel-6.18.jsonl"
)

// runDependent matches what no two runs of a kernel have in common: addresses
// and times.
var runDependent = regexp.MustCompile(`0xffff[0-9a-f]{12}|verification time \d+ usec`)

func TestProgramsAsTheKernel(t *testing.T) {
	answers := readAnswers(t, recorded)
	for object, programs := range answers {
		t.Run(object, func(t *testing.T) {
			obj := loadObject(t, filepath.Join(objectDir, object))
			seen := map[string]bool{}
			for _, p := range obj.Programs {
				want, ok := programs[p.Name]
				if !ok {
					t.Errorf("%s: the kernel was not asked; record its answer", p.Name)
					continue
				}
				seen[p.Name] = true
				compare(t, object, p, verifier.Options{}, &want)
			}
			for name := range programs {
				if !seen[name] {
					t.Errorf("%s: recorded, but not in the object", name)
				}
			}
		})
	}
}

// cutLog is the first line of a log of which only the end was kept.
const cutLog = "..."

// compare verifies a program and holds every field against the kernel's.
func compare(t *testing.T, object string, p *program.Program, o verifier.Options, want *render.Record) {
	t.Helper()
	if o.LogLevel == 0 {
		o.LogLevel = 2
	}
	o.LogLevel |= 4
	o.Record = true
	res := verifier.Verify(p, o)
	got := render.NewRecord(&diag.Run{Object: object, Program: p, Result: res, TimeUS: -1, Flags: p.Flags}, true)
	for _, f := range []struct {
		name      string
		got, want any
	}{
		{"section", got.Section, want.Section},
		{"prog_type", got.ProgType, want.ProgType},
		{"attach_type", got.AttachType, want.AttachType},
		{"insns", got.Insns, want.Insns},
		{"verdict", got.Verdict, want.Verdict},
		{"error", got.Error, want.Error},
		{"source", got.Source, want.Source},
		{"insn_idx", text(got.InsnIdx), text(want.InsnIdx)},
		{"stats", text(got.Stats), text(want.Stats)},
	} {
		if f.got != f.want {
			t.Errorf("%s: %s is %v, the kernel's %v %s", p.Name, f.name, f.got, f.want, got.Reason)
		}
	}
	a, b := logLines(got.Log), logLines(want.Log)
	if len(b) > 0 && b[0] == cutLog && len(a) >= len(b) {
		b = b[1:]
		a = a[len(a)-len(b):]
	}
	for i := 0; i < max(len(a), len(b)); i++ {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Errorf("%s: logs part at line %d:\nhere   %q\nkernel %q", p.Name, i+1, at(a, i), at(b, i))
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(ended)"
}

// logLines are the lines of a log without addresses and times.
func logLines(log string) []string {
	var lines []string
	for line := range strings.Lines(log) {
		lines = append(lines, runDependent.ReplaceAllString(strings.TrimSuffix(line, "\n"), "..."))
	}
	return lines
}

// text is a value as JSON, so that optional numbers compare.
func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// readAnswers reads the kernel's answers by object and program.
func readAnswers(t *testing.T, recorded string) map[string]map[string]render.Record {
	t.Helper()
	f, err := os.Open(recorded)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	answers := map[string]map[string]render.Record{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var r render.Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", recorded, err)
		}
		if r.Program == "" {
			continue // which kernel answers
		}
		if answers[r.Object] == nil {
			answers[r.Object] = map[string]render.Record{}
		}
		answers[r.Object][r.Program] = r
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return answers
}

func loadObject(t *testing.T, file string) *program.Object { return loadObjectFor(t, file, nil) }

// loadObjectFor links an object against a kernel's types, or the built-in ones.
func loadObjectFor(t *testing.T, file string, kernel *program.Kernel) *program.Object {
	t.Helper()
	elf, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: filepath.Base(file), Kernel: kernel})
	if err != nil {
		t.Fatal(err)
	}
	return obj
}

// want is an expectation in a comment: // want code "text of the kernel".
type want struct {
	line       int
	code, text string
}

var wantComment = regexp.MustCompile(`// want ([a-z-]+/[a-z0-9-]+) ("(?:[^"\\]|\\.)*")`)

func TestProgramsDiagnosed(t *testing.T) {
	sources, err := filepath.Glob(programDir + "/*.bpf.c")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no programs below %s: %v", programDir, err)
	}
	for _, src := range sources {
		name := strings.TrimSuffix(filepath.Base(src), ".c")
		t.Run(name, func(t *testing.T) {
			source, err := os.ReadFile(src)
			if err != nil {
				t.Fatal(err)
			}
			wants := readWants(t, string(source))
			obj := loadObject(t, filepath.Join(objectDir, name+".o"))
			read := func(string) ([]byte, bool) { return source, true }
			var found []diag.Diagnostic
			for _, p := range obj.Programs {
				res := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
				found = append(found, explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &res)...)
			}
			checkWants(t, wants, found)
		})
	}
}

func readWants(t *testing.T, source string) []want {
	t.Helper()
	var wants []want
	for i, line := range strings.Split(source, "\n") {
		for _, m := range wantComment.FindAllStringSubmatch(line, -1) {
			message, err := strconv.Unquote(m[2])
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			wants = append(wants, want{i + 1, m[1], message})
		}
	}
	if n := strings.Count(source, "// want "); n != len(wants) {
		t.Fatalf("%d of %d want comments can be read", len(wants), n)
	}
	return wants
}

// checkWants requires each expectation to be met by one diagnostic and no other found.
func checkWants(t *testing.T, wants []want, found []diag.Diagnostic) {
	t.Helper()
	used := make([]bool, len(found))
	for _, w := range wants {
		met := false
		for i := range found {
			d := &found[i]
			if !used[i] && d.Span.Line == w.line && string(d.Code) == w.code && strings.Contains(d.Kernel, w.text) {
				used[i], met = true, true
				break
			}
		}
		if !met {
			t.Errorf("line %d: no %s with %q", w.line, w.code, w.text)
		}
	}
	for i := range found {
		if !used[i] {
			t.Errorf("line %d: unexpected %s: %s", found[i].Span.Line, found[i].Code, fmt.Sprint(found[i].Message()))
		}
	}
}
