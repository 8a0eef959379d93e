// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// linkCommand is one call of a linker for BPF objects, with its working directory.
type linkCommand struct {
	dir    string
	output string
	inputs []string
}

// readLink finds the linker in a command: "bpftool gen object OUT IN…" or "ld -r -o OUT IN…". Names that the shell or
// the build tool would compute are left out with the whole command.
func readLink(command, dir string) (linkCommand, bool) {
	if !strings.Contains(command, " object ") && !strings.Contains(command, " -r ") {
		return linkCommand{}, false
	}
	prog, err := syntax.NewParser().Parse(strings.NewReader(command), "")
	if err != nil {
		return linkCommand{}, false
	}
	var found linkCommand
	syntax.Walk(prog, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok || found.output != "" {
			return true
		}
		words := make([]string, 0, len(call.Args))
		for _, w := range call.Args {
			words = append(words, w.Lit())
		}
		found.output, found.inputs = linkedNames(words)
		return true
	})
	if found.output == "" || slices.Contains(found.inputs, "") {
		return linkCommand{}, false
	}
	found.dir = disk.AbsIn(dir, changedDir(command))
	return found, true
}

// linkedNames are output and inputs of a command that links, no output for another command.
func linkedNames(words []string) (output string, inputs []string) {
	if i := slices.Index(words, "gen"); i >= 0 && i+3 < len(words) && words[i+1] == "object" {
		return words[i+2], words[i+3:]
	}
	if len(words) == 0 || !strings.HasSuffix(filepath.Base(words[0]), "ld") && !strings.Contains(words[0], "ld.lld") ||
		!slices.Contains(words, "-r") {
		return "", nil
	}
	for i := 1; i < len(words); i++ {
		switch w := words[i]; {
		case w == "-o" && i+1 < len(words):
			i++
			output = words[i]
		case w == "" || !strings.HasPrefix(w, "-"):
			inputs = append(inputs, w)
		}
	}
	return output, inputs
}

// linkedSources are the sources of the objects that a command links, through other links. compiled says which source an
// object is compiled of.
func linkedSources(cmd linkCommand, all []linkCommand, compiled map[string]string) []string {
	var out []string
	add := func(source string) {
		if !slices.Contains(out, source) {
			out = append(out, source)
		}
	}
	var follow func(cmd linkCommand, depth int)
	follow = func(cmd linkCommand, depth int) {
		for _, in := range cmd.inputs {
			in = disk.AbsIn(cmd.dir, in)
			i := slices.IndexFunc(all, func(l linkCommand) bool { return disk.AbsIn(l.dir, l.output) == in })
			switch {
			case i >= 0 && depth < maxLinkSteps:
				follow(all[i], depth+1)
			case compiled[in] != "":
				add(compiled[in])
			default:
				add(besideObject(in))
			}
		}
	}
	follow(cmd, 0)
	return out
}

// maxLinkSteps bounds how often what is linked is linked again.
const maxLinkSteps = 8

// besideObject is the source of an object that is made next to it.
func besideObject(object string) string {
	stem := strings.TrimSuffix(strings.TrimSuffix(object, ".o"), ".bpf")
	for _, end := range []string{bpfSource, ".c"} {
		if info, err := os.Stat(stem + end); err == nil && info.Mode().IsRegular() {
			return stem + end
		}
	}
	return object
}

// writtenLinks reads the build files above a file, line by line, for links that name their files.
func (s *Sources) writtenLinks(ctx context.Context, file string) []Link {
	var out []Link
	for name := range project.BuildFiles(file, s.projects.Root(file)) {
		text, err := disk.ReadText(name, disk.MaxBuildFile)
		if err != nil || !strings.Contains(string(text), "gen object") {
			continue
		}
		var all []linkCommand
		for line := range strings.Lines(strings.ReplaceAll(string(text), "\\\n", " ")) {
			if cmd, ok := readLink(strings.TrimLeft(line, " \t@-"), filepath.Dir(name)); ok {
				all = append(all, cmd)
			}
		}
		out = append(out, linksOf(all, nil, name)...)
	}
	return out
}

// dryLinks asks ninja and make which objects they would link.
func (s *Sources) dryLinks(ctx context.Context, file string) []Link {
	if !s.settings.Trusted || s.dry == nil {
		return nil
	}
	root := s.projects.Root(file)
	for _, tool := range buildTools {
		path, err := exec.LookPath(tool.name)
		if err != nil {
			continue
		}
		for dir := range disk.Ancestors(filepath.Dir(file)) {
			for _, name := range tool.find(dir) {
				if r, err := s.dry.run(ctx, tool, path, name, file); err == nil && len(r.links) > 0 {
					return linksOf(r.links, compiledObjects(r.commands), name)
				}
			}
			if dir == root {
				break
			}
		}
	}
	return nil
}

// linksOf are the objects that are linked of several sources, and not linked again.
func linksOf(all []linkCommand, compiled map[string]string, origin string) []Link {
	found := map[string]Link{}
	again := map[string]bool{}
	for _, cmd := range all {
		for _, in := range cmd.inputs {
			again[disk.AbsIn(cmd.dir, in)] = again[disk.AbsIn(cmd.dir, in)] || len(cmd.inputs) > 1
		}
	}
	for _, cmd := range all {
		if again[disk.AbsIn(cmd.dir, cmd.output)] {
			continue
		}
		files := linkedSources(cmd, all, compiled)
		if key := strings.Join(files, "\x00"); len(files) > 1 {
			found[key] = Link{Object: filepath.Base(cmd.output), Files: files, Origin: origin}
		}
	}
	var out []Link
	for _, key := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[key])
	}
	return out
}

// compiledObjects says of which source commands compile each object.
func compiledObjects(commands []buildCommand) map[string]string {
	out := map[string]string{}
	for _, cmd := range commands {
		source, object := "", ""
		for i, w := range cmd.words {
			switch {
			case w == "-o" && i+1 < len(cmd.words):
				object = cmd.words[i+1]
			case strings.HasSuffix(w, ".c") && !strings.HasPrefix(w, "-"):
				source = w
			}
		}
		if source != "" && object != "" {
			out[disk.AbsIn(cmd.dir, object)] = disk.AbsIn(cmd.dir, source)
		}
	}
	return out
}
