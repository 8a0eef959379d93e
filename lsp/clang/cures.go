// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Need is a flag that a file turned out to need besides those that were found for it.
type Need struct {
	Flag string `json:"flag"`
	Why  string `json:"why"` // for people, as the rest of a sentence: "vmlinux.h is there"
	// guess: another fault than a missing flag can look the same, so it counts for one build only, and only if that succeeds.
	guess bool
	// holds is the header that the flag is about, empty if it is about none.
	holds string
}

// gone reports whether the header that a flag is about is not there any more. Headers of the cache are made anew if they are damaged.
func (c *Compiler) gone(ctx context.Context, n Need) bool {
	if strings.HasPrefix(filepath.Base(n.Flag), newerPrefix) {
		_, err := c.newerHeaders()
		return err != nil
	}
	if n.holds == "" {
		return false
	}
	if cache, err := c.cacheDir(); err == nil && within(cache, n.holds) && filepath.Base(n.holds) == kernelTypesHeader && c.settings.Headers != nil {
		if _, err := c.settings.Headers(ctx); err != nil {
			return true
		}
	}
	_, err := os.Stat(n.holds)
	return err != nil
}

// A cure finds flags that may rid a build of its errors, the likeliest first. A fresh checkout lacks what its build would have set up, and
// where flags were guessed some are missing: most of these faults name what they miss.
type cure func(c *Compiler, ctx context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error)

// cures in the order they are tried; the first that has a flag is used, and the file is built again.
var cures = []cure{
	(*Compiler).cureWordSize,
	(*Compiler).cureMissingHeader,
	(*Compiler).cureArchitecture,
	(*Compiler).cureProcessor,
	(*Compiler).cureLanguage,
	(*Compiler).cureOldLibbpf,
	(*Compiler).cureSecondDefinition,
	(*Compiler).cureOldMaps,
	(*Compiler).cureTypesTwice,
	(*Compiler).cureUndefined,
}

// cure asks for flags that the command does not have yet, of which one may do.
func (c *Compiler) cure(ctx context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	if !slices.ContainsFunc(ds, isError) {
		return nil, nil
	}
	for _, f := range cures {
		needs, err := f(c, ctx, cmd, ds)
		if err != nil {
			return nil, err
		}
		needs = slices.DeleteFunc(needs, func(n Need) bool { return n.Flag == "" || slices.Contains(cmd.Args, n.Flag) })
		if len(needs) > 0 {
			return needs, nil
		}
	}
	return nil, nil
}

func isError(d diag.Diagnostic) bool { return d.Severity == diag.Error }

// errorMatches reports whether an error says what the pattern looks for.
func errorMatches(ds []diag.Diagnostic, pattern *regexp.Regexp) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return isError(d) && pattern.MatchString(d.Reason) })
}

// hostDefines are the macros by which headers of the host know the processor; some look at the one, some at the other. The BPF target
// has none.
var hostDefines = map[string][]string{"x86": {"-D__x86_64__", "-D__x86_64"}, "arm64": {"-D__aarch64__"}, "powerpc": {"-D__powerpc64__"},
	"s390": {"-D__s390x__"}, "riscv": {"-D__riscv", "-D__riscv_xlen=64"}, "loongarch": {"-D__loongarch__"}}

// hostDefine is the first of them that a command lacks.
func (c *Compiler) hostDefine(cmd Command) string {
	for _, d := range hostDefines[c.settings.arch()] {
		if !slices.Contains(cmd.Args, d) {
			return d
		}
	}
	return ""
}

// narrowStubs is what the host's C library includes where nothing says that the processor has 64 bits.
const narrowStubs = "gnu/stubs-32.h"

func (c *Compiler) cureWordSize(_ context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	if header, _, missing := missingHeader(ds); missing && header == narrowStubs {
		return []Need{{Flag: c.hostDefine(cmd), Why: "headers of the host ask for the processor"}}, nil
	}
	return nil, nil
}

