// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// variants returns the names of the variants of a file, none if it is built in one way.
func (c *Checker) variants(ctx context.Context, file string) []string {
	b, ok := c.Builder.(interface {
		Variants(ctx context.Context, file string) []string
	})
	if !ok {
		return nil
	}
	return b.Variants(ctx, file)
}

// unitVariants checks a unit once per variant. A diagnostic of several variants is reported once, with the name of the
// first.
func (c *Checker) unitVariants(ctx context.Context, req Request, names []string) (Report, error) {
	var all Report
	told := map[string]bool{}
	for i, name := range names {
		r, err := c.unit(compile.WithVariant(ctx, name), req)
		if err != nil {
			return r, err
		}
		r.Faults, r.Compiler = newIn(name, r.Faults, told), newIn(name, r.Compiler, told)
		for _, run := range r.Programs {
			run.Object += " (" + name + ")"
			run.Summary.Text = catalog.ProgramVariant.With(catalog.Facts{"variant": name, "summary": run.Summary.Text})
			run.Diagnostics = newIn(name, run.Diagnostics, told)
		}
		if i == 0 {
			all = r
			continue
		}
		all.join(&r)
	}
	all.varied = true
	return all, nil
}

// join adds the result of another variant.
func (r *Report) join(other *Report) {
	r.Programs = append(r.Programs, other.Programs...)
	r.Compiler = append(r.Compiler, other.Compiler...)
	r.Faults = append(r.Faults, other.Faults...)
	r.Deps = append(r.Deps, other.Deps...)
	slices.Sort(r.Deps)
	r.Deps = slices.Compact(r.Deps)
	r.Partial = r.Partial || other.Partial
	if other.Failed() {
		r.Object = nil // incomplete
	}
}

// newIn keeps the diagnostics that no variant before had, and adds the name of the variant to them.
func newIn(name string, ds []diag.Diagnostic, told map[string]bool) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, d := range ds {
		key := fmt.Sprint(d.Code, d.Span, d.Reason, d.Program)
		if told[key] {
			continue
		}
		told[key] = true
		d.Related = append(slices.Clone(d.Related), diag.Related{Span: d.Span, Message: "in the variant " + name,
			Note: true})
		out = append(out, d)
	}
	return out
}
