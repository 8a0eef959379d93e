// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDoctorOfADirectory has files that compile, files that lack the same header, and a file that others include.
func TestDoctorOfADirectory(t *testing.T) {
	needsClang(t)
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		".git/HEAD": "", "bpf/a.bpf.c": "#include \"a.h\"\n" + ownProgram, "inc/a.h": "",
		"host.c":      "int main(void) { return 0; }\n",
		"bpf/b.bpf.c": "#include \"none.h\"\n" + ownProgram, "bpf/c.bpf.c": "#include \"none.h\"\n" + ownProgram,
		"bpf/d.c": "#define SEC(x) __attribute__((section(x), used))\nSEC(\"xdp\")\nint f(void *c) { return 2; }\n" +
			"#include \"part.bpf.c\"\n", "bpf/part.bpf.c": "wrong\n",
	} {
		put(name, text)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	doctor := func(args ...string) (status int, stdout, stderr string) {
		t.Helper()
		var out, errs bytes.Buffer
		status = run(append([]string{"doctor"}, append(args, dir)...), &out, &errs)
		return status, out.String(), errs.String()
	}
	status, out, errs := doctor()
	if status != exitRejected || !strings.Contains(out, "2 files: 'none.h' file not found") ||
		!strings.Contains(out, "in: "+filepath.Join("bpf", "b.bpf.c")) ||
		!strings.Contains(out, "as a.h is there: 1 file") || !strings.Contains(out, "1 of 4 files compile.") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	var h dirHealth
	put("bpf/part.bpf.c", "")
	if status, out, errs = doctor("--format", "json"); json.Unmarshal([]byte(out), &h) != nil || h.Files != 4 ||
		h.Compile != 2 || h.Kept != 3 {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	put("inc/none.h", "")
	if status, out, errs = doctor(); status != exitAccepted ||
		!strings.Contains(out, "4 of 4 files compile; 2 have not changed") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	if status, out, errs = doctor(); status != exitAccepted ||
		!strings.Contains(out, "4 of 4 files compile; 4 have not changed") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	// A project file with variants changes the flags of all files.
	put("bpf-lsp.yaml", "files:\n- glob: a.bpf.c\n  flags: [-Iinc]\n"+
		"  variants: {one: [-DONE], two: [-include, none.h, -DTWO]}\n")
	if status, out, errs = doctor(); status != exitAccepted || !strings.Contains(out, "4 of 4 files compile.") ||
		!strings.Contains(out, "1 file from bpf-lsp.yaml") || !strings.Contains(out, "variant: one: 1 file") ||
		!strings.Contains(out, "variant: two: 1 file") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	put("bpf-lsp.yaml", "files:\n- glob: a.bpf.c\n  flags: [-Iinc]\n  variants: {one: [-DONE], two: [-include, nowhere.h]}\n")
	if status, out, errs = doctor(); status != exitRejected || !strings.Contains(out, "3 of 4 files compile.") ||
		!strings.Contains(out, filepath.Join("bpf", "a.bpf.c")+" as two") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	if status, out, errs = doctor("--format", "json"); json.Unmarshal([]byte(out), &h) != nil || h.Files != 4 ||
		len(h.Builds) != 5 {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}
