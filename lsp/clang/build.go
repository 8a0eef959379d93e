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

// Run compiles as the command says. Where flags turn out to be missing they are looked for and added, because a fresh checkout lacks
// what its build would have set up. Clang's messages come back as diagnostics even if the file does not compile; the error, a *Fault or
// the context's, is only for what is not the file's doing. With an error the object has no more than dependencies, if any are known.
func (c *Compiler) Run(ctx context.Context, cmd Command) (Object, []diag.Diagnostic, error) {
	return c.run(ctx, cmd, nil)
}

func (c *Compiler) run(ctx context.Context, cmd Command, unsaved Unsaved) (Object, []diag.Diagnostic, error) {
	dir, err := makeTemporary()
	if err != nil {
		return Object{}, nil, noTemporary(err)
	}
	defer os.RemoveAll(dir)
	texts, err := unsaved.write(dir)
	if err != nil {
		return Object{}, nil, err
	}
	s := search{c: c, cmd: cmd, plain: cmd.Args, texts: texts, dir: dir}
	return s.run(WithListing(ctx))
}

// notRun says why a compiler could not be started. The system's own word for a directory that is missing is that the program is.
func (c Command) notRun(err error) *Fault {
	if info, serr := os.Stat(c.Dir); serr == nil && info.IsDir() {
		return &Fault{Problem: "Clang could not be run.", Code: catalog.CompilerFailed, Err: err}
	}
	return &Fault{Problem: "The directory that clang is to run in, " + c.Dir + ", is not there.", Code: catalog.CompilerFailed,
		Advice: strings.TrimSpace("It is named by "+c.Source+" "+c.Origin) + "."}
}

// noSpace is how clang ends its message when the disk is full.
const noSpace = "No space left on device"

// fileTooLarge is how a process ends that writes more than it may.
const fileTooLarge = "file size limit exceeded"

// withNeeds puts flags before the host's directories, which come last so that they never hide a project's header, and the directory
// of headers that add to others before all.
func withNeeds(args []string, needs []Need) []string {
	var first, last []string
	for _, n := range needs {
		if strings.HasPrefix(filepath.Base(n.Flag), newerPrefix) {
			first = append([]string{n.Flag}, first...) // a later one stands for what an earlier one gave, too
		} else {
			last = append(last, n.Flag)
		}
	}
	at := slices.Index(args, "-idirafter")
	if at < 0 {
		at = len(args)
	}
	return slices.Concat(first, args[:at], last, args[at:])
}

func (c *Compiler) runOnce(ctx context.Context, cmd Command, texts shadows, tmp string) (Object, []diag.Diagnostic, error) {
	out, deps := filepath.Join(tmp, "out.o"), filepath.Join(tmp, "out.d")
	args := slices.Concat(cmd.Args, texts.flags, messageFlags)
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
			Advice: "If the file needs longer, set " + c.settings.names().Timeout + ". An include of a pipe never ends. The command was: " + cmd.String()}
	case err != nil:
		return Object{}, nil, cmd.notRun(err)
	}
	if r.status != 0 && strings.Contains(string(r.stderr), noSpace) {
		return Object{}, nil, noTemporary(syscall.ENOSPC)
	}
	if r.status != 0 && strings.Contains(r.ended, fileTooLarge) {
		return Object{}, nil, &Fault{Problem: fmt.Sprintf("Clang was about to write an object larger than %d MB, which no BPF object is.", maxObjectBytes>>20), Code: catalog.CompilerFailed,
			Advice: "Look for a variable of that size."}
	}
	ds := parseMessages(texts.names.Replace(string(r.stderr)), cmd.Dir, cmd.File)
	obj := Object{Command: cmd, Deps: readDeps(deps, cmd, ds)}
	if r.status != 0 {
		if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
			return obj, nil, &Fault{Problem: fmt.Sprintf("Clang failed without saying why (%s).", r.ended), Code: catalog.CompilerFailed,
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

// IsFault reports whether err says that a file could not be built for a reason outside of it, and which.
func IsFault(err error) (*Fault, bool) {
	var f *Fault
	return f, errors.As(err, &f)
}
