// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// checkedUnit is a unit that a document is part of, and a line of the document in the checked text.
type checkedUnit struct {
	unit    *unit
	report  *check.Report
	checker Checker
	lives   []diag.Lives // nil before the first request
	line    int          // from 1
}

// unitsThrough returns the units that a document is part of, if the line was not edited since they were checked.
func (s *server) unitsThrough(d *document, line int) (units []checkedUnit) {
	for _, u := range s.sortedUnits() {
		if u.report == nil || !slices.Contains(u.deps, d.file) {
			continue
		}
		if n, ok := u.texts.checkedLine(d, line); ok {
			units = append(units, checkedUnit{u, u.report, s.checkerFor(u.file), u.lives, n})
		}
	}
	return units
}

// livesHover describes, on a line of accepted programs, the resources that it acquires, uses or releases, and the
// regions open there. The programs are walked again on request, once per check.
func (s *server) livesHover(ctx context.Context, at protocol.TextDocumentPositionParams) string {
	var units []checkedUnit
	var f hoverFormat
	s.do(func() {
		if d := s.state.documents[at.TextDocument.URI]; d != nil && d.file != "" {
			units = s.unitsThrough(d, int(at.Position.Line))
			f = s.hoverFormat(d)
		}
	})
	var parts []string
	for i := range units {
		c := &units[i]
		if c.lives == nil {
			s.findLives(ctx, c)
		}
		for k := range c.lives {
			for _, text := range f.lives(&c.lives[k], c.line) {
				if !slices.Contains(parts, text) {
					parts = append(parts, text)
				}
			}
		}
	}
	return strings.Join(parts, f.separator())
}

// findLives walks the programs of a unit, and caches the result until its next check.
func (s *server) findLives(ctx context.Context, c *checkedUnit) {
	lives := c.checker.Lives(ctx, c.report)
	if ctx.Err() != nil {
		return
	}
	if lives == nil {
		lives = []diag.Lives{}
	}
	c.lives = lives
	s.do(func() {
		if c.unit.report == c.report {
			c.unit.lives = lives
		}
	})
}

// lives returns the texts about one program's resources on a line.
func (f hoverFormat) lives(l *diag.Lives, line int) (parts []string) {
	for i := range l.Lives {
		if life := &l.Lives[i]; f.touches(life, line) {
			parts = append(parts, f.life(life, line))
		}
	}
	var open []string
	program := ""
	for i := range l.Regions {
		r := &l.Regions[i]
		always, inside := r.Lines[diag.Line{File: f.file, Line: line}]
		if !inside {
			continue
		}
		program = r.Program
		text := r.Name
		if !always {
			text += " (on some paths)"
		}
		open = append(open, "- "+text)
	}
	if len(open) > 0 {
		parts = append(parts, f.bold("Open on this line")+" in "+f.code(program)+"\n\n"+strings.Join(open, "\n"))
	}
	return parts
}

// story is a life from its beginning on, in the order of the code.
func story(l *diag.Life) []diag.Related {
	rest := slices.Concat(l.Uses, l.Ends)
	slices.SortStableFunc(rest, func(a, b diag.Related) int {
		return cmp.Or(cmp.Compare(a.Span.File, b.Span.File), cmp.Compare(a.Span.Line, b.Span.Line))
	})
	return append([]diag.Related{l.Acquired}, rest...)
}

func (f hoverFormat) touches(l *diag.Life, line int) bool {
	return slices.ContainsFunc(story(l), func(r diag.Related) bool {
		return r.Span.File == f.file && r.Span.Line == line
	})
}

// life describes how a resource is used.
func (f hoverFormat) life(l *diag.Life, line int) string {
	var b strings.Builder
	b.WriteString(f.bold("Life of "+l.Holder) + " in " + f.code(l.Program) + ", on all paths\n")
	for i, r := range story(l) {
		text := r.Message
		if r.Span.File == f.file && r.Span.Line == line {
			text = f.bold(text + " (this line)")
		}
		fmt.Fprintf(&b, "\n%d. %s: %s", i+1, f.place(r.Span), text)
	}
	return b.String()
}
