// SPDX-License-Identifier: GPL-2.0-only

package disk

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Within reports whether dir is root or below it.
func Within(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && filepath.IsLocal(rel)
}

// Ancestors yields dir and the directories above it. It stops below directories that everybody may write to, such as
// /tmp: files that others leave there do not belong to the projects below.
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

// isShared reports whether everybody may write to a directory.
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

// SameFile compares names first and file identities second, so that links and different spellings match.
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
