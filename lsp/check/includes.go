// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
)

// A forgotten #include makes the compiler complain in many places, and seldom of what is missing: of a parameter where
// SEC() stands, of each member in BPF_CORE_READ(). So the file is compiled once more with what it seems to lack. The
// errors that are then gone say what to include, once for each name that the compiler does not complain of itself. If
// none is gone, nothing is said.

// maxGuesses bounds the runs of the compiler for names that it does not complain of itself.
const maxGuesses = 3

// undeclared finds the name that clang does not know.
var undeclared = regexp.MustCompile(`^(?:use of undeclared identifier|unknown type name|call to undeclared function|` +
	`incomplete definition of type|invalid application of 'sizeof' to an incomplete type|` +
	`variable has incomplete type) '(?:struct )?(\w+)'`)

// including finds what a unit that does not compile lacks.
type including struct {
	*Report
	text  string
	lines []string
	// names are known to be missing. With what missing adds for them the text is changed, and the compiler says after.
	names   []string
	missing explain.Missing
	changed string
	after   []diag.Diagnostic
}

// proposeIncludes says of the compiler's errors which includes and macros are missing, and leaves out what is an error
// only because of that. The change that adds them is offered.
func (c *Checker) proposeIncludes(ctx context.Context, req Request, r *Report) {
	text, ok := r.Source.Read(r.File)
	if !ok {
		return
	}
	tried := map[string]bool{}
	in := including{Report: r, text: string(text), lines: strings.Split(string(text), "\n"), after: r.Compiler}
	try := func(names ...string) {
		names = slices.Concat(in.names, names)
		missing, ok := explain.FindMissing(r.File, text, names)
		if !ok || len(names) == len(in.names) {
			return
		}
		changed, ok := diag.Apply(in.text, missing.Fix.Edits)
		if !ok || tried[changed] {
			return // another name of the same header
		}
		tried[changed] = true
		_, after, err := c.Builder.BuildUnsaved(ctx, req.File, req.with(req.File, changed).Unsaved)
		if err == nil && ctx.Err() == nil && errorCount(after) < errorCount(in.after) {
			in.names, in.missing, in.changed, in.after = names, missing, changed, after
		}
	}
	try(in.undeclaredNames()...)
	for _, name := range in.namesBeside() {
		try(name)
	}
	if len(in.names) > 0 {
		in.tell()
	}
}

// undeclaredName is the name of a well-known header that a message is about, "" if it is about none.
func (in *including) undeclaredName(d *diag.Diagnostic) string {
	if m := undeclared.FindStringSubmatch(d.Reason); m != nil && d.Severity == diag.Error && d.Span.File == in.File {
		return strings.Join(explain.KnownNames(m[1]), "")
	}
	return ""
}

// undeclaredNames are the names of well-known headers that the compiler does not know.
func (in *including) undeclaredNames() (names []string) {
	for i := range in.Compiler {
		if name := in.undeclaredName(&in.Compiler[i]); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// onLine are the names of well-known headers in the line of an error.
func (in *including) onLine(d *diag.Diagnostic) []string {
	if n := int(d.Span.Line); d.Severity == diag.Error && d.Span.File == in.File && n > 0 && n <= len(in.lines) {
		return explain.KnownNames(in.lines[n-1])
	}
	return nil
}

// namesBeside are the names of well-known headers beside errors that are left, as many as may be tried.
func (in *including) namesBeside() (names []string) {
	for i := range in.Compiler {
		for _, name := range in.onLine(&in.Compiler[i]) {
			if len(names) < maxGuesses && !slices.Contains(names, name) && !slices.Contains(in.names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// tell leaves one error for each missing name of those that are gone once it is there.
func (in *including) tell() {
	left := map[string]int{}
	changed := strings.Split(in.changed, "\n")
	for i := range in.after {
		left[complaint(&in.after[i], in.File, changed)]++
	}
	told := map[string]bool{}
	var kept []diag.Diagnostic
	for _, d := range in.Compiler {
		if key := complaint(&d, in.File, in.lines); d.Span.File != in.File || left[key] > 0 {
			left[key]--
			kept = append(kept, d)
			continue
		}
		own := in.undeclaredName(&d)
		for _, name := range append([]string{own}, in.onLine(&d)...) {
			if advice := in.missing.Advice(name); advice != "" && (name == own || !told[advice]) {
				told[advice] = true
				d.Suggestion, d.Fixes, d.Related = advice, []diag.Fix{in.missing.Fix}, nil
				kept = append(kept, d)
				break
			}
		}
	}
	if len(told) > 0 {
		in.Compiler = kept
	}
}

func errorCount(messages []diag.Diagnostic) (n int) {
	for i := range messages {
		if messages[i].Severity == diag.Error {
			n++
		}
	}
	return n
}

// complaint is a message of the compiler as it can be found again where lines were inserted.
func complaint(d *diag.Diagnostic, file string, lines []string) string {
	n := int(d.Span.Line)
	if d.Span.File != file || n < 1 || n > len(lines) {
		return d.Reason
	}
	return d.Reason + "\x00" + lines[n-1]
}
