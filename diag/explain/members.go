// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
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
		nth := known.Nth
		if macro == "BPF_PROG" && known.Off%8 == 0 {
			// All parameters take 8 bytes; the kernel counts no further than to the result.
			nth = int(known.Off/8) + 1
		}
		// The macro's first argument is the name of the program.
		if text, r, ok := file.Argument(macro, nth, pos.Line, max(pos.Col, 1)); ok {
			s := source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r)
			f.instead = &s
			f.facts["param"] = catalog.Quote(text)
			f.facts["arg"] = cmp.Or(catalog.Ordinal(nth), fmt.Sprint("number ", nth))
			f.addSurplus(file, pos, macro, nth, known)
			return
		}
	}
}

// addSurplus shows the parameters of a program that its hook does not give, and how to
// declare those that it does. A number at the end may stand for the hook's result.
func (f *finding) addSurplus(file *csource.File, pos dwarfmap.Pos, macro string, nth int, known fault.ContextArgument) {
	name, _, ok := file.Argument(macro, 0, pos.Line, max(pos.Col, 1))
	if !ok {
		return
	}
	texts, places := []string{name}, []csource.Range{{}}
	for {
		text, r, ok := file.Argument(macro, len(texts), pos.Line, max(pos.Col, 1))
		if !ok || len(texts) > maxParameters {
			break
		}
		texts, places = append(texts, text), append(places, r)
	}
	last := len(texts) - 1
	first, end := known.Count+1, last // those that there are not
	_, gives := f.facts["result"]
	switch {
	case gives && nth == last && !strings.Contains(texts[last], "*") && last > first:
		end-- // what is read is to be the result
	case gives:
		first++ // it is where the result is
	}
	if first > end || first < 1 {
		return
	}
	if kept, ok := byPrototype(texts[1:], known.Proto); ok {
		f.advise(catalog.AdviseSignature, catalog.Facts{"check": catalog.Quote(macro + "(" + strings.Join(append([]string{name}, kept...), ", ") + ")")})
		return
	}
	f.advise(catalog.AdviseSignature, catalog.Facts{
		"check": catalog.Quote(macro + "(" + strings.Join(slices.Concat(texts[:first], texts[end+1:]), ", ") + ")"),
	})
	if nth <= end {
		if end = min(end, nth-1); first > end {
			return
		}
	} else {
		r := csource.Range{Line: places[first-1].EndLine, Col: places[first-1].EndCol, EndLine: places[end].EndLine, EndCol: places[end].EndCol}
		fix := diag.Fix{Kind: catalog.FixDeclaration, Advised: true}
		fix.Title = catalog.FixRemove.With(catalog.Facts{"check": catalog.Quote(strings.Join(texts[first:end+1], ", ")), "line": fmt.Sprint(r.Line)})
		if first > 1 {
			f.propose(f.Absolute(pos.File), fix, []csource.Change{{Range: r}})
		}
	}
	r := csource.Range{Line: places[first].Line, Col: places[first].Col, EndLine: places[end].EndLine, EndCol: places[end].EndCol}
	message := cmp.Or(f.facts["hookcall"], "the hook") + " has no such argument"
	if first < end {
		message += "s"
	}
	f.details = append(f.details, step{pc: -1, span: source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r), message: message})
}

// maxParameters bounds the parameters of a program that are looked at.
const maxParameters = 16

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

// byPrototype are the parameters that a program would have by the prototype of what it is
// attached to: of its own those of the types that the prototype has, in its order. It is false
// if those that the program has at these places are of these types.
func byPrototype(own []string, proto string) (kept []string, ok bool) {
	_, list, _ := strings.Cut(strings.TrimSuffix(proto, ")"), "(")
	if list == "" || strings.Contains(list, "(") {
		return nil, false
	}
	for i, want := range strings.Split(list, ",") {
		want = strings.TrimSpace(want)
		if i < len(own) && typeOf(own[i]) == typeOf(want) {
			kept = append(kept, own[i])
			continue
		}
		ok = true
		at := slices.IndexFunc(own, func(text string) bool { return typeOf(text) == typeOf(want) })
		if at < 0 {
			return nil, false // types of one size are interchangeable
		}
		kept = append(kept, own[at])
	}
	return kept, ok
}

// typeOf is the type of a parameter that may have a name, of a pointer to a struct or union;
// "" for other types.
func typeOf(parameter string) string {
	m := pointedRE.FindStringSubmatch(parameter)
	if m == nil {
		return ""
	}
	return m[1] + " " + m[2]
}

var pointedRE = regexp.MustCompile(`\b(struct|union)\s+(\w+)\s*\*`)
