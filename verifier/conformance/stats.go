// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// logStatistics are the verifier's numbers at the end of a log.
type logStatistics struct {
	verifier.Stats
	timeUS int64 // -1 if the log does not tell
}

// readStats reads the statistics that end a log of the kernel's.
func readStats(log []byte) logStatistics {
	s := logStatistics{timeUS: -1}
	text := string(log)
	// A message that the kernel did not end runs into the first line.
	if i := strings.LastIndex(text, "verification time "); i >= 0 {
		fmt.Sscanf(text[i:], "verification time %d usec", &s.timeUS)
		text = text[i:]
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if depth, ok := strings.CutPrefix(line, "stack depth "); ok {
			s.StackDepth, _, _ = strings.Cut(depth, " ")
		}
		if strings.HasPrefix(line, "processed ") {
			var limit int
			fmt.Sscanf(line, "processed %d insns (limit %d) max_states_per_insn %d total_states %d peak_states %d",
				&s.InsnsProcessed, &limit, &s.MaxStatesPerInsn, &s.TotalStates, &s.PeakStates)
		}
	}
	return s
}
