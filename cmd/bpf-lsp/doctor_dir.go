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
	// Variants are the names of the variants that files are compiled as.
	Variants []variantFiles `json:"variants,omitempty"`
}

// variantFiles is a variant, and how many files have it.
type variantFiles struct {
	Name  string `json:"name"`
	Files int    `json:"files"`
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

// fileHealth is one file, or one variant of it.
type fileHealth struct {
	File    string `json:"file"`
	Variant string `json:"variant,omitempty"`
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
	h.OK = h.Compile == h.Files && h.Files > 0
	slices.SortStableFunc(h.Flags, func(a, b flagsGroup) int { return b.Files - a.Files })
	slices.SortStableFunc(h.Problems, func(a, b causeGroup) int { return len(b.Files) - len(a.Files) })
	return h, nil
}

// add adds one file, or one variant of it, to its groups. The variants of a file follow each other.
func (h *dirHealth) add(s *compile.Surveyed, path string) {
	file := relative(h.Dir, s.File)
	again := len(h.Builds) > 0 && h.Builds[len(h.Builds)-1].File == file
	failedBefore := again && !h.allCompile(file)
	h.Builds = append(h.Builds, fileHealth{File: file, Variant: s.Variant, OK: s.OK, Source: s.Source, Dir: s.Dir,
		Command: compile.Command{Clang: path, Args: s.Args}.String()})
	if !again {
		h.Files++
	}
	if s.Kept && !again {
		h.Kept++
	}
	switch {
	case s.OK && !again:
		h.Compile++
	case !s.OK && again && !failedBefore:
		h.Compile--
	}
	if !s.OK {
		h.addProblem(s, file)
	}
	if s.Source != "" {
		h.addFlags(s, again)
	}
}

// allCompile reports whether all variants of a file that were added compile.
func (h *dirHealth) allCompile(file string) bool {
	return !slices.ContainsFunc(h.Builds, func(f fileHealth) bool { return f.File == file && !f.OK })
}

func (h *dirHealth) addProblem(s *compile.Surveyed, file string) {
	at := slices.IndexFunc(h.Problems, func(g causeGroup) bool { return g.Problem == s.Problem })
	if at < 0 {
		at = len(h.Problems)
		h.Problems = append(h.Problems,
			causeGroup{problem: problem{Place: s.Place, Problem: s.Problem, Advice: s.Advice}})
	}
	if s.Variant != "" {
		file += " as " + s.Variant
	}
	h.Problems[at].Files = append(h.Problems[at].Files, file)
}

// addFlags adds where the flags of a file come from. again is set if a variant of the same file was added before.
func (h *dirHealth) addFlags(s *compile.Surveyed, again bool) {
	at := slices.IndexFunc(h.Flags, func(g flagsGroup) bool { return g.Source == s.Source && g.Origin == s.Origin })
	if at < 0 {
		at = len(h.Flags)
		h.Flags = append(h.Flags, flagsGroup{Source: s.Source, Origin: s.Origin})
	}
	g := &h.Flags[at]
	if s.Variant != "" {
		at := slices.IndexFunc(g.Variants, func(v variantFiles) bool { return v.Name == s.Variant })
		if at < 0 {
			at = len(g.Variants)
			g.Variants = append(g.Variants, variantFiles{Name: s.Variant})
		}
		g.Variants[at].Files++
	}
	if !again {
		g.Files++
	}
	for _, n := range s.Needed {
		g.Added = addNeeded(g.Added, neededFlags{neededFlag{n.Flag, n.Why}, 1})
	}
}

// addNeeded adds a flag to a list, or its files to those of the same flag.
func addNeeded(list []neededFlags, n neededFlags) []neededFlags {
	at := slices.IndexFunc(list, func(f neededFlags) bool { return f.Flag == n.Flag })
	if at < 0 {
		return append(list, n)
	}
	list[at].Files += n.Files
	return list
}

func relative(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return file
	}
	return rel
}

func (h *dirHealth) ok() bool { return h.OK }

// maxNamed is how many files of a group are named, maxAdded how many flags.
const maxNamed, maxAdded = 5, 12

// bySource joins the groups of files whose flags come from files of the same kind, most files first.
func (h *dirHealth) bySource() []flagsGroup {
	var out []flagsGroup
	more := map[string]int{} // origins that are not named
	for _, g := range h.Flags {
		at := slices.IndexFunc(out, func(o flagsGroup) bool { return o.Source == g.Source })
		if at < 0 {
			g.Origin = origin(h.Dir, g.Origin)
			g.Added = slices.Clone(g.Added)
			out = append(out, g)
			continue
		}
		o := &out[at]
		o.Files += g.Files
		o.Variants = append(o.Variants, g.Variants...)
		for _, a := range g.Added {
			o.Added = addNeeded(o.Added, a)
		}
		more[g.Source]++
	}
	for i := range out {
		if n := more[out[i].Source]; n > 0 {
			out[i].Origin += fmt.Sprintf(" and %d more", n)
		}
		slices.SortStableFunc(out[i].Added, func(a, b neededFlags) int { return b.Files - a.Files })
	}
	slices.SortStableFunc(out, func(a, b flagsGroup) int { return b.Files - a.Files })
	return out
}

// print writes the report for people, with what is to be done at the end.
func (h *dirHealth) print(w io.Writer) error {
	p := &paper{}
	p.line("bpf-lsp", h.Version)
	p.line("clang", cmp.Or(h.Clang.Path, "none"), h.Clang.Version)
	if h.Fault != nil {
		p.line("problem", h.Fault.Problem)
		p.item("advice", h.Fault.Advice)
	}
	for i, g := range h.bySource() {
		subject := ""
		if i == 0 {
			subject = "flags"
		}
		p.line(subject, fmt.Sprintf("%s from %s", count(g.Files), g.Source), g.Origin)
		for _, v := range g.Variants {
			p.item("variant", fmt.Sprintf("%s: %s", v.Name, count(v.Files)))
		}
		for _, a := range g.Added[:min(len(g.Added), maxAdded)] {
			p.item("added", fmt.Sprintf("%s, as %s: %s", a.Flag, a.Why, count(a.Files)))
		}
		if more := len(g.Added) - maxAdded; more > 0 {
			p.item("added", fmt.Sprintf("%d more flags", more))
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
