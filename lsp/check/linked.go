// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// A file that the build links to others is checked as a part of what they make. Its own programs are reported; of a
// file without programs, those that contain its functions.

// linker is a Builder that knows which files a project links.
type linker interface {
	Linked(ctx context.Context, file string, part bool) (compile.Link, bool)
}

// loadUnit loads the object of a unit, linked to those that the build links it to if all of them compile.
func (c *Checker) loadUnit(ctx context.Context, req Request, elf []byte, o program.Options, r *Report) (*program.Object,
	*diag.Diagnostic) {
	o.Extends = c.extended(ctx, req, o, r)
	b, knows := c.Builder.(linker)
	if knows = knows && r.Command.File != ""; knows {
		if link, ok := b.Linked(ctx, req.File, false); ok {
			if obj := c.loadLink(ctx, req, elf, o, r, link); obj != nil {
				return obj, nil
			}
			knows = false
		}
	}
	obj, err := c.loadAs(o, func(o program.Options) (*program.Object, error) { return c.Load(elf, o) })
	if knows && (errors.Is(err, program.ErrNoPrograms) || err == nil && obj.Part) {
		if link, ok := b.Linked(ctx, req.File, true); ok {
			if whole := c.loadLink(ctx, req, elf, o, r, link); whole != nil {
				return whole, nil
			}
		}
	}
	if err != nil {
		d := loadFault(err, req.File)
		return nil, &d
	}
	return obj, nil
}

// loadLink loads what a project links of several files, nil if one of them cannot be built.
func (c *Checker) loadLink(ctx context.Context, req Request, elf []byte, o program.Options, r *Report,
	link compile.Link) *program.Object {
	var parts []program.Part
	deps := slices.Clone(r.Deps)
	for _, file := range link.Files {
		if file == req.File {
			parts = append(parts, program.Part{Name: file, ELF: elf})
			continue
		}
		built := c.part(ctx, file, req.Unsaved)
		deps = append(deps, file)
		deps = append(deps, built.Deps...)
		if built.ELF == nil {
			return nil
		}
		parts = append(parts, program.Part{Name: file, ELF: built.ELF})
	}
	o.Name = link.Object
	obj, err := c.loadAs(o, func(o program.Options) (*program.Object, error) { return c.LoadLinked(parts, o) })
	if err != nil {
		return nil
	}
	slices.Sort(deps)
	r.own, r.Deps, r.Linked = r.Deps, slices.Compact(deps), link.Files
	return obj
}

// concerned returns the programs of an object that a unit is to report.
func (r *Report) concerned(programs []*program.Program) []*program.Program {
	if r.Linked == nil {
		return programs
	}
	var own, using []*program.Program
	for _, p := range programs {
		if len(p.Symbols) > 0 && p.Symbols[0].Part == r.File {
			own = append(own, p)
		}
		if slices.ContainsFunc(p.Symbols, func(s program.Symbol) bool { return s.Part == r.File }) {
			using = append(using, p)
		}
	}
	if len(own) > 0 {
		return own
	}
	return using
}

// ownFaults leaves out what concerns other files of a linked object, unless this one is the first.
func (r *Report) ownFaults(all []diag.Diagnostic) []diag.Diagnostic {
	if r.Linked == nil || r.Linked[0] == r.File {
		return all
	}
	return slices.DeleteFunc(all, func(d diag.Diagnostic) bool { return !slices.Contains(r.own, d.Span.File) })
}

// parts caches the objects of files that others are linked to.
type parts struct {
	mu    sync.Mutex
	built map[string]builtPart
	bytes int
}

// builtPart is an object with the versions of the files that it was built of.
type builtPart struct {
	compile.Object
	versions map[string]version
}

// version of a file on disk.
type version struct {
	modified time.Time
	size     int64
}

// maxPartsBytes bounds what the cache holds.
const maxPartsBytes = 256 << 20

func versionOf(file string) version {
	info, err := os.Stat(file)
	if err != nil {
		return version{}
	}
	return version{info.ModTime(), info.Size()}
}

// fresh reports whether an object is as a build would make it.
func (b *builtPart) fresh(unsaved compile.Unsaved) bool {
	for file, v := range b.versions {
		if _, ok := unsaved[file]; ok || versionOf(file) != v {
			return false
		}
	}
	return len(b.versions) > 0
}

// part builds another file than the unit's. Its object is nil if it cannot be built.
func (c *Checker) part(ctx context.Context, file string, unsaved compile.Unsaved) compile.Object {
	c.parts.mu.Lock()
	known, ok := c.parts.built[file]
	c.parts.mu.Unlock()
	if ok && known.fresh(unsaved) {
		return known.Object
	}
	built, _, err := c.Builder.BuildUnsaved(ctx, file, unsaved)
	if err != nil || built.ELF == nil {
		built.ELF = nil
		return built
	}
	b := builtPart{Object: built, versions: map[string]version{}}
	for _, dep := range built.Deps {
		if _, ok := unsaved[dep]; ok {
			return built // the next build may have another text
		}
		b.versions[dep] = versionOf(dep)
	}
	c.parts.mu.Lock()
	defer c.parts.mu.Unlock()
	if c.parts.bytes += len(built.ELF); c.parts.built == nil || c.parts.bytes > maxPartsBytes {
		c.parts.built, c.parts.bytes = map[string]builtPart{}, len(built.ELF)
	}
	c.parts.built[file] = b
	return built
}

// forget drops all objects.
func (p *parts) forget() {
	p.mu.Lock()
	p.built, p.bytes = nil, 0
	p.mu.Unlock()
}
