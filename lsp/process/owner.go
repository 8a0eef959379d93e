// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"fmt"
	"os"
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

// markVariable is set for every process that is started, and so for those that it starts in turn.
const markVariable = "BPF_LSP_RUN"

var runs atomic.Uint64

// nextMark tells the processes of one run from all others.
func nextMark() string { return fmt.Sprintf("%s=%s/%d", markVariable, self(), runs.Add(1)) }
