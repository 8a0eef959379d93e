// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// When a program is near to a limit: at half of the instructions, since an edit may
// double them, and where one more frame of a usual size does not fit on the stack.
const (
	nearInsns = facts.MaxProcessed / 2
	nearStack = facts.MaxStack * 3 / 4
)

// Summary says in one line what became of a program. Its run must have a verdict and
// diagnostics.
func Summary(s diag.Subject, run *diag.Run) diag.Summary {
	w := newWhere(s)
	out := diag.Summary{Span: w.declaration()}
	f := catalog.Facts{"kernels": kernelMarks(run.Judged)}
	switch {
	case run.Skip != "":
		out.Text = catalog.ProgramNotVerified.With(catalog.Facts{"reason": run.Skip})
	case run.Result.Verdict == verifier.Accepted:
		out.Near = w.costs(f, &run.Result)
		out.Text = catalog.ProgramAccepted.With(f)
	case run.Result.Verdict == verifier.Rejected:
		if len(run.Diagnostics) > 0 {
			d := &run.Diagnostics[0]
			f["category"], f["problem"] = d.Category, d.Problem
		}
		if out.Near = w.costs(f, &run.Result); !out.Near {
			delete(f, "insns")
		}
		out.Text = catalog.ProgramRejected.With(f)
	default:
		out.Text = catalog.ProgramNotVerified.With(catalog.Facts{"reason": run.Result.Reason})
	}
	return out
}

// costs adds what a verification took, and reports whether that is near to a limit.
func (w *where) costs(f catalog.Facts, r *verifier.Result) (near bool) {
	insns, stack := r.Stats.InsnsProcessed, 0
	f["insns"] = catalog.Grouped(insns)
	if insns >= nearInsns {
		near = true
		f["insns"] = ofLimit(insns, facts.MaxProcessed)
		f["states"] = catalog.Grouped(r.Stats.TotalStates)
	}
	chain := w.stackCosts(r)
	for _, c := range chain {
		stack += c.Bytes
	}
	switch {
	case len(chain) == 0:
	case stack >= nearStack:
		near = true
		f["stack"] = ofLimit(stack, facts.MaxStack)
	default:
		f["stack"] = catalog.Grouped(stack)
	}
	return near
}

func ofLimit(n, limit int) string {
	return catalog.OfLimit.With(catalog.Facts{"count": catalog.Grouped(n), "limit": catalog.Grouped(limit)})
}

// kernelMarks says which kernels accept a program, if there are several or the one is
// not what every program is judged by.
func kernelMarks(judged []diag.Judgement) string {
	if len(judged) == 1 && judged[0].Release == verifier.Target(0).String() {
		return ""
	}
	var out []string
	for _, j := range judged {
		mark := catalog.MarkUnknown
		switch j.Verdict {
		case verifier.Accepted:
			mark = catalog.MarkAccepted
		case verifier.Rejected:
			mark = catalog.MarkRejected
		}
		out = append(out, fmt.Sprintf("%s %s", j.Release, mark))
	}
	return strings.Join(out, " ")
}

// declaration is the name of the program's function where it is declared.
func (w *where) declaration() diag.Span {
	line := w.Signature()
	if line.IsZero() {
		return line
	}
	return w.NameSpan(dwarfmap.Pos{File: line.File, Line: line.Line}, w.Prog.Name)
}
