// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier"
)

const checkUsage = `usage: bpf-lsp check [flags] FILE.c|FILE.o|DIR… [-- CLANG-FLAG…]

Builds C files with clang for BPF and checks every program in them and in
object files. A directory stands for the *.bpf.c and *.bpf.o files below it.
Nothing is loaded into the kernel, and no privilege is needed.

Exit status: 0 if all programs are accepted, 1 if one is rejected or does not
compile, 2 if something could not be checked.

flags:
`

// checkOptions are what the flags of check say.
type checkOptions struct {
	format     string
	fullLog    bool
	reports    bool
	logLevel   uint32
	program    string
	flags      uint32
	btf        string
	kernel     string
	kconfig    string
	target     verifier.Target
	clang      string
	noColor    bool
	jobs       int
	cpus       uint32
	noPrivs    bool
	clangFlags []string
	paths      []string
}

// number is a flag's value that may be written in hexadecimal.
type number uint32

func (n *number) String() string { return fmt.Sprintf("%#x", uint32(*n)) }

func (n *number) Set(s string) error {
	v, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		return errors.New("want a number such as 128 or 0x80")
	}
	*n = number(v)
	return nil
}

// parseCheck reads the command line; flags may stand before and after files.
func parseCheck(args []string, stderr io.Writer) (*checkOptions, error) {
	o := &checkOptions{}
	if i := slices.Index(args, "--"); i >= 0 {
		o.clangFlags = args[i+1:]
		args = args[:i]
	}
	var flags number
	var cpus uint
	level := 1
	fs := flag.NewFlagSet("check", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprint(stderr, checkUsage)
		fs.PrintDefaults()
	}
	fs.StringVar(&o.format, "format", "text", "how to report: `text`, jsonl or kernel-log")
	fs.BoolVar(&o.fullLog, "full-log", false, "put the whole verifier log into each line of jsonl")
	fs.BoolVar(&o.reports, "reports", false, "add to each kernel-log of a rejected program the reports that kernels from 7.3 on print")
	fs.IntVar(&level, "log-level", 1, "verifier log: 1 the failing path, 2 every path, 4 statistics only")
	fs.StringVar(&o.program, "program", "", "check only the program of this `name`")
	fs.Var(&flags, "prog-flags", "more program flags for every program, such as 0x80 (BPF_F_TEST_REG_INVARIANTS)")
	fs.StringVar(&o.btf, "btf", "", "`file` with the types of the target kernel, such as /sys/kernel/btf/vmlinux")
	fs.StringVar(&o.kernel, "kernel", "", "`release` of the kernel that --btf is of, as uname -r prints it")
	fs.StringVar(&o.kconfig, "kconfig", "", "`file` with the configuration of the target kernel, such as /proc/config.gz")
	fs.Func("target-kernel", "`release` whose lifetime rules apply, whatever --btf is of: "+strings.Join(verifier.TargetNames(), " or ")+" (default \"6.18\")", o.setTarget)
	fs.StringVar(&o.clang, "clang", "", "clang to build with")
	fs.BoolVar(&o.noColor, "no-color", false, "do not use colours on a terminal")
	fs.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "how many programs to check at the same time")
	fs.UintVar(&cpus, "cpus", 0, "how many CPUs the target machine can have; 0 stands for 128")
	fs.BoolVar(&o.noPrivs, "unprivileged", false, "check as for a user without any capability, whose programs must also be safe under speculation")
	for rest := args; ; {
		if err := fs.Parse(rest); err != nil {
			return nil, err
		}
		if rest = fs.Args(); len(rest) == 0 {
			break
		}
		o.paths = append(o.paths, rest[0])
		rest = rest[1:]
	}
	o.flags, o.logLevel, o.cpus = uint32(flags), uint32(level), uint32(cpus)
	return o, o.validate()
}

func (o *checkOptions) setTarget(name string) (err error) {
	o.target, err = verifier.ParseTarget(name)
	return err
}

func (o *checkOptions) validate() error {
	switch {
	case len(o.paths) == 0:
		return errors.New("no files to check; bpf-lsp check -h explains")
	case !slices.Contains([]string{"text", "jsonl", "kernel-log"}, o.format):
		return fmt.Errorf("unknown format %q: want text, jsonl or kernel-log", o.format)
	case o.logLevel == 0 || o.logLevel > 7:
		return errors.New("the log level must be 1, 2 or 4")
	case o.reports && o.format != "kernel-log":
		return errors.New("--reports needs --format kernel-log: the other formats report in full by themselves")
	case o.reports && o.logLevel&logPaths == 0:
		return errors.New("--reports needs --log-level 1 or 2: a log of statistics has no reports")
	case o.kernel != "" && o.btf == "":
		return errors.New("--kernel needs --btf: only the types of Linux 6.18 are built in")
	case o.jobs < 1:
		return errors.New("--jobs must be at least 1")
	}
	return nil
}

func runCheck(args []string, stdout, stderr io.Writer) int {
	o, err := parseCheck(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitAccepted
	}
	if err != nil {
		if !strings.HasPrefix(err.Error(), "flag provided") && !strings.HasPrefix(err.Error(), "invalid value") {
			fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
		}
		return exitFailed
	}
	c, err := newChecker(o, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return c.checkAll(ctx)
}
