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

// A process group does not hold everything that a compiler starts: what calls setsid leaves it. So this process adopts what its children
// leave behind when they end, and ends what bears their mark.

// adopted guards the children of this process: whoever looks at them must not meet one that is about to execute its program.
var adopted struct {
	sync.Mutex
	enabled bool
	started map[int]bool // children that are waited for by whoever started them
	// open are adopted ones that for a whole wait did not say whose they are, with the mark of the run that goes on to look at them.
	open map[int]string
}

// Adopt has this process end, after each run of a compiler, what has left the compiler's process group. It is for programs that have no
// other children than those of this package.
func Adopt() {
	adopted.Lock()
	defer adopted.Unlock()
	adopted.enabled = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == nil
	adopted.started, adopted.open = map[int]bool{}, map[int]string{}
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

const (
	orphanPatience = time.Second // how long the end of a run waits for the end of what it has left behind
	orphanPursuit  = time.Minute // how long that is looked for in all
)

// endOrphans is for the end of a child that was started with a mark. What it has left behind ends as well, on a busy machine some time after
// endOrphans has returned.
func endOrphans(pid int, mark string) {
	adopted.Lock()
	delete(adopted.started, pid)
	enabled := adopted.enabled
	adopted.Unlock()
	if enabled && !endOrphansWithin(orphanPatience, mark) {
		go endOrphansWithin(orphanPursuit, mark)
	}
}

// endOrphansWithin reports whether all that was left behind has ended. Two looks must find nothing: the kernel leaves children out of a list
// that others leave meanwhile.
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

// keepOpen has other runs not wait for processes that do not say whose they are.
func keepOpen(pids []int, mark string) {
	adopted.Lock()
	defer adopted.Unlock()
	for _, pid := range pids {
		adopted.open[pid] = mark
	}
}

// killOrphans kills adopted processes with a mark and reaps those that have ended; left reports whether there may be more. A process that
// ends or is about to execute a program has no environment to read: open are those of which it cannot be said yet whose they are.
func killOrphans(mark string) (left bool, open []int) {
	adopted.Lock()
	defer adopted.Unlock()
	for _, pid := range children() {
		if adopted.started[pid] {
			continue
		}
		if got, _ := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); got == pid {
			delete(adopted.open, pid)
			left = true // its own children may have come in its place
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

// environOf is the environment of a process, empty if it has none at the moment.
func environOf(pid int) []byte {
	environ, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return environ
}

// hasMark reports whether a variable of an environment begins with a text.
func hasMark(environ []byte, begins string) bool {
	return bytes.HasPrefix(environ, []byte(begins)) || bytes.Contains(environ, []byte("\x00"+begins))
}

// killOwned kills every process of an owner that has ended; left reports whether there were any, open whether there are processes of which
// it cannot be said yet, as they are about to execute a program.
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

// mayBeOf reports whether a process is of this user, younger than an owner, and neither one of the kernel's nor at its end.
func mayBeOf(o owner, pid int, e fs.DirEntry) bool {
	info, err := e.Info()
	if err != nil || !isOurs(info) {
		return false
	}
	start, alive := startOf(pid)
	memory, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	return alive && start >= o.start && len(memory) > 0 && !bytes.HasPrefix(memory, []byte("0 "))
}
