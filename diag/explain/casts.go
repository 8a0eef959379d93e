// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Pointers to objects of the kernel that C takes for something larger: which type
// the object has, where the source cast it, and what gives the type wanted.

// castRE is a cast to a pointer to a structure.
var castRE = regexp.MustCompile(`^\(+\s*(?:const\s+)?struct\s+([A-Za-z_]\w*)\s*\*\s*\)`)

// addBeyond says of which type a pointer is, where an access leads behind the
// end of that: the source has cast it to a larger one.
func (f *finding) addBeyond() {
	known, ok := fault.Get[fault.MemberAccess](f.report.Fault)
	in := f.insn()
	if !ok || known.Member != "" || known.End == 0 || in == nil || in.Class() != isa.ClassLDX {
		return
	}
	base := history.Known(f.result, len(f.result.History), record.Place{
		Kind: record.InRegister, Frame: uint8(f.report.Frame), Activation: f.report.Activation, Index: in.Src,
	})
	if base == nil || base.Struct != known.Struct || !base.IsConst() || base.Off != 0 {
		return
	}
	pos, file, ok := f.At(f.report.PC)
	if !ok || file == nil || pos.Col == 0 {
		return
	}
	r, ok := file.Expression(pos.Line, pos.Col)
	if !ok {
		return
	}
	name, _, member := strings.Cut(file.Text(r), "->")
	if !member {
		return
	}
	taken := f.pointsTo(name)
	if m := castRE.FindStringSubmatch(name); m != nil {
		taken = m[1]
		name = withoutCasts(strings.TrimSuffix(strings.TrimPrefix(name, "("), ")"))
	}
	if !lvalueRE.MatchString(name) {
		return
	}
	f.facts["beyond"] = f.state(f.about(diag.ClaimKernel, int64(known.End), int64(known.End)),
		"%s points to a `struct %s`, which has %d bytes", catalog.Quote(name), known.Struct, known.End)
	f.relateCast(file, name)
	f.addGiver(taken, known.Struct)
	if f.facts["advice"] == "" {
		f.adviseProbe(taken, known.Struct)
	}
}

// adviseProbe suggests to read a member by a helper where the object may be a larger one
// that begins with the one that the verifier knows.
func (f *finding) adviseProbe(taken, has string) {
	read, q := f.coreRead(), f.Query()
	id, _ := facts.HelperNamed("bpf_probe_read_kernel")
	if _, may := facts.LookupProto(id, &q); !may || read == "" || !f.beginsWith(taken, has) {
		return
	}
	f.advise(catalog.AdviseProbe, catalog.Facts{"object": catalog.Quote("struct " + taken), "type": catalog.Quote("struct " + has), "check": catalog.Quote(read)})
}

// pointsTo is the structure that a pointer variable is declared to point to, by
// the debug information or, where that does not place the variable, by its
// declaration in the function.
func (f *finding) pointsTo(name string) string {
	if object := f.Index.PointsTo(f.report.PC, name); object != "" || !isVariable(name) {
		return object
	}
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return ""
	}
	declared := regexp.MustCompile(`\bstruct\s+([A-Za-z_]\w*)\s*\*\s*` + name + `\b`)
	for n := pos.Line; n >= fn.Body.Line; n-- {
		if m := declared.FindStringSubmatch(file.Line(n)); m != nil {
			return m[1]
		}
	}
	return ""
}

// relateCast shows the only assignment to a variable if that casts.
func (f *finding) relateCast(file *csource.File, name string) {
	pos, _, _ := f.At(f.report.PC)
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok || !isVariable(name) {
		return
	}
	r, text, ok := file.SoleAssignment(fn, name)
	if !ok || r.Line == pos.Line || withoutCasts(text) == text || withoutCasts(text) == "" {
		return
	}
	f.details = append(f.details, step{
		pc: -1, span: source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r),
		message: fmt.Sprintf("%s is %s, which the cast does not change", catalog.Quote(name), catalog.Quote(withoutCasts(text))),
	})
}

// addGiver names the helpers that give the program a pointer of the type that the
// source takes an object for: out of nothing, or from a socket.
func (f *finding) addGiver(wanted, has string) {
	if wanted == "" || wanted == has {
		return
	}
	q := f.Query()
	var names []string
	nullable := false
	for _, h := range facts.HelpersReturning(&q, wanted) {
		switch h.Proto.NumArgs() {
		case 0:
		case 1:
			if h.Proto.Args[0].Type.Base() != regtype.ArgBTFIDSockCommon || !isSocket(has) {
				continue
			}
		default:
			continue
		}
		nullable = nullable || h.Proto.Ret.MayBeNull()
		names = append(names, h.Name)
	}
	if len(names) == 0 {
		return
	}
	known := catalog.Facts{"object": catalog.Quote("struct " + wanted), "getters": catalog.Calls(names)}
	if nullable {
		known["value"] = "the result"
	}
	f.advise(catalog.AdviseGiver, known)
}

// isSocket reports whether a structure of the kernel is a kind of socket.
func isSocket(name string) bool {
	return name == "sock" || name == "sock_common" || strings.HasSuffix(name, "_sock")
}
