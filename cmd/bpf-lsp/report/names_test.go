// SPDX-License-Identifier: GPL-2.0-only

package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

func TestAddresses(t *testing.T) {
	for name, want := range map[string]string{
		"a.bpf.c": "a.bpf.c", "src/a b%20'\".c": "src/a%20b%2520%27%22.c", "a:b.c": "./a:b.c",
		"é\n?#.c": "%C3%A9%0A%3F%23.c",
	} {
		if got := relativeURI(name); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{"/usr/include/x y.h": "file:///usr/include/x%20y.h",
		"C:/src/a.c": "file:///C:/src/a.c"} {
		if got := fileURI(name); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

func TestRootIsTheWorkTree(t *testing.T) {
	top := t.TempDir()
	deep := filepath.Join(top, "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := Root(deep); got != deep {
		t.Errorf("without a repository: %s", got)
	}
	// In a linked work tree .git is a file.
	if err := os.WriteFile(filepath.Join(top, ".git"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := Root(deep); got != top {
		t.Errorf("in a repository: %s", got)
	}
}

func TestColumnsCountUTF16(t *testing.T) {
	read := func(string) ([]byte, bool) { return []byte("first\r\n\té𝄞x = y;\r\n"), true }
	got := columns(diag.Span{File: "a.c", Line: 2, Col: 8, EndLine: 2, EndCol: 13}, read)
	if got.Col != 5 || got.EndCol != 10 {
		t.Errorf("got %+v", got)
	}
	if got := columns(diag.Span{File: "a.c", Line: 9, Col: 8, EndLine: 9, EndCol: 9}, read); got.Col != 8 ||
		got.EndCol != 9 {
		t.Errorf("behind the end: %+v", got)
	}
}

// TestFingerprintsStay moves faults, changes their layout, and adds one.
func TestFingerprintsStay(t *testing.T) {
	leak := func(line, acquired int) diag.Diagnostic {
		return diag.Diagnostic{Code: catalog.UnreleasedReference, Span: diag.Span{File: "a.c", Line: line}, RefSite: 3,
			Related: []diag.Related{{Span: diag.Span{File: "a.c", Line: acquired}}}}
	}
	prints := func(source string, ds ...diag.Diagnostic) []string {
		f := newFingerprints(func(file string) string { return file }, func(string) ([]byte, bool) {
			return []byte(source), source != ""
		})
		var out []string
		for _, d := range ds {
			out = append(out, f.of(&d))
		}
		return out
	}
	before := prints("p = get();\nq = get2();\n\treturn 0;\n\treturn 0;\n", leak(3, 1), leak(3, 2), leak(4, 1))
	after := prints("// more\np = get();\nq = get2();\n\n\t\treturn  0;\nreturn 0;\n", leak(5, 2), leak(5, 3),
		leak(6, 2))
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("fault %d has another fingerprint", i)
		}
		for j := range i {
			if before[i] == before[j] {
				t.Errorf("faults %d and %d have one fingerprint", j, i)
			}
		}
	}
	a, b := leak(3, 1), leak(3, 1)
	a.Program, b.Program = "a", "b"
	if p := prints("", a, b); p[0] == p[1] || prints("", b)[0] != p[1] {
		t.Error("without a source the program must tell faults apart")
	}
}
