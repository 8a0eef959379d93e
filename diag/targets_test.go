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
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
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

// lifetimeTitles are the problems that the reports of Linux 7.3 were drafted
// with for resources, by the kernel's title, and what each target says of the
// example of the code: the code itself, but for what is in by618. Two cannot be
// reached: withoutExample says why, two_spin_locks in targets.bpf.c shows it
// for one, TestNoIteratorOfAnUnknownType in the verifier for the other.
var lifetimeTitles = []struct {
	title string
	code  catalog.Code
	by618 catalog.Code
}{
	{"unreleased resource", catalog.UnreleasedReference, ""},
	{"referenced dynptr overwrite", catalog.DynptrOverwrite, ""},
	{"IRQ flag restore mismatch", catalog.IRQFlagFamilyMismatch, ""},
	{"IRQ flag restore out of order", catalog.IRQRestoreOutOfOrder, ""},
	{"nested spin lock", catalog.NestedSpinLock, ""},
	{"recursive resource spin lock", catalog.RecursiveLock, ""},
	{"unlock without lock", catalog.UnlockWithoutLock, ""},
	{"unlock of different lock", catalog.UnlockDifferentLock, ""},
	{"unlock out of order", catalog.UnlockOutOfOrder, ""},
	{"invalid dynptr argument", catalog.DynptrArgument, ""},
	{"dynptr is already initialized", catalog.DynptrAlreadyInitialized, ""},
	{"const dynptr release", catalog.ConstDynptrRelease, ""},
	{"uninitialized dynptr use", catalog.UninitializedDynptr, ""},
	{"wrong dynptr type", catalog.DynptrTypeMismatch, catalog.ReleaseNotOwned},
	{"invalid iterator argument", catalog.IteratorArgument, ""},
	{"invalid iterator type", catalog.IteratorType, ""},
	{"iterator is already initialized", catalog.IteratorAlreadyInitialized, ""},
	{"uninitialized iterator use", catalog.UninitializedIterator, ""},
	{"iterator requires RCU read lock", catalog.RCURequired, ""},
	{"IRQ flag is already initialized", catalog.IRQFlagAlreadyInitialized, ""},
	{"uninitialized IRQ flag restore", catalog.UninitializedIRQFlag, ""},
	// Not among the kernel's titles, but of the same kind.
	{"", catalog.ReleaseWithLiveChild, catalog.KfuncNotAllowed},
	{"", catalog.ContextReferenceReleased, ""},
	{"", catalog.ReleaseWithOffset, ""},
	{"", catalog.GraphLockNotHeld, ""},
	{"", catalog.ReturnedStackPointer, ""},
	{"", catalog.NodeOwnership, ""},
}

// elsewhere names the programs in targets.bpf.c that show a title whose code's
// example shows another of its rules.
var elsewhere = map[catalog.Code]string{catalog.RCURequired: "iterator_after_rcu"}

func TestLifetimeTitlesAreReached(t *testing.T) {
	unreachable := map[catalog.Code]bool{catalog.NestedSpinLock: true, catalog.IteratorType: true}
	for _, row := range lifetimeTitles {
		t.Run(row.code.Problem(), func(t *testing.T) {
			if unreachable[row.code] {
				if withoutExample[row.code.Category()][row.code] == "" {
					t.Error("no reason why no program shows it")
				}
				return
			}
			file, name := filepath.Join(moduleRoot, catalog.Lookup(row.code).Example()), "bad"
			if other, ok := elsewhere[row.code]; ok {
				file, name = lifetimeDir+"/targets.bpf.c", other
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			o := readOptions(t, string(source))
			obj := loadObjectFor(t, strings.TrimSuffix(file, ".c")+".o", o.kernel)
			for _, o.Target = range targets {
				code := row.code
				if o.Target == verifier.Linux618 && row.by618 != "" {
					code = row.by618
				}
				for _, p := range obj.Programs {
					switch res := verifier.Verify(p, o.Options); {
					case p.Name == name && (res.Verdict != verifier.Rejected || res.Reports[0].Code != code):
						t.Errorf("%s: %v %v, want %s", o.Target, res.Verdict, res.Reports, code)
					case p.Name == name:
						t.Logf("%s: %s: %s", row.title, o.Target, res.Reports[0].Kernel)
					case p.Name == "fixed" && code == row.code && res.Verdict != verifier.Accepted:
						t.Errorf("%s: fixed: %v %v", o.Target, res.Verdict, res.Reports)
					}
				}
			}
		})
	}
}
