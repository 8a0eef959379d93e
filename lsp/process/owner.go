// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

// What a killed process leaves behind names its owner: temporary directories in their names, processes in an
// environment variable. An owner is named by the system it ran on, its process id and its start time, because ids are
// reused.

// owner is one process that runs compilers.
type owner struct {
	host  string // identifies the system, that is, the namespace of process ids
	pid   int
	start uint64 // in units of the system, 0 if unknown
}

func (o owner) String() string { return fmt.Sprintf("%s-%d-%d", o.host, o.pid, o.start) }

// self is this process.
var self = sync.OnceValue(func() owner {
	pid := os.Getpid()
	start, _ := startOf(pid)
	return owner{hostID(), pid, start}
})

// markVariable is set for every child, and so for everything that a child starts.
const markVariable = "BPF_LSP_RUN"

var runs atomic.Uint64

// nextMark returns a mark that distinguishes the processes of one run from all others.
func nextMark() string { return fmt.Sprintf("%s=%s/%d", markVariable, self(), runs.Add(1)) }
