// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

const doctorUsage = `usage: bpf-lsp doctor [flags] [FILE.c|DIR] [-- CLANG-FLAG…]

Shows how a file is built and what a check depends on: clang, where the flags
come from, headers, the kernel's types, the cache, and what may be executed.
Without a file it builds a small program of its own. For a directory it shows
which BPF programs below it compile, with which flags, and what the others
lack, by cause; unchanged files are not compiled again.

Exit status: 0 if the file can be checked, or all files compile, 1 if not,
with advice.

flags:
`

// ownProgram is built if no file is named; it needs no header.
const ownProgram = "char gpl[] __attribute__((section(\"license\"), used)) = \"GPL\";\n" +
	"__attribute__((section(\"xdp\"), used)) int pass(void *ctx) { return 2; }\n"

// doctor holds the flags of the command, and its findings.
type doctor struct {
	json      bool
	untrusted bool
	file      string
	dir       bool // file is a directory
	settings  check.Settings
}

func parseDoctor(args []string, stderr io.Writer) (*doctor, error) {
	d := &doctor{}
	if i := slices.Index(args, "--"); i >= 0 {
		d.settings.Clang.Flags = args[i+1:]
		args = args[:i]
	}
	var format string
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprint(stderr, doctorUsage)
		fs.PrintDefaults()
	}
	fs.StringVar(&format, "format", "text", "output format: `name` is text or json")
	fs.StringVar(&d.settings.Clang.Path, "clang", "", "clang to build with")
	fs.StringVar(&d.settings.KernelBTF, "btf", "",
		"`file` with the types of the target kernel, such as /sys/kernel/btf/vmlinux")
	fs.StringVar(&d.settings.KernelRelease, "kernel", "",
		"`release` of the kernel of --btf, as printed by uname -r")
	fs.BoolVar(&d.untrusted, "untrusted", false,
		"execute neither the project's build tools nor a compiler that it names")
	var files []string
	for rest := args; ; {
		if err := fs.Parse(rest); err != nil {
			return nil, err
		}
		if rest = fs.Args(); len(rest) == 0 {
			break
		}
		files, rest = append(files, rest[0]), rest[1:]
	}
	switch {
	case len(files) > 1:
		return nil, errors.New("doctor takes only one file")
	case format != "text" && format != "json":
		return nil, fmt.Errorf("unknown format %q: must be text or json", format)
	case len(files) == 1:
		info, err := os.Stat(files[0])
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", files[0], reason(err))
		}
		abs, err := filepath.Abs(files[0])
		if err != nil {
			return nil, err
		}
		d.file, d.dir = abs, info.IsDir()
	}
	d.json, d.settings.Clang.Trusted = format == "json", !d.untrusted
	return d, nil
}

func runDoctor(args []string, stdout, stderr io.Writer) int {
	d, err := parseDoctor(args, stderr)
	if err != nil {
		return notParsed(err, stderr)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	var r doctorReport
	if d.dir {
		r, err = d.survey(ctx)
	} else {
		r, err = d.examine(ctx)
	}
	if err == nil && d.json {
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(r)
	} else if err == nil {
		err = r.print(stdout)
	}
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "bpf-lsp: %v\n", err)
		return exitFailed
	case !r.ok():
		return exitRejected
	}
	return exitAccepted
}

