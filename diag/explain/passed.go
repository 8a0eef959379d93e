// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What a call is given in place of what it takes:
//
//	a map that may be NULL        looked up in a map of maps, and not checked
//	a key in place of a map       the map is another argument of the same call
//	memory of the kernel          a key or value has to be in memory of the program
//	a context that was moved      the call takes it as the program got it

// passed is what was known of argument n of the call of the fault.
func (f *finding) passed(n int) *record.Value {
	p := f.place()
	p.Index = uint8(n)
	return history.Known(f.result, len(f.result.History), p)
}

// addMapArgument says what is passed in place of a map.
func (f *finding) addMapArgument() {
	if f.facts["null"] != "" || f.facts["lost"] != "" || f.arg < 1 || f.arg > 5 {
		return
	}
	v := f.passed(f.arg)
	if v != nil && v.Type.MayBeNull() && v.Type.Base() == regtype.PtrToMapValue {
		if m := f.MapNamed(v.Map); m != nil && m.Type.Info().Needs == facts.MapNeedsInner {
			f.facts["outermap"] = catalog.Quote(m.FullName)
			f.addNullCheck()
			return
		}
	}
	for _, m := range f.Prog.Maps {
		if m.Type.Info().Needs == facts.MapNeedsInner {
			f.facts["inners"] = catalog.Quote(m.FullName)
		}
	}
	if v != nil && v.Type != regtype.Scalar {
		f.addSwapped("the map", regtype.ArgConstMapPtr, regtype.ConstPtrToMap)
	}
}

// addContextArgument says what is passed in place of the context.
func (f *finding) addContextArgument() {
	if f.arg < 1 || f.arg > 5 {
		return
	}
	f.set("ctxname", catalog.Quote(f.Parameter(0, 1)))
	f.proposeArgument(f.report.PC, f.arg, asFallback(argument), f.Parameter(0, 1))
	f.addSwapped("the context", regtype.ArgCtx, regtype.PtrToCtx)
}

// addSwapped finds what the argument has to be among the other arguments of the call.
func (f *finding) addSwapped(what string, wanted regtype.Arg, kind regtype.Reg) {
	a, ok := f.helperArg()
	if !ok || a.Type.Base() != wanted {
		return
	}
	for n := 1; n <= 5; n++ {
		other := f.passed(n)
		if n == f.arg || other == nil || other.Type != kind {
			continue
		}
		text, _, ok := f.Argument(f.report.PC, n)
		own, _, ok2 := f.Argument(f.report.PC, f.arg)
		if !ok || !ok2 {
			return
		}
		f.facts["swapped"] = fmt.Sprintf("%s, %s, is the %s argument", what, catalog.Quote(text), catalog.Ordinal(n))
		f.facts["name"] = catalog.Quote(text)
		f.facts["other"] = catalog.Quote(own)
		f.proposeExchange(f.arg, n)
		f.proposeArgument(f.report.PC, f.arg, asFallback(argument), text)
		return
	}
}

// addReadOnlyArgument says of memory of the kernel that a call only reads why it
// does not do: the kernel's message is about writing, whatever the call does.
func (f *finding) addReadOnlyArgument() {
	a, ok := f.helperArg()
	v := f.passed(f.arg)
	if !ok || v == nil || v.Type.Base() != regtype.PtrToBTFID {
		return
	}
	as := ""
	switch base := a.Type.Base(); {
	case base == regtype.ArgMapKey:
		as = "key"
	case base == regtype.ArgMapValue && a.Type&regtype.Arg(regtype.Uninit) == 0:
		as = "value"
	default:
		return
	}
	f.facts["reads"] = as
	f.set("object", catalog.Quote(catalog.Struct(v.Struct)))
	f.addCopied(as)
}

// addCopied suggests to pass a copy of a number in an object of the kernel.
func (f *finding) addCopied(as string) {
	text, _, ok := f.Argument(f.report.PC, f.arg)
	member, address := strings.CutPrefix(text, "&")
	of := f.passed(1)
	if !ok || !address || of == nil || of.Type != regtype.ConstPtrToMap {
		return
	}
	m := f.MapNamed(of.Map)
	if m == nil || f.Prog.BTF == nil {
		return
	}
	id := m.KeyTypeID
	if as == "value" {
		id = m.ValueTypeID
	}
	typ, err := f.Prog.BTF.TypeByID(btf.TypeID(id))
	if err != nil || id == 0 {
		return
	}
	switch btf.UnderlyingType(typ).(type) {
	case *btf.Int, *btf.Enum:
		f.advise(catalog.AdviseCopyCounter, catalog.Facts{
			"check": catalog.Quote(fmt.Sprintf("%s copy = %s;", f.typeWords(id), member)) + ", then " + catalog.Quote("&copy"),
		})
		f.proposeCopiedArgument(f.typeWords(id), member)
	}
}

// addMovedArgument shows where a pointer was moved and, if it is passed to a call,
// says what to pass instead.
func (f *finding) addMovedArgument() {
	if added := catalog.Bytes(f.report.Fault.Text("off")); added != "" {
		f.facts["added"] = f.stateFault("off", "%s", added)
	}
	f.relateAddress()
	o := f.origin()
	if !f.isCall() || f.arg < 1 || f.arg > 5 || f.facts["call"] == "" {
		return
	}
	f.set("movedarg", f.facts["added"])
	if o.kind != originArgument || len(o.edits) == 0 {
		return
	}
	if name := f.name(0, int(o.reg), ""); name != "" {
		f.advise(catalog.AdvisePassItself, catalog.Facts{"value": catalog.Quote(name), "arg": catalog.Ordinal(f.arg)})
		f.proposeArgument(f.report.PC, f.arg, argument, name)
	}
}

// addressRE is an assignment of the address of a member behind a pointer.
var addressRE = regexp.MustCompile(`\b([A-Za-z_]\w*)\s*=\s*(?:\([^()]*\)\s*)?(&([A-Za-z_]\w*->[\w.\[\]]+))`)

// relateAddress shows where the source makes the pointer of the fault the address of
// a member. The compiler may note the addition elsewhere.
func (f *finding) relateAddress() {
	name := strings.Trim(f.facts["value"], "`")
	off, ok := f.report.Fault.Int("off")
	pos, file, known := f.At(f.report.PC)
	if !ok || !known || file == nil || !isVariable(name) {
		return
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return
	}
	for n := fn.Body.Line; n < pos.Line; n++ {
		line := file.Line(n)
		m := addressRE.FindStringSubmatchIndex(line)
		if m == nil || line[m[2]:m[3]] != name {
			continue
		}
		if t, ok := f.Index.Through(f.report.PC, line[m[6]:m[7]]); !ok || t.At != off {
			continue
		}
		f.details = append(f.details, step{
			pc: -1, span: diag.Span{File: f.Absolute(pos.File), Line: n, Col: m[2] + 1, EndLine: n, EndCol: m[5] + 1},
			message: f.state(f.about(diag.ClaimFault, off, off), "%s is %s here, which is %s further on", catalog.Quote(name), catalog.Quote(line[m[4]:m[5]]), catalog.Bytes(fmt.Sprint(off))),
		})
	}
}
