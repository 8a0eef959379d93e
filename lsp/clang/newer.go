// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// newerFiles add to an older libbpf's headers. Each includes the next header of its own name on the search path, and defines only
// what that leaves undefined. They are not in a directory bpf here, which would be one of libbpf's to a search for headers.
//
//go:embed newer
var newerFiles embed.FS

// newerPrefix begins the name of the directory they are written to.
const newerPrefix = "newer-"

var guardPattern = regexp.MustCompile(`(?m)^#define (\w+)[ (]`)

// newerNames matches the names that the added headers define, as whole words.
var newerNames = sync.OnceValue(func() *regexp.Regexp {
	var names []string
	eachNewer(func(_ string, text []byte) error {
		for _, m := range guardPattern.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
		return nil
	})
	return regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)\b`)
})

func eachNewer(do func(name string, text []byte) error) error {
	return fs.WalkDir(newerFiles, "newer", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := newerFiles.ReadFile(name)
		if err != nil {
			return err
		}
		return do("bpf/"+strings.TrimPrefix(name, "newer/"), text)
	})
}

// newerHeaders writes the headers to the cache and returns the directory that <bpf/…> is found under. Its name has a sum of their
// text, so that versions of this program do not meet there.
func (c *Compiler) newerHeaders() (string, error) {
	cache, err := c.cacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	if err := eachNewer(func(name string, text []byte) error { sum.Write([]byte(name)); sum.Write(text); return nil }); err != nil {
		return "", err
	}
	dir := filepath.Join(cache, newerPrefix+hex.EncodeToString(sum.Sum(nil)[:8]))
	return dir, eachNewer(func(name string, text []byte) error {
		return writeCached(filepath.Join(dir, filepath.FromSlash(name)), text)
	})
}
