// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/process"
)

// readDeps lists the files whose change requires a new build. A build that fails early leaves no list, so the files its
// messages refer to count too.
func readDeps(name string, cmd Command, ds []diag.Diagnostic) []string {
	deps := []string{cmd.File}
	if text, err := os.ReadFile(name); err == nil {
		for _, d := range parseMakeRule(string(text)) {
			deps = append(deps, disk.AbsIn(cmd.Dir, d))
		}
	}
	for i := range ds {
		deps = append(deps, ds[i].Span.File)
		for _, r := range ds[i].Related {
			deps = append(deps, r.Span.File)
		}
	}
	slices.Sort(deps)
	return slices.Compact(deps)
}

// parseMakeRule returns the prerequisites of a make rule as clang writes it, with escaped blanks and continued lines.
func parseMakeRule(rule string) []string {
	_, list, ok := strings.Cut(rule, ".o: ")
	if !ok {
		return nil
	}
	list = strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(list)
	var names []string
	var name strings.Builder
	flush := func() {
		if name.Len() > 0 {
			names = append(names, name.String())
			name.Reset()
		}
	}
	for i := 0; i < len(list); i++ {
		switch ch := list[i]; {
		case ch == '\\' && i+1 < len(list) && (list[i+1] == ' ' || list[i+1] == '#'):
			i++
			name.WriteByte(list[i])
		case ch == '$' && i+1 < len(list) && list[i+1] == '$':
			i++
			name.WriteByte('$')
		case ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t':
			flush()
		default:
			name.WriteByte(ch)
		}
	}
	flush()
	return names
}

// Includes lists every file that a command reads, including system headers. It returns nil if preprocessing fails.
func (c *Compilers) Includes(ctx context.Context, cmd Command) []string {
	timed, cancel := context.WithTimeout(ctx, c.settings.TimeLimit())
	defer cancel()
	r, err := process.Run(timed, process.Job{Path: cmd.Clang, Dir: cmd.Dir, Args: append(slices.Clone(cmd.Args), "-M"),
		MemoryBytes: c.settings.MemoryLimit()})
	if err != nil || r.Status != 0 {
		return nil
	}
	var out []string
	for _, name := range parseMakeRule(string(r.Stdout)) {
		out = append(out, disk.AbsIn(cmd.Dir, name))
	}
	return out
}
