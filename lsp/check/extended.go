// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// extender is a Builder that knows whose functions the programs of a file replace.
type extender interface {
	Extended(ctx context.Context, file string) []compile.Extended
}

// extended loads the objects that the programs of a unit extend, apart from its own. Those that cannot be built are
// left out: what they have is not known.
func (c *Checker) extended(ctx context.Context, req Request, o program.Options, r *Report) (out []program.Extended) {
	b, knows := c.Builder.(extender)
	if !knows || r.Command.File == "" {
		return nil
	}
	for _, e := range b.Extended(ctx, req.File) {
		if e.File == req.File {
			continue
		}
		built := c.part(ctx, e.File, req.Unsaved)
		r.Deps = append(r.Deps, e.File)
		r.Deps = append(r.Deps, built.Deps...)
		if built.ELF == nil {
			continue
		}
		o.Name = e.File
		obj, err := c.loadAs(o, func(o program.Options) (*program.Object, error) { return c.Load(built.ELF, o) })
		if err == nil {
			out = append(out, program.Extended{Object: obj, Program: e.Program})
		}
	}
	slices.Sort(r.Deps)
	r.Deps = slices.Compact(r.Deps)
	return out
}
