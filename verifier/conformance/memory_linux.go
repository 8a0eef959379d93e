// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"os"
	"syscall"
)

// peakMemory is the most memory that an ended process had in use, in bytes.
func peakMemory(p *os.ProcessState) int64 {
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		return int64(usage.Maxrss) << 10
	}
	return 0
}