// doctorText is what doctor prints about a file with an editor's settings; an empty file is one of its own.
func doctorText(ctx context.Context, file string, s check.Settings) (string, error) {
	d := &doctor{file: file, untrusted: !s.Clang.Trusted, settings: s}
	h, err := d.examine(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = h.print(&b)
	return b.String(), err
}

// doctorReport is the report on a file or a directory.
type doctorReport interface {
	ok() bool
	print(w io.Writer) error
}

func (h *health) ok() bool { return h.OK }

// examine builds and checks the file, and records how. The error is the context's or the system's; problems with the
// file and its environment are in the report.
func (d *doctor) examine(ctx context.Context) (*health, error) {
	file := d.file
	if file == "" {
		dir, err := os.MkdirTemp("", "bpf-lsp-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "doctor.bpf.c")
		if err := os.WriteFile(file, []byte(ownProgram), 0o600); err != nil {
			return nil, err
		}
	}
	units := check.New(d.settings)
	compiler := units.Builder.(*compile.Compiler)
	h := &health{Version: version(), File: d.file, Trusted: !d.untrusted, Target: targetHealth{Arch: compiler.Arch(),
		Kernel: program.EmbeddedRelease,
		Rules:  d.settings.Target.String(), Types: "built in"}, Executes: compiler.MayExecute(d.file)}
	if d.settings.KernelBTF != "" {
		h.Target.Types, h.Target.Kernel = d.settings.KernelBTF, d.settings.KernelRelease
	} else if _, err := os.Stat(ownTypes); err == nil {
		h.Target.Own = ownTypes
	}
	h.Cache = cacheHealthOf(compiler)

	tools, err := compiler.Toolchain(ctx)
	h.Clang = clangHealth{Path: tools.Path, Version: tools.Version, HostIncludes: tools.HostIncludes,
		PassedOver: tools.PassedOver}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if fault, ok := compile.IsFault(err); ok {
		h.Problems = append(h.Problems, problem{Problem: fault.Problem, Advice: fault.Advice})
		return h, nil
	}
	unit, err := units.Unit(ctx, check.Request{File: file})
	if err != nil {
		return nil, err
	}
	h.add(ctx, compiler, &unit, d.file != "")
	return h, nil
}

// ownTypes is where Linux provides the types of the running kernel.
const ownTypes = "/sys/kernel/btf/vmlinux"

// add records the result of a check.
func (h *health) add(ctx context.Context, compiler *compile.Compiler, unit *check.Report, named bool) {
	h.OK = !unit.Failed() && len(unit.Programs) > 0
	h.License = unit.LicenseFrom
	h.Programs.Accepted, h.Programs.Rejected, h.Programs.NotVerified = unit.Counts()
	for i, d := range slices.Concat(unit.Faults, unit.Compiler) {
		if !h.OK && (i < len(unit.Faults) || d.Severity == diag.Error) {
			h.Problems = append(h.Problems, problem{Place: place(d.Span), Problem: d.Message(), Advice: d.Suggestion})
		}
	}
	if !unit.Failed() && len(unit.Programs) == 0 {
		h.Problems = append(h.Problems, problem{Problem: "The object has no programs.",
			Advice: "Put SEC(\"…\") before the functions that the kernel is to call."})
	}
	command := unit.Command
	if command.Clang == "" {
		return
	}
	h.Clang.Path, h.Clang.Version = command.Clang, unit.ClangVersion
	h.Flags = &flagsHealth{Source: command.Source, Origin: command.Origin, Dir: command.Dir, Command: command.String()}
	needed := map[string]bool{}
	for _, n := range command.Needed {
		h.Flags.Needed = append(h.Flags.Needed, neededFlag{n.Flag, n.Why})
		needed[n.Flag] = true
	}
	for i := 0; i < len(command.Args); i++ {
		if a := command.Args[i]; a == "-idirafter" {
			i++ // those of the host are listed with the compiler
		} else if !needed[a] && a != command.File {
			h.Flags.Given = append(h.Flags.Given, a)
		}
	}
	if !named {
		return
	}
	h.Flags.Variants = compiler.Variants(ctx, command.File)
	for _, s := range compiler.Steps(ctx, command.File) {
		h.Flags.Asked = append(h.Flags.Asked, askedSource{s.Source, s.Origin, s.Used})
	}
	for _, name := range compiler.Includes(ctx, command) {
		if kind := headerKind(name); kind != "" {
			header := headerHealth{Name: kind, File: name}
			if kind != kernelTypes {
				header.Version = compile.LibbpfVersion(name)
			}
			h.Headers = append(h.Headers, header)
		}
	}
}

// kernelTypes is the header with the types of a kernel.
const kernelTypes = "vmlinux.h"

// headerKind returns the kind of a header that builds often fail for, empty for other headers.
func headerKind(file string) string {
	base, dir := filepath.Base(file), filepath.Base(filepath.Dir(file))
	switch {
	case base == kernelTypes:
		return kernelTypes
	case slices.Contains([]string{"bpf_helpers.h", "bpf_tracing.h", "bpf_core_read.h"}, base):
		return "bpf/" + base
	case base == "bpf.h" && dir == "linux":
		return "linux/bpf.h"
	}
	return ""
}

func cacheHealthOf(compiler *compile.Compiler) cacheHealth {
	dir, err := compiler.CacheDir()
	if err != nil {
		return cacheHealth{Problem: err.Error()}
	}
	c := cacheHealth{Dir: dir}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		c.Problem = err.Error()
		return c
	}
	f, err := os.CreateTemp(dir, "doctor-")
	if err != nil {
		c.Problem = err.Error()
		return c
	}
	f.Close()
	os.Remove(f.Name())
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, err := e.Info(); err == nil {
				c.Bytes += info.Size()
			}
		}
		return nil
	})
	return c
}
