// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package disk

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestCachedFilesAreWhole damages cached files, which must be restored at the next use.
func TestCachedFilesAreWhole(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sub", "a.h")
	text := []byte("#define A 1\n")
	for what, damage := range map[string]func() error{
		"missing":   func() error { return os.RemoveAll(filepath.Dir(name)) },
		"empty":     func() error { return os.Truncate(name, 0) },
		"cut short": func() error { return os.Truncate(name, 5) },
		"longer":    func() error { return os.WriteFile(name, append(text, "x\n"...), 0o644) },
		"changed":   func() error { return os.WriteFile(name, []byte("#define A 2\n"), 0o644) },
	} {
		if err := WriteCached(name, text); err != nil {
			t.Fatal(err)
		}
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if err := WriteCached(name, text); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != string(text) {
			t.Errorf("%s: got %q, %v", what, got, err)
		}
	}
	left := name + ".1.tmp"
	for _, age := range []time.Duration{0, 2 * abandonedAfter} {
		at := time.Now().Add(-age)
		if err := os.WriteFile(left, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(left, at, at); err != nil {
			t.Fatal(err)
		}
		if err := WriteCached(name, append(text, age.String()...)); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); (err == nil) != (age == 0) {
			t.Errorf("a file that was being written %s ago: %v", age, err)
		}
	}
}
