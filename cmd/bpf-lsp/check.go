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
	"syscall"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/bpf-lsp/bpf-lsp/verifier"
)

const checkUsage = `usage: bpf-lsp check [flags] FILE.c|FILE.o|DIR|PATTERN… [-- CLANG-FLAG…]

Builds C files with clang for BPF and checks every program in them and in
object files. A directory stands for the *.bpf.c and *.bpf.o files below it,
without hidden ones, and a pattern such as 'src/**/*.c' for the files that it
matches. Nothing is loaded into the kernel, and no privilege is needed.

Exit status: 0 if all programs are accepted, 1 if there is a finding of the
level of --fail-on or above, such as a rejected program, 2 if there is none but
something could not be checked, or the command was invalid.

flags:
`

// checkOptions are the flags of check.
type checkOptions struct {
	format     string
	fullLog    bool
	reports    bool
	verbose    bool
	heat       bool
	logLevel   uint32
	program    string
	flags      uint32
	btf        string
	kernel     string
	kconfig    string
	target     verifier.Target
	clang      string
	clangTime  time.Duration
	noColor    bool
	jobs       int
	cpus       uint32
	noPrivs    bool
	untrusted  bool
	clangFlags []string
	paths      []string
	filesFrom  string
	failOn     failOn
	exclude    patterns
	fixes      fixMode
	noProof    bool
}

// failOn is the value of --fail-on.
type failOn string

// The levels of --fail-on: what makes the exit status 1.
const (
	failOnError   failOn = "error"   // a rejected program, an error of the compiler
	failOnWarning failOn = "warning" // also a warning of either
	failOnInfo    failOn = "info"    // any finding
	failOnNever   failOn = "never"   // nothing
)

func (f *failOn) String() string { return string(*f) }

func (f *failOn) Set(s string) error {
	*f = failOn(s)
	if !slices.Contains([]failOn{failOnError, failOnWarning, failOnInfo, failOnNever}, *f) {
		return errors.New("must be error, warning, info or never")
	}
	return nil
}

// patterns is a flag that may be given several times.
type patterns []string

func (p *patterns) String() string { return strings.Join(*p, ", ") }

func (p *patterns) Set(s string) error {
	if s == "" || !doublestar.ValidatePattern(s) {
		return errors.New("must be a pattern such as vendor or 'tests/**/*_fail.bpf.c'")
	}
	*p = append(*p, strings.TrimSuffix(strings.TrimPrefix(s, "./"), "/"))
	return nil
}

// number is a flag whose value may be hexadecimal.
type number uint32

func (n *number) String() string { return fmt.Sprintf("%#x", uint32(*n)) }

func (n *number) Set(s string) error {
	v, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		return errors.New("must be a number such as 128 or 0x80")
	}
	*n = number(v)
	return nil
}

