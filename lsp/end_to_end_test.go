// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// TestSaveToSquiggle tests the main task with the real compiler and verifier: open a leaking program, fix it, bring the
// leak back.
func TestSaveToSquiggle(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "testdata", "demo", "leak.bpf.c"))
	if err != nil {
		t.Fatal(err)
	}
	leaking := string(source)
	const leak = "\t\treturn bpf_redirect(proxy_ifindex, 0);\n"
	fixed := strings.Replace(leaking, leak, "\t{\n\t\tbpf_sk_release(sk);\n"+leak+"\t}\n", 1)
	if fixed == leaking {
		t.Fatal("the demonstration program has changed")
	}
	cache := t.TempDir()
	s := startWith(t, func(cs check.Settings) Checker {
		cs.Clang.CacheDir = cache
		return check.New(cs)
	})
	f := filepath.Join(s.dir, "leak.bpf.c")
	if _, err := compile.New(compile.Settings{}).Find(t.Context(), f); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
	s.initialize(everything())
	s.open("leak.bpf.c", leaking)
	line := uint32(strings.Count(leaking[:strings.Index(leaking, leak)], "\n"))
	acquire := uint32(strings.Count(leaking[:strings.Index(leaking, "bpf_skc_lookup_tcp(")], "\n"))
	for version := int32(2); version < 6; version += 2 {
		got := s.published().Diagnostics
		if len(got) != 1 || got[0].Range.Start.Line != line || len(got[0].RelatedInformation) < 3 ||
			got[0].RelatedInformation[0].Location.Range.Start.Line != acquire {
			t.Fatalf("got %+v", got)
		}
		if h := s.hover(f, acquire); !strings.Contains(h, "not released") {
			t.Errorf("hover on the acquiring call is %q", h)
		}
		s.file("leak.bpf.c", fixed)
		s.change(f, version, whole(fixed))
		s.save(f)
		if got := s.published().Diagnostics; len(got) != 0 {
			t.Fatalf("the fix left %+v", got)
		}
		// The program is accepted now, and the hover shows where the socket goes on every path.
		if h := s.hover(f, acquire); !strings.Contains(h, "Life of `sk`") ||
			!strings.Contains(h, "given back by bpf_sk_release()") || !strings.Contains(h, "where it is NULL") {
			t.Errorf("hover on the acquiring call of the accepted program is %q", h)
		}
		s.file("leak.bpf.c", leaking)
		s.change(f, version+1, whole(leaking))
		s.save(f)
	}
	s.published()
}
