// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// additionFiles extend the headers of an older libbpf. Each includes the next header of its own name on the search path
// and defines only what that leaves undefined. They are not in a directory named bpf here, because a search for headers
// would take that for a libbpf.
//
//go:embed libbpf_additions
var additionFiles embed.FS

// additionsPrefix begins the names of directories of headers that replace others.
const additionsPrefix = "newer-"

var guardPattern = regexp.MustCompile(`(?m)^#define (\w+)[ (]`)

// additionNames matches the names that the headers define, as whole words.
var additionNames = sync.OnceValue(func() *regexp.Regexp {
	var names []string
	eachAddition(func(_ string, text []byte) error {
		for _, m := range guardPattern.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
		return nil
	})
	return regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)\b`)
})

func eachAddition(do func(name string, text []byte) error) error {
	return fs.WalkDir(additionFiles, "libbpf_additions", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := additionFiles.ReadFile(name)
		if err != nil {
			return err
		}
		return do("bpf/"+strings.TrimPrefix(name, "libbpf_additions/"), text)
	})
}

// libbpfAdditions writes the headers to the cache and returns the include directory. Its name has a checksum of the
// text, so that versions of this program do not collide.
func (f *Finder) libbpfAdditions() (string, error) {
	cache, err := f.settings.Cache()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	if err := eachAddition(func(name string, text []byte) error {
		sum.Write([]byte(name))
		sum.Write(text)
		return nil
	}); err != nil {
		return "", err
	}
	dir := filepath.Join(cache, additionsPrefix+hex.EncodeToString(sum.Sum(nil)[:8]))
	return dir, eachAddition(func(name string, text []byte) error {
		return disk.WriteCached(filepath.Join(dir, filepath.FromSlash(name)), text)
	})
}