func (c *Compiler) cureMissingHeader(ctx context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	header, includer, missing := missingHeader(ds)
	if !missing {
		return nil, nil
	}
	var out []Need
	// A header that lies beside the one which includes it is meant before others of that name.
	if beside := filepath.Dir(includer); within(c.root(cmd.File), beside) && hasAll(beside, []string{header}) {
		out = append(out, Need{Flag: "-I" + beside, Why: header + " is there, beside the file that includes it"})
	}
	dirs, err := c.includeDirsFor(ctx, cmd.File, header)
	if err != nil {
		return nil, err
	}
	for _, dir := range dirs[:min(len(dirs), maxCandidates)] {
		out = append(out, Need{Flag: "-I" + dir, Why: header + " is there", holds: filepath.Join(dir, filepath.FromSlash(header))})
	}
	return append(out, c.withoutHeader(cmd, ds)...), nil
}

// maxCandidates bounds how many places of one header are tried.
const maxCandidates = 5

// withoutHeader finds a macro with which the preprocessor leaves out the #include of a header that was not found: a program that is
// compiled with the kernel's headers or with its types asks one.
func (c *Compiler) withoutHeader(cmd Command, ds []diag.Diagnostic) []Need {
	i := slices.IndexFunc(ds, func(d diag.Diagnostic) bool { return d.Code == catalog.MissingHeader })
	text, err := readText(ds[i].Span.File, maxSource)
	if err != nil || !within(c.root(cmd.File), ds[i].Span.File) {
		return nil
	}
	lines := strings.Split(string(text), "\n")
	macro := macroAgainst(lines[:min(max(ds[i].Span.Line-1, 0), len(lines))])
	if macro == "" {
		return nil
	}
	return []Need{{Flag: "-D" + macro, Why: filepath.Base(ds[i].Span.File) + " asks for it before it includes a header that is not there", guess: true}}
}

var (
	// What libbpf says where the architecture that registers are read for was not chosen.
	wantsTargetArch = regexp.MustCompile(`__TARGET_ARCH_`)
	// What programs say themselves where they do not know the processor.
	wantsHostArch = regexp.MustCompile(`(?i)\b(unsupported|unknown|undefined|unrecognized|no|missing) (target |cpu |host )*(arch\b|architecture|platform|processor)|architecture (is )?not (supported|defined)`)
)

func (c *Compiler) cureArchitecture(_ context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	chosen := slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.HasPrefix(a, "-D__TARGET_ARCH_") })
	if errorMatches(ds, wantsTargetArch) && !chosen {
		return []Need{{Flag: "-D__TARGET_ARCH_" + c.settings.arch(), Why: "libbpf asks for the architecture"}}, nil
	}
	if errorMatches(ds, wantsHostArch) {
		return []Need{{Flag: c.hostDefine(cmd), Why: "headers of the host ask for the processor"}}, nil
	}
	return nil, nil
}

// newerProcessor is what the backend says of instructions and operations that the oldest processor version lacks.
var newerProcessor = regexp.MustCompile(`(?i)unsupported atomic operation|unsupported signed division|please use -mcpu|Cannot select.*Atomic`)

// cureProcessor chooses a processor version that has the instructions a program needs, where nobody chose one.
func (c *Compiler) cureProcessor(_ context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	if !errorMatches(ds, newerProcessor) || slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.HasPrefix(a, "-mcpu") }) {
		return nil, nil
	}
	return []Need{{Flag: "-mcpu=v3", Why: "it uses instructions that the first processor version lacks"}}, nil
}

var (
	// What clang says of words that are keywords since C23.
	newerLanguage = regexp.MustCompile(`^(?:unknown type name 'bool'|use of undeclared identifier '(?:bool|true|false|nullptr)')`)
	newerStandard = regexp.MustCompile(`-std=(?:c|gnu)2[x3]\b`)
)

// cureLanguage chooses the standard that a build file names, for a program that needs it.
func (c *Compiler) cureLanguage(_ context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	if !errorMatches(ds, newerLanguage) || slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.HasPrefix(a, "-std=") }) {
		return nil, nil
	}
	for name := range buildFiles(cmd.File, c.root(cmd.File)) {
		if text, err := readText(name, maxBuildFile); err == nil {
			if std := newerStandard.Find(text); std != nil {
				return []Need{{Flag: string(std), Why: filepath.Base(name) + " chooses that language"}}, nil
			}
		}
	}
	return nil, nil
}

