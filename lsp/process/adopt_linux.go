// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"bytes"
	"io/fs"
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

// A process group does not hold everything that a compiler starts: a process leaves it with setsid. So this process
// becomes the subreaper of its descendants, and kills orphans that carry its mark.

// adopted guards the children of this process. Nobody may inspect a child that is about to execute its program.
var adopted struct {
	sync.Mutex
	enabled bool
	started map[int]bool // children that their starter waits for
	// open are orphans that did not reveal their owner within a whole wait, with the mark of the run that keeps looking
	// at them.
	open map[int]string
}

// Adopt makes this process kill, after each run of a compiler, what has left the compiler's process group. Use it only
// in programs whose children are all started by this package.
func Adopt() {
	adopted.Lock()
	defer adopted.Unlock()
	adopted.enabled = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == nil
	adopted.started, adopted.open = map[int]bool{}, map[int]string{}
}

// starting starts a child and records its process id.
func starting(start func() (pid int, err error)) error {
	adopted.Lock()
	defer adopted.Unlock()
	pid, err := start()
	if err == nil && adopted.enabled {
		adopted.started[pid] = true
	}
	return err
}

const (
	orphanPatience = time.Second // how long the end of a run waits for its orphans to end
	orphanPursuit  = time.Minute // how long they are pursued in total
)

// endOrphans kills what a child with this mark has left behind. On a busy machine this may complete after endOrphans
// returns.
func endOrphans(pid int, mark string) {
	adopted.Lock()
	delete(adopted.started, pid)
	enabled := adopted.enabled
	adopted.Unlock()
	if enabled && !endOrphansWithin(orphanPatience, mark) {
		go endOrphansWithin(orphanPursuit, mark)
	}
}

// endOrphansWithin reports whether all orphans have ended. Two looks must find nothing, because the kernel omits
// children from the list while others leave it.
func endOrphansWithin(patience time.Duration, mark string) bool {
	end := time.Now().Add(patience)
	for quiet := 0; quiet < 2; quiet++ {
		for {
			left, open := killOrphans(mark)
			if !left && len(open) == 0 {
				break
			}
			if !time.Now().Before(end) {
				keepOpen(open, mark)
				return false
			}
			quiet = 0
			time.Sleep(time.Millisecond)
		}
	}
	return true
}

// keepOpen keeps other runs from waiting for processes whose owner is unknown.
func keepOpen(pids []int, mark string) {
	adopted.Lock()
	defer adopted.Unlock()
	for _, pid := range pids {
		adopted.open[pid] = mark
	}
}

// killOrphans kills orphans with a mark and reaps those that have ended; left reports whether there may be more. A
// process that is exiting or about to execute a program has no environment to read; open are those whose owner is
// unknown for that reason.
func killOrphans(mark string) (left bool, open []int) {
	adopted.Lock()
	defer adopted.Unlock()
	for _, pid := range children() {
		if adopted.started[pid] {
			continue
		}
		if got, _ := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); got == pid {
			delete(adopted.open, pid)
			left = true // its own children may have been adopted instead
			continue
		}
		switch environ := environOf(pid); {
		case hasMark(environ, mark+"\x00"):
			_ = syscall.Kill(pid, syscall.SIGKILL)
			left = true
		case len(environ) == 0 && (adopted.open[pid] == "" || adopted.open[pid] == mark):
			open = append(open, pid)
		}
	}
	return left, open
}

// children returns the children of all threads of this process.
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

// environOf returns the environment of a process, empty if it has none at the moment.
func environOf(pid int) []byte {
	environ, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return environ
}

// hasMark reports whether a variable of an environment begins with a text.
func hasMark(environ []byte, begins string) bool {
	return bytes.HasPrefix(environ, []byte(begins)) || bytes.Contains(environ, []byte("\x00"+begins))
}

// killOwned kills every process of an owner that has ended; left reports whether there were any, open whether there are
// processes whose owner is unknown because they are about to execute a program.
func killOwned(o owner) (left, open bool) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || slices.Contains([]int{os.Getpid(), o.pid}, pid) {
			continue
		}
		switch environ := environOf(pid); {
		case hasMark(environ, markVariable+"="+o.String()+"/"):
			left = true
			_ = syscall.Kill(pid, syscall.SIGKILL)
		case len(environ) == 0 && mayBeOf(o, pid, e):
			open = true
		}
	}
	return left, open
}

// mayBeOf reports whether a process belongs to this user, is younger than the owner, and is neither a kernel thread nor
// exiting.
func mayBeOf(o owner, pid int, e fs.DirEntry) bool {
	info, err := e.Info()
	if err != nil || !isOurs(info) {
		return false
	}
	start, alive := startOf(pid)
	memory, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	return alive && start >= o.start && len(memory) > 0 && !bytes.HasPrefix(memory, []byte("0 "))
}
