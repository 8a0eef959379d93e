// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Pointers to objects of the kernel that a call needs, and that the verifier has only the
// number of:
//
//	copied by bpf_probe_read_kernel()     members that are read directly stay pointers
//	returned by bpf_get_current_task()    another call returns a pointer

// readerMacroRE is a macro of libbpf that copies a member.
var readerMacroRE = regexp.MustCompile(`\b(BPF_CORE_READ\w*|BPF_PROBE_READ\w*|bpf_core_read\w*)\s*\(`)

// readChainRE is a macro that copies the member at the end of a chain of them, and
// gives it back.
var readChainRE = regexp.MustCompile(`\b(?:BPF_CORE_READ|BPF_PROBE_READ)\s*\(\s*([A-Za-z_]\w*)\s*,\s*([\w.\[\]]+(?:\s*,\s*[\w.\[\]]+)*)\s*\)`)

// reader is what the source calls that copies at pc: the helper, or a macro around it.
func (f *finding) reader(pc int) string {
	name := f.Callee(pc)
	if line := f.lineText(pc); !strings.Contains(line, name) {
		if m := readerMacroRE.FindStringSubmatch(line); m != nil {
			return m[1]
		}
	}
	return name
}

// copyOf is the call on the path that copied the number at the place of the fault, -1 if
// none did.
func (f *finding) copyOf() int {
	made, whole := history.Lineage(f.result, len(f.result.History), f.place())
	if !whole || len(made) == 0 {
		return -1
	}
	first := &f.result.History[made[0]]
	if first.Reason != record.ReasonCallWrite || !strings.HasPrefix(f.Callee(first.PC), "bpf_probe_read") {
		return -1
	}
	return first.PC
}

// addUntracked says of a number that is passed in the place of an object of the kernel
// where it came from, and how to get a pointer.
func (f *finding) addUntracked() {
	v := f.passed(f.arg)
	if f.arg < 1 || f.arg > 5 || v == nil || !v.IsNumber() || f.facts["null"] != "" || f.facts["lost"] != "" || f.facts["typed"] != "" || !f.takesObject() {
		return
	}
	whence, _ := f.whence()
	if whence == "" {
		return
	}
	f.facts["untracked"] = whence
	pc := f.copyOf()
	if pc < 0 {
		return
	}
	if name := f.facts["value"]; !f.sameLine(pc, f.report.PC) && name != "" {
		f.detail(pc, fmt.Sprintf("%s is copied here by %s, as a number", name, catalog.Call(f.reader(pc))))
	}
	f.adviseDirect(pc)
}

// takesObject reports whether the argument of the fault is to lead to a structure of the
// kernel.
func (f *finding) takesObject() bool {
	if p, ok := f.kernelParam(f.arg); ok {
		name := pointee(p.Type)
		var s *btf.Struct
		return name != "" && f.Prog.KernelBTF.TypeByName(name, &s) == nil
	}
	a, ok := f.helperArg()
	if !ok {
		return false
	}
	switch a.Type.Base() {
	case regtype.ArgBTFID, regtype.ArgBTFIDSockCommon:
		return true
	}
	return false
}

// adviseDirect suggests to read the member directly that the call at pc copies, if it is
// known where the chain to it begins.
func (f *finding) adviseDirect(pc int) {
	text := f.lineText(pc)
	known := catalog.Facts{}
	at, member, given := csource.Range{}, "", ""
	if m := readChainRE.FindStringSubmatchIndex(text); m != nil {
		member = text[m[2]:m[3]]
		for part := range strings.SplitSeq(text[m[4]:m[5]], ",") {
			member += "->" + strings.TrimSpace(part)
		}
		line := f.lineOf(pc)
		at = csource.Range{Line: line, Col: m[0] + 1, EndLine: line, EndCol: m[1] + 1}
	} else if source, _, ok := f.Argument(pc, 3); ok && chainRE.MatchString(source) && strings.HasPrefix(source, "&") {
		member = source[1:]
		at, given = f.copyStatement(pc, member)
	}
	_, _, chain := strings.Cut(member, "->")
	if !chain || at.Line == 0 {
		return
	}
	getter, ok := f.baseOf(pc)
	if !ok {
		return
	}
	if getter >= 0 {
		known["typed"], known["line"] = catalog.Call(f.typedNameOf(getter)), fmt.Sprint(f.lineOf(getter))
	}
	if given == "" {
		given = member
	}
	known["check"] = catalog.Quote(given)
	f.advise(catalog.AdviseDirect, known)
	f.proposeDirect(getter, at, given)
}

// copyStatement is the statement that is nothing but the call at pc, which copies a member
// to a variable, and the one that reads the member directly.
func (f *finding) copyStatement(pc int, member string) (at csource.Range, instead string) {
	to, _, ok := f.Argument(pc, 1)
	to, address := strings.CutPrefix(to, "&")
	pos, file, known := f.At(pc)
	if !ok || !address || !isVariable(to) || !known || file == nil {
		return csource.Range{}, ""
	}
	at, ok = file.StatementAt(pos.Line, max(pos.Col, 1))
	callee, _, _ := strings.Cut(file.Text(at), "(")
	if !ok || !isVariable(strings.TrimSpace(callee)) || !strings.HasSuffix(file.Text(at), ");") {
		return csource.Range{}, ""
	}
	return at, to + " = " + member + ";"
}

// baseOf is where the chain begins that the call at pc copies the end of: the call that
// returned its number, or -1 if it begins at a pointer that the verifier follows.
func (f *finding) baseOf(pc int) (getter int, ok bool) {
	path := f.path()
	at := lastIndex(path, pc)
	for i := at; i >= 0; i-- { // the first copy of several on one line
		if p := int(path[i]); f.isCallAt(p) && strings.HasPrefix(f.Callee(p), "bpf_probe_read") {
			if f.lineOf(p) != f.lineOf(pc) {
				break
			}
			at = i
		}
	}
	o := lineage(f.Prog.Insns, path[:at+1], isa.R3)
	if o.kind == originCall && f.Prog.Insns[o.pc].IsHelperCall() && f.typedNameOf(o.pc) != "" {
		return o.pc, true
	}
	event := f.lastEvent(int(path[at]))
	for event > 0 && f.result.History[event-1].PC == int(path[at]) {
		event--
	}
	e := &f.result.History[event]
	v := history.Known(f.result, event, registerOf(e, isa.R3))
	return -1, v != nil && v.Type.Base() == regtype.PtrToBTFID && e.PC == int(path[at])
}

// proposeDirect reads a member directly in the place of a macro that copies it, from what
// another call returns if getter is one that returns a number.
func (f *finding) proposeDirect(getter int, at csource.Range, member string) {
	span := f.sourceSpan(at)
	file := f.File(span.File)
	if file == nil {
		return
	}
	changes := []csource.Change{{Range: at, Text: member}}
	if getter >= 0 {
		name, ok := f.calleeSpan(getter)
		if !ok {
			return
		}
		changes = append(changes, csource.Change{Range: placeOf(name), Text: f.typedNameOf(getter)})
	}
	fix := diag.Fix{Kind: catalog.FixRead, Advised: true}
	fix.Title = catalog.FixReplace.With(catalog.Facts{"value": catalog.Quote(file.Text(at)), "instead": catalog.Quote(member), "line": fmt.Sprint(at.Line)})
	f.propose(span.File, fix, changes)
}
