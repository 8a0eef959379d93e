// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Object is what a build gave.
type Object struct {
	ELF     []byte   // nil if the file does not compile
	Deps    []string // absolute names of the file and the project headers it includes, sorted
	Command Command  // as finally run, with the directories that were added for missing headers
}

// Build finds the flags of file and compiles it.
func (c *Compiler) Build(ctx context.Context, file string) (Object, []diag.Diagnostic, error) {
	return c.BuildUnsaved(ctx, file, nil)
}

// Run compiles as the command says. Where a header is missing, a directory that holds it is looked for and added, because a fresh
// checkout lacks what its build would have set up; likewise a processor version. Clang's messages come back as diagnostics even if the file does not compile;
// the error, a *Fault or the context's, is only for what is not the file's doing.
func (c *Compiler) Run(ctx context.Context, cmd Command) (Object, []diag.Diagnostic, error) {
	return c.run(ctx, cmd, nil)
}

func (c *Compiler) run(ctx context.Context, cmd Command, unsaved Unsaved) (Object, []diag.Diagnostic, error) {
	dir, err := os.MkdirTemp("", "bpf-lsp-")
	if err != nil {
		return Object{}, nil, noTemporary(err)
	}
	defer os.RemoveAll(dir)
	overlay, err := unsaved.flags(dir)
	if err != nil {
		return Object{}, nil, err
	}
	c.mu.Lock()
	added := slices.Clone(c.learned[cmd.File])
	c.mu.Unlock()
	for tries := 0; ; tries++ {
		full := cmd
		full.Args = withFlags(cmd.Args, added)
		obj, ds, err := c.runOnce(ctx, full, overlay, dir)
		if err != nil {
			return Object{}, nil, err
		}
		flag, err := c.cure(ctx, full, ds, added)
		if ctx.Err() != nil {
			return Object{}, nil, ctx.Err()
		}
		if err != nil || flag == "" || tries == maxRetries {
			explainMissing(ds, err)
			return obj, ds, nil
		}
		added = append(added, flag)
		c.mu.Lock()
		c.learned[cmd.File] = slices.Clone(added)
		c.mu.Unlock()
	}
}

// noSpace is how clang ends its message when the disk is full.
const noSpace = "No space left on device"

// withFlags puts flags before the host's directories, which come last so that they never hide a project's header, and the directory
// of headers that add to others before all.
func withFlags(args, flags []string) []string {
	for _, f := range flags {
		if strings.HasPrefix(filepath.Base(f), newerPrefix) {
			args = append([]string{f}, args...)
			flags = slices.DeleteFunc(slices.Clone(flags), func(g string) bool { return f == g })
		}
	}
	at := slices.Index(args, "-idirafter")
	if at < 0 {
		at = len(args)
	}
	return slices.Insert(slices.Clone(args), at, flags...)
}

func (c *Compiler) runOnce(ctx context.Context, cmd Command, overlay []string, tmp string) (Object, []diag.Diagnostic, error) {
	out, deps := filepath.Join(tmp, "out.o"), filepath.Join(tmp, "out.d")
	args := slices.Concat(cmd.Args, overlay, messageFlags)
	args = append(args, "-MMD", "-MF", deps, "-o", out)
	timed, cancel := context.WithTimeout(ctx, c.settings.timeout())
	defer cancel()
	r, err := run(timed, job{path: cmd.Clang, dir: cmd.Dir, args: args, memoryBytes: c.settings.memoryBytes(), fileBytes: maxObjectBytes,
		env: withEnv(os.Environ(), map[string]string{"LC_ALL": "C", "TMPDIR": tmp, "TEMP": tmp, "TMP": tmp})})
	switch {
	case ctx.Err() != nil:
		return Object{}, nil, ctx.Err()
	case timed.Err() != nil:
		return Object{}, nil, &Fault{Problem: fmt.Sprintf("Clang did not finish within %s.", c.settings.timeout()), Code: catalog.CompilerTimeout,
			Advice: "The command was: " + cmd.String(), Err: nil}
	case err != nil:
		return Object{}, nil, &Fault{Problem: "Clang could not be run.", Code: catalog.CompilerFailed, Err: err}
	}
	if r.status != 0 && strings.Contains(string(r.stderr), noSpace) {
		return Object{}, nil, noTemporary(syscall.ENOSPC)
	}
	ds := parseMessages(string(r.stderr), cmd.Dir, cmd.File)
	obj := Object{Command: cmd, Deps: readDeps(deps, cmd, ds)}
	if r.status != 0 {
		if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
			return Object{}, nil, &Fault{Problem: fmt.Sprintf("Clang failed without saying why (%s).", r.ended), Code: catalog.CompilerFailed,
				Advice: "The command was: " + cmd.String()}
		}
		return obj, ds, nil
	}
	elf, err := os.ReadFile(out)
	if err != nil {
		return Object{}, nil, &Fault{Problem: "Clang wrote no object file.", Code: catalog.CompilerFailed, Err: err, Advice: "The command was: " + cmd.String()}
	}
	obj.ELF = elf
	return obj, ds, nil
}