// parseCheck parses the command line; flags may precede or follow files.
func parseCheck(args []string, stderr io.Writer) (*checkOptions, error) {
	o := &checkOptions{failOn: failOnError}
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
	fs.StringVar(&o.format, "format", "text", "output format: `name` is one of "+strings.Join(formats, ", "))
	fs.BoolVar(&o.fullLog, "full-log", false, "include the whole verifier log in json and jsonl")
	fs.BoolVar(&o.reports, "reports", false,
		"add to each kernel-log of a rejected program the reports that kernels since 7.3 print")
	fs.BoolVar(&o.verbose, "v", false,
		"report where the instructions, states and stack of each program went, in text and json")
	fs.BoolVar(&o.heat, "heat", false, "report line by line where the instructions of each program went, in text")
	fs.IntVar(&level, "log-level", 1, "verifier log: 1 the failing path, 2 every path, 4 statistics only")
	fs.StringVar(&o.program, "program", "", "check only the program of this `name`")
	fs.Var(&flags, "prog-flags", "more program flags for every program, such as 0x80 (BPF_F_TEST_REG_INVARIANTS)")
	fs.StringVar(&o.btf, "btf", "", "`file` with the types of the target kernel, such as /sys/kernel/btf/vmlinux")
	fs.StringVar(&o.kernel, "kernel", "", "`release` of the kernel of --btf, as printed by uname -r")
	fs.StringVar(&o.kconfig, "kconfig", "",
		"`file` with the configuration of the target kernel, such as /proc/config.gz")
	fs.Func("target-kernel", "`release` whose lifetime rules apply, independent of --btf: "+
		strings.Join(verifier.TargetNames(), " or ")+" (default \"6.18\")", o.setTarget)
	fs.StringVar(&o.clang, "clang", "", "clang to build with")
	fs.DurationVar(&o.clangTime, "clang-timeout", time.Minute, "maximum `duration` of a run of clang, such as 90s")
	fs.BoolVar(&o.noColor, "no-color", false, "do not use colours on a terminal")
	fs.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "how many files and programs to check at the same time")
	fs.StringVar(&o.filesFrom, "files-from", "",
		"also check the files and directories named in `file`, one per line or each terminated by a zero byte; - is "+
			"standard "+
			"input")
	fs.Var(&o.failOn, "fail-on",
		"lowest `level` of a finding that makes the exit status 1: error, warning, info, or never")
	fs.Var(&o.fixes, "fix",
		"change the C files so that faults go away, where a change is proven to do that; --fix=diff shows the changes "+
			"as a unified diff instead")
	fs.BoolVar(&o.noProof, "no-proof", false,
		"do not try whether the changes that suggestions describe make the faults go away, which takes a second run "+
			"of clang for a file with faults")
	fs.Var(&o.exclude, "exclude",
		"skip what matches this `pattern`: a name, or a path if it has a slash; may be given several times")
	fs.UintVar(&cpus, "cpus", 0, "maximum number of CPUs of the target machine; 0 means 128")
	fs.BoolVar(&o.noPrivs, "unprivileged", false,
		"check as for a user without any capability, whose programs must also be safe under speculation")
	fs.BoolVar(&o.untrusted, "untrusted", false,
		"execute neither the project's build tools nor a compiler that it names")
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
	case len(o.paths) == 0 && o.filesFrom == "":
		return errors.New("no files to check; see bpf-lsp check -h")
	case !slices.Contains(formats, o.format):
		return fmt.Errorf("unknown format %q: must be one of %s", o.format, strings.Join(formats, ", "))
	case o.logLevel == 0 || o.logLevel > 7:
		return errors.New("the log level must be 1, 2 or 4")
	case o.heat && o.format != "text":
		return errors.New("--heat requires --format text: the others have the most costly lines with -v")
	case o.reports && o.format != "kernel-log":
		return errors.New("--reports requires --format kernel-log: the other formats always have full reports")
	case o.reports && o.logLevel&logPaths == 0:
		return errors.New("--reports requires --log-level 1 or 2: a log of statistics has no reports")
	case o.kernel != "" && o.btf == "":
		return errors.New("--kernel requires --btf: only the types of Linux 6.18 are built in")
	case o.fixes == fixDiff && o.format != "text":
		return errors.New("--fix=diff prints a diff in place of a report: it does not go with --format")
	case o.jobs < 1:
		return errors.New("--jobs must be at least 1")
	case o.clangTime <= 0:
		return errors.New("--clang-timeout must be greater than 0")
	}
	return nil
}

// notParsed reports why a command line is invalid, unless the flag package has done so, and returns the exit status.
// Asking for help is not an error.
func notParsed(err error, stderr io.Writer) int {
	if errors.Is(err, flag.ErrHelp) {
		return exitAccepted
	}
	if !strings.HasPrefix(err.Error(), "flag provided") && !strings.HasPrefix(err.Error(), "invalid value") {
		fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
	}
	return exitFailed
}

func runCheck(args []string, stdout, stderr io.Writer) int {
	o, err := parseCheck(args, stderr)
	if err != nil {
		return notParsed(err, stderr)
	}
	targets, err := expand(o.paths, o.filesFrom, o.exclude, os.Stdin)
	if err != nil {
		fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	}
	c, err := newChecker(o, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	}
	// If the reader of the report is gone, writing fails, and clang and its files are cleaned up as after any error.
	// The signal alone would end the process at once.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// A second interrupt ends the process even if the first one cannot.
	context.AfterFunc(ctx, stop)
	return c.checkAll(ctx, targets)
}
