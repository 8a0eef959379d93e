// SPDX-License-Identifier: GPL-2.0-only

// Command gen makes the built-in kernel BTF: it compresses a file of the form
// of /sys/kernel/btf/vmlinux.
//
//	go run ./gen /sys/kernel/btf/vmlinux vmlinux-6.18-x86_64.btf.zst
package main

import (
	"fmt"
	"os"

	"github.com/klauspost/compress/zstd"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen BTF OUTPUT")
		os.Exit(2)
	}
	if err := compress(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func compress(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	// One goroutine, so that the result is the same everywhere.
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression),
		zstd.WithWindowSize(8<<20), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	return os.WriteFile(to, w.EncodeAll(data, nil), 0o644)
}
