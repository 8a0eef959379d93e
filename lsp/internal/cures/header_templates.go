// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"regexp"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// templateSuffix ends the names of templates. A header generated from a template exists only after the build. For
// checking it is filled in as if all features were off.
const templateSuffix = ".in"

var (
	inQuotes     = regexp.MustCompile(`"[^"\n]*"`)
	placeholder  = regexp.MustCompile(`@\w+@|\$\{\w+\}`)
	cmakeDefine1 = regexp.MustCompile(`(?m)^(\s*#\s*)cmakedefine01\s+(\w+).*$`)
	cmakeDefine  = regexp.MustCompile(`(?m)^\s*#\s*cmakedefine\b.*$`)
)

// fromTemplate generates a header from its template, if the project has one, and returns its include directory.
func (f *Finder) fromTemplate(ctx context.Context, file, header string) (string, error) {
	x, err := f.projects.Of(ctx, file)
	if err != nil {
		return "", err
	}
	dirs := x.Holding(filepath.Dir(file), header+templateSuffix, f.settings.TargetArch())
	if len(dirs) == 0 || !filepath.IsLocal(filepath.FromSlash(header)) {
		return "", nil
	}
	name := filepath.Join(dirs[0], filepath.FromSlash(header)+templateSuffix)
	text, err := disk.ReadText(name, disk.MaxSource)
	if err != nil {
		return "", err
	}
	cache, err := f.settings.Cache()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(name+"\x00"), text...))
	dir := filepath.Join(cache, "made-"+hex.EncodeToString(sum[:8]))
	return dir, disk.WriteCached(filepath.Join(dir, filepath.FromSlash(header)), fillTemplate(text))
}

// fillTemplate empties strings, sets numbers to zero and defines no feature.
func fillTemplate(text []byte) []byte {
	text = cmakeDefine1.ReplaceAll(text, []byte("${1}define $2 0"))
	text = cmakeDefine.ReplaceAll(text, nil)
	text = inQuotes.ReplaceAllFunc(text, func(s []byte) []byte { return placeholder.ReplaceAll(s, nil) })
	return placeholder.ReplaceAll(text, []byte("0"))
}
