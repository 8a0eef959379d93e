// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"path/filepath"
	"slices"
	"strings"
)

// Flags that are dropped with the word that follows them: outputs, which this package chooses itself.
var droppedWithValue = []string{"-o", "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics", "-serialize-diagnostics", "-dependency-file", "--output"}

// Flags that are dropped alone, and prefixes of such flags. Warnings must stay warnings: an editor shows them, and a build that
// stops at one would hide what the verifier has to say.
var (
	dropped = []string{"-c", "-S", "-E", "-emit-llvm", "-Werror", "-pedantic-errors", "-M", "-MM", "-MD", "-MMD", "-MG", "-MP", "-v", "-###", "-pipe",
		"-fsyntax-only", "-fcolor-diagnostics", "-fno-caret-diagnostics", "-g0", "-emit-ast", "-fident", "-flto"}
	droppedPrefixes = []string{"-Werror=", "-save-temps", "--save-temps", "-ftime-trace", "-fdebug-prefix-map=", "-ffile-prefix-map=", "-fdiagnostics-",
		"-fdebug-compilation-dir=", "--serialize-diagnostics=", "-fmodules-cache-path=", "-fcrash-diagnostics", "-flto=", "-Wp,-M"}
)

// Flags that make clang load code or read its flags from elsewhere; only a trusted project may use them.
var (
	unsafePrefixes  = []string{"-fplugin", "-fpass-plugin", "--config", "-B", "--prefix", "-fuse-ld", "-specs", "--specs", "-ccc-", "-fno-integrated", "-fproc-stat-report", "@"}
	unsafeWithValue = []string{"-load", "-plugin", "--config"}
)

// harmlessInner is what may follow -Xclang and -mllvm in a project that is not trusted: target features and the backend's own
// limits. Everything else there reaches options that load code or write files.
func harmlessInner(option, value string) bool {
	if option == "-mllvm" {
		return strings.HasPrefix(value, "-bpf")
	}
	return value == "-target-feature" || strings.HasPrefix(value, "+")
}

// normalise turns flags as a project writes them into flags for one object with debug information and known output format. The
// rules are those of the manual page on flags; order is kept because later flags win.
func normalise(f found, file string, trusted bool) []string {
	var out []string
	var hasTarget, hasLevel, hasFile, hasDir bool
	args := f.args
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
		case strings.HasPrefix(a, "-o") && !strings.HasPrefix(a, "-objc"), strings.HasPrefix(a, "-MF"), strings.HasPrefix(a, "-MT"), strings.HasPrefix(a, "-MQ"):
		case a == "-Xclang" || a == "-mllvm":
			if v := next(); trusted || harmlessInner(a, v) {
				out = append(out, a, v)
			}
		case !trusted && slices.Contains(unsafeWithValue, a):
			next()
		case !trusted && hasAnyPrefix(a, unsafePrefixes):
		case a == "-target" || a == "--target":
			hasTarget = true
			out = append(out, "-target", littleEndian(next()))
		case strings.HasPrefix(a, "--target=") || strings.HasPrefix(a, "-target="):
			hasTarget = true
			_, t, _ := strings.Cut(a, "=")
			out = append(out, "-target", littleEndian(t))
		case isSource(a, f.dir, file):
			hasFile = true
			out = append(out, file)
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
	// Line information then names every file absolutely, wherever the command ran.
	out = append(out, "-fdebug-compilation-dir="+f.dir, "-c")
	if !hasFile {
		out = append(out, file)
	}
	return out
}

// littleEndian keeps a build for both byte orders on the order this tool verifies.
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
	return sameFile(absIn(dir, arg), file)
}

func hasAnyPrefix(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// hasTarget reports whether the words of a compiler command choose a target.
func hasTarget(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		return a == "-target" || strings.HasPrefix(a, "--target") || strings.HasPrefix(a, "-target=")
	})
}

// isBPFTarget reports whether the words of a compiler command build for BPF.
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
