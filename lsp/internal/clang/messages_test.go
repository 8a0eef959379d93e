// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

func compileError(span diag.Span, text string, related ...diag.Related) diag.Diagnostic {
	return diag.Diagnostic{Code: catalog.CompileError, Category: "Toolchain", Reason: text, Severity: diag.Error,
		Source: diag.SourceClang, Span: span,
		Related: related, PC: -1, RefSite: -1}
}

func includedAt(line int) diag.Related {
	return diag.Related{Span: diag.Span{File: "/w/a.bpf.c", Line: line}, Message: "included from here", Note: true}
}

func TestParseMessages(t *testing.T) {
	const file = "/w/a.bpf.c"
	at := func(name string, line, col, endLine, endCol int) diag.Span {
		return diag.Span{File: name, Line: line, Col: col, EndLine: endLine, EndCol: endCol}
	}
	tests := []struct {
		name, output string
		want         []diag.Diagnostic
	}{
		{"in a header", "In file included from /w/a.bpf.c:1:\nIn file included from /w/b.h:4:\n/w/h.h:1:39: error: " +
			"use of undeclared identifier 'b'\n",
			[]diag.Diagnostic{compileError(at("/w/h.h", 1, 39, 0, 0), "use of undeclared identifier 'b'",
				diag.Related{Span: at(file, 1, 0, 0, 0), Message: "included from here", Note: true},
				diag.Related{Span: at("/w/b.h", 4, 0, 0, 0), Message: "included from here", Note: true})}},
		{"a second one in the same header, after a note in another",
			"In file included from /w/a.bpf.c:1:\n/w/h.h:1:29: error: bad\nIn file included from /w/a.bpf.c:2:\n" +
				"/w/k.h:1:3: note: declared here\n" +
				"/w/k.h:4:1: error: worse\n/w/a.bpf.c:9:1: error: main\nIn file included from /w/a.bpf.c:1:\n" +
				"/w/h.h:2:3: error: again\n/w/h.h:3:3: error: and again\n",
			[]diag.Diagnostic{
				compileError(at("/w/h.h", 1, 29, 0, 0), "bad", includedAt(1),
					diag.Related{Span: at("/w/k.h", 1, 3, 0, 0), Message: "declared here"}),
				compileError(at("/w/k.h", 4, 1, 0, 0), "worse", includedAt(2)),
				compileError(at(file, 9, 1, 0, 0), "main"),
				compileError(at("/w/h.h", 2, 3, 0, 0), "again", includedAt(1)),
				compileError(at("/w/h.h", 3, 3, 0, 0), "and again", includedAt(1))}},
		{"in a header of the command line", "In file included from <built-in>:1:\n/w/pre.h:1:22: error: bad\n",
			[]diag.Diagnostic{compileError(at("/w/pre.h", 1, 22, 0, 0), "bad")}},
		{"in a macro of the command line", "In file included from <built-in>:350:\n<command line>:1:11: error: bad\n",
			[]diag.Diagnostic{compileError(at(file, 1, 0, 0, 0), "bad")}},
		{"note in no file", "/w/a.bpf.c:3:9: error: bad\n<scratch space>:4:1: note: expanded from here\n",
			[]diag.Diagnostic{compileError(at(file, 3, 9, 0, 0), "bad",
				diag.Related{Span: at(file, 3, 9, 0, 0), Message: "expanded from here"})}},
		{"too many",
			"/w/a.bpf.c:3:9: error: bad\n/w/a.bpf.c:4:9: error: worse\nfatal error: too many errors emitted, " +
				"stopping now [-ferror-limit=]\n2 errors generated.\n",
			[]diag.Diagnostic{compileError(at(file, 3, 9, 0, 0), "bad"),
				compileError(at(file, 4, 9, 0, 0), "worse",
					diag.Related{Span: at(file, 4, 9, 0, 0),
						Message: "clang stopped after 50 errors; there may be more"})}},
		{"range of the caret and a note",
			"/w/a.bpf.c:5:59:{5:52-5:55}{5:59-5:60}: error: too many arguments\n/w/h.h:1:19:{1:23-1:28}: note: 'foo' " +
				"declared here\n1 error generated.\n",
			[]diag.Diagnostic{compileError(at(file, 5, 59, 5, 60), "too many arguments",
				diag.Related{Span: at("/w/h.h", 1, 19, 0, 0), Message: "'foo' declared here"})}},
		{"several lines", "a.bpf.c:6:16:{6:16-6:17}: error: static assertion failed: multi\nline\n",
			[]diag.Diagnostic{compileError(at(file, 6, 16, 6, 17), "static assertion failed: multi line")}},
		{"relative name above", "../x/h.h:2:3: error: bad\n",
			[]diag.Diagnostic{compileError(at("/x/h.h", 2, 3, 0, 0), "bad")}},
		{"drive letter", `C:\w\a.c:2:3: error: bad` + "\n",
			[]diag.Diagnostic{compileError(at(disk.AbsIn("/w", `C:\w\a.c`), 2, 3, 0, 0), "bad")}},
		{"backend repeats itself",
			"/w/a.bpf.c:4:45: note: could not determine the original source location for a.bpf.c:0:0\n" +
				"/w/a.bpf.c:4:45: error: stack limit\n\n/w/a.bpf.c:4:45: error: stack limit\n\n",
			[]diag.Diagnostic{compileError(at(file, 4, 45, 0, 0), "stack limit")}},
		{"backend prints an address",
			"/w/a.bpf.c:4:94: error: 0x55bd205e61a0: i64 = GlobalAddress<ptr @f> 0, a.bpf.c:4:94 too many arguments\n",
			[]diag.Diagnostic{compileError(at(file, 4, 94, 0, 0),
				"GlobalAddress<ptr @f> 0, a.bpf.c:4:94 too many arguments")}},
		{"backend crashes after an error",
			"/w/a.bpf.c:2:23: error: unsupported atomic operation\nfatal error: error in backend: Cannot select: " +
				"0x562b98c7a2c0: i64,ch = AtomicCmpSwap\n" +
				"  0x562b98c7a790: i64 = BPFISD::Wrapper\nIn function: f\nPLEASE submit a bug report to https://x\n" +
				"Stack dump:\n0.\tProgram arguments: clang\n #0 0x00007f53950b73c6 llvm::sys\n" +
				"clang-19: error: clang frontend command failed with exit code 70 (use -v to see invocation)\n",
			[]diag.Diagnostic{compileError(at(file, 2, 23, 0, 0), "unsupported atomic operation")}},
		{"backend crashes", "fatal error: error in backend: Cannot select: 0x562b98c7a2c0: i64,ch = AtomicCmpSwap\n  " +
			"0x562b98c7a790: i64 = BPFISD::Wrapper\nIn function: f\nPLEASE submit a bug report\nStack dump:\n",
			[]diag.Diagnostic{compileError(at(file, 1, 0, 0, 0),
				"error in backend: Cannot select: …: i64,ch = AtomicCmpSwap In function: f")}},
		{"no place", "clang-19: error: no such file or directory: 'x'\n",
			[]diag.Diagnostic{compileError(at(file, 1, 0, 0, 0), "no such file or directory: 'x'")}},
		{"missing header", "/w/a.bpf.c:1:10:{1:10-1:13}: fatal error: 'vmlinux.h' file not found\n",
			[]diag.Diagnostic{{Code: catalog.MissingHeader,
				Category: "Toolchain", Reason: "'vmlinux.h' file not found", Severity: diag.Error,
				Source: diag.SourceClang, Span: at(file, 1, 10, 1, 13), PC: -1, RefSite: -1}}},
		{"warning keeps its flag", "/w/a.bpf.c:1:2: warning: unused [-Wunused]\n",
			[]diag.Diagnostic{{Code: catalog.CompileWarning, Category: "Toolchain",
				Reason: "unused [-Wunused]", Severity: diag.Warning, Source: diag.SourceClang,
				Span: at(file, 1, 2, 0, 0), PC: -1, RefSite: -1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, ParseMessages(tt.output, "/w", file)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParseMakeRule(t *testing.T) {
	got := parseMakeRule("/tmp/x/out.o: /w/a\\ b.bpf.c h.h \\\n  ../c$$d.h\n")
	if d := cmp.Diff([]string{"/w/a b.bpf.c", "h.h", "../c$d.h"}, got); d != "" {
		t.Error(d)
	}
}

func FuzzMessages(f *testing.F) {
	f.Add("In file included from a.c:1:\nh.h:2:3:{2:1-2:4}: error: no [-Wx]\na.c:1:1: note: here\nmore\n",
		"a.o: a.c \\\n b\\ c.h $$x\n")
	f.Fuzz(func(_ *testing.T, output, rule string) {
		ParseMessages(output, "/w", "/w/a.c")
		parseMakeRule(rule)
		searchDirs(output)
	})
}
