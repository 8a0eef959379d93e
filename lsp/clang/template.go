// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"regexp"
)

// A header that a build makes of a template is there only after the build. For checking it is filled in as if everything were off.
const templateSuffix = ".in"

var (
	inQuotes     = regexp.MustCompile(`"[^"\n]*"`)
	placeholder  = regexp.MustCompile(`@\w+@|\$\{\w+\}`)
	cmakeDefine1 = regexp.MustCompile(`(?m)^(\s*#\s*)cmakedefine01\s+(\w+).*$`)
	cmakeDefine  = regexp.MustCompile(`(?m)^\s*#\s*cmakedefine\b.*$`)
)

// fromTemplate makes a header of its template, if the project has one, and returns the directory that it is included from.
func (c *Compiler) fromTemplate(ctx context.Context, file, header string) (string, error) {
	x, err := c.indexOf(ctx, file)
	if err != nil {
		return "", err
	}
	dirs := x.holding(filepath.Dir(file), header+templateSuffix, c.settings.arch())
	if len(dirs) == 0 || !filepath.IsLocal(filepath.FromSlash(header)) {
		return "", nil
	}
	name := filepath.Join(dirs[0], filepath.FromSlash(header)+templateSuffix)
	text, err := readText(name, maxSource)
	if err != nil {
		return "", err
	}
	cache, err := c.cacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(name+"\x00"), text...))
	dir := filepath.Join(cache, "made-"+hex.EncodeToString(sum[:8]))
	return dir, writeCached(filepath.Join(dir, filepath.FromSlash(header)), fillTemplate(text))
}

// fillTemplate leaves strings empty, makes numbers zero and defines no feature; files that configure fills in look alike.
func fillTemplate(text []byte) []byte {
	text = cmakeDefine1.ReplaceAll(text, []byte("${1}define $2 0"))
	text = cmakeDefine.ReplaceAll(text, nil)
	text = inQuotes.ReplaceAllFunc(text, func(s []byte) []byte { return placeholder.ReplaceAll(s, nil) })
	return placeholder.ReplaceAll(text, []byte("0"))
}
