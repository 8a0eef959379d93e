// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"bytes"
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/diag/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The report that kernels from 7.3 on write into the log after the message, so
// that tools which read those logs can read ours. The parts are theirs, the
// words are those of the catalogue:
//
//	(empty line)
//	Verification failed: <Category>: <Problem>
//
//	Reason:
//	  one paragraph
//
//	At:
//	  the source and the instructions around the fault
//
//	Active lock:
//	  where it was taken; of faults about locks only
//
//	Causal path:
//	  each event with its source and instructions; where the fault has a story
//
//	Suggestion:
//	  one paragraph
//	(empty line)

// Layout of a report.
const (
	reportWidth = 100 // columns that paragraphs and annotations are wrapped to
	sourceWidth = 88  // columns of a source line, its number included
	reportTab   = 8   // columns a tab stands for
	around      = 2   // lines and instructions shown before and after
	maxEvents   = 64  // events of a causal path; half of them its first
)

// Reports are the reports of a rejected program, as text to append to the
// messages of its log: one for each fault. ix and read may be nil, as in
// FromResult. The result must have been recorded.
func Reports(obj *program.Object, p *program.Program, r verifier.Result, ix *dwarfmap.Index, read SourceReader) []byte {
	if r.Verdict != verifier.Rejected {
		return nil
	}
	w := newWhere(obj, p, ix, read)
	out := &reportText{names: verifier.Disassembler(p)}
	for i := range r.Reports {
		out.finding = newFinding(w, &r, &r.Reports[i])
		out.write()
	}
	return out.Bytes()
}

// WithReports puts reports into a log: behind its messages, before the
// statistics, which are the last bytes of it.
func WithReports(log []byte, statistics int, reports []byte) []byte {
	end := len(log) - statistics
	out := append([]byte(nil), log[:end]...)
	if end > 0 && out[end-1] != '\n' {
		out = append(out, '\n')
	}
	return append(append(out, reports...), log[end:]...)
}

// reportText writes the report of a fault.
type reportText struct {
	bytes.Buffer
	*finding
	names isa.Names
}

func (t *reportText) write() {
	d := t.diagnostic()
	fmt.Fprintf(t, "\nVerification failed: %s", d.Category)
	if d.Problem != "" {
		t.WriteString(": " + capitalize(d.Problem))
	}
	t.WriteByte('\n')

	t.section("Reason")
	t.paragraph(d.Reason)
	t.section("At")
	t.block(t.report.PC, "error", t.errorWords(&d))
	t.wayOut(&d)
	if lock := t.activeLock(); lock != nil {
		t.section("Active lock")
		t.block(lock.PC, "acquired", t.lockWords(lock))
	}
	if scope, ok := t.scope(); ok {
		t.section("Causal path")
		t.story(history.Tell(t.result, scope))
	}
	if d.Suggestion != "" {
		t.section("Suggestion")
		t.paragraph(d.Suggestion)
	}
	t.WriteByte('\n')
}

func (t *reportText) section(title string) { fmt.Fprintf(t, "\n%s:\n", title) }

func (t *reportText) paragraph(text string) { t.wrapped("  ", "  ", text) }

// wrapped writes text in lines that begin with a prefix, the first with
// another one.
func (t *reportText) wrapped(first, next, text string) {
	prefix := first
	for _, line := range wrap(printable(text), max(reportWidth-len(next), 1)) {
		t.WriteString(prefix + line + "\n")
		prefix = next
	}
}

// errorWords say at the failing instruction what is wrong there.
func (t *reportText) errorWords(d *Diagnostic) string {
	if value := t.facts["value"]; value != "" {
		return d.Problem + " (" + value + ")"
	}
	return d.Problem
}

func (t *reportText) lockWords(e *record.Event) string {
	text := t.acquireStep(e.PC).message
	if e.Ref != 0 {
		text += fmt.Sprintf(" (lock identity %d)", e.Ref)
	}
	return text
}

// wayOut notes by which return statement the path left, if the compiler put
// the instruction that leaves at another line.
func (t *reportText) wayOut(d *Diagnostic) {
	pos, ok := t.ix.At(t.report.PC)
	fn, known := t.ix.Function(t.report.PC)
	if !ok || !known || !t.isExit(t.report.PC) || d.Span.Line == 0 || d.Span.Line == pos.Line {
		return
	}
	pos.Line, pos.Col, pos.Text = d.Span.Line, d.Span.Col, t.file(d.Span.File).Line(d.Span.Line)
	t.WriteByte('\n')
	t.source(fn, pos, "note", "the path ends here")
}

// story writes the events of a causal path.
func (t *reportText) story(s history.Story) {
	steps := s.Steps
	if s.Lost == 0 {
		steps = history.Fold(steps)
	}
	omitted := len(steps) - maxEvents
	for i := range steps {
		if i == s.LostAt {
			t.lost(s.Lost, i > 0)
		}
		if omitted > 0 && i >= maxEvents/2 && i < maxEvents/2+omitted {
			if i == maxEvents/2 {
				fmt.Fprintf(t, "\n  %s omitted\n", events(omitted))
			}
			continue
		}
		if i > 0 {
			t.WriteByte('\n')
		}
		label, message := t.event(&steps[i])
		t.block(steps[i].PC, label, message)
	}
	if len(steps) == 0 {
		t.WriteString("  nothing on this path led here\n")
	}
	if s.LostAt == len(steps) {
		t.lost(s.Lost, true)
	}
}

// lost tells where events of a long path are missing.
func (t *reportText) lost(n int, apart bool) {
	if n == 0 {
		return
	}
	if apart {
		t.WriteByte('\n')
	}
	fmt.Fprintf(t, "  %s of this long path not kept\n", events(n))
}

func events(n int) string {
	if n == 1 {
		return "1 event"
	}
	return fmt.Sprintf("%d events", n)
}
