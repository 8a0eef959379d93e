// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// maxShown bounds the diagnostics that a client gets per file. Nobody reads more, and editors become slow with
// thousands.
const maxShown = 300

// bounded returns at most maxShown diagnostics of a file, which must be sorted by place, followed by one that counts
// those left out. The least severe are left out first, and among them those further down.
func bounded(ds []diag.Diagnostic) []diag.Diagnostic {
	if len(ds) <= maxShown {
		return ds
	}
	var room, left [diag.Hint + 1]int
	for i := range ds {
		left[ds[i].Severity]++
	}
	free := maxShown
	for s := diag.Error; s <= diag.Hint; s++ {
		room[s] = min(left[s], free)
		free -= room[s]
		left[s] -= room[s]
	}
	out := make([]diag.Diagnostic, 0, maxShown+1)
	for i := range ds {
		if s := ds[i].Severity; room[s] > 0 {
			room[s]--
			out = append(out, ds[i])
		}
	}
	return append(out, omitted(out[len(out)-1].Span, left))
}

// omitted says how many diagnostics of each severity were left out of a list that ends at a place.
func omitted(at diag.Span, left [diag.Hint + 1]int) diag.Diagnostic {
	total := 0
	var parts []string
	for s := diag.Error; s <= diag.Hint; s++ {
		total += left[s]
		switch {
		case left[s] == 1:
			parts = append(parts, "1 "+s.String())
		case left[s] > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", left[s], s))
		}
	}
	return diag.Diagnostic{Severity: diag.Info, Source: diag.SourceVerifier, Span: at, PC: -1, RefSite: -1,
		Reason: fmt.Sprintf("%d more in this file are not shown (%s).", total, strings.Join(parts, ", "))}
}
