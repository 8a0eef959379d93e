// SPDX-License-Identifier: GPL-2.0-only

package disk

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Within reports whether a directory is another one or below it.
func Within(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && filepath.IsLocal(rel)
}

// Ancestors yields dir and every directory above it, up to one that everybody may write to, such as /tmp: what others leave there is not part
// of the projects below it.
func Ancestors(dir string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			if !yield(dir) {
				return
			}
			up := filepath.Dir(dir)
			if up == dir || isShared(up) {
				return
			}
			dir = up
		}
	}
}

// isShared reports whether a directory is one that everybody may write to.
func isShared(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.Mode()&fs.ModeSticky != 0 && info.Mode().Perm()&0o002 != 0
}

// AbsIn resolves name against dir; an empty name is dir itself.
func AbsIn(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// SameFile compares by name first and by identity on disk second, so that links and different spellings meet.
func SameFile(a, b string) bool {
	if a == b {
		return true
	}
	ai, err := os.Stat(a)
	if err != nil {
		return false
	}
	bi, err := os.Stat(b)
	return err == nil && os.SameFile(ai, bi)
}
