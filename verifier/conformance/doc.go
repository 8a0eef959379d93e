// SPDX-License-Identifier: GPL-2.0-only

// Command conformance tells what a Linux kernel says of programs, to hold the
// embedded verifier against it.
//
//	conformance ask [flags] FILE.o…        what the running kernel says, as JSON lines
//
// ask needs the right to load BPF programs. It creates maps and loads programs,
// closes both at once, and attaches, pins and runs nothing. Its lines have the
// fields of "bpf-lsp check --format jsonl".
//
// Reading order: main.go, ask.go, kernel_linux.go, maps_linux.go, bpf_linux.go.
package main
