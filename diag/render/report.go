// SPDX-License-Identifier: GPL-2.0-only

package render

import (
	"bytes"
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
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

// LogReports are reports as text to append to the messages of a program's log.
func LogReports(s diag.Subject, reports []diag.PathReport) []byte {
	out := &reportText{View: source.New(s), names: verifier.Disassembler(s.Program)}
	for i := range reports {
		out.write(&reports[i])
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

// reportText writes the reports of a program.
type reportText struct {
	bytes.Buffer
	*source.View
	names isa.Names
}

func (t *reportText) write(r *diag.PathReport) {
	fmt.Fprintf(t, "\nVerification failed: %s", r.Category)
	if r.Problem != "" {
		t.WriteString(": " + catalog.Capitalize(r.Problem))
	}
	t.WriteByte('\n')

	t.section("Reason")
	t.paragraph(r.Reason)
	t.section("At")
	t.block(&r.At)
	t.wayOut(r)
	if r.Lock != nil {
		t.section("Active lock")
		t.block(r.Lock)
	}
	if r.Path != nil {
		t.section("Causal path")
		t.path(r.Path)
	}
	if r.Suggestion != "" {
		t.section("Suggestion")
		t.paragraph(r.Suggestion)
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

// wayOut notes by which return statement the path left, if the compiler put
// the instruction that leaves at another line.
func (t *reportText) wayOut(r *diag.PathReport) {
	pos, ok := t.Index.At(r.At.PC)
	fn, known := t.Index.Function(r.At.PC)
	if !ok || !known || !r.Returns || r.Span.Line == 0 || r.Span.Line == pos.Line {
		return
	}
	pos.Line, pos.Col, pos.Text = r.Span.Line, r.Span.Col, t.File(r.Span.File).Line(r.Span.Line)
	t.WriteByte('\n')
	t.source(fn, pos, "note", "the path ends here")
}

// path writes the events of a causal path.
func (t *reportText) path(p *diag.Path) {
	omitted := len(p.Events) - maxEvents
	for i := range p.Events {
		if i == p.LostAt {
			t.lost(p.Lost, i > 0)
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
		t.block(&p.Events[i])
	}
	if len(p.Events) == 0 {
		t.WriteString("  nothing on this path led here\n")
	}
	if p.LostAt == len(p.Events) {
		t.lost(p.Lost, true)
	}
}

// lost writes where events of a long path are missing.
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
