// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// heat is the answer to bpf-lsp.showHeat.
type heat struct {
	// Text is the whole of it, for people.
	Text string `json:"text"`
	// Lines are those of the file as the client has it. Lines edited since the check are left out.
	Lines []heatLine `json:"lines"`
}

// heatLine is what the walk through one line took, in all programs asked for.
type heatLine struct {
	Line   int    `json:"line"` // from 0
	Insns  int    `json:"insns"`
	States int    `json:"states"`
	Label  string `json:"label"`
	// Share is the part of all instructions, from 0 to 1.
	Share float64 `json:"share"`
}

// heatAnswer says line by line where the verification of programs went.
func (s *server) heatAnswer(ctx context.Context, u uri.URI, name, how string) (protocol.LSPAny, error) {
	var d *document
	s.do(func() { d = s.state.documentOf(s.fileOf(u)) })
	var out heat
	var b bytes.Buffer
	costs := map[int]*diag.LineCost{}
	total := 0
	named := s.paths.Load()
	for _, c := range s.checkedPrograms(u, name) {
		p := c.printer()
		lines := c.placement(d)
		for _, cost := range c.checker.Costs(ctx, c.report, name) {
			_ = p.PrintBudget(&b, cost.Program, cost.Budget) // a buffer takes everything
			_ = p.PrintHeat(&b, cost.Program, cost.Budget)
			total += cost.Budget.Insns
			for _, l := range cost.Budget.Lines {
				if lines == nil || named.spelled(l.Span.File) != d.file {
					continue
				}
				if at, ok := lines.forward(l.Span.Line); ok {
					if costs[at] == nil {
						costs[at] = &diag.LineCost{}
					}
					costs[at].Insns += l.Insns
					costs[at].States += l.States
				}
			}
		}
	}
	if ctx.Err() != nil {
		return nil, protocol.ErrRequestCancelled
	}
	if out.Text = b.String(); out.Text == "" {
		return nil, nil
	}
	out.Lines = []heatLine{}
	for at, c := range costs {
		share := c.Share(total)
		out.Lines = append(out.Lines, heatLine{Line: at, Insns: c.Insns, States: c.States, Share: share,
			Label: catalog.LineHeat.With(catalog.Facts{"insns": catalog.Grouped(c.Insns),
				"share": fmt.Sprintf("%.1f", 100*share)})})
	}
	slices.SortFunc(out.Lines, func(a, b heatLine) int { return cmp.Compare(a.Line, b.Line) })
	if _, err := s.answer(out.Text, how); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(out)
	return protocol.LSPAny(raw), err
}

// placement maps the lines of a document that the unit is made of; nil if that is not possible.
func (c *checkedProgram) placement(d *document) *placement {
	if d == nil {
		return nil
	}
	if p := c.texts.place(d.file, d); p.knows(d) {
		return p
	}
	return nil
}
