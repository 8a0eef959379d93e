// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A process group does not hold everything that a compiler starts: what calls setsid leaves it. So this process adopts what its children
// leave behind when they end, and ends what bears their mark.

// adopted guards the children of this process: whoever looks at them must not meet one that is about to execute its program.
var adopted struct {
	sync.Mutex
	enabled bool
	started map[int]bool // children that are waited for by whoever started them
}

// Adopt has this process end, after each run of a compiler, what has left the compiler's process group. It is for programs that have no
// other children than those of this package.
func Adopt() {
	adopted.Lock()
	defer adopted.Unlock()
	adopted.enabled = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == nil
	adopted.started = map[int]bool{}
}

// starting runs the start of a child, which is known by the id that it returns.
func starting(start func() (pid int, err error)) error {
	adopted.Lock()
	defer adopted.Unlock()
	pid, err := start()
	if err == nil && adopted.enabled {
		adopted.started[pid] = true
	}
	return err
}

// orphanPatience is how long the end of killed processes is waited for.
const orphanPatience = time.Second

// endOrphans is for the end of a child that was started with a mark. What it has left behind ends as well.
func endOrphans(pid int, mark string) {
	adopted.Lock()
	delete(adopted.started, pid)
	enabled := adopted.enabled
	adopted.Unlock()
	if !enabled {
		return
	}
	for end := time.Now().Add(orphanPatience); killOrphans(mark) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// killOrphans kills adopted processes with a mark and reaps those that have ended; left reports whether there may be more.
func killOrphans(mark string) (left bool) {
	adopted.Lock()
	defer adopted.Unlock()
	for _, pid := range children() {
		if adopted.started[pid] {
			continue
		}
		if got, _ := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); got == pid {
			left = true // its own children may have come in its place
		} else if hasMark(pid, mark+"\x00") {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			left = true
		}
	}
	return left
}

// children are those of all threads of this process.
func children() (pids []int) {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for word := range strings.FieldsSeq(string(text)) {
			if pid, err := strconv.Atoi(word); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// hasMark reports whether a variable of a process's environment begins with a text.
func hasMark(pid int, begins string) bool {
	environ, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		return false
	}
	return bytes.HasPrefix(environ, []byte(begins)) || bytes.Contains(environ, []byte("\x00"+begins))
}

// killOwned kills every process of an owner that has ended; left reports whether there were any.
func killOwned(o owner) (left bool) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || slices.Contains([]int{os.Getpid(), o.pid}, pid) || !hasMark(pid, markVariable+"="+o.String()+"/") {
			continue
		}
		left = true
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return left
}
