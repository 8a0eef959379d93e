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
)

// DirCache remembers which names directories hold. Every source of flags looks into every directory above a file, and for the files of one
// workspace these are the same directories over and over.
type DirCache struct {
	mu   sync.Mutex
	dirs map[string][]string
	// silent are the Go files that do not mention bpf2go.
	silent map[string]bool
	// indexes are those of projects that were found to be fresh.
	indexes map[string]*Index
}

type dirCacheKey struct{}

// WithDirCache returns a context in which each directory is listed once. It is for many questions at once: what appears later is not
// seen in it.
func WithDirCache(ctx context.Context) context.Context {
	if ctx.Value(dirCacheKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, dirCacheKey{}, &DirCache{dirs: map[string][]string{}, silent: map[string]bool{}, indexes: map[string]*Index{}})
}

// DirCacheOf is the listing of a context, or an empty one.
func DirCacheOf(ctx context.Context) *DirCache {
	return WithDirCache(ctx).Value(dirCacheKey{}).(*DirCache)
}

// names are the sorted names in a directory; none if it cannot be read.
func (l *DirCache) names(dir string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	names, ok := l.dirs[dir]
	if !ok {
		// Not everything that a pattern matches is a directory, and to open a pipe may never end.
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

// Has reports whether a directory holds a name. One may be allowed to open what is in a directory but not to list it.
func (l *DirCache) Has(dir, name string) bool {
	names := l.names(dir)
	if len(names) == 0 {
		_, err := os.Lstat(filepath.Join(dir, name))
		return err == nil
	}
	_, ok := slices.BinarySearch(names, name)
	return ok
}

// Glob lists what matches a pattern below a directory, whose own name may have any characters.
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

// index is that of a project which is known to be fresh, nil if none is.
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

// SetWithoutBPF2Go notes that a Go file does not mention bpf2go.
func (l *DirCache) SetWithoutBPF2Go(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent[name] = true
}
