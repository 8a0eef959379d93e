// SPDX-License-Identifier: GPL-2.0-only

// Command conformance holds the embedded verifier against a Linux kernel's.
//
//	conformance header                     vmlinux.h of the running kernel
//	conformance ask [flags] FILE.o…        what the running kernel says, as JSON lines after one that names its build
//	conformance compare [flags]            such answers beside ours, as tables, against a ledger and a build's changes
//	conformance expect -here FILE FILE.o…  our answers beside what the programs' own tags expect
//	conformance cost BPF-LSP FILE.o PROGRAM   time and memory of checking one program
//
// ask needs the right to load BPF programs. It creates maps and loads programs,
// closes both at once, and attaches, pins and runs nothing. Its lines have the
// fields of "bpf-lsp check --format jsonl".
//
// Reading order: main.go; ask.go, build.go, kernel_linux.go, maps_linux.go, bpf_linux.go;
// compare.go, answers.go, differ.go, ledger.go, builds.go, tables.go, features.go, large.go;
// expect.go.
package main
