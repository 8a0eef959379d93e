// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Programs below testdata/lifetime are judged by the rules of every target
// kernel. What a running 6.18 said of them is recorded; 7.3 was only read.

const lifetimeDir = "../testdata/lifetime"

var targets = []verifier.Target{verifier.Linux618, verifier.Linux73}

var targetWant = regexp.MustCompile(`// want-([0-9.]+) ([a-z-]+/[a-z0-9-]+) ("(?:[^"\\]|\\.)*")`)

// readTargetWants are the expectations of one target, such as
// // want-7.3 CODE "text".
func readTargetWants(t *testing.T, source string, target verifier.Target) []want {
	t.Helper()
	var wants []want
	read := 0
	for i, line := range strings.Split(source, "\n") {
		for _, m := range targetWant.FindAllStringSubmatch(line, -1) {
			read++
			text, err := strconv.Unquote(m[3])
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			if m[1] == target.String() {
				wants = append(wants, want{i + 1, m[2], text})
			}
		}
	}
	if n := strings.Count(source, "// want-"); n != read {
		t.Fatalf("%d of %d comments can be read", read, n)
	}
	return wants
}

func TestTargetsDiffer(t *testing.T) {
	for _, name := range []string{"targets", "queue"} {
		source, err := os.ReadFile(filepath.Join(lifetimeDir, name+".bpf.c"))
		if err != nil {
			t.Fatal(err)
		}
		o := readOptions(t, string(source))
		obj := loadObjectFor(t, filepath.Join(lifetimeDir, name+".bpf.o"), o.kernel)
		read := func(string) ([]byte, bool) { return source, true }
		for _, o.Target = range targets {
			t.Run(name+"/"+o.Target.String(), func(t *testing.T) {
				var found []diag.Diagnostic
				for _, p := range obj.Programs {
					found = append(found, diagnose(obj, p, o.Options, read)...)
				}
				checkWants(t, readTargetWants(t, string(source), o.Target), found)
			})
		}
	}
}

func TestTargetsAsTheKernel(t *testing.T) {
	answers := readAnswers(t, lifetimeDir+"/kernel-6.18.jsonl")["targets.bpf.o"]
	obj := loadObject(t, lifetimeDir+"/targets.bpf.o")
	if len(answers) != len(obj.Programs) {
		t.Errorf("%d answers for %d programs", len(answers), len(obj.Programs))
	}
	for _, p := range obj.Programs {
		if want, ok := answers[p.Name]; ok {
			compare(t, "targets.bpf.o", p, verifier.Options{CPUs: 2}, &want)
		} else {
			t.Errorf("%s: the kernel was not asked; record its answer", p.Name)
		}
	}
}
