// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// DirCache remembers the names in directories. Every source of flags looks into every directory above a file, and for
// the files of one workspace these are mostly the same.
type DirCache struct {
	mu   sync.Mutex
	dirs map[string][]string
	// silent are the Go files known not to mention bpf2go.
	silent map[string]bool
	// indexes are the indexes known to be current.
	indexes map[string]*Index
	// texts are small files that several questions read.
	texts map[string]fileText
}

type fileText struct {
	text []byte
	err  error
}

type dirCacheKey struct{}

// WithDirCache returns a context in which each directory is listed once, and each project file is read once. Use it for
// many questions at once: later changes are not seen.
func WithDirCache(ctx context.Context) context.Context {
	if ctx.Value(dirCacheKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, dirCacheKey{}, &DirCache{dirs: map[string][]string{}, silent: map[string]bool{},
		indexes: map[string]*Index{}, texts: map[string]fileText{}})
}

// DirCacheOf returns the cache of a context, or an empty one.
func DirCacheOf(ctx context.Context) *DirCache {
	return WithDirCache(ctx).Value(dirCacheKey{}).(*DirCache)
}

// names returns the sorted names in a directory, none if it cannot be read.
func (l *DirCache) names(dir string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	names, ok := l.dirs[dir]
	if !ok {
		// A pattern also matches what is not a directory, and opening a pipe may block forever.
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			l.dirs[dir] = nil
			return nil
		}
		if f, err := os.Open(dir); err == nil {
			names, _ = f.Readdirnames(-1)
			f.Close()
			slices.Sort(names)
		}
		l.dirs[dir] = names
	}
	return names
}

// Has reports whether a directory holds a name. A directory may allow opening files but not listing them.
func (l *DirCache) Has(dir, name string) bool {
	names := l.names(dir)
	if len(names) == 0 {
		_, err := os.Lstat(filepath.Join(dir, name))
		return err == nil
	}
	_, ok := slices.BinarySearch(names, name)
	return ok
}

// Glob lists the names that match a pattern below a directory. The directory's own name is not a pattern.
func (l *DirCache) Glob(dir, pattern string) []string {
	found := []string{dir}
	for _, element := range strings.Split(path.Clean(filepath.ToSlash(pattern)), "/") {
		var below []string
		for _, d := range found {
			if !strings.ContainsAny(element, "*?[") {
				if l.Has(d, element) {
					below = append(below, filepath.Join(d, element))
				}
				continue
			}
			for _, name := range l.names(d) {
				if ok, err := path.Match(element, name); ok && err == nil {
					below = append(below, filepath.Join(d, name))
				}
			}
		}
		found = below
	}
	return found
}

// Text reads a build file, once.
func (l *DirCache) Text(name string) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.texts[name]
	if !ok {
		t.text, t.err = disk.ReadText(name, disk.MaxBuildFile)
		l.texts[name] = t
	}
	return t.text, t.err
}

// index returns the current index of a project, nil if there is none.
func (l *DirCache) index(root string) *Index {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.indexes[root]
}

func (l *DirCache) setIndex(x *Index) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.indexes[x.root] = x
}

// WithoutBPF2Go reports whether a Go file is known not to mention bpf2go.
func (l *DirCache) WithoutBPF2Go(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.silent[name]
}

// SetWithoutBPF2Go records that a Go file does not mention bpf2go.
func (l *DirCache) SetWithoutBPF2Go(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent[name] = true
}
