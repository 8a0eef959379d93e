// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// The programs below testdata/helpers call helpers in every way that a rule is
// about, right and wrong. A running Linux 6.18 with 2 CPUs was asked about
// them once; its whole log of each must be ours.

const helperObjects = "../testdata/helpers"

// kernelAnswer is what the kernel said of one program.
type kernelAnswer struct {
	Object, Program, Verdict, Reason, Log string
	// Kernel is, in a line of its own, the build that answered.
	Kernel string
	// otherTypes says that this build numbers types in its own way.
	otherTypes bool
}

// runDependent matches what no two builds or runs of a kernel have in common:
// addresses, times, and the type ids of kernel functions.
var runDependent = regexp.MustCompile(`0xffff[0-9a-f]{12}|verification time \d+ usec|#\d{5,}`)

// typeIDs matches the numbers of types, and the places of their fields, which
// differ between builds, and addresses of a larger address space.
var typeIDs = regexp.MustCompile(`(btf_id |#|\(r\d \+|\boff[ =]|ended at )\d{3,}|0xff[0-9a-f]{14}`)

func TestHelperCallsAsTheKernel(t *testing.T) {
	replay(t, "kernel-6.18.jsonl", false)
}

// The same objects, loaded by a user without capabilities.
func TestUnprivilegedAsTheKernel(t *testing.T) {
	replay(t, "kernel-6.18-unprivileged.jsonl", true)
}

func replay(t *testing.T, answers string, unprivileged bool) {
	objects := map[string]*program.Object{}
	for _, want := range readKernelAnswers(t, filepath.Join(helperObjects, answers)) {
		if want.Program == "" {
			continue // which kernel answers
		}
		if objects[want.Object] == nil {
			objects[want.Object] = loadTestObject(t, filepath.Join(helperObjects, want.Object))
		}
		t.Run(strings.TrimSuffix(want.Object, ".bpf.o")+"/"+want.Program, func(t *testing.T) {
			holdAgainst(t, programNamed(t, objects[want.Object], want.Program), &want, unprivileged)
		})
	}
}

// holdAgainst verifies a program and compares verdict and log.
func holdAgainst(t *testing.T, p *program.Program, want *kernelAnswer, unprivileged bool) {
	t.Helper()
	holdAgainstAs(t, p, want, Options{LogLevel: 2 | 4, CPUs: 2, Unprivileged: unprivileged})
}

// holdAgainstAs is holdAgainst with other options.
func holdAgainstAs(t *testing.T, p *program.Program, want *kernelAnswer, o Options) {
	t.Helper()
	res := Verify(p, o)
	verdict := map[Verdict]string{Accepted: "accept", Rejected: "reject"}[res.Verdict]
	if verdict != want.Verdict {
		t.Errorf("verdict %q %s, the kernel's %q", verdict, res.Reason, want.Verdict)
	}
	for i := range res.Reports {
		if r := &res.Reports[i]; r.Code == catalog.Uncoded || r.Code == "" {
			t.Errorf("%q has no code", r.Kernel)
		}
	}
	ours, theirs := string(res.Log), want.Log
	if want.otherTypes {
		ours, theirs = typeIDs.ReplaceAllString(ours, "$1..."), typeIDs.ReplaceAllString(theirs, "$1...")
	}
	here, there := comparableLog(ours), comparableLog(theirs)
	for i := range max(len(here), len(there)) {
		if i >= len(here) || i >= len(there) || here[i] != there[i] {
			t.Fatalf("logs part at line %d:\nhere\n%s\nkernel\n%s", i+1, tail(here, i), tail(there, i))
		}
	}
}

// comparableLog are the lines of a log without what depends on the run.
func comparableLog(log string) []string {
	return strings.Split(strings.TrimSpace(runDependent.ReplaceAllString(log, "...")), "\n")
}

// tail is the lines around i, if there are any.
func tail(lines []string, i int) string {
	return strings.Join(lines[min(max(i-2, 0), len(lines)):min(i+2, len(lines))], "\n")
}

func readKernelAnswers(t *testing.T, name string) []kernelAnswer {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var answers []kernelAnswer
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a kernelAnswer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		answers = append(answers, a)
	}
	if err := lines.Err(); err != nil || len(answers) == 0 {
		t.Fatalf("%s: %d answers, %v", name, len(answers), err)
	}
	return answers
}

// asked is how the kernel was built and locked down whose answers the tests have.
var asked = facts.Kernel{Without: facts.ConfigBpfKprobeOverride, LockedDown: facts.LockdownIntegrity}

func loadTestObject(t *testing.T, name string) *program.Object {
	t.Helper()
	elf, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: name, Built: asked})
	if err != nil {
		t.Fatal(err)
	}
	return obj
}

func programNamed(t *testing.T, obj *program.Object, name string) *program.Program {
	t.Helper()
	for _, p := range obj.Programs {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no program %s in the object", name)
	return nil
}

// requireKernelSays requires that a program is rejected with a message whose first line is want, or accepted if want is
// empty.
func requireKernelSays(t *testing.T, what string, res Result, want string) {
	t.Helper()
	said := ""
	if res.Verdict == Rejected {
		said, _, _ = strings.Cut(res.Reports[0].Kernel, "\n")
	}
	if said != want || res.Verdict == Unsupported {
		t.Errorf("%q: %v %s %+v, want %q", what, res.Verdict, res.Reason, res.Reports, want)
	}
}
