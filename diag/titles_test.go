// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

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
// example shows another of its rules, or what stands in the way of a title.
var elsewhere = map[catalog.Code]string{
	catalog.RCURequired:    "iterator_after_rcu",
	catalog.NestedSpinLock: "two_spin_locks",
}

// shadowed is the code that a program gets instead of one that no program gets.
var shadowed = map[catalog.Code]catalog.Code{catalog.NestedSpinLock: catalog.CallUnderLock}

// shown is what an example shows: the kernel's message by each target, and
// whether a running 6.18 was asked.
type shown struct {
	file, program string
	messages      map[verifier.Target]string
	asked         bool
}

// showTitle verifies the example of a title. There is none for a rule that a
// program cannot break.
func showTitle(t *testing.T, code, by618 catalog.Code) (s shown) {
	t.Helper()
	if code == catalog.IteratorType {
		return s
	}
	s = shown{file: strings.TrimPrefix(catalog.Lookup(code).Example(), "testdata/"), program: "bad", messages: map[verifier.Target]string{}}
	recorded := ruleAnswers
	if other, ok := elsewhere[code]; ok {
		s.file, s.program, recorded = "lifetime/targets.bpf.c", other, lifetimeDir+"/kernel-6.18.jsonl"
	}
	file := filepath.Join(moduleRoot, "testdata", s.file)
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if other := shadowed[code]; other != "" {
		code = other
	}
	o := readOptions(t, string(source))
	object := strings.TrimSuffix(file, ".c") + ".o"
	obj := loadObjectFor(t, object, o.kernel)
	for _, o.Target = range targets {
		want := code
		if o.Target == verifier.Linux618 && by618 != "" {
			want = by618
		}
		for _, p := range obj.Programs {
			switch res := verifier.Verify(p, o.Options); {
			case p.Name == s.program && (res.Verdict != verifier.Rejected || res.Reports[0].Code != want):
				t.Errorf("%s: %v %v, want %s", o.Target, res.Verdict, res.Reports, want)
			case p.Name == s.program:
				s.messages[o.Target], _, _ = strings.Cut(res.Reports[0].Kernel, "\n")
			case p.Name == "fixed" && want == code && res.Verdict != verifier.Accepted:
				t.Errorf("%s: fixed: %v %v", o.Target, res.Verdict, res.Reports)
			}
		}
	}
	if answer, ok := readAnswers(t, recorded)[filepath.Base(object)][s.program]; ok {
		s.asked = true
		if !strings.Contains(answer.Log, "\n"+s.messages[verifier.Linux618]) {
			t.Errorf("the kernel said %q", answer.Error)
		}
	}
	return s
}

const reportsPage = moduleRoot + "/docs/reports.md"

// TestLifetimeTitlesAreReached checks the table of titles on the page about reports against the examples.
func TestLifetimeTitlesAreReached(t *testing.T) {
	var b strings.Builder
	written := 0
	b.WriteString("| title | code | example | target | first message | asked |\n|---|---|---|---|---|---|\n")
	for _, row := range lifetimeTitles {
		t.Run(row.code.Problem(), func(t *testing.T) {
			s := showTitle(t, row.code, row.by618)
			title := row.title
			if title == "" {
				title = catalog.Lookup(row.code).Problem
			}
			reachable := s.file != "" && shadowed[row.code] == ""
			if reason := withoutExample[row.code.Category()][row.code]; (reason == "") != reachable {
				t.Errorf("reason for having no example: %q", reason)
			}
			written++
			writeTitle(&b, title, row.code, row.by618, &s)
		})
	}
	if written < len(lifetimeTitles) {
		return // -run chose some of the rows
	}
	page, err := os.ReadFile(reportsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), "| title |")
	if !ok {
		t.Fatalf("%s has no table of titles", reportsPage)
	}
	_, after, _ := strings.Cut(rest, "\n\n")
	now := before + b.String() + "\n" + after
	if *update {
		if err := os.WriteFile(reportsPage, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != string(page) {
		t.Errorf("the table of %s is not what the examples show (run with -update after a look at the difference):\n%s", reportsPage, b.String())
	}
}

// writeTitle writes the row of a title, or two where the targets differ.
func writeTitle(b *strings.Builder, title string, code, by618 catalog.Code, s *shown) {
	fmt.Fprintf(b, "| %s | [%s](diagnostics/%s.md) |", title, code, code)
	if s.file == "" {
		b.WriteString(" | | cannot be broken by a program | |\n")
		return
	}
	name := filepath.Base(s.file)
	if s.program != "bad" {
		name = s.program
	}
	fmt.Fprintf(b, " [%s](../testdata/%s) |", name, s.file)
	asked := "no"
	if s.asked {
		asked = "yes"
	}
	old, later := s.messages[verifier.Linux618], s.messages[verifier.Linux73]
	note := ""
	if shadowed[code] != "" {
		note = ", which comes first"
	}
	if old == later && by618 == "" {
		fmt.Fprintf(b, " both | `%s`%s | %s |\n", old, note, asked)
		return
	}
	if by618 != "" {
		note = ", another problem"
	}
	fmt.Fprintf(b, " 6.18 | `%s`%s | %s |\n| | | | 7.3 | `%s` | no |\n", old, note, asked, later)
}
