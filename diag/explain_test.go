// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// The programs below testdata/explain say in comments what a report of them must
// say: see its README.

const explainDir = moduleRoot + "/testdata/explain"

var (
	clauseRE = regexp.MustCompile(`(want|help|never|note)((?: [a-z-]+/[a-z0-9-]+)?)((?: "[^"]*")+)`)
	quotedRE = regexp.MustCompile(`"([^"]*)"`)
)

// expectation is what the comment on one line asks for.
type expectation struct {
	line  int
	code  string
	texts map[string][]string // by clause
}

func expectations(source string) []expectation {
	var out []expectation
	for i, line := range strings.Split(source, "\n") {
		_, comment, ok := strings.Cut(line, "// ")
		if !ok {
			continue
		}
		e := expectation{line: i + 1, texts: map[string][]string{}}
		for _, m := range clauseRE.FindAllStringSubmatch(comment, -1) {
			if m[1] == "want" {
				e.code = strings.TrimSpace(m[2])
			}
			for _, q := range quotedRE.FindAllStringSubmatch(m[3], -1) {
				e.texts[m[1]] = append(e.texts[m[1]], q[1])
			}
		}
		if len(e.texts) > 0 {
			out = append(out, e)
		}
	}
	return out
}

func TestExplained(t *testing.T) {
	eachSource(t, explainDir, func(t *testing.T, object string, source []byte) {
		found := explained(t, object, source)
		asked := map[int]bool{}
		for _, e := range expectations(string(source)) {
			checkExpectation(t, &e, found)
			asked[e.line] = asked[e.line] || e.code != ""
		}
		for i := range found {
			if d := &found[i]; !asked[d.Span.Line] {
				t.Errorf("line %d: %s: %s", d.Span.Line, d.Code, d.Message())
			}
		}
	})
}

// eachSource runs a test for each C file of a directory, with its object.
func eachSource(t *testing.T, dir string, test func(t *testing.T, object string, source []byte)) {
	t.Helper()
	sources, err := filepath.Glob(dir + "/*.c")
	if err != nil || len(sources) == 0 {
		t.Fatal(err, "no programs")
	}
	for _, src := range sources {
		name := strings.TrimSuffix(src, ".c")
		t.Run(filepath.Base(name), func(t *testing.T) {
			source, err := os.ReadFile(src)
			if err != nil {
				t.Fatal(err)
			}
			test(t, name+".o", source)
		})
	}
}

// explained is what is said of the programs of an object.
func explained(t *testing.T, object string, source []byte) []diag.Diagnostic {
	t.Helper()
	elf, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: filepath.Base(object)})
	if err != nil {
		t.Fatal(err)
	}
	if lacks := obj.Lacks(); lacks > 0 {
		kernel, err := program.DistributionKernel()
		if err != nil {
			t.Fatal(err)
		}
		other, err := program.Load(elf, program.Options{Name: filepath.Base(object), Kernel: kernel})
		if err != nil {
			t.Fatal(err)
		}
		if other.Lacks() < lacks {
			obj = other
		}
	}
	name := strings.TrimSuffix(filepath.Base(object), ".o") + ".c"
	read := func(file string) ([]byte, bool) { return source, filepath.Base(file) == name }
	found := explain.Object(obj, name, read)
	for _, p := range obj.Programs {
		r := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
		found = append(found, explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &r)...)
	}
	return found
}

func checkExpectation(t *testing.T, e *expectation, found []diag.Diagnostic) {
	t.Helper()
	met := false
	for i := range found {
		d := &found[i]
		if e.code != "" && d.Span.Line == e.line {
			met = true
			if string(d.Code) != e.code {
				t.Errorf("line %d: code %s, not %s: %s", e.line, d.Code, e.code, d.Message())
			}
			contains(t, e.line, d.Message(), e.texts["want"])
			contains(t, e.line, d.Suggestion, e.texts["help"])
			all := d.Message() + "\n" + d.Suggestion
			for _, r := range d.Related {
				all += "\n" + r.Message
			}
			for _, text := range e.texts["never"] {
				if strings.Contains(all, text) {
					t.Errorf("line %d: %q is said in:\n%s", e.line, text, all)
				}
			}
		}
		for _, r := range d.Related {
			if e.texts["note"] != nil && r.Span.Line == e.line {
				met = true
				contains(t, e.line, r.Message, e.texts["note"])
			}
		}
	}
	if !met {
		t.Errorf("line %d: nothing is shown here", e.line)
	}
}

func contains(t *testing.T, line int, text string, parts []string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("line %d: %q has no %q", line, text, part)
		}
	}
}
