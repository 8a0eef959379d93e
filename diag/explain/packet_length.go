// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// lengthRE finds members of contexts that say how long a packet or message is.
var lengthRE = regexp.MustCompile(`\b([A-Za-z_]\w*)->(?:len|size|optlen|data_len|skb_len)\b`)

// addLengthTest finds a condition on the path that tests how long the packet is by a
// member of the context: to the verifier that is a number like others.
func (f *finding) addLengthTest() {
	if !strings.HasPrefix(f.facts["checked"], noCheck) {
		return
	}
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventBranch {
			continue
		}
		pos, _, known := f.At(e.PC)
		b, ok := f.decision(e.PC, f.wayOf(&e))
		if !ok || !known {
			continue
		}
		m := lengthRE.FindStringSubmatch(b.operand.Text)
		if m == nil || m[1] != f.Parameter(0, 1) {
			continue
		}
		f.facts["checked"] = fmt.Sprintf("%s: the condition in line %d tests %s, a number that says nothing of the bytes to the verifier",
			noCheck, b.condition.At.Line, catalog.Quote(m[0]))
		f.details = append(f.details, step{
			pc: e.PC, span: source.WithRange(diag.Span{File: f.Absolute(pos.File)}, b.operand.Range), message: "this check of a number does not cover the access",
		})
		return
	}
}

// noCheck is said where nothing proves that the bytes of an access are there.
const noCheck = "no check on this path proves that"
