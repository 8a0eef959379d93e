// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

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
	if r, ok := file.Expression(pos.Line, pos.Col); ok {
		if name, _, member := strings.Cut(file.Text(r), "->"); member && lvalueRE.MatchString(name) {
			f.facts["beyond"] = fmt.Sprintf("%s points to a `struct %s`, which has %d bytes", catalog.Quote(name), known.Struct, known.End)
		}
	}
}
