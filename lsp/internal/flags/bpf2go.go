// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// bpf2goName is the name of the source.
const bpf2goName = "go:generate bpf2go"

// bpf2goSwitches are flags of bpf2go without a value; all others take one, in the next word or after an equals sign.
var bpf2goSwitches = []string{"no-strip", "no-global-types", "help", "h"}

// fromBPF2Go knows a file if a go:generate line runs bpf2go on it: in a Go file of its directory, of a directory above
// within the module, or anywhere else in the project.
func (s *Sources) fromBPF2Go(ctx context.Context, file string) (Found, error) {
	listed := project.DirCacheOf(ctx)
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		for _, name := range listed.Glob(dir, "*.go") {
			if listed.WithoutBPF2Go(name) {
				continue
			}
			text, err := disk.ReadText(name, disk.MaxBuildFile)
			if err != nil || !project.MentionsBPF2Go(text) {
				listed.SetWithoutBPF2Go(name)
				continue
			}
			if f, ok := s.searchGenerateLines(name, text, file); ok {
				return f, nil
			}
		}
		if listed.Has(dir, "go.mod") {
			break
		}
	}
	return s.fromGeneratorElsewhere(ctx, file)
}

// fromGeneratorElsewhere searches the project's Go files that run bpf2go and mention the file, the nearest first.
func (s *Sources) fromGeneratorElsewhere(ctx context.Context, file string) (Found, error) {
	x, err := s.projects.Of(ctx, file)
	if err != nil {
		return Found{}, err
	}
	generators := slices.Clone(x.Definitions().Generators)
	slices.SortStableFunc(generators, func(a, b string) int {
		return cmp.Compare(project.Distance(filepath.Dir(file), filepath.Dir(a)),
			project.Distance(filepath.Dir(file), filepath.Dir(b)))
	})
	for _, name := range generators {
		text, err := disk.ReadText(name, disk.MaxBuildFile)
		if err != nil || !bytes.Contains(text, []byte(filepath.Base(file))) {
			continue
		}
		if f, ok := s.searchGenerateLines(name, text, file); ok {
			return f, nil
		}
	}
	return Found{}, errNotHere
}

func (s *Sources) searchGenerateLines(name string, text []byte, file string) (Found, bool) {
	dir := filepath.Dir(name)
	aliases := map[string][]string{}
	pkg := sync.OnceValue(func() string { return packageName(text) })
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		rest, ok := strings.CutPrefix(strings.TrimRight(lines.Text(), "\r"), project.GeneratePrefix)
		if !ok {
			continue
		}
		root := s.projects.Root(file)
		words := generateWords(rest, root, generateVariables(name, pkg, n, root, s.settings.TargetArch()))
		if len(words) >= 2 && words[0] == "-command" {
			aliases[words[1]] = words[2:]
			continue
		}
		if len(words) > 0 {
			if full, ok := aliases[words[0]]; ok {
				words = append(slices.Clone(full), words[1:]...)
			}
		}
		call, ok := parseBPF2Go(words)
		if !ok || !disk.SameFile(disk.AbsIn(dir, call.source), file) {
			continue
		}
		return Found{Compiler: call.compiler, Dir: dir, Args: call.flags(s.settings.TargetArch()),
			Origin: name}, true
	}
	return Found{}, false
}

// bpf2goCall is a parsed bpf2go command line.
type bpf2goCall struct {
	compiler string
	source   string
	target   string
	cflags   []string
}

