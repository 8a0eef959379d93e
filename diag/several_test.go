// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Of the programs in testdata/several with two faults, both must be found in so many.
const (
	severalPrograms = 60
	severalFound    = 55
)

// TestSeveral looks for the second fault of programs that have two: see the README of
// testdata/several.
func TestSeveral(t *testing.T) {
	sources, err := filepath.Glob(moduleRoot + "/testdata/several/*.c")
	if err != nil || len(sources) == 0 {
		t.Fatal(err, "no programs")
	}
	programs, both := 0, 0
	for _, src := range sources {
		source, err := os.ReadFile(src)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(src, ".c")
		planted := plantedFaults(source)
		broken, mended := severalFaults(t, base+".o", source), severalFaults(t, base+".mended.o", source)
		for name, found := range broken {
			programs++
			second := mended[name]
			if len(second) == 0 {
				t.Errorf("%s: nothing is found where the first fault is mended", name)
				continue
			}
			if !slices.Contains(planted, "first "+found[0]) {
				t.Errorf("%s: the first fault is %s", name, found[0])
			}
			if !slices.Contains(planted, "beyond "+second[0]) {
				t.Errorf("%s: mended, the first fault is %s", name, second[0])
			}
			for _, f := range found[1:] {
				if f != second[0] {
					t.Errorf("%s: %s is none of the planted faults", name, f)
				}
			}
			if slices.Contains(found[1:], second[0]) {
				both++
			} else {
				t.Logf("%s: %s is not found", name, second[0])
			}
		}
	}
	t.Logf("both faults of %d programs out of %d", both, programs)
	if programs != severalPrograms || both < severalFound {
		t.Errorf("both faults are found in %d programs out of %d; %d out of %d are wanted", both, programs, severalFound, severalPrograms)
	}
}

// oneFault is how many programs with a single fault are looked at, at least.
const oneFault = 200

// TestNoSecondFault looks for more faults in programs that have one: those of the
// pairs, whose fixed twin is accepted, and those that explain a code or a wording.
func TestNoSecondFault(t *testing.T) {
	rejected := 0
	for _, dir := range []string{"pairs", "rules", "explain"} {
		sources, err := filepath.Glob(moduleRoot + "/testdata/" + dir + "/*.c")
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range sources {
			source, err := os.ReadFile(src)
			if err != nil {
				t.Fatal(err)
			}
			for name, found := range severalFaults(t, strings.TrimSuffix(src, ".c")+".o", source) {
				if len(found) == 0 {
					continue
				}
				rejected++
				for _, f := range found[1:] {
					if !slices.Contains(found[:1], f) {
						t.Errorf("%s, %s: %s is found behind %s", filepath.Base(src), name, f, found[0])
					}
				}
			}
		}
	}
	t.Logf("%d programs with one fault", rejected)
	if rejected < oneFault {
		t.Errorf("%d programs have a fault, not %d", rejected, oneFault)
	}
}

var plantedRE = regexp.MustCompile(`// (first|beyond) ([a-z-]+/[a-z0-9-]+)`)

// plantedFaults are the faults that comments state, each as which it is, line and code.
func plantedFaults(source []byte) (out []string) {
	for i, line := range strings.Split(string(source), "\n") {
		for _, m := range plantedRE.FindAllStringSubmatch(line, -1) {
			out = append(out, fmt.Sprintf("%s line %d: %s", m[1], i+1, m[2]))
		}
	}
	return out
}

// severalFaults are the faults found in each program of an object, the kernel's first.
func severalFaults(t *testing.T, object string, source []byte) map[string][]string {
	t.Helper()
	obj := loadObject(t, object)
	read := func(file string) ([]byte, bool) { return source, strings.HasSuffix(file, ".c") }
	out := map[string][]string{}
	for _, p := range obj.Programs {
		s := diag.Subject{Object: obj, Program: p, Read: read}
		r := verifier.Verify(p, verifier.Options{Record: true, Further: true})
		found := explain.Result(s, &r)
		for _, d := range append(found, explain.Further(s, r.Further, found)...) {
			out[p.Name] = append(out[p.Name], fmt.Sprintf("line %d: %s", d.Span.Line, d.Code))
		}
	}
	return out
}
