// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

func runWith(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var out, errs bytes.Buffer
	deadline.Do(t, strings.Join(args, " "), func() { status = run(args, &out, &errs) })
	return status, out.String(), errs.String()
}

func needsClang(t *testing.T) {
	t.Helper()
	if _, err := compile.New(compile.Settings{}).Toolchain(t.Context()); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
}

func sourceFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.bpf.c")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestDoctorWithoutAFile(t *testing.T) {
	needsClang(t)
	status, out, errs := runWith(t, "doctor")
	if status != exitAccepted || !strings.Contains(out, "A small program can be checked: 1 accepted") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}

func TestDoctorExplainsFlags(t *testing.T) {
	needsClang(t)
	file := sourceFile(t, "#include \"a.h\"\n"+ownProgram)
	if err := os.MkdirAll(filepath.Join(filepath.Dir(file), "inc"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"inc/a.h": "", "bpf-lsp.yaml": "flags: [-DMINE]\n"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(file), name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	status, out, errs := runWith(t, "doctor", "--format", "json", "--untrusted", file)
	var h health
	if err := json.Unmarshal([]byte(out), &h); err != nil || status != exitAccepted {
		t.Fatalf("status %d, %v, %s%s", status, err, out, errs)
	}
	if !h.OK || h.Trusted || h.Clang.Version == "" || h.Target.Types != "built in" || h.Programs.Accepted != 1 {
		t.Errorf("got %+v", h)
	}
	f := h.Flags
	if f == nil || f.Source != "bpf-lsp.yaml" || !slices.Contains(f.Given, "-DMINE") || len(f.Asked) != 1 ||
		!f.Asked[0].Used {
		t.Fatalf("got %+v", f)
	}
	if len(f.Needed) != 1 || f.Needed[0].Why != "a.h is there" || slices.Contains(f.Given, f.Needed[0].Flag) {
		t.Errorf("needed %v", f.Needed)
	}
}

func TestDoctorAdvises(t *testing.T) {
	needsClang(t)
	file := sourceFile(t, "#include <xdp/none_of_that.h>\n")
	status, out, _ := runWith(t, "doctor", file)
	if status != exitRejected || !strings.Contains(out, "advice: It belongs to libxdp") ||
		!strings.Contains(out, "The file cannot be checked.") {
		t.Errorf("status %d, %s", status, out)
	}
	status, out, _ = runWith(t, "doctor", sourceFile(t, "int x;\n"))
	if status != exitRejected || !strings.Contains(out, "SEC(") {
		t.Errorf("status %d, %s", status, out)
	}
}

func TestDoctorWithoutClang(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: Homebrew's clang is found without PATH")
	}
	t.Setenv("PATH", t.TempDir())
	status, out, _ := runWith(t, "doctor")
	if status != exitRejected || !strings.Contains(out, "No clang was found.") ||
		!strings.Contains(out, "advice: Install one") {
		t.Errorf("status %d, %s", status, out)
	}
}

func TestDoctorCommandLine(t *testing.T) {
	file := sourceFile(t, "")
	for _, bad := range [][]string{{"--format", "html"}, {file, file}, {"/does/not/exist.bpf.c"}, {"--none"}} {
		if status, _, errs := runWith(t, append([]string{"doctor"}, bad...)...); status != exitFailed || errs == "" {
			t.Errorf("%q: status %d, %s", bad, status, errs)
		}
	}
	d, err := parseDoctor([]string{file, "--untrusted", "--", "-DX"}, discard{})
	if err != nil || d.file != file || d.settings.Clang.Trusted ||
		!slices.Equal(d.settings.Clang.Flags, []string{"-DX"}) {
		t.Errorf("got %+v, %v", d, err)
	}
}
