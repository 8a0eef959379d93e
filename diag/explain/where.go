// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
)

// where answers questions about a program's places in the source, and about
// the path that its instructions take through them.
type where struct {
	*source.View
	calls   map[int][]dwarfmap.Call // see inlined
	targets map[int]bool            // see joins
}

func newWhere(s diag.Subject) *where {
	return &where{View: source.New(s), calls: map[int][]dwarfmap.Call{}}
}
