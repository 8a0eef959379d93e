// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// droppedWithValue are flags that are dropped with the next word: outputs, which this package chooses itself.
var droppedWithValue = []string{"-o", "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics", "-serialize-diagnostics",
	"-dependency-file", "--output",
	"-dependency-dot", "-index-store-path"}

// Flags that are dropped alone, and prefixes of such flags. Warnings must stay warnings: an editor shows them, and a
// build that stops at one would hide the verifier's findings.
var (
	dropped = []string{"-c", "-S", "-E", "-emit-llvm", "-Werror", "-pedantic-errors", "-M", "-MM", "-MD", "-MMD", "-MG",
		"-MP", "-v", "-###", "-pipe",
		"-fsyntax-only", "-fcolor-diagnostics", "-fno-caret-diagnostics", "-g0", "-emit-ast", "-fident", "-flto",
		"--coverage", "-coverage"}
	droppedPrefixes = []string{"-Werror=", "-save-temps", "--save-temps", "-ftime-trace", "-fdebug-prefix-map=",
		"-ffile-prefix-map=", "-fdiagnostics-",
		"-fdebug-compilation-dir=", "--serialize-diagnostics=", "-fmodules", "-fimplicit-modules",
		"-fcrash-diagnostics", "-flto=", "-Wp,-M", "--output=", "-gsplit-dwarf", "-fsave-optimization-record",
		"-foptimization-record-", "-fstack-usage", "-fprofile-", "-fproc-stat-report", "-index-"}
)

// In an untrusted workspace only flags pass that merely describe the program: includes and definitions, the language,
// warnings, and code generation. A list of dangerous flags would have gaps: plugins, other tools that clang starts (-B,
// -fuse-ld, --cuda-path), files that it writes (-save-temps, -foptimization-record-file, -Wp,-MD) and flags that it
// reads from elsewhere (--config, @file) are only the known ones.
var (
	safeFlags = []string{"-w", "-ansi", "-pedantic", "-nostdinc", "-undef", "-pthread", "-ffreestanding", "-g",
		"-g1", "-g2", "-g3", "-ggdb"}
	safePrefixes = []string{"-I", "-D", "-U", "-W", "-O", "-std=", "-gdwarf", "-mcpu=", "-mattr=", "-malu32", "-mno-",
		"-mlittle-endian",
		"-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-iwithprefix", "-isysroot", "--sysroot=",
		"-fno-", "-fstrict-", "-fwrapv", "-funroll-", "-finline", "-fpack-struct", "-fshort-", "-fsigned-",
		"-funsigned-", "-fms-extensions", "-fgnu",
		"-fdebug-", "-fmacro-prefix-map=", "-fbracket-depth=", "-ftrivial-auto-var-init", "-fvisibility", "-fcommon",
		"-fomit-frame-pointer", "-fasm", "-fblocks",
		"-fstack-", "-fmerge-", "-ffunction-sections", "-fdata-sections", "-fmax-", "-ftemplate-", "-fconstexpr-",
		"-fjump-tables", "-fbuiltin"}
	// notSafe are exceptions from the safe prefixes: flags that pass words to other tools, or make clang start some.
	notSafe = []string{"-Wa,", "-Wl,", "-Wp,", "-fno-integrated", "-include-pch", "-fstack-usage", "-imultilib"}
	// valueFlags are flags whose value may be the next word; the value goes with its flag.
	valueFlags = []string{"-I", "-D", "-U", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-iwithprefix",
		"-isysroot", "-x"}
)

// describesProgram reports whether a flag is safe.
func describesProgram(a string) bool {
	return slices.Contains(safeFlags, a) || hasAnyPrefix(a, safePrefixes) && !hasAnyPrefix(a, notSafe)
}

// harmlessInner reports whether a value may follow -Xclang or -mllvm in an untrusted project: target features and the
// backend's own limits. Other values reach options that load code or write files.
func harmlessInner(option, value string) bool {
	if option == "-mllvm" {
		return strings.HasPrefix(value, "-bpf")
	}
	return value == "-target-feature" || strings.HasPrefix(value, "+")
}

