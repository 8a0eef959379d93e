// SPDX-License-Identifier: GPL-2.0-only

package process

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// hostID differs between boots and between namespaces of process ids.
func hostID() string {
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	namespace, _ := os.Readlink("/proc/self/ns/pid")
	return fmt.Sprintf("%x", sha256.Sum256(append(boot, namespace...)))[:12]
}

// startOf returns when a process started, in ticks since boot; ok is false if there is no such process.
func startOf(pid int) (start uint64, ok bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	// The name, in parentheses, can hold anything.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	const startField = 22 - 3 // the first field here is the state, number 3
	if len(fields) <= startField {
		return 0, false
	}
	start, err = strconv.ParseUint(string(fields[startField]), 10, 64)
	return start, err == nil
}

func isOurs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
