// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"path/filepath"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// A change of the source holds if the check with it says that
//
//	the file compiles, and the loader finds no fault that was not there
//	every program is still there, and the accepted ones are accepted
//	no program has the fault any more
//	a program that is still rejected is so for a fault that it had already, or
//	for one that the walk comes to later, outside of the change
//	if the change is a check, the line of the fault is still part of the program
//
// Places are compared where they are after the change.

// comparison is of the reports before and after a change.
type comparison struct {
	before, after *Report
	change        *Change
}

func outcome(before, after *Report, change *Change) Outcome {
	c := comparison{before, after, change}
	if after.Failed() || !c.compiles() || !c.loads() || len(after.Programs) < len(before.Programs) {
		return Outcome{}
	}
	accepted, some := true, false
	for i, was := range before.Programs {
		is := c.same(i)
		if is == nil {
			return Outcome{}
		}
		concerned := c.concerns(was)
		if !c.better(was, is, concerned) {
			return Outcome{}
		}
		if concerned {
			some = true
			accepted = accepted && isAccepted(is)
			if change.Guards && !c.stays(was, is) {
				return Outcome{}
			}
		}
	}
	return Outcome{Holds: true, Accepted: some && accepted}
}

func isAccepted(r *diag.Run) bool { return r.Skip == "" && r.Result.Verdict == verifier.Accepted }

// same is the run after the change of the program of a run before it, which may be in another section.
func (c *comparison) same(i int) *diag.Run {
	was := c.before.Programs[i]
	is := func(r *diag.Run) bool {
		return r.Program.Name == was.Program.Name && r.Object == was.Object
	}
	if i < len(c.after.Programs) && is(c.after.Programs[i]) {
		return c.after.Programs[i]
	}
	if j := slices.IndexFunc(c.after.Programs, is); j >= 0 {
		return c.after.Programs[j]
	}
	return nil
}

// compiles reports whether the compiler has no errors. Warnings do not count: what was passed by mistake may be unused
// once something else is passed.
func (c *comparison) compiles() bool {
	return !slices.ContainsFunc(c.after.Compiler, func(d diag.Diagnostic) bool { return d.Severity == diag.Error })
}

// loads reports whether what is found before verification was there before, without what the change is for.
func (c *comparison) loads() bool {
	for i := range c.after.Faults {
		d := &c.after.Faults[i]
		if d.Severity <= diag.Warning && (!c.had(c.before.Faults, d) || c.isFor(d)) {
			return false
		}
	}
	return true
}

// had reports whether a diagnostic was among others before the change.
func (c *comparison) had(before []diag.Diagnostic, d *diag.Diagnostic) bool {
	return slices.ContainsFunc(before, func(old diag.Diagnostic) bool { return c.equal(&old, d) })
}

// equal reports whether a diagnostic before the change is one after it.
func (c *comparison) equal(old, d *diag.Diagnostic) bool {
	return old.Code == d.Code && old.Span.File == d.Span.File && c.moved(old.Span) == d.Span.Line
}

// isFor reports whether a diagnostic is one of the faults that the change is for.
func (c *comparison) isFor(d *diag.Diagnostic) bool { return c.had(c.change.Faults, d) }

// moved is the line of a place after the change.
func (c *comparison) moved(s diag.Span) int {
	if s.File != c.change.Edits[0].Span.File {
		return s.Line
	}
	return diag.LineAfter(c.change.Edits, s.Line, max(s.Col, 1))
}

// concerns reports whether a program has one of the faults.
func (c *comparison) concerns(r *diag.Run) bool {
	return slices.ContainsFunc(r.Diagnostics, func(d diag.Diagnostic) bool {
		return slices.ContainsFunc(c.change.Faults, func(f diag.Diagnostic) bool {
			return f.Code == d.Code && f.Span == d.Span
		})
	})
}

// better reports whether a program is no worse, and without the faults if it is concerned.
func (c *comparison) better(was, is *diag.Run, concerned bool) bool {
	switch {
	case isAccepted(is):
		return true
	case isAccepted(was):
		return false
	case was.Skip != "" && !concerned:
		return is.Skip != "" || is.Result.Verdict == was.Result.Verdict
	case is.Skip != "" && was.Skip == "", is.Result.Verdict != verifier.Rejected && is.Skip == "":
		return false
	}
	first := true
	for i := range is.Diagnostics {
		d := &is.Diagnostics[i]
		if d.Severity != diag.Error {
			continue
		}
		switch {
		case concerned && c.isFor(d):
			return false
		case c.had(was.Diagnostics, d):
		case !first:
			// Found by a walk that goes on after a fault: the kernel does not get there.
		case !c.later(was, is, d):
			return false
		}
		first = false
	}
	return true
}

// later reports whether the walk comes to the first fault of a program only after what it saw before the change, and
// the fault is not in what the change inserted. It must not be a limit: a program that became too large is worse.
func (c *comparison) later(was, is *diag.Run, d *diag.Diagnostic) bool {
	if d.Code.Category() == catalog.VerifierLimit {
		return false
	}
	return is.Result.Stats.InsnsProcessed > was.Result.Stats.InsnsProcessed && !c.inserted(d.Span)
}

// inserted reports whether a line after the change has no line before it.
func (c *comparison) inserted(s diag.Span) bool {
	for _, e := range c.change.Edits {
		if s.File != e.Span.File {
			continue
		}
		text, ok := c.before.Source.Read(s.File)
		if !ok {
			return true
		}
		for line, end := 1, 1+countLines(text); line <= end; line++ {
			if diag.LineAfter(c.change.Edits, line, 1) == s.Line {
				return false
			}
		}
		return true
	}
	return false
}

func countLines(text []byte) (n int) {
	for _, b := range text {
		if b == '\n' {
			n++
		}
	}
	return n
}

// stays reports whether the line that the first fault of a program was found at is still part of the program.
func (c *comparison) stays(was, is *diag.Run) bool {
	for _, f := range c.change.Faults {
		for _, d := range was.Diagnostics {
			if d.Code != f.Code || d.Span != f.Span || d.PC < 0 {
				continue
			}
			at := c.lineOf(was, d.PC)
			if at.Line != 0 && !c.hasLine(is, at.File, c.moved(at)) {
				return false
			}
		}
	}
	return true
}

// lineOf is the place that the compiler noted for an instruction.
func (c *comparison) lineOf(r *diag.Run, pc int) (at diag.Span) {
	for i := range r.Program.Lines {
		l := &r.Program.Lines[i]
		if int(l.InsnOff) > pc {
			break
		}
		at = diag.Span{File: c.absolute(l.File), Line: int(l.Line), Col: int(l.Col)}
	}
	return at
}

func (c *comparison) hasLine(r *diag.Run, file string, line int) bool {
	for i := range r.Program.Lines {
		if l := &r.Program.Lines[i]; int(l.Line) == line && c.absolute(l.File) == file {
			return true
		}
	}
	return false
}

// absolute is the compiler's name of a file made absolute.
func (c *comparison) absolute(file string) string {
	if !filepath.IsAbs(file) && c.before.Object != nil {
		file = filepath.Join(c.before.Object.CompDir, file)
	}
	return filepath.Clean(file)
}
