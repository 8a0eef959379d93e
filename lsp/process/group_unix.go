// SPDX-License-Identifier: GPL-2.0-only

//go:build unix && !linux

package process

import (
	"os/exec"
	"syscall"
)

// group is the process group of one child. These systems cannot limit a running process.
type group struct{}

func newGroup(cmd *exec.Cmd) *group {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &group{}
}

func (*group) kill(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func (*group) limit(*exec.Cmd, Job) {}

func (*group) close() {}
