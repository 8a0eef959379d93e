// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// group is the process group of one child. The kernel kills the child if this process dies first.
type group struct{}

func newGroup(cmd *exec.Cmd) *group {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return &group{}
}

func (*group) kill(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// limit ignores errors: the child may have ended.
func (*group) limit(cmd *exec.Cmd, j Job) {
	set := func(resource int, max uint64) {
		if max > 0 {
			_ = unix.Prlimit(cmd.Process.Pid, resource, &unix.Rlimit{Cur: max, Max: max}, nil)
		}
	}
	set(unix.RLIMIT_AS, j.MemoryBytes)
	set(unix.RLIMIT_FSIZE, j.FileBytes)
	_ = unix.Prlimit(cmd.Process.Pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
}

func (*group) close() {}
