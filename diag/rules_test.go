// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Each code has an example below testdata/rules, which users read on the
// code's page: bad() has the fault and fixed() has not. These tests hold what
// is said of both against the comments in the example and against the answers
// of a running Linux 6.18.

const (
	moduleRoot  = ".."
	ruleDir     = moduleRoot + "/testdata/rules"
	ruleAnswers = ruleDir + "/kernel-6.18.jsonl"
)

func TestEveryCodeHasAnExample(t *testing.T) {
	examples := map[string]bool{}
	for _, e := range catalog.All() {
		examples[filepath.Base(e.Example())] = true
		_, err := os.Stat(filepath.Join(moduleRoot, e.Example()))
		reason := withoutExample[e.Category()][e.Code]
		switch {
		case err == nil && reason != "":
			t.Errorf("%s has an example and a reason for having none", e.Code)
		case err != nil && reason == "":
			t.Errorf("%s has neither an example nor a reason for having none: %v", e.Code, err)
		}
	}
	for category, reasons := range withoutExample {
		for code := range reasons {
			if code.Category() != category || catalog.Lookup(code) == nil {
				t.Errorf("%s is not a code of %s", code, category)
			}
		}
	}
	sources, err := filepath.Glob(ruleDir + "/*.c")
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range sources {
		if !examples[filepath.Base(src)] {
			t.Errorf("%s is the example of no code", src)
		}
	}
}

func TestRules(t *testing.T) {
	answers := readAnswers(t, ruleAnswers)
	for _, e := range catalog.All() {
		src := filepath.Join(moduleRoot, e.Example())
		source, err := os.ReadFile(src)
		if err != nil {
			continue // TestEveryCodeHasAnExample tells
		}
		t.Run(string(e.Code), func(t *testing.T) {
			object := strings.TrimSuffix(filepath.Base(src), ".c") + ".o"
			o := readOptions(t, string(source))
			obj := loadObjectFor(t, filepath.Join(ruleDir, object), o.kernel)
			read := func(file string) ([]byte, bool) { return source, filepath.Base(file) == filepath.Base(src) }
			faults := explain.Object(obj, src, read)
			for _, p := range obj.Programs {
				found := diagnose(obj, p, o.Options, read)
				switch p.Name {
				case "bad":
					if len(faults) > 0 && len(found) == 1 && found[0].Code == catalog.UnsupportedObject {
						found = nil // for one of the faults nothing is claimed of it
					}
					found = append(found, faults...)
					checkWants(t, readWants(t, string(source)), found)
					checkNotes(t, string(source), found)
					for i := range found {
						if found[i].Code != e.Code {
							t.Errorf("bad has %s", found[i].Code)
						}
						// What a loader says, and silence, are no messages of the verifier's.
						if p.Unloadable() == "" && found[i].Kernel != "" && o.Target == verifier.Linux618 {
							checkExplained(t, &found[i])
						}
					}
				case "fixed":
					for i := range found {
						t.Errorf("fixed: line %d: %s: %s (%s)", found[i].Span.Line, found[i].Code, found[i].Message(), found[i].Kernel)
					}
				default:
					t.Errorf("program %s is neither bad nor fixed", p.Name)
				}
				if o.kernel != nil {
					continue // types that the kernel that was asked does not have
				}
				here := o.Options
				here.Target = verifier.Linux618
				want, asked := answers[object][p.Name]
				if !asked {
					t.Errorf("%s: the kernel was not asked; record its answer", p.Name)
				} else if !unanswered(&want, p) {
					if o.cut {
						_, rest, _ := strings.Cut(want.Log, "\n")
						want.Log = cutLog + "\n" + rest
					}
					compare(t, object, p, here, &want)
				}
			}
			if n := len(obj.Programs); n != 2 {
				t.Errorf("%d programs", n)
			}
		})
	}
}

// unanswered reports whether the kernel could not be asked about a program: it cannot
// be linked, or the machine lets nobody, or not this user, load programs of its
// kind or create their maps.
func unanswered(r *render.Record, p *program.Program) bool {
	refused := strings.HasSuffix(r.Reason, "the kernel refused before verification: EPERM") ||
		strings.HasSuffix(r.Reason, "operation not permitted")
	return r.Verdict == render.VerdictSkip && (p.Unloadable() != "" || refused)
}

