// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// clangdFileName is clangd's project file. Keys other than those below concern the editor and do not change a build.
const clangdFileName = ".clangd"

// clangdFragment is one document of the file: a condition, and changes to a command found elsewhere.
type clangdFragment struct {
	If struct {
		PathMatch   oneOrMore `yaml:"PathMatch"`
		PathExclude oneOrMore `yaml:"PathExclude"`
	} `yaml:"If"`
	CompileFlags struct {
		Add      oneOrMore `yaml:"Add"`
		Remove   oneOrMore `yaml:"Remove"`
		Compiler string    `yaml:"Compiler"`
	} `yaml:"CompileFlags"`
}

// oneOrMore is a list that may be written as a single word.
type oneOrMore []string

func (l *oneOrMore) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = oneOrMore{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

// applyClangd applies the .clangd files above the file, the outermost first, so that the nearest wins. Clangd does so
// with commands of a database, of compile_flags.txt and with its own guesses, and users expect the same here.
func applyClangd(f Found, file string) (Found, error) {
	dirs := slices.Collect(disk.Ancestors(filepath.Dir(file)))
	slices.Reverse(dirs)
	changed := false
	for _, dir := range dirs {
		name := filepath.Join(dir, clangdFileName)
		text, err := disk.ReadText(name, disk.MaxBuildFile)
		if err != nil {
			continue // usually absent; unreadable files are ignored
		}
		fragments, err := readClangd(text)
		if err != nil {
			return Found{}, &clang.Fault{Problem: "The file .clangd is not valid.", File: name, Line: yamlLine(err),
				Err: err}
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			continue
		}
		for _, fragment := range fragments {
			if fragment.applies(filepath.ToSlash(rel)) && fragment.change(&f) {
				changed, f.Origin = true, cmp.Or(f.Origin, name)
			}
		}
	}
	if changed {
		f.Source += " and " + clangdFileName
	}
	return f, nil
}

func readClangd(text []byte) ([]clangdFragment, error) {
	var out []clangdFragment
	for dec := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var fragment clangdFragment
		switch err := dec.Decode(&fragment); {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		}
		out = append(out, fragment)
	}
}

// applies matches whole names, as clangd does. An invalid regular expression matches nothing.
func (c *clangdFragment) applies(rel string) bool {
	matches := func(pattern string) bool {
		re, err := regexp.Compile("^(?:" + pattern + ")$")
		return err == nil && re.MatchString(rel)
	}
	return (len(c.If.PathMatch) == 0 || slices.ContainsFunc(c.If.PathMatch, matches)) &&
		!slices.ContainsFunc(c.If.PathExclude, matches)
}

// change first removes, then adds, as clangd does.
func (c *clangdFragment) change(f *Found) bool {
	flags := &c.CompileFlags
	if len(flags.Add) == 0 && len(flags.Remove) == 0 && flags.Compiler == "" {
		return false
	}
	f.Args = removeFlags(f.Args, flags.Remove)
	f.Args = append(f.Args, flags.Add...)
	if flags.Compiler != "" {
		f.Compiler = flags.Compiler
	}
	return true
}

// flagsWithValue take a value in the same word or in the next one.
var flagsWithValue = []string{"-I", "-D", "-U", "-include", "-isystem", "-iquote", "-idirafter", "-imacros", "-target",
	"-x", "-Xclang", "-mllvm"}

// removeFlags drops the words that match a pattern: as a whole, up to a final asterisk, or with any value for the bare
// name of an option that takes one.
func removeFlags(args, patterns []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		drop := slices.ContainsFunc(patterns, func(p string) bool {
			stem, open := strings.CutSuffix(p, "*")
			return a == p || open && strings.HasPrefix(a, stem) || slices.Contains(flagsWithValue, p) &&
				strings.HasPrefix(a, p)
		})
		if !drop {
			out = append(out, a)
			continue
		}
		if slices.Contains(flagsWithValue, a) {
			i++
		}
	}
	return out
}
