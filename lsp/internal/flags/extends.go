// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// projectExtension is what the programs of some files replace functions of.
type projectExtension struct {
	Files   []string `yaml:"files"`
	Target  string   `yaml:"target"`
	Program string   `yaml:"program"`
}

// Extended is a file with programs whose functions another file's programs replace.
type Extended struct {
	File string
	// Program is the one that is meant, "" if any is.
	Program string
}

// Extended returns what the project file says that the programs of a file extend.
func (s *Sources) Extended(ctx context.Context, file string) []Extended {
	file, err := filepath.Abs(file)
	if err != nil {
		return nil
	}
	p, name := nearestProjectFile(project.WithDirCache(ctx), file)
	dir := filepath.Dir(name)
	rel, err := filepath.Rel(dir, file)
	if name == "" || err != nil {
		return nil
	}
	var out []Extended
	for _, e := range p.Extends {
		matches := func(pattern string) bool { return matchGlob(pattern, filepath.ToSlash(rel)) }
		if target := disk.AbsIn(dir, e.Target); e.Target != "" && slices.ContainsFunc(e.Files, matches) {
			out = append(out, Extended{File: target, Program: e.Program})
		}
	}
	return out
}

// nearestProjectFile reads the project file above a file; its name is "" if there is none. What is not valid in it is
// reported where flags are asked for.
func nearestProjectFile(ctx context.Context, file string) (p projectFile, name string) {
	listed := project.DirCacheOf(ctx)
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		if !listed.Has(dir, project.ConfigName) {
			continue
		}
		name := filepath.Join(dir, project.ConfigName)
		text, err := listed.Text(name)
		if err != nil {
			continue
		}
		_ = yaml.Unmarshal(text, &p)
		return p, name
	}
	return projectFile{}, ""
}
