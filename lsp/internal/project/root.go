// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// Indexes caches an index per project. It is safe for concurrent use.
type Indexes struct {
	root string // see Root

	mu   sync.Mutex
	kept map[string]*Index // by the top of the project
}

// New returns Indexes with an empty cache. root is the top of all projects below it, empty for none.
func New(root string) *Indexes { return &Indexes{root: root, kept: map[string]*Index{}} }

// Forget drops all indexes.
func (p *Indexes) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.kept)
}

// Root returns the top of a file's project: the setting, else the nearest directory above under version control, else
// the nearest with a project file, else the file's own directory. A repository may hold several modules that include
// each other's headers.
func (p *Indexes) Root(file string) string {
	dir := filepath.Dir(file)
	if r := p.root; r != "" && disk.Within(r, dir) {
		return r
	}
	for d := range disk.Ancestors(dir) {
		if hasMarker(d, versionControl) {
			return d
		}
	}
	for d := range disk.Ancestors(dir) {
		if isTop(d) {
			return d
		}
	}
	return dir
}

// Files at the top of a project that say how its sources are compiled.
const (
	ConfigName   = "bpf-lsp.yaml"
	DatabaseName = "compile_commands.json"
)

// versionControl are the names that mark the top of a repository.
var versionControl = []string{".git", ".hg", ".svn"}

// isTop reports whether a directory looks like the top of a project.
func isTop(dir string) bool {
	return hasMarker(dir, versionControl) || hasMarker(dir, []string{ConfigName, "go.mod", DatabaseName})
}

func hasMarker(dir string, names []string) bool {
	return slices.ContainsFunc(names, func(marker string) bool {
		_, err := os.Lstat(filepath.Join(dir, marker))
		return err == nil
	})
}
