// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// A pointer that the source reads from the context or an object each time it uses it
// is another value to the verifier with each read, unless the compiler makes one of
// them: a check counts for sure only if it tests the copy that is used.

// isReadEachTime reports whether an expression names a member or an element from
// which the pointer of the fault was read.
func (f *finding) isReadEachTime(name string) bool {
	return strings.ContainsAny(name, ".>[*") && f.origin().kind == originLoad
}

// adviseKept suggests to keep such a pointer in a variable, and to test that.
func (f *finding) adviseKept(name string, file *csource.File, fn csource.Function, known catalog.Facts) {
	known["value"] = catalog.Quote(name)
	variable, typ := newVariable(name, file, fn), f.pointedType()
	if variable == "" || typ == "" {
		f.facts["advice"] = catalog.AdviseKeepPointer.With(known)
		return
	}
	check := f.leavingWithout(f.Span(f.report.PC), "!"+variable, name)
	known["check"] = catalog.Quote(fmt.Sprintf("%s *%s = %s; %s", typ, variable, name, strings.Trim(check, "`")))
	known["name"] = catalog.Quote(variable)
	// The line changes too, so that it is not shown with the braces.
	known["braces"] = f.bracesHere("…")
	f.facts["advice"] = catalog.AdviseKeepCopy.With(known)
	f.proposeCopyOf(name, variable, trimQuotes(known["check"]), nullCheck)
}

var lastNameRE = regexp.MustCompile(`[A-Za-z_]\w*$`)

// parameterLines are the lines before a function's body that may declare parameters.
const parameterLines = 4

// newVariable is a name for a copy of a member that its function does not use yet,
// "" if there is none.
func newVariable(name string, file *csource.File, fn csource.Function) string {
	last := lastNameRE.FindString(name)
	if last == "" || file.Uses(last, max(fn.Body.Line-parameterLines, 1), fn.Body.EndLine) {
		return ""
	}
	return last
}

// pointedType is the C type that the pointer of the fault leads to, "" if the
// verifier does not know one.
func (f *finding) pointedType() string {
	v := history.Known(f.result, len(f.result.History), f.place())
	if v == nil {
		return ""
	}
	switch base := v.Type.Base(); {
	case base == regtype.PtrToBTFID && v.Struct != "":
		return "struct " + v.Struct
	case base == regtype.PtrToSocket, base == regtype.PtrToSockCommon:
		return "struct bpf_sock"
	case base == regtype.PtrToTCPSock:
		return "struct bpf_tcp_sock"
	}
	return ""
}
