// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A killed server cannot clean up, so it starts a second process that does. The guard holds the read end of a pipe.
// Only the server has the write end, so the guard notices the server's end, whatever its cause.

// GuardArgument is the first argument of a guard process; the second is the argument of RunGuard.
const GuardArgument = "guard"

// StartGuard starts a guard of this process, whose program must handle GuardArgument. The returned function ends the
// guard.
func StartGuard() (stop func(), err error) {
	program, err := os.Executable()
	if err == nil {
		_, err = os.Stat(program)
	}
	if err != nil {
		program = "/proc/self/exe" // the program was replaced or removed since it was started
	}
	held, hold, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer held.Close()
	cmd := exec.Command(program, GuardArgument, self().String())
	cmd.Args[0] = os.Args[0]
	cmd.Dir = "/"
	cmd.Stdin = held
	// Signals to the server's group or terminal are not meant for the guard.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := starting(func() (int, error) {
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		return cmd.Process.Pid, nil
	}); err != nil {
		hold.Close()
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	return func() {
		hold.Close()
		select {
		case <-ended:
		case <-time.After(guardPatience):
		}
	}, nil
}

const (
	guardPatience = 2 * time.Second       // for the guard to end, and for the guard to end others
	guardPause    = 20 * time.Millisecond // between two looks for processes
)

// RunGuard waits for the end of its input, then kills the processes and removes the temporary directories of the
// process that it guards.
func RunGuard(of string, in io.Reader) error {
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT)
	words := strings.Split(of, "-")
	if len(words) != 3 {
		return fmt.Errorf("%q is not a process to guard", of)
	}
	pid, err := strconv.Atoi(words[1])
	start, serr := strconv.ParseUint(words[2], 10, 64)
	if err != nil || serr != nil {
		return fmt.Errorf("%q is not a process to guard", of)
	}
	guarded := owner{words[0], pid, start}
	_, _ = io.Copy(io.Discard, in)
	// A killed process may just have started another.
	began := time.Now()
	for quiet := 0; quiet < 2 && time.Since(began) < guardPatience; time.Sleep(guardPause) {
		left, open := killOwned(guarded)
		if quiet++; left || open && time.Since(began) < orphanPatience {
			quiet = 0
		}
	}
	removeTemporary(func(o owner) bool { return o == guarded })
	return nil
}
