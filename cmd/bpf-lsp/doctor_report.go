// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// health is doctor's report in JSON. Fields may be added; none changes its meaning.
type health struct {
	OK       bool           `json:"ok"` // the file can be checked
	Version  string         `json:"version"`
	File     string         `json:"file,omitempty"`
	Clang    clangHealth    `json:"clang"`
	Flags    *flagsHealth   `json:"flags,omitempty"`
	Headers  []headerHealth `json:"headers,omitempty"`
	License  string         `json:"licenseFrom,omitempty"` // the license file used for a file without a license
	Target   targetHealth   `json:"target"`
	Cache    cacheHealth    `json:"cache"`
	Trusted  bool           `json:"trusted"`
	Executes []string       `json:"executes,omitempty"` // besides clang
	Programs programsHealth `json:"programs"`
	Problems []problem      `json:"problems,omitempty"`
}

type clangHealth struct {
	Path         string   `json:"path,omitempty"`
	Version      string   `json:"version,omitempty"`
	HostIncludes []string `json:"hostIncludes,omitempty"`
	PassedOver   []string `json:"passedOver,omitempty"` // they cannot build for BPF
}

type flagsHealth struct {
	Source  string        `json:"source"`
	Origin  string        `json:"origin,omitempty"`
	Dir     string        `json:"dir"`
	Given   []string      `json:"given"`            // by the source, as passed to clang
	Needed  []neededFlag  `json:"needed,omitempty"` // added because the file does not compile without it
	Asked   []askedSource `json:"asked,omitempty"`
	Command string        `json:"command"`
	// Variants are the names of the sets of flags, with each of which the file is compiled and checked.
	Variants []string `json:"variants,omitempty"`
}

type neededFlag struct {
	Flag string `json:"flag"`
	Why  string `json:"why"`
}

type askedSource struct {
	Source string `json:"source"`
	Origin string `json:"origin,omitempty"`
	Used   bool   `json:"used"`
}

type headerHealth struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Version string `json:"version,omitempty"` // of libbpf
}

type targetHealth struct {
	Arch   string `json:"arch"`
	Kernel string `json:"kernel,omitempty"`
	Rules  string `json:"rules"`
	Types  string `json:"types"`         // a file, or "built in"
	Own    string `json:"own,omitempty"` // the running kernel's types, which are not used
}

type cacheHealth struct {
	Dir     string `json:"dir,omitempty"`
	Bytes   int64  `json:"bytes"`
	Problem string `json:"problem,omitempty"`
}

type programsHealth struct {
	Accepted    int `json:"accepted"`
	Rejected    int `json:"rejected"`
	NotVerified int `json:"notVerified"`
}

type problem struct {
	Place   string `json:"place,omitempty"`
	Problem string `json:"problem"`
	Advice  string `json:"advice,omitempty"`
}

// print writes the report for people: a heading per subject, the most important last, where a terminal shows it.
func (h *health) print(w io.Writer) error {
	p := &paper{}
	p.line("bpf-lsp", h.Version)
	p.line("clang", cmp.Or(h.Clang.Path, "none"), h.Clang.Version)
	p.list("cannot build for BPF", h.Clang.PassedOver)
	if f := h.Flags; f != nil && h.File != "" {
		p.line("flags", "from "+f.Source, f.Origin)
		for _, s := range f.Asked {
			if !s.Used {
				p.item("not in", s.Source)
			}
		}
		p.item("given", compile.Quote(f.Given))
		for _, v := range f.Variants {
			p.item("variant", v)
		}
		for _, n := range f.Needed {
			p.item("added", n.Flag+", as "+n.Why)
		}
		p.item("run in", f.Dir)
	}
	p.list("directories of the host", h.Clang.HostIncludes)
	for i, header := range h.Headers {
		subject := ""
		if i == 0 {
			subject = "headers"
		}
		version := ""
		if header.Version != "" {
			version = "libbpf " + header.Version
		}
		p.line(subject, header.File, version)
	}
	if h.License != "" {
		p.line("license", h.License, "which the project links to files without one")
	}
	p.line("target", h.Target.Arch, "rules of Linux "+h.Target.Rules)
	p.line("kernel types", h.Target.Types, h.Target.Kernel)
	if h.Target.Own != "" {
		p.item("not used", h.Target.Own+", the running kernel's; select them with --btf")
	}
	if h.Cache.Problem != "" {
		p.line("cache", cmp.Or(h.Cache.Dir, "none"), "not usable: "+h.Cache.Problem)
	} else {
		p.line("cache", h.Cache.Dir, fmt.Sprintf("%.1f MB", float64(h.Cache.Bytes)/1e6))
	}
	trust := "nothing that the project names (--untrusted)"
	if h.Trusted {
		trust = "also what the project names, as on any command line; --untrusted forbids it"
	}
	p.line("may execute", trust)
	for _, e := range h.Executes {
		p.item("", e)
	}
	for _, problem := range h.Problems {
		p.line("problem", problem.Place+problem.Problem)
		p.item("advice", problem.Advice)
	}
	p.line("result", h.result())
	_, err := io.WriteString(w, p.String())
	return err
}

func (h *health) result() string {
	what := "The file"
	if h.File == "" {
		what = "A small program"
	}
	if !h.OK {
		return what + " cannot be checked."
	}
	n := h.Programs
	return fmt.Sprintf("%s can be checked: %d accepted, %d rejected, %d not verified.", what, n.Accepted, n.Rejected,
		n.NotVerified)
}

// paper lays lines out in two columns.
type paper struct{ strings.Builder }

const columnWidth = 14

// line writes a subject and its parts, the last ones in brackets.
func (p *paper) line(subject, text string, details ...string) {
	for _, d := range details {
		if d != "" {
			text += " (" + d + ")"
		}
	}
	fmt.Fprintf(p, "%-*s%s\n", columnWidth, subject, text)
}

// item writes a line that belongs to the subject above it.
func (p *paper) item(label, text string) {
	if text == "" {
		return
	}
	if label != "" {
		label += ": "
	}
	fmt.Fprintf(p, "%-*s  %s%s\n", columnWidth, "", label, text)
}

func (p *paper) list(label string, texts []string) { p.item(label, strings.Join(texts, ", ")) }
