// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/process"
)

// Object is the result of a build.
type Object struct {
	ELF     []byte   // nil if the file does not compile
	Deps    []string // absolute names of the file and the project headers it includes, sorted
	Command Command  // as finally run, including the flags that were added
}

// noSpace ends clang's message when the disk is full.
const noSpace = "No space left on device"

// fileTooLarge describes the end of a process that exceeds its file size limit.
const fileTooLarge = "file size limit exceeded"

// maxObjectBytes is the size of the largest object that clang may write.
const maxObjectBytes = 256 << 20

func (c *Compilers) Run(ctx context.Context, cmd Command, texts Overlay, tmp string) (Object,
	[]diag.Diagnostic, error) {
	out, deps := filepath.Join(tmp, "out.o"), filepath.Join(tmp, "out.d")
	args := slices.Concat(cmd.Args, texts.flags, messageFlags)
	args = append(args, "-MMD", "-MF", deps, "-o", out)
	timed, cancel := context.WithTimeout(ctx, c.settings.TimeLimit())
	defer cancel()
	r, err := process.Run(timed, process.Job{Path: cmd.Clang, Dir: cmd.Dir, Args: args,
		MemoryBytes: c.settings.MemoryLimit(), FileBytes: maxObjectBytes,
		Env: process.WithEnv(os.Environ(), map[string]string{"LC_ALL": "C", "TMPDIR": tmp, "TEMP": tmp, "TMP": tmp})})
	switch {
	case ctx.Err() != nil:
		return Object{}, nil, ctx.Err()
	case timed.Err() != nil:
		return Object{}, nil, &Fault{Problem: fmt.Sprintf("Clang did not finish within %s.", c.settings.TimeLimit()),
			Code: catalog.CompilerTimeout,
			Advice: "If the file needs longer, set " + c.settings.Named().Timeout +
				". Including a pipe never ends. The command was: " + cmd.String()}
	case err != nil:
		return Object{}, nil, cmd.notRun(err)
	}
	if r.Status != 0 && strings.Contains(string(r.Stderr), noSpace) {
		return Object{}, nil, NoTemporary(syscall.ENOSPC)
	}
	if r.Status != 0 && strings.Contains(r.Ended, fileTooLarge) {
		return Object{}, nil, &Fault{
			Problem: fmt.Sprintf("Clang tried to write an object larger than %d MB; no BPF object is that large.",
				maxObjectBytes>>20), Code: catalog.CompilerFailed,
			Advice: "Look for a variable of that size."}
	}
	ds := ParseMessages(texts.names.Replace(string(r.Stderr)), cmd.Dir, cmd.File)
	obj := Object{Command: cmd, Deps: readDeps(deps, cmd, ds)}
	if r.Status != 0 {
		if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
			return obj, nil, &Fault{Problem: fmt.Sprintf("Clang failed without an error message (%s).", r.Ended),
				Code:   catalog.CompilerFailed,
				Advice: "The command was: " + cmd.String()}
		}
		return obj, ds, nil
	}
	elf, err := os.ReadFile(out)
	if err != nil {
		return Object{}, nil, &Fault{Problem: "Clang wrote no object file.", Code: catalog.CompilerFailed, Err: err,
			Advice: "The command was: " + cmd.String()}
	}
	obj.ELF = elf
	return obj, ds, nil
}
