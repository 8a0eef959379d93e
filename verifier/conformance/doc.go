// SPDX-License-Identifier: GPL-2.0-only

// Command conformance holds the embedded verifier against a Linux kernel's.
//
//	conformance ask [flags] FILE.o…        what the running kernel says, as JSON lines
//	conformance compare [flags]            two such files, as tables and a ledger
//
// ask needs the right to load BPF programs. It creates maps and loads programs,
// closes both at once, and attaches, pins and runs nothing. Its lines have the
// fields of "bpf-lsp check --format jsonl".
//
// Reading order: main.go, ask.go, kernel_linux.go, maps_linux.go, bpf_linux.go.
package main
