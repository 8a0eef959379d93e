// SPDX-License-Identifier: GPL-2.0-only

package render

import (
	"bytes"
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// LoaderLog is the log of a rejected program as users of libbpf see it. Where
// a CO-RE relocation had no match, libbpf made its instruction a call that
// fails, and it replaces the verifier's words for that by what was missing.
//
// kernel: fixup_log_failed_core_relo
func LoaderLog(p *program.Program, log []byte) []byte {
	for _, e := range p.LoadErrors {
		if e.Kind != program.CORERelocation || e.PC < 0 || e.Symbol == "" {
			continue
		}
		poisoned := fmt.Appendf(nil, "%d: (85) call unknown#%d\ninvalid func unknown#%d\n", e.PC, program.PoisonCORE, program.PoisonCORE)
		at := bytes.LastIndex(log, poisoned)
		if at < 0 {
			continue
		}
		missing := fmt.Appendf(nil, "%d: <invalid CO-RE relocation>\nfailed to resolve CO-RE relocation %s\n", e.PC, e.Symbol)
		return append(append(append([]byte(nil), log[:at]...), missing...), log[at+len(poisoned):]...)
	}
	return log
}
