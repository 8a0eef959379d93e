// SPDX-License-Identifier: GPL-2.0-only

//go:build unix && !linux

package process

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

func hostID() string {
	name, _ := os.Hostname()
	return fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:12]
}

// startOf reports whether a process exists; its start time is not available here.
func startOf(pid int) (start uint64, ok bool) {
	return 0, !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

func isOurs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
