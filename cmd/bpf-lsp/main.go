// SPDX-License-Identifier: GPL-2.0-only

// Command bpf-lsp shows the eBPF verifier's verdict on a program without a kernel: as a language server, and in the
// terminal.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/lsp/process"
)

// Exit statuses.
const (
	exitAccepted = 0 // every program was accepted, and no finding counts
	exitRejected = 1 // a program was rejected, or another finding counts
	exitFailed   = 2 // something could not be checked, or the command was invalid
)

// verb is a subcommand; run returns the exit status.
type verb struct {
	name, summary string
	run           func(args []string, stdout, stderr io.Writer) int
}

// verbs are in the order of the help text.
func verbs() []verb {
	return []verb{
		{"check", "check C files, object files and directories", runCheck},
		{"doctor", "show how a file is built and what a check depends on", runDoctor},
		{"serve", "run a language server on standard input and output", runServe},
		{"explain", "explain a code, such as memory/out-of-bounds", runExplain},
		{"explain-log", "explain a pasted verifier log", runExplainLog},
		{"version", "print the version", runVersion},
	}
}

func main() {
	process.Adopt()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return exitFailed
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(stdout)
		return exitAccepted
	case "-v", "-version", "--version":
		return runVersion(nil, stdout, stderr)
	case process.GuardArgument:
		return runGuard(args[1:], stderr)
	}
	all := verbs()
	i := slices.IndexFunc(all, func(v verb) bool { return v.name == args[0] })
	if i < 0 {
		fmt.Fprintf(stderr, "bpf-lsp: unknown command %q; see bpf-lsp help\n", args[0])
		return exitFailed
	}
	return all[i].run(args[1:], stdout, stderr)
}

func usage(w io.Writer) {
	fmt.Fprint(w, "bpf-lsp checks eBPF programs as the Linux kernel's verifier does, without loading them.\n\nusage: "+
		"bpf-lsp COMMAND [arguments]\n\ncommands:\n")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-11s %s\n", v.name, v.summary)
	}
	fmt.Fprint(w, "  help        print this text\n\nRun bpf-lsp COMMAND -h for help on a command.\n")
}
