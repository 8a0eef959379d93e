// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// temporaryPrefix begins the names of temporary directories.
const temporaryPrefix = "bpf-lsp-"

var temporaryName = regexp.MustCompile(`^` + temporaryPrefix + `([0-9a-f]+)-(\d+)-(\d+)-`)

// MakeTemporary creates a directory for one build.
func MakeTemporary() (string, error) {
	return os.MkdirTemp("", temporaryPrefix+self().String()+"-")
}

// RemoveAbandoned removes the temporary directories of killed processes. Those of live processes stay, and so do those
// of unknown owners, such as in another container that shares the directory.
func RemoveAbandoned() {
	removeTemporary(func(o owner) bool {
		if o.host != self().host {
			return false
		}
		start, alive := startOf(o.pid)
		return !alive || start != o.start
	})
}

// removeTemporary removes this user's temporary directories whose owner matches.
func removeTemporary(of func(owner) bool) {
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		return
	}
	for _, e := range entries {
		m := temporaryName.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		pid, err := strconv.Atoi(m[2])
		start, serr := strconv.ParseUint(m[3], 10, 64)
		info, ierr := e.Info()
		if err == nil && serr == nil && ierr == nil && e.Type() == fs.ModeDir && isOurs(info) &&
			of(owner{m[1], pid, start}) {
			_ = os.RemoveAll(filepath.Join(os.TempDir(), e.Name()))
		}
	}
}
