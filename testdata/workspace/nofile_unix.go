// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package workspace

import (
	"os"
	"syscall"
	"testing"
)

// NoFiles are the kinds of NoFile.
var NoFiles = []string{"pipe", "device", "directory", "link to itself"}

// NoFile makes something of one of the kinds in NoFiles, whose reading fails or never ends, and skips the test if the
// system cannot.
func NoFile(t *testing.T, name, kind string) {
	t.Helper()
	var err error
	switch kind {
	case "pipe":
		err = syscall.Mkfifo(name, 0o600)
	case "device":
		err = os.Symlink("/dev/zero", name)
	case "directory":
		err = os.Mkdir(name, 0o755)
	default:
		err = os.Symlink(name, name)
	}
	if err != nil {
		t.Skip(err)
	}
}