// Normalise turns a project's flags into flags for one object with debug information. docs/compiling.md has the rules.
// The order is kept because later flags win.
func (s *Sources) Normalise(f Found, file string) []string {
	trusted := s.settings.Trusted
	var out []string
	var hasTarget, hasLevel, hasFile, hasDir bool
	args := f.Args
	setTarget := func(t string) {
		if strings.HasPrefix(t, "bpf") {
			hasTarget = true
			out = append(out, "-target", littleEndian(t))
		}
	}
	for i := 0; i < len(args); i++ {
		a := args[i]
		next := func() string {
			if i+1 < len(args) {
				i++
				return args[i]
			}
			return ""
		}
		switch {
		case slices.Contains(droppedWithValue, a):
			next()
		case slices.Contains(dropped, a), hasAnyPrefix(a, droppedPrefixes):
		case a == "-fdebug-compilation-dir":
			next()
		case strings.HasPrefix(a, "-o") && !strings.HasPrefix(a, "-objc"), strings.HasPrefix(a, "-MF"),
			strings.HasPrefix(a, "-MT"), strings.HasPrefix(a, "-MQ"):
		case a == "-Xclang" || a == "-mllvm":
			if v := next(); trusted || harmlessInner(a, v) {
				out = append(out, a, v)
			}
		case a == "-target" || a == "--target":
			setTarget(next())
		case strings.HasPrefix(a, "--target=") || strings.HasPrefix(a, "-target="):
			_, t, _ := strings.Cut(a, "=")
			setTarget(t)
		case strings.HasPrefix(a, "-std=c++") || strings.HasPrefix(a, "-std=gnu++"):
			// Flags for a whole project apply to its C++ files too.
		case isSource(a, f.Dir, file):
			hasFile = true
			out = append(out, file)
		case slices.Contains(valueFlags, a):
			// Clang expands @file anywhere, even as the value of a flag.
			if v := next(); a != "-x" && (trusted || !strings.HasPrefix(v, "@")) {
				out = append(out, a, v)
			}
		case !trusted && !describesProgram(a):
		default:
			hasLevel = hasLevel || strings.HasPrefix(a, "-O")
			hasDir = hasDir || a == "-g"
			out = append(out, a)
		}
	}
	if !hasTarget {
		out = append(out, "-target", "bpf")
	}
	if !hasLevel {
		out = append(out, "-O2")
	}
	if !hasDir {
		out = append(out, "-g")
	}
	// This makes line information name every file absolutely, wherever the command runs.
	out = append(out, "-fdebug-compilation-dir="+f.Dir, "-c")
	if !hasFile {
		out = append(out, file)
	}
	return out
}

// littleEndian chooses little endian for a build for both byte orders, because that is what is verified.
func littleEndian(target string) string {
	if target == "bpfeb" {
		return "bpfel"
	}
	return target
}

func isSource(arg, dir, file string) bool {
	if strings.HasPrefix(arg, "-") || filepath.Base(arg) != filepath.Base(file) {
		return false
	}
	return disk.SameFile(disk.AbsIn(dir, arg), file)
}

// hasAnyPrefix reports whether s begins with one of the prefixes.
func hasAnyPrefix(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// hasTarget reports whether a compiler command chooses a target.
func hasTarget(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		return a == "-target" || strings.HasPrefix(a, "--target") || strings.HasPrefix(a, "-target=")
	})
}

// isBPFTarget reports whether a compiler command builds for BPF.
func isBPFTarget(args []string) bool {
	for i, a := range args {
		switch {
		case a == "-target" || a == "--target":
			if i+1 < len(args) && strings.HasPrefix(args[i+1], "bpf") {
				return true
			}
		case strings.HasPrefix(a, "--target=bpf"), strings.HasPrefix(a, "-target=bpf"):
			return true
		}
	}
	return false
}
