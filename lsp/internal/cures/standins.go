// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// A header may exist under another name than the one included: the project's build copies or links it, or a submodule
// that was not fetched duplicates a system header. The included name is then created in the cache and forwards to the
// header.

// maxStandIns bounds how many headers are tried for a missing one.
const maxStandIns = 4

// copiedDirs are directories of UAPI headers from which projects copy single files.
var copiedDirs = []string{"linux", "asm-generic", "asm"}

// standIns returns directories that provide a missing name by forwarding to a header of the project or the system whose
// path ends alike.
func (f *Finder) standIns(x *project.Index, file, header string) ([]string, error) {
	if !filepath.IsLocal(filepath.FromSlash(header)) {
		return nil, nil
	}
	var targets []string
	for rest := header; ; {
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			break
		}
		rest = after
		if name := f.hostHeader(rest); name != "" {
			targets = append(targets, name)
		}
		for _, dir := range x.Holding(filepath.Dir(file), rest, f.settings.TargetArch()) {
			targets = append(targets, filepath.Join(dir, filepath.FromSlash(rest)))
		}
	}
	if strings.Contains(header, "/") {
		for _, dir := range copiedDirs {
			if name := f.hostHeader(dir + "/" + path.Base(header)); name != "" {
				targets = append(targets, name)
			}
		}
	}
	var out []string
	for _, target := range targets[:min(len(targets), maxStandIns)] {
		dir, err := f.alias(header, target)
		if err != nil {
			return nil, err
		}
		out = append(out, dir)
	}
	return out, nil
}

// hostHeader finds a header on the search path of compilers for this machine, empty if there is none.
func (f *Finder) hostHeader(header string) string {
	for _, dir := range f.compilers.HostIncludes() {
		name := filepath.Join(dir, filepath.FromSlash(header))
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			return name
		}
	}
	return ""
}

// dirsBelow returns directories from which the given number of "../" and the header's name lead to the header.
func (f *Finder) dirsBelow(ctx context.Context, file, header string, steps int) ([]string, error) {
	dirs, err := f.includeDirs(ctx, file, header)
	if err != nil || !filepath.IsLocal(filepath.FromSlash(header)) {
		return nil, err
	}
	var out []string
	for _, dir := range dirs[:min(len(dirs), maxStandIns)] {
		above, err := f.alias(header, filepath.Join(dir, filepath.FromSlash(header)))
		if err != nil {
			return nil, err
		}
		below := filepath.Join(above, filepath.FromSlash(strings.Repeat(belowName+"/", min(steps, maxSteps))))
		if err := os.MkdirAll(below, 0o755); err != nil {
			return nil, err
		}
		out = append(out, below)
	}
	return out, nil
}

// belowName is the name of an empty directory.
const belowName = "below"

// maxSteps bounds how many of them are nested.
const maxSteps = 16

// alias creates a directory that provides a header under another name.
func (f *Finder) alias(header, target string) (string, error) {
	cache, err := f.settings.Cache()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(header + "\x00" + target))
	dir := filepath.Join(cache, "alias-"+hex.EncodeToString(sum[:8]))
	return dir, disk.WriteCached(filepath.Join(dir, filepath.FromSlash(header)),
		[]byte("#include "+strconv.Quote(filepath.ToSlash(target))+"\n"))
}
