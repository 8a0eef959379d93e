// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// Arguments of the function that a program is attached to, and members of the
// kernel's structs that it may write.

// addMissingArgument says how many arguments the hook has, at the parameter of
// the program that would be one more.
func (f *finding) addMissingArgument() {
	known, ok := fault.Get[fault.ContextArgument](f.report.Fault)
	if !ok || known.Proto == "" {
		return
	}
	f.facts["proto"] = catalog.Quote(known.Proto)
	f.facts["hookcall"] = catalog.Call(known.Hook)
	if f.Prog.Attach == facts.AttachTraceRawTp {
		f.facts["hookcall"] = "the tracepoint " + catalog.Quote(known.Hook)
	}
	arguments := "arguments"
	if known.Count == 1 {
		arguments = "argument"
	}
	f.facts["count"] = f.state(f.about(diag.ClaimKernel, int64(known.Count), int64(known.Count)), "%d %s", known.Count, arguments)
	switch f.Prog.Attach {
	case facts.AttachTraceFExit, facts.AttachModifyReturn, facts.AttachLSMMac, facts.AttachLSMCgroup:
		f.facts["result"] = "then its result"
	}
	f.facts["arg"] = cmp.Or(catalog.Ordinal(known.Nth), fmt.Sprint("number ", known.Nth))
	pos, file, ok := f.At(f.report.PC)
	if !ok || file == nil {
		return
	}
	for _, macro := range []string{"BPF_PROG", "BPF_PROG2"} {
		// The macro's first argument is the name of the program.
		if text, r, ok := file.Argument(macro, known.Nth, pos.Line, max(pos.Col, 1)); ok {
			s := source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r)
			f.instead = &s
			f.facts["param"] = catalog.Quote(text)
			return
		}
	}
}

// addTracedWrite says of a write to what a program that traces is shown that such
// programs change nothing, and names a context that has the member.
func (f *finding) addTracedWrite() {
	known, ok := fault.Get[fault.StructAccess](f.report.Fault)
	fixed, _ := fault.Get[fault.FixedMember](f.report.Fault)
	if !ok || fixed.Writable != "" || !f.Prog.Type.Info().Tracing && f.Prog.Type != facts.ProgTracing {
		return
	}
	f.facts["traced"] = "yes"
	object := known.Struct
	if v := history.Known(f.result, len(f.result.History), f.place()); object == "" && v != nil {
		object = v.Struct
	}
	context := catalog.ContextOf(object)
	s := f.structNamed(context.Struct)
	if s == nil {
		return
	}
	target, _, _ := strings.Cut(f.statementText(), " ")
	_, member, arrow := strings.Cut(target, "->")
	if !arrow {
		return
	}
	f.set("member", catalog.Quote(member))
	own := facts.CtxOf(context.Prog, 0, facts.CapsRoot, f.Query().Kernel)
	for _, m := range allMembers(s) {
		if m.name == member && len(widths(own, m, true)) > 0 {
			f.facts["context"] = catalog.Quote("struct " + context.Struct)
			f.facts["section"] = catalog.Quote(`SEC("` + context.Prog.SectionOf() + `")`)
		}
	}
}

// addWritable lists the members that may be written.
func (f *finding) addWritable() {
	known, ok := fault.Get[fault.FixedMember](f.report.Fault)
	if !ok || known.Writable == "" {
		return
	}
	f.facts["writable"] = catalog.AllOf(strings.Split(known.Writable, ", "))
	f.facts["name"] = catalog.Quote("struct " + known.Struct)
	if before, text, arrow := strings.Cut(f.statementText(), "->"); arrow && before != "" {
		member, _, _ := strings.Cut(text, " ")
		f.set("member", catalog.Quote(strings.TrimRight(member, "+-;")))
	}
}
