// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// A build may link the objects of several files to one, which is what is loaded. These say so, in this order:
//
//	bpf-lsp.yaml     a list of files under link
//	build.rs         a chain of calls that names several BPF sources and links
//	build files      a line "… gen object OUT IN…" that names its files
//	a dry run        the same, as ninja or make would run it

// Link is an object that a build makes of the objects of several files.
type Link struct {
	Object string   // its name
	Files  []string // the sources, in the order in which their objects are linked
	Origin string   // the file that says so
}

// maxLinked bounds how many files are linked to one object.
const maxLinked = 100

// Linked returns the object that the project links the object of a file to, false if it is loaded by itself. A file
// that is a part of several objects is taken as one of the object it comes first in, else of the first. Whether a file
// is certainly a part decides how far it looks: only then does it search the whole project and ask build tools.
func (s *Sources) Linked(ctx context.Context, file string, part bool) (Link, bool) {
	file, err := filepath.Abs(file)
	if err != nil {
		return Link{}, false
	}
	ctx = project.WithDirCache(ctx)
	finders := []func(context.Context, string) []Link{s.projectLinks, s.scriptLinks, s.writtenLinks}
	if part {
		finders = append(finders, s.farScriptLinks, s.dryLinks)
	}
	for _, find := range finders {
		var first *Link
		for _, l := range find(ctx, file) {
			at := slices.IndexFunc(l.Files, func(name string) bool {
				return filepath.Base(name) == filepath.Base(file) && disk.SameFile(name, file)
			})
			if at < 0 || len(l.Files) < 2 || len(l.Files) > maxLinked {
				continue
			}
			l.Files[at] = file
			if at == 0 {
				return l, true
			}
			if first == nil {
				first = &l
			}
		}
		if first != nil {
			return *first, true
		}
	}
	return Link{}, false
}

// projectLink is an object in a project file.
type projectLink struct {
	Object string   `yaml:"object"`
	Files  []string `yaml:"files"`
}

// projectLinks reads the nearest project file.
func (s *Sources) projectLinks(ctx context.Context, file string) []Link {
	p, name := nearestProjectFile(ctx, file)
	var out []Link
	for _, l := range p.Link {
		var files []string
		for _, pattern := range l.Files {
			for _, f := range matching(project.DirCacheOf(ctx), filepath.Dir(name), pattern) {
				if !slices.Contains(files, f) {
					files = append(files, f)
				}
			}
		}
		out = append(out, Link{Object: l.Object, Files: files, Origin: name})
	}
	return out
}

// matching are the files that a pattern of a project file names.
func matching(listed *project.DirCache, dir, pattern string) []string {
	if !strings.ContainsAny(pattern, "*?[") {
		return []string{disk.AbsIn(dir, pattern)}
	}
	names := listed.Glob(dir, filepath.FromSlash(pattern))
	slices.Sort(names)
	return names
}

// scriptLinks reads the build scripts above a file.
func (s *Sources) scriptLinks(ctx context.Context, file string) []Link {
	root := s.projects.Root(file)
	listed := project.DirCacheOf(ctx)
	var out []Link
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		if listed.Has(dir, buildScriptName) {
			out = append(out, readScriptLinks(filepath.Join(dir, buildScriptName))...)
		}
		if dir == root {
			break
		}
	}
	return out
}

// farScriptLinks reads all build scripts of a project: what several crates share is below none of them.
func (s *Sources) farScriptLinks(ctx context.Context, file string) []Link {
	x, err := s.projects.Of(ctx, file)
	if err != nil {
		return nil
	}
	var out []Link
	scripts := x.Named(buildScriptName)
	slices.Sort(scripts)
	for _, name := range scripts {
		out = append(out, readScriptLinks(name)...)
	}
	return out
}

// rustLinks is what makes a chain of calls one that links.
var rustLinks = regexp.MustCompile(`\.\w*link\w*\(`)

// readScriptLinks reads the statements of a build script that name several BPF sources and link.
func readScriptLinks(name string) []Link {
	text, err := disk.ReadText(name, disk.MaxBuildFile)
	if err != nil {
		return nil
	}
	var out []Link
	for statement := range strings.SplitSeq(rustComment.ReplaceAllString(string(text), ""), ";") {
		if !rustLinks.MatchString(statement) {
			continue
		}
		var files []string
		for _, m := range rustString.FindAllStringSubmatch(statement, -1) {
			f := disk.AbsIn(filepath.Dir(name), m[1])
			if strings.HasSuffix(f, bpfSource) && !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
		out = append(out, Link{Object: filepath.Base(filepath.Dir(name)) + bpfObject, Files: files, Origin: name})
	}
	return out
}

// Ends of the names of BPF sources and their objects.
const (
	bpfSource = ".bpf.c"
	bpfObject = ".bpf.o"
)
