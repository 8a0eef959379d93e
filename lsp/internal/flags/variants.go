// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"maps"
	"path/filepath"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// A script may compile one source several times with different definitions. The project file can name these sets of
// flags, and a check builds each of them.

type variantKey struct{}

// WithVariant returns a context in which a file is built as one of its variants.
func WithVariant(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, variantKey{}, name)
}

// VariantOf returns the variant of a context, empty for none.
func VariantOf(ctx context.Context) string {
	name, _ := ctx.Value(variantKey{}).(string)
	return name
}

// Variants returns the names of the variants that the project file has for a file, in order; none if it is built in one
// way.
func (s *Sources) Variants(ctx context.Context, file string) []string {
	file, err := filepath.Abs(file)
	if err != nil || len(s.settings.Flags) > 0 {
		return nil
	}
	f, err := s.fromProjectFile(project.WithDirCache(ctx), file)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(f.variants))
}
