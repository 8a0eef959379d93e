// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// dirHealth is doctor's report on a directory, in JSON. Fields may be added; none changes its meaning.
type dirHealth struct {
	OK       bool         `json:"ok"` // all files compile
	Version  string       `json:"version"`
	Dir      string       `json:"dir"`
	Clang    clangHealth  `json:"clang"`
	Files    int          `json:"files"`
	Compile  int          `json:"compile"`
	Kept     int          `json:"kept"` // not compiled again
	Flags    []flagsGroup `json:"flags,omitempty"`
	Problems []causeGroup `json:"problems,omitempty"`
	Builds   []fileHealth `json:"builds,omitempty"`
	Fault    *problem     `json:"fault,omitempty"` // why nothing could be compiled
}

// flagsGroup lists the files whose flags come from one place.
type flagsGroup struct {
	Source string        `json:"source"`
	Origin string        `json:"origin,omitempty"`
	Files  int           `json:"files"`
	Added  []neededFlags `json:"added,omitempty"`
}

// neededFlags is a flag that was added for some files.
type neededFlags struct {
	neededFlag
	Files int `json:"files"`
}

// causeGroup lists the files that do not compile for the same reason.
type causeGroup struct {
	problem
	Files []string `json:"files"`
}

// fileHealth is one file.
type fileHealth struct {
	File    string `json:"file"`
	OK      bool   `json:"ok"`
	Source  string `json:"source,omitempty"`
	Dir     string `json:"dir,omitempty"` // working directory of the command
	Command string `json:"command,omitempty"`
}

// survey compiles the files below the directory and groups the results.
func (d *doctor) survey(ctx context.Context) (*dirHealth, error) {
	compiler := check.New(d.settings).Builder.(*compile.Compiler)
	h := &dirHealth{Version: version(), Dir: d.file}
	tools, err := compiler.Toolchain(ctx)
	h.Clang = clangHealth{Path: tools.Path, Version: tools.Version, HostIncludes: tools.HostIncludes,
		PassedOver: tools.PassedOver}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if fault, ok := compile.IsFault(err); ok {
		h.Fault = &problem{Problem: fault.Problem, Advice: fault.Advice}
		return h, nil
	}
	id := strings.Join([]string{h.Version, ownStamp(), tools.Path, tools.Version, d.settings.KernelBTF,
		fmt.Sprint(d.untrusted)}, "\n")
	all, err := compiler.Survey(ctx, d.file, id, runtime.NumCPU())
	if err != nil {
		return nil, err
	}
	for i := range all {
		h.add(&all[i], tools.Path)
	}
	h.Files, h.OK = len(all), h.Compile == len(all) && len(all) > 0
	slices.SortStableFunc(h.Flags, func(a, b flagsGroup) int { return b.Files - a.Files })
	slices.SortStableFunc(h.Problems, func(a, b causeGroup) int { return len(b.Files) - len(a.Files) })
	return h, nil
}

// add adds one file to its groups.
func (h *dirHealth) add(s *compile.Surveyed, path string) {
	file := relative(h.Dir, s.File)
	h.Builds = append(h.Builds, fileHealth{File: file, OK: s.OK, Source: s.Source, Dir: s.Dir,
		Command: compile.Command{Clang: path, Args: s.Args}.String()})
	if s.Kept {
		h.Kept++
	}
	if s.OK {
		h.Compile++
	} else {
		at := slices.IndexFunc(h.Problems, func(g causeGroup) bool { return g.Problem == s.Problem })
		if at < 0 {
			at = len(h.Problems)
			h.Problems = append(h.Problems,
				causeGroup{problem: problem{Place: s.Place, Problem: s.Problem, Advice: s.Advice}})
		}
		h.Problems[at].Files = append(h.Problems[at].Files, file)
	}
	if s.Source == "" {
		return
	}
	at := slices.IndexFunc(h.Flags, func(g flagsGroup) bool { return g.Source == s.Source && g.Origin == s.Origin })
	if at < 0 {
		at = len(h.Flags)
		h.Flags = append(h.Flags, flagsGroup{Source: s.Source, Origin: s.Origin})
	}
	g := &h.Flags[at]
	g.Files++
	for _, n := range s.Needed {
		at := slices.IndexFunc(g.Added, func(f neededFlags) bool { return f.Flag == n.Flag })
		if at < 0 {
			at = len(g.Added)
			g.Added = append(g.Added, neededFlags{neededFlag: neededFlag{n.Flag, n.Why}})
		}
		g.Added[at].Files++
	}
}

func relative(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return file
	}
	return rel
}

func (h *dirHealth) ok() bool { return h.OK }

// maxNamed is how many files of a group are named.
const maxNamed = 5

// print writes the report for people, with what is to be done at the end.
func (h *dirHealth) print(w io.Writer) error {
	p := &paper{}
	p.line("bpf-lsp", h.Version)
	p.line("clang", cmp.Or(h.Clang.Path, "none"), h.Clang.Version)
	if h.Fault != nil {
		p.line("problem", h.Fault.Problem)
		p.item("advice", h.Fault.Advice)
	}
	for i, g := range h.Flags {
		subject := ""
		if i == 0 {
			subject = "flags"
		}
		p.line(subject, fmt.Sprintf("%s from %s", count(g.Files), g.Source), origin(h.Dir, g.Origin))
		for _, a := range g.Added {
			p.item("added", fmt.Sprintf("%s, as %s: %s", a.Flag, a.Why, count(a.Files)))
		}
	}
	for _, g := range h.Problems {
		p.line("problem", fmt.Sprintf("%s: %s", count(len(g.Files)), cmp.Or(g.Problem, "not compiled")), g.Place)
		named := g.Files[:min(len(g.Files), maxNamed)]
		text := strings.Join(named, ", ")
		if more := len(g.Files) - len(named); more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		p.item("in", text)
		p.item("advice", g.Advice)
	}
	result := fmt.Sprintf("%d of %s compile", h.Compile, count(h.Files))
	if h.Files == 0 {
		result = "There is no BPF program in C here"
	} else if h.Kept > 0 {
		result += fmt.Sprintf("; %d have not changed since they were last compiled", h.Kept)
	}
	p.line("result", result+".")
	_, err := io.WriteString(w, p.String())
	return err
}

func count(files int) string {
	if files == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", files)
}

// ownStamp identifies this program, because another version may find other flags.
func ownStamp() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	return info.ModTime().String()
}

// origin is the name of the file that flags were read from, empty if there is none.
func origin(dir, file string) string {
	if file == "" {
		return ""
	}
	return relative(dir, file)
}
