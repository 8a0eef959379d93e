// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Hover explains, on a line with a fault or in a fault's history, what happened on the path; then what the value under
// the cursor is, on all paths, and how resources are used on the line. It is silent on lines edited since the check,
// because the results are not about them.
func (s *server) Hover(ctx context.Context, params *protocol.HoverParams) (*protocol.Hover, error) {
	var parts []string
	format := hoverFormat{}
	s.do(func() {
		format.markdown = s.state.client.markdown
		if d := s.state.documents[params.TextDocument.URI]; d != nil {
			s.use(d.file)
		}
		if text := s.faultHover(params.TextDocumentPositionParams); text != "" {
			parts = append(parts, text)
		}
	})
	parts = append(parts, s.recordedHover(ctx, params.TextDocumentPositionParams)...)
	text := strings.Join(parts, format.separator())
	if text == "" {
		return nil, ctx.Err()
	}
	kind := protocol.MarkupKindPlainText
	if format.markdown {
		kind = protocol.MarkupKindMarkdown
	}
	return &protocol.Hover{Contents: &protocol.MarkupContent{Kind: kind, Value: text}}, nil
}

// faultHover describes the faults at a place, "" if there are none.
func (s *server) faultHover(at protocol.TextDocumentPositionParams) string {
	d := s.state.documents[at.TextDocument.URI]
	if d == nil || d.file == "" {
		return ""
	}
	ds, units := s.state.results.through(d.file)
	if len(ds) == 0 {
		return ""
	}
	line, ok := s.textsOfAll(units).of(d.file).checkedLine(d, int(at.Position.Line))
	if !ok {
		return ""
	}
	return hoverText(ds, line, s.hoverFormat(d))
}

// hoverText describes every fault that involves a line.
func hoverText(ds []diag.Diagnostic, line int, f hoverFormat) string {
	var parts []string
	for i := range ds {
		d := &ds[i]
		at := d.Span.File == f.file && d.Span.Line <= line && line <= max(d.Span.EndLine, d.Span.Line)
		step := -1
		for k, r := range d.Related {
			if r.Span.File == f.file && r.Span.Line == line {
				step = k
				break
			}
		}
		if at || step >= 0 {
			parts = append(parts, f.fault(d, at, line))
		}
	}
	return strings.Join(parts, f.separator())
}

type hoverFormat struct {
	markdown bool
	file     string
	paths    *paths // for links, which the client follows
}

func (s *server) hoverFormat(d *document) hoverFormat {
	return hoverFormat{markdown: s.state.client.markdown, file: d.file, paths: s.state.paths}
}

func (f hoverFormat) separator() string {
	if f.markdown {
		return "\n\n---\n\n"
	}
	return "\n\n"
}

func (f hoverFormat) bold(s string) string {
	if f.markdown {
		return "**" + s + "**"
	}
	return s
}

// place names a line, as a link if the client renders links.
func (f hoverFormat) place(s diag.Span) string {
	name := fmt.Sprintf("line %d", s.Line)
	if s.File != f.file {
		name = fmt.Sprintf("%s:%d", filepath.Base(s.File), s.Line)
	}
	if !f.markdown {
		return name
	}
	return fmt.Sprintf("[%s](%s#L%d)", name, f.paths.uri(s.File), s.Line)
}

// fault is the whole story of one diagnostic: what to do first, then how the program got there. On the line of the
// fault the client shows what is wrong, and it is not repeated.
func (f hoverFormat) fault(d *diag.Diagnostic, at bool, line int) string {
	heading := d.Category
	if d.Problem != "" {
		heading += ": " + d.Problem
	}
	heading = f.bold(heading)
	if d.Program != "" {
		heading += " in " + f.code(programsOf(d))
	}
	var parts []string
	if !at {
		parts = append(parts, heading)
	}
	if d.RefSite >= 0 && len(d.Related) > 0 && !at && d.Related[0].Span.File == f.file &&
		d.Related[0].Span.Line == line {
		parts = append(parts, string(catalog.HoverUnreleased))
	}
	if d.Suggestion != "" {
		label := f.bold("Suggestion")
		if !at {
			label += " for " + f.place(d.Span) // "this line" in its words is not the line of the hover
		}
		parts = append(parts, label+": "+d.Suggestion)
	}
	if d.Reason != "" && !at {
		parts = append(parts, d.Reason)
	}
	if len(d.Related) > 0 {
		parts = append(parts, f.steps(d, at, line))
	}
	if d.Kernel != "" {
		parts = append(parts, string(catalog.HoverKernel)+" "+f.code(strings.ReplaceAll(d.Kernel, "\n", "; ")))
	}
	if d.Href != "" && f.markdown {
		parts = append(parts, fmt.Sprintf("[%s](%s)", d.Code, d.Href))
	}
	if len(parts) == 0 {
		parts = append(parts, heading)
	}
	return strings.Join(parts, "\n\n")
}

// steps are the history of a fault.
func (f hoverFormat) steps(d *diag.Diagnostic, at bool, line int) string {
	var b strings.Builder
	b.WriteString(string(catalog.HoverSteps) + "\n")
	for i, r := range d.Related {
		text := fmt.Sprintf("%d. %s: %s", i+1, f.place(r.Span), r.Message)
		if r.Span.File == f.file && r.Span.Line == line && !at {
			text = fmt.Sprintf("%d. %s: %s", i+1, f.place(r.Span), f.bold(r.Message+" (this line)"))
		}
		b.WriteString("\n" + text)
	}
	fmt.Fprintf(&b, "\n%d. %s: %s", len(d.Related)+1, f.place(d.Span), f.end(d))
	return b.String()
}

// end is the last step of the story: for a reference, that it is lost here.
func (f hoverFormat) end(d *diag.Diagnostic) string {
	if d.RefSite >= 0 {
		return f.bold("not released here, on this path")
	}
	return f.bold(d.Problem)
}

func (f hoverFormat) code(s string) string {
	if f.markdown {
		return "`" + s + "`"
	}
	return s
}

func programsOf(d *diag.Diagnostic) string {
	if len(d.Programs) > 1 {
		return strings.Join(d.Programs, ", ")
	}
	return d.Program
}