// readDeps lists the files a change of which calls for a new build. A build that failed early left no list, so the files its
// messages are about count too.
func readDeps(name string, cmd Command, ds []diag.Diagnostic) []string {
	deps := []string{cmd.File}
	if text, err := os.ReadFile(name); err == nil {
		for _, d := range parseMakeRule(string(text)) {
			deps = append(deps, absIn(cmd.Dir, d))
		}
	}
	for i := range ds {
		deps = append(deps, ds[i].Span.File)
		for _, r := range ds[i].Related {
			deps = append(deps, r.Span.File)
		}
	}
	slices.Sort(deps)
	return slices.Compact(deps)
}

// parseMakeRule returns the prerequisites of a rule as clang writes it: blanks in names are escaped, lines continued.
func parseMakeRule(rule string) []string {
	_, list, ok := strings.Cut(rule, ".o: ")
	if !ok {
		return nil
	}
	list = strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(list)
	var names []string
	var name strings.Builder
	flush := func() {
		if name.Len() > 0 {
			names = append(names, name.String())
			name.Reset()
		}
	}
	for i := 0; i < len(list); i++ {
		switch ch := list[i]; {
		case ch == '\\' && i+1 < len(list) && (list[i+1] == ' ' || list[i+1] == '#'):
			i++
			name.WriteByte(list[i])
		case ch == '$' && i+1 < len(list) && list[i+1] == '$':
			i++
			name.WriteByte('$')
		case ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t':
			flush()
		default:
			name.WriteByte(ch)
		}
	}
	flush()
	return names
}

// explainMissing tells where a header that was found nowhere usually comes from, or why it could not be made.
func explainMissing(ds []diag.Diagnostic, why error) {
	header, ok := missingHeader(ds)
	if !ok {
		return
	}
	advice := "Add the directory that holds it to bpfLsp.flags or to the flags in " + projectFileName + "."
	switch {
	case why != nil:
		advice = fmt.Sprintf("It could not be put into the cache: %v. Set XDG_CACHE_HOME to a directory that can be written to.", why)
	case strings.HasPrefix(header, "bpf/"):
		advice = "It belongs to libbpf: install libbpf-dev (Fedora: libbpf-devel), or add the project's own copy with -I."
	case filepath.Base(header) == kernelTypesHeader:
		advice = "Generate it: bpftool btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h."
	case strings.HasPrefix(header, "linux/") || strings.HasPrefix(header, "asm/"):
		advice = "It belongs to the kernel's headers for programs: install linux-libc-dev (Fedora: kernel-headers)."
	}
	for i := range ds {
		if ds[i].Code == catalog.MissingHeader {
			ds[i].Suggestion = advice
		}
	}
}

// IsFault reports whether err says that a file could not be built for a reason outside of it, and which.
func IsFault(err error) (*Fault, bool) {
	var f *Fault
	return f, errors.As(err, &f)
}
