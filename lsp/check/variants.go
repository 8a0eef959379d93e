// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// variants are the sets of flags that a file is compiled with, none if there is one.
func (c *Checker) variants(ctx context.Context, file string) []string {
	b, ok := c.Builder.(interface {
		Variants(ctx context.Context, file string) []string
	})
	if !ok {
		return nil
	}
	return b.Variants(ctx, file)
}

// unitVariants checks a unit once for each variant. What is told of several of them is told once, with the name of the first.
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
			run.Diagnostics = newIn(name, run.Diagnostics, told)
		}
		if i == 0 {
			all = r
			continue
		}
		all.join(&r)
	}
	return all, nil
}

// join adds what is known of another variant.
func (r *Report) join(other *Report) {
	r.Programs = append(r.Programs, other.Programs...)
	r.Compiler = append(r.Compiler, other.Compiler...)
	r.Faults = append(r.Faults, other.Faults...)
	r.Deps = append(r.Deps, other.Deps...)
	slices.Sort(r.Deps)
	r.Deps = slices.Compact(r.Deps)
	r.Partial = r.Partial || other.Partial
	if other.Failed() {
		r.Object = nil // not all of it could be checked
	}
}

// newIn keeps the diagnostics that no variant before had, and says which has them.
func newIn(name string, ds []diag.Diagnostic, told map[string]bool) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, d := range ds {
		key := fmt.Sprint(d.Code, d.Span, d.Reason, d.Program)
		if told[key] {
			continue
		}
		told[key] = true
		d.Related = append(slices.Clone(d.Related), diag.Related{Span: d.Span, Message: "in the variant " + name, Note: true})
		out = append(out, d)
	}
	return out
}
