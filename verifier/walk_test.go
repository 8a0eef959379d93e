// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// The programs below testdata/walk reach the rejections and what stands before
// them. A running Linux 6.18 was asked about each; its whole log must be ours.

const walkPrograms = "../testdata/walk"

func TestWalkAsTheKernel(t *testing.T) {
	sources, err := filepath.Glob(walkPrograms + "/*.bpf.c")
	if err != nil || len(sources) == 0 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	for _, src := range sources {
		name := strings.TrimSuffix(filepath.Base(src), ".bpf.c")
		t.Run(name, func(t *testing.T) { replayWalk(t, src, name) })
	}
}

// replayWalk holds all programs of a file against the kernel's answers.
func replayWalk(t *testing.T, src, name string) {
	options := walkOptions(t, src)
	answers := map[string]*kernelAnswer{}
	for _, a := range readKernelAnswers(t, filepath.Join(walkPrograms, name+".jsonl")) {
		if a.Program == "" && a.Kernel == "" {
			t.Errorf("%s.jsonl: neither the answer to a program nor the kernel's build", name)
		}
		answers[a.Program] = &a
	}
	if answers[""] == nil {
		t.Errorf("%s.jsonl does not say which kernel answered", name)
	}
	for _, p := range loadWalk(t, strings.TrimSuffix(src, ".c")+".o").Programs {
		want := answers[p.Name]
		if want == nil {
			t.Errorf("%s.jsonl has no answer to %s", name, p.Name)
			continue
		}
		want.otherTypes = strings.HasPrefix(answers[""].Kernel, emulated)
		t.Run(p.Name, func(t *testing.T) {
			if errno, ok := strings.CutPrefix(want.Reason, refusedSilently); ok {
				requireSilence(t, p, options, errno)
			} else {
				holdAgainstAs(t, p, want, options)
			}
		})
	}
}

// loadWalk links an object for the types of the distribution's kernel if the
// other one lacks more of what its programs ask for.
func loadWalk(t *testing.T, name string) *program.Object {
	t.Helper()
	obj := loadTestObject(t, name)
	if obj.Lacks() == 0 {
		return obj
	}
	kernel, err := program.DistributionKernel()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	other, err := program.Load(data, program.Options{Name: name, Kernel: kernel})
	if err != nil {
		t.Fatal(err)
	}
	if other.Lacks() < obj.Lacks() {
		return other
	}
	return obj
}

// emulated is the release that answers, in a virtual machine, to programs which
// the running kernel loads for nobody.
const emulated = "6.18.15"

// refusedSilently is how an answer begins where the kernel had no words.
const refusedSilently = "the kernel refused before verification: "

var errnoNames = map[int]string{e2big: "E2BIG", eacces: "EACCES", einval: "EINVAL", enoent: "ENOENT", efault: "EFAULT",
	eopnotsupp: "EOPNOTSUPP"}

// requireSilence requires a program to be rejected with an error number alone.
func requireSilence(t *testing.T, p *program.Program, o Options, errno string) {
	t.Helper()
	res := Verify(p, o)
	if res.Verdict != Rejected || len(res.Reports) == 0 {
		t.Fatalf("verdict %d %s, the kernel refuses with %s", res.Verdict, res.Reason, errno)
	}
	if got := errnoNames[res.Reports[0].Errno]; got != errno {
		t.Errorf("error number %d (%s), the kernel's %s", res.Reports[0].Errno, got, errno)
	}
	if text := res.Reports[0].Kernel; text != "" {
		t.Errorf("message %q where the kernel has none", text)
	}
}

var walkOption = regexp.MustCompile(`(?m)^// bpf-lsp: (?:--prog-flags (\S+)|(--unprivileged))$`)

// walkOptions reads them from the comment in a source.
func walkOptions(t *testing.T, src string) Options {
	t.Helper()
	text, err := os.ReadFile(src)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{LogLevel: 2 | 4, CPUs: 2}
	for _, m := range walkOption.FindAllStringSubmatch(string(text), -1) {
		if m[2] != "" {
			o.Unprivileged = true
			continue
		}
		flags, err := strconv.ParseUint(m[1], 0, 32)
		if err != nil {
			t.Fatal(err)
		}
		o.Flags = uint32(flags)
	}
	return o
}