// helperNames are names of bpf_helpers.h that a program gets from libbpf's other headers, which include it only in newer ones.
var helperNames = regexp.MustCompile(`'(?:__always_inline|__noinline|__weak|__uint|__type|SEC|bpf_(?:map_(?:lookup|update|delete)_elem|printk|probe_read\w*|ktime_get_ns|get_current_\w+))'`)

// cureOldLibbpf puts headers in front of libbpf's that add to them, where a program uses names that only those have.
func (c *Compiler) cureOldLibbpf(_ context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	uses := func(text string) bool { return newerNames().MatchString(text) || helperNames.MatchString(text) }
	if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return isError(d) && uses(d.Reason) }) {
		text, err := readText(cmd.File, maxSource)
		if err != nil || !uses(string(text)) {
			return nil, nil
		}
	}
	dir, err := c.newerHeaders()
	if err != nil {
		return nil, err
	}
	return []Need{{Flag: "-I" + dir, Why: "it uses names of a newer libbpf than the one found"}}, nil
}

var (
	redefinition = regexp.MustCompile(`^redefinition of '\w+'|^typedef redefinition`)
	unlessMacro  = regexp.MustCompile(`^\s*#\s*(?:ifndef\s+|if\s+!\s*defined\s*\(?\s*)(\w+)\)?\s*(?:$|/)`)
	ifMacro      = regexp.MustCompile(`^\s*#\s*(?:ifdef\s+|if\s+defined\s*\(?\s*)(\w+)\)?\s*(?:$|/)`)
	conditional  = regexp.MustCompile(`^\s*#\s*(if|ifdef|ifndef|else|elif|endif)\b`)
)

// cureSecondDefinition finds what a project's own configuration would have defined. A program that brings a definition in case the
// libraries are too old asks a macro whether they are, and a header that serves both sides asks one before it includes the C library,
// whose types are not those of a vmlinux.h.
func (c *Compiler) cureSecondDefinition(_ context.Context, cmd Command, ds []diag.Diagnostic) ([]Need, error) {
	for i := range ds {
		if !isError(ds[i]) || !redefinition.MatchString(ds[i].Reason) {
			continue
		}
		places := []diag.Span{ds[i].Span}
		for _, r := range slices.Backward(ds[i].Related) {
			if r.Note {
				places = append(places, r.Span)
			}
		}
		for _, place := range places {
			text, err := readText(place.File, maxSource)
			if err != nil || !within(c.root(cmd.File), place.File) {
				continue
			}
			lines := strings.Split(string(text), "\n")
			if macro := macroAgainst(lines[:min(max(place.Line-1, 0), len(lines))]); macro != "" {
				return []Need{{Flag: "-D" + macro, Why: filepath.Base(place.File) + " asks for it before it defines something a second time", guess: true}}, nil
			}
		}
	}
	return nil, nil
}

// macroAgainst returns a macro whose definition makes the preprocessor leave out what follows the lines, empty if there is none. That
// which keeps a header from being read twice is not meant.
func macroAgainst(lines []string) string {
	depth, inElse := 0, false
	for i := len(lines) - 1; i >= 0; i-- {
		m := conditional.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		switch kind := m[1]; {
		case kind == "endif":
			depth++
		case depth > 0:
			if kind != "else" && kind != "elif" {
				depth--
			}
		case kind == "else":
			inElse = true
		case kind == "elif":
			return ""
		default:
			pattern := unlessMacro
			if inElse {
				pattern = ifMacro
			}
			guard := pattern.FindStringSubmatch(lines[i])
			twice := i+1 < len(lines) && guard != nil && strings.HasPrefix(strings.Join(strings.Fields(lines[i+1]), " "), "#define "+guard[1])
			if guard != nil && !twice {
				return guard[1]
			}
			inElse = false
		}
	}
	return ""
}