// parseBPF2Go recognises bpf2go as a tool of the module, through go run, and as a program on PATH.
func parseBPF2Go(words []string) (bpf2goCall, bool) {
	at := slices.IndexFunc(words, func(w string) bool {
		w, _, _ = strings.Cut(w, "@")
		return filepath.Base(w) == "bpf2go"
	})
	if at < 0 {
		return bpf2goCall{}, false
	}
	call := bpf2goCall{compiler: os.Getenv("BPF2GO_CC"), cflags: strings.Fields(os.Getenv("BPF2GO_CFLAGS"))}
	args := words[at+1:]
	var after []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, after = args[:i], args[i+1:]
	}
	var positional []string
	for i := 0; i < len(args); i++ {
		option, isOption := strings.CutPrefix(args[i], "-")
		if !isOption {
			positional = append(positional, args[i])
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimPrefix(option, "-"), "=")
		if !hasValue && !slices.Contains(bpf2goSwitches, name) && i+1 < len(args) {
			i++
			value = args[i]
		}
		switch name {
		case "cc":
			call.compiler = value
		case "cflags":
			call.cflags = strings.Fields(value)
		case "target":
			// A variable set only by the project's makefile expands to nothing. It mostly holds the target
			// architecture.
			call.target = cmp.Or(value, "native")
		}
	}
	if len(positional) < 2 {
		return bpf2goCall{}, false
	}
	call.source = positional[1]
	call.cflags = append(call.cflags, after...)
	if cc := strings.Fields(call.compiler); len(cc) > 1 {
		call.compiler, call.cflags = cc[0], append(cc[1:], call.cflags...)
	}
	return call, true
}

// flags returns what bpf2go passes to clang for the architecture, in its order.
func (b bpf2goCall) flags(arch string) []string {
	flags := append([]string{"-O2", "-mcpu=v1"}, b.cflags...)
	if define := b.archDefine(arch); define != "" {
		flags = append(flags, "-D__TARGET_ARCH_"+define)
	}
	return append(flags, "-target", "bpfel", "-g")
}

// archDefine chooses one of the requested architectures: this one if it is among them, else the first.
func (b bpf2goCall) archDefine(arch string) string {
	var first string
	for _, t := range strings.Split(b.target, ",") {
		switch t {
		case "", "bpf", "bpfel", "bpfeb":
			continue
		case "native":
			t = runtime.GOARCH
		}
		name := project.KernelArch(t)
		if name == arch {
			return name
		}
		if first == "" {
			first = name
		}
	}
	return first
}

// leadingVariable matches a variable that a file name begins with.
var leadingVariable = regexp.MustCompile(`^((?:-I)?)\$(?:(\w+)|\{(\w+)\})/`)

// generateWords splits a go:generate line as go generate does: at blanks, with double-quoted Go strings, and with $NAME
// and ${NAME} replaced. No shell is involved. A file name that begins with a variable of unknown value is below the top
// of the project: what else has such a variable is not in a checkout.
func generateWords(line, root string, variable func(string) string) []string {
	expand := func(word string) string {
		if m := leadingVariable.FindStringSubmatch(word); m != nil && root != "" && variable(m[2]+m[3]) == "" {
			word = m[1] + root + word[len(m[0])-1:]
		}
		return os.Expand(word, variable)
	}
	var words []string
	for {
		line = strings.TrimLeft(line, " \t")
		if line == "" {
			return words
		}
		if line[0] == '"' {
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				return nil
			}
			word, err := strconv.Unquote(quoted)
			if err != nil {
				return nil
			}
			words = append(words, expand(word))
			line = line[len(quoted):]
			continue
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		words = append(words, expand(line[:end]))
		line = line[end:]
	}
}

// generateVariables returns the variables that go generate sets for a line, and the environment for all others. It
// falls back to the build files above, which set variables before they call go generate.
func generateVariables(name string, pkg func() string, line int, root, arch string) func(string) string {
	return func(key string) string {
		switch key {
		case "GOARCH":
			return runtime.GOARCH
		case "GOOS":
			return runtime.GOOS
		case "GOFILE":
			return filepath.Base(name)
		case "GOLINE":
			return strconv.Itoa(line)
		case "GOPACKAGE":
			return pkg()
		case "DOLLAR":
			return "$"
		}
		value, ok := os.LookupEnv(key)
		switch {
		case ok:
			return value
		case project.MentionsBPF2Go([]byte(key)):
			return "bpf2go"
		}
		return project.BuildVariable(name, root, key, arch)
	}
}

func packageName(text []byte) string {
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "package "); ok {
			name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
			return name
		}
	}
	return ""
}
