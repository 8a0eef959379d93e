// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
)

// What a process leaves behind when it is killed says whose it was: temporary directories by their names, processes by a variable of their
// environment. Both name the owner by where it ran, its process id, and when it started, since ids are used again.

// owner is one process that runs compilers.
type owner struct {
	host  string // of systems whose process ids mean the same
	pid   int
	start uint64 // in units of the system, 0 where it does not tell
}

func (o owner) String() string { return fmt.Sprintf("%s-%d-%d", o.host, o.pid, o.start) }

// self is this process.
var self = sync.OnceValue(func() owner {
	pid := os.Getpid()
	start, _ := startOf(pid)
	return owner{hostID(), pid, start}
})

// temporaryPrefix begins the names of temporary directories.
const temporaryPrefix = "bpf-lsp-"

var temporaryName = regexp.MustCompile(`^` + temporaryPrefix + `([0-9a-f]+)-(\d+)-(\d+)-`)

// makeTemporary makes a directory for one build.
func makeTemporary() (string, error) {
	return os.MkdirTemp("", temporaryPrefix+self().String()+"-")
}

// RemoveAbandoned removes the temporary directories of processes that were killed. Those of processes that live, and those of which it
// cannot be said, such as of another container that shares the directory, stay.
func RemoveAbandoned() {
	removeTemporary(func(o owner) bool {
		if o.host != self().host {
			return false
		}
		start, alive := startOf(o.pid)
		return !alive || start != o.start
	})
}

// removeTemporary removes temporary directories of this user by their owners.
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
		if err == nil && serr == nil && ierr == nil && e.Type() == fs.ModeDir && isOurs(info) && of(owner{m[1], pid, start}) {
			_ = os.RemoveAll(filepath.Join(os.TempDir(), e.Name()))
		}
	}
}

// markVariable is set for every process that is started, and so for those that it starts in turn.
const markVariable = "BPF_LSP_RUN"

var runs atomic.Uint64

// nextMark tells the processes of one run from all others.
func nextMark() string { return fmt.Sprintf("%s=%s/%d", markVariable, self(), runs.Add(1)) }
