// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"errors"
	"io"
	"os"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// runningTypes is where a Linux kernel publishes its types.
const runningTypes = "/sys/kernel/btf/vmlinux"

// runHeader writes vmlinux.h for the running kernel.
func runHeader(args []string, stdout io.Writer) error {
	if len(args) != 0 {
		return errors.New("header takes no arguments")
	}
	data, err := os.ReadFile(runningTypes)
	if err != nil {
		return err
	}
	kernel, err := program.NewKernel(data, "")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	if err := kernel.WriteHeader(out); err != nil {
		return err
	}
	return out.Flush()
}
