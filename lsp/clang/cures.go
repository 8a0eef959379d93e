// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// A cure finds a flag that may rid a build of its errors. A fresh checkout lacks what its build would have set up, and where flags
// were guessed some are missing: most of these faults name what they miss.
type cure func(c *Compiler, ctx context.Context, cmd Command, ds []diag.Diagnostic) (flag string, err error)

// cures in the order they are tried; the first that has a flag is used, and the file is built again.
var cures = []cure{
	(*Compiler).cureWordSize,
	(*Compiler).cureMissingHeader,
	(*Compiler).cureArchitecture,
	(*Compiler).cureProcessor,
	(*Compiler).cureOldLibbpf,
	(*Compiler).cureSecondDefinition,
}

// cure asks for a flag that was not tried yet. Empty means that there is none.
func (c *Compiler) cure(ctx context.Context, cmd Command, ds []diag.Diagnostic, tried []string) (string, error) {
	if !slices.ContainsFunc(ds, isError) {
		return "", nil
	}
	for _, f := range cures {
		flag, err := f(c, ctx, cmd, ds)
		if err != nil {
			return "", err
		}
		if flag != "" && !slices.Contains(tried, flag) && !slices.Contains(cmd.Args, flag) {
			return flag, nil
		}
	}
	return "", nil
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

func (c *Compiler) cureWordSize(_ context.Context, cmd Command, ds []diag.Diagnostic) (string, error) {
	if header, missing := missingHeader(ds); missing && header == narrowStubs {
		return c.hostDefine(cmd), nil
	}
	return "", nil
}

func (c *Compiler) cureMissingHeader(ctx context.Context, cmd Command, ds []diag.Diagnostic) (string, error) {
	header, missing := missingHeader(ds)
	if !missing {
		return "", nil
	}
	dir, err := c.includeDirFor(ctx, cmd.File, header)
	if err != nil || dir == "" {
		return "", err
	}
	return "-I" + dir, nil
}

var (
	// What libbpf says where the architecture that registers are read for was not chosen.
	wantsTargetArch = regexp.MustCompile(`__TARGET_ARCH_`)
	// What programs say themselves where they do not know the processor.
	wantsHostArch = regexp.MustCompile(`(?i)\b(unsupported|unknown|undefined|unrecognized|no|missing) (target |cpu |host )*(arch\b|architecture|platform|processor)|architecture (is )?not (supported|defined)`)
)

func (c *Compiler) cureArchitecture(_ context.Context, cmd Command, ds []diag.Diagnostic) (string, error) {
	chosen := slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.HasPrefix(a, "-D__TARGET_ARCH_") })
	if errorMatches(ds, wantsTargetArch) && !chosen {
		return "-D__TARGET_ARCH_" + c.settings.arch(), nil
	}
	if errorMatches(ds, wantsHostArch) {
		return c.hostDefine(cmd), nil
	}
	return "", nil
}

// newerProcessor is what the backend says of instructions and operations that the oldest processor version lacks.
var newerProcessor = regexp.MustCompile(`(?i)unsupported atomic operation|unsupported signed division|please use -mcpu|Cannot select.*Atomic`)

// cureProcessor chooses a processor version that has the instructions a program needs, where nobody chose one.
func (c *Compiler) cureProcessor(_ context.Context, cmd Command, ds []diag.Diagnostic) (string, error) {
	if !errorMatches(ds, newerProcessor) || slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.HasPrefix(a, "-mcpu") }) {
		return "", nil
	}
	return "-mcpu=v3", nil
}

// cureOldLibbpf puts headers in front of libbpf's that add to them, where a program uses names that only those have.
func (c *Compiler) cureOldLibbpf(_ context.Context, cmd Command, ds []diag.Diagnostic) (string, error) {
	uses := newerNames().MatchString
	if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return isError(d) && uses(d.Reason) }) {
		text, err := os.ReadFile(cmd.File)
		if err != nil || !uses(string(text)) {
			return "", nil
		}
	}
	dir, err := c.newerHeaders()
	if err != nil {
		return "", err
	}
	return "-I" + dir, nil
}

var (
	redefinition = regexp.MustCompile(`^redefinition of '\w+'|^typedef redefinition`)
	unlessMacro  = regexp.MustCompile(`^\s*#\s*(?:ifndef\s+|if\s+!\s*defined\s*\(?\s*)(\w+)`)
	conditional  = regexp.MustCompile(`^\s*#\s*(if|ifdef|ifndef|else|elif|endif)\b`)
)

// cureSecondDefinition finds what a project's own configuration would have defined: a program that brings a definition in case the
// libraries are too old asks a macro whether they are.
func (c *Compiler) cureSecondDefinition(_ context.Context, _ Command, ds []diag.Diagnostic) (string, error) {
	for i := range ds {
		if !isError(ds[i]) || !redefinition.MatchString(ds[i].Reason) {
			continue
		}
		text, err := os.ReadFile(ds[i].Span.File)
		if err != nil {
			continue
		}
		lines := strings.Split(string(text), "\n")
		if macro := guardOf(lines[:min(max(ds[i].Span.Line-1, 0), len(lines))]); macro != "" {
			return "-D" + macro, nil
		}
	}
	return "", nil
}

// guardOf returns the macro that has to be undefined for the end of the lines to count, empty if there is none or if it is the one
// that keeps a header from being read twice.
func guardOf(lines []string) string {
	depth := 0
	for i := len(lines) - 1; i >= 0; i-- {
		m := conditional.FindStringSubmatch(lines[i])
		switch {
		case m == nil:
		case m[1] == "endif":
			depth++
		case m[1] == "else" || m[1] == "elif":
			if depth == 0 {
				return ""
			}
		case depth > 0:
			depth--
		default:
			guard := unlessMacro.FindStringSubmatch(lines[i])
			if guard == nil || i+1 < len(lines) && strings.HasPrefix(strings.Join(strings.Fields(lines[i+1]), " "), "#define "+guard[1]) {
				return ""
			}
			return guard[1]
		}
	}
	return ""
}