// checkExplained requires bpf-lsp explain to lead from the kernel's message to the
// code that check gives, unless the kernel has one message for two codes.
func checkExplained(t *testing.T, d *diag.Diagnostic) {
	t.Helper()
	e, _ := catalog.Match(d.Kernel)
	switch shared := sharedText[d.Code]; {
	case e == nil:
		t.Errorf("no row has the message %q", d.Kernel)
	case shared != "" && e.Code != shared:
		t.Errorf("%q is of %s, and listed as of %s", d.Kernel, e.Code, shared)
	case shared == "" && e.Code != d.Code:
		t.Errorf("%q is explained as %s", d.Kernel, e.Code)
	}
}

// diagnose is what a check of one program reports.
func diagnose(obj *program.Object, p *program.Program, o verifier.Options, read diag.SourceReader) []diag.Diagnostic {
	s := diag.Subject{Object: obj, Program: p, Read: read}
	switch skip := p.Unloadable(); {
	case skip != "" && p.LoadError != nil:
		return explain.LoadErrors(s)
	case skip != "":
		return explain.Skip(s, skip)
	}
	o.LogLevel, o.Record = 1, true
	r := verifier.Verify(p, o)
	return explain.Result(s, &r)
}

var optionComment = regexp.MustCompile(`(?m)^// bpf-lsp: (.*)$`)

// ruleOptions say how to verify an example.
type ruleOptions struct {
	verifier.Options
	// cut says that only the end of the kernel's log was kept, as that is long.
	cut bool
	// kernel has the types to link against, nil for the built-in ones.
	kernel *program.Kernel
}

// readOptions reads them from a comment with flags of bpf-lsp check: // bpf-lsp:
// --prog-flags 0x1. A file that --btf names is beside the examples.
func readOptions(t *testing.T, source string) (o ruleOptions) {
	t.Helper()
	o.CPUs = 2 // those of the machine whose kernel was asked
	flags := flag.NewFlagSet("bpf-lsp", flag.ContinueOnError)
	programFlags := flags.Uint("prog-flags", 0, "")
	level := flags.Uint("log-level", 2, "")
	maxLog := flags.Uint("max-log", 0, "")
	flags.BoolVar(&o.Unprivileged, "unprivileged", false, "")
	target := flags.String("target-kernel", "", "")
	types := flags.String("btf", "", "")
	for _, m := range optionComment.FindAllStringSubmatch(source, -1) {
		if err := flags.Parse(strings.Fields(m[1])); err != nil {
			t.Fatal(err)
		}
	}
	o.Flags, o.LogLevel, o.cut = uint32(*programFlags), uint32(*level), *maxLog > 0
	var err error
	if o.Target, err = verifier.ParseTarget(*target); err != nil {
		t.Fatal(err)
	}
	if *types == "" {
		return o
	}
	data, err := os.ReadFile(filepath.Join(ruleDir, *types))
	if err == nil {
		o.kernel, err = program.NewKernel(data, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

var noteComment = regexp.MustCompile(`// note ("(?:[^"\\]|\\.)*")`)

// checkNotes requires each comment such as // note "text" to be met by a related place.
func checkNotes(t *testing.T, source string, found []diag.Diagnostic) {
	t.Helper()
	var notes, places []string
	for i, line := range strings.Split(source, "\n") {
		for _, m := range noteComment.FindAllStringSubmatch(line, -1) {
			text, err := strconv.Unquote(m[1])
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			notes = append(notes, strconv.Itoa(i+1)+": "+text)
		}
	}
	if n := strings.Count(source, "// note "); n != len(notes) {
		t.Fatalf("%d of %d note comments can be read", len(notes), n)
	}
	for i := range found {
		for _, r := range found[i].Related {
			places = append(places, strconv.Itoa(r.Span.Line)+": "+r.Message)
		}
	}
	for _, n := range notes {
		if !slices.ContainsFunc(places, func(p string) bool { return strings.HasPrefix(p, n) }) {
			t.Errorf("no related place %q among %q", n, places)
		}
	}
}
