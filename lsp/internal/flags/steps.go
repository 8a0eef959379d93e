// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// The functions below explain how a file is built; a build does not need them.

// Step is one source of flags that was asked.
type Step struct {
	Source string // its name as in the documentation, in brackets why it was not asked
	Origin string // the file that has the flags, empty if none has
	Err    error  // what is wrong with it
	Used   bool   // the first source that knows the file; later ones are not asked
}

// Steps reports which sources were asked for the flags of a file, in their order.
func (s *Sources) Steps(ctx context.Context, file string) []Step {
	if len(s.settings.Flags) > 0 {
		return []Step{{Source: "settings", Used: true}}
	}
	var out []Step
	for i := range s.rows {
		row := &s.rows[i]
		f, err := s.ask(ctx, row, file)
		step := Step{Source: row.name, Origin: f.Origin, Used: err == nil}
		if row.executes && !s.settings.Trusted {
			step.Source += " (needs a trusted workspace)"
		}
		if err != nil && !errors.Is(err, errNotHere) {
			step.Err = err
		}
		out = append(out, step)
		if step.Used || step.Err != nil {
			break
		}
	}
	return out
}

// MayExecute names the commands that finding the flags of a file may run: in a trusted workspace the project's build
// tools.
func (s *Sources) MayExecute(file string) []string {
	if file == "" || !s.settings.Trusted {
		return nil
	}
	var out []string
	root := s.projects.Root(file)
	for _, tool := range buildTools {
		path, err := exec.LookPath(tool.name)
		if err != nil {
			continue
		}
		for dir := range disk.Ancestors(filepath.Dir(file)) {
			for _, name := range tool.find(dir) {
				out = append(out, "in "+filepath.Dir(name)+": "+
					clang.Command{Clang: path, Args: tool.args([]string{"…"})}.String()+
					", if no source before it knows the file")
			}
			if dir == root {
				break
			}
		}
	}
	return out
}
