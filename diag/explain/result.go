// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/loadfault"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Result explains what a verification found in terms of the C source. An
// accepted or canceled program gives nothing; one that could not be verified
// gives an Info diagnostic.
func Result(s diag.Subject, r *verifier.Result) []diag.Diagnostic {
	w := newWhere(s)
	switch r.Verdict {
	case verifier.Rejected:
		out := make([]diag.Diagnostic, 0, len(r.Reports))
		for i := range r.Reports {
			d := newFinding(w, r, &r.Reports[i]).diagnostic()
			if !slices.ContainsFunc(out, func(other diag.Diagnostic) bool { return d.Code == other.Code && sameRelease(&d, &other) }) {
				out = append(out, d)
			}
		}
		return out
	case verifier.Unsupported:
		return []diag.Diagnostic{loadfault.NotVerified(w.View, catalog.Unsupported, r.Reason)}
	case verifier.InternalBug:
		return []diag.Diagnostic{loadfault.NotVerified(w.View, catalog.InternalBug, r.Reason)}
	}
	return nil
}

// diagnostic explains one report.
func (f *finding) diagnostic() diag.Diagnostic {
	w, rep := f.where, f.report
	d := diag.New(f.entry, f.facts, w.Prog)
	d.Severity = diag.Error
	d.Kernel, d.PC, d.Errno = rep.Kernel, f.failed, rep.Errno
	d.Span = f.anchor()
	d.Related = f.history()
	if e := f.relocation(); e != nil {
		d.Kernel, d.Span = d.Kernel+"\n"+diag.LibbpfSays(e.Libbpf), loadfault.AccessSpan(f.View, e)
	}
	if at, ok := f.license(); ok {
		d.Related = append(d.Related, at)
	}
	d.Fixes = f.proposed()
	d.RefSite, d.Loop = -1, f.loop
	if ref, held := f.reference(); held {
		d.RefSite, d.Release = int(ref.Site), f.release
	}
	f.claimValue(d.Reason)
	_, reason, _ := f.entry.Wording(f.facts)
	f.claimFacts(reason)
	d.Claims = printed(f.claims, &d)
	if !w.Index.HasLines() {
		d.Reason += " (In section " + w.Prog.Section + "; compile with -g to see the source line.)"
	}
	return d
}

// argumentCategories are the categories whose faults at a call are about an
// argument.
var argumentCategories = []catalog.Category{catalog.CallType, catalog.RegisterType, catalog.Memory}

// anchor is where the diagnostic is shown.
func (f *finding) anchor() diag.Span {
	pc := f.report.PC
	if f.overwritten != nil {
		return *f.overwritten
	}
	if f.instead != nil {
		return *f.instead
	}
	if pc < 0 || pc >= len(f.Prog.Insns) || f.entry.Anchor == catalog.AtProgram {
		return f.Signature()
	}
	if f.entry.Anchor == catalog.AtFunction {
		return f.Declaration(pc)
	}
	if f.isExit(pc) || f.entry.Anchor == catalog.AtReturn && !f.isCall() {
		if s, ok := f.returnSpan(f.path(), pc); ok {
			if s = f.rightReturn(s, pc); f.entry.Leak {
				s = f.leakingReturn(s)
			}
			return s
		}
	}
	if f.arg > 0 && f.isCall() && slices.Contains(argumentCategories, f.entry.Category()) {
		if _, s, ok := f.Argument(pc, f.arg); ok {
			return s
		}
	}
	return f.Span(pc)
}
