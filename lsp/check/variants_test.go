// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// TestVariants has a source of which one variant is rejected, one does not compile, and all have the same warning.
func TestVariants(t *testing.T) {
	if _, err := compile.New(compile.Settings{}).Toolchain(t.Context()); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"bpf-lsp.yaml": "files:\n  - glob: a.bpf.c\n    variants: {bad: [-DBAD], good: [-DGOOD=1]}\n",
		"a.bpf.c": "#warning same\n__attribute__((section(\"xdp\"), used)) int f(void *ctx) {\n#ifdef BAD\n return " +
			"*(int *)0;\n#else\n return GOOD;\n#endif\n}\n" +
			"char l[] __attribute__((section(\"license\"), used)) = \"GPL\";\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := New(Settings{Clang: compile.Settings{CacheDir: t.TempDir()}}).Unit(t.Context(),
		Request{File: filepath.Join(dir, "a.bpf.c")})
	if err != nil {
		t.Fatal(err)
	}
	if accepted, rejected, unjudged := r.Counts(); accepted != 1 || rejected != 1 || unjudged != 0 {
		t.Errorf("%d accepted, %d rejected, %d not judged: %v", accepted, rejected, unjudged, r.Diagnostics())
	}
	told := 0
	for _, d := range r.Diagnostics() {
		if strings.Contains(d.Reason, "same") {
			told++
		}
		if !slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.Message == "in the variant bad" }) {
			t.Errorf("%+v has no variant", d)
		}
	}
	if told != 1 {
		t.Errorf("the warning is told %d times", told)
	}
}
