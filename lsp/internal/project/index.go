// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxIndexEntries bounds how much of a project is indexed; a kernel tree has about a hundred thousand files.
const maxIndexEntries = 200_000

// Index lists the files of a project that matter for compiling its BPF programs. One walk builds it, and it is used
// until a directory changes.
type Index struct {
	root string
	// dirs maps directories to their modification times.
	dirs map[string]time.Time
	// named maps base names to files that can be included or say how something is built.
	named map[string][]string

	texts       sync.Once
	definitions Definitions
}

// indexedSuffixes end the names of files that are included.
var indexedSuffixes = []string{".h", ".c", ".hpp", ".inc", ".def", ".in", ".tbl"}

// Of returns the index of a file's project, and rebuilds it if the project has changed.
func (p *Indexes) Of(ctx context.Context, file string) (*Index, error) {
	root := p.Root(file)
	listed := DirCacheOf(ctx)
	if x := listed.index(root); x != nil {
		return x, nil
	}
	p.mu.Lock()
	x := p.kept[root]
	p.mu.Unlock()
	if x == nil || !x.fresh() {
		var err error
		if x, err = newIndex(ctx, root); err != nil {
			return nil, err
		}
		p.mu.Lock()
		p.kept[root] = x
		p.mu.Unlock()
	}
	listed.setIndex(x)
	return x, nil
}

func newIndex(ctx context.Context, root string) (*Index, error) {
	x := &Index{root: root, dirs: map[string]time.Time{}, named: map[string][]string{}}
	entries := 0
	// The separator makes WalkDir follow a root that is itself a link.
	err := filepath.WalkDir(root+string(filepath.Separator), func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // unreadable directories are skipped
		}
		if entries++; entries > maxIndexEntries {
			return fs.SkipAll
		}
		if entries%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		name = filepath.Clean(name)
		switch base := e.Name(); {
		case e.IsDir() && SkippedDirs[base] && name != root:
			return fs.SkipDir
		case e.IsDir():
			if info, err := e.Info(); err == nil {
				x.dirs[name] = info.ModTime()
			}
		case hasAnySuffix(base, indexedSuffixes) || isBuildFile(base) || slices.Contains(flagFileNames, base):
			x.named[base] = append(x.named[base], name)
		}
		return nil
	})
	return x, err
}

// Named returns the files of a name that can be included or say how something is built.
func (x *Index) Named(base string) []string { return slices.Clone(x.named[base]) }

// fresh reports whether all directories are unchanged.
func (x *Index) fresh() bool {
	for dir, changed := range x.dirs {
		if info, err := os.Stat(dir); err != nil || !info.ModTime().Equal(changed) {
			return false
		}
	}
	return true
}

// Stamp changes with the directories of the project.
func (x *Index) Stamp() string {
	h := sha256.New()
	for _, dir := range slices.Sorted(maps.Keys(x.dirs)) {
		io.WriteString(h, dir+"\x00"+x.dirs[dir].String()+"\x00")
	}
	return hex.EncodeToString(h.Sum(nil))
}

// flagFileNames are the names of files that hold nothing but flags.
var flagFileNames = []string{ConfigName, DatabaseName, "compile_flags.txt", ".clangd", "build.ninja"}

// BuildStamp changes with the files that say how the project is built, except for Go files, of which few do.
func (x *Index) BuildStamp() string {
	h := sha256.New()
	for _, base := range slices.Sorted(maps.Keys(x.named)) {
		if !isBuildFile(base) && !slices.Contains(flagFileNames, base) || strings.HasSuffix(base, ".go") {
			continue
		}
		for _, name := range x.named[base] {
			if info, err := os.Stat(name); err == nil {
				io.WriteString(h, name+"\x00"+info.ModTime().String()+"\x00")
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Holding returns the directories from which #include finds a header, the likeliest first: for this architecture, named
// by a build file, close to start.
func (x *Index) Holding(start, header, arch string) []string {
	type candidate struct {
		dir   string
		other bool // for another architecture
		steps int
	}
	header = path.Clean(filepath.ToSlash(header))
	var found []candidate
	for _, name := range x.named[path.Base(header)] {
		dir, ok := strings.CutSuffix(filepath.ToSlash(name), "/"+header)
		if !ok {
			continue
		}
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			continue // a broken link
		}
		dir = filepath.FromSlash(dir)
		steps := Distance(start, dir)
		if x.Definitions().includes(dir) {
			steps -= namedBonus
		}
		found = append(found, candidate{dir, x.otherArch(dir, arch), steps})
	}
	slices.SortFunc(found, func(a, b candidate) int {
		switch {
		case a.other != b.other && a.other:
			return 1
		case a.other != b.other:
			return -1
		}
		return cmp.Or(cmp.Compare(a.steps, b.steps), cmp.Compare(a.dir, b.dir))
	})
	var out []string
	for _, f := range found {
		if !slices.Contains(out, f.dir) {
			out = append(out, f.dir)
		}
	}
	return out
}

// namedBonus is how many steps nearer a directory counts if a build file names it.
const namedBonus = 3

// otherArch reports whether a directory belongs to another architecture.
func (x *Index) otherArch(dir, arch string) bool {
	rel, err := filepath.Rel(x.root, dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(strings.Split(filepath.ToSlash(rel), "/"), func(part string) bool {
		return otherArch(part, arch)
	})
}

// Distance counts the steps up and down from one directory to another.
func Distance(from, to string) int {
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return 1 << 20
	}
	if rel == "." {
		return 0
	}
	return strings.Count(filepath.ToSlash(rel), "/") + 1
}

// hasAnyPrefix reports whether s begins with one of the prefixes.
func hasAnyPrefix(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// hasAnySuffix reports whether s ends with one of the suffixes.
func hasAnySuffix(s string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(s, suffix) })
}

// SkippedDirs never hold headers that a BPF program includes.
var SkippedDirs = map[string]bool{".git": true, ".hg": true, ".svn": true, "node_modules": true, "target": true,
	".venv": true, "__pycache__": true}
