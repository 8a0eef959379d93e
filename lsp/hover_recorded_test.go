// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

func TestHoverTellsLives(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "sk = lookup();\nif (!sk)\n\treturn 1;\nuse(sk);\nrelease(sk);\nreturn 0;\nend;\n")
	place := func(line int, message string) diag.Related {
		return diag.Related{Span: diag.Span{File: f, Line: line}, Message: message}
	}
	s.checker.lives = []diag.Lives{{
		Lives: []diag.Life{{
			Program: "prog", Holder: "`sk`", Acquired: place(1, "`sk` is looked up"),
			Then: []diag.Related{place(2, "nothing to give back where it is NULL"), place(4, "used"),
				place(5, "given back")},
		}},
		Regions: []diag.Region{{Program: "prog", Name: "a lock is held since line 3",
			Lines: map[diag.Line]bool{{File: f, Line: 3}: true, {File: f, Line: 4}: false}}},
	}}
	s.checkOf(f).finds(at(f, 7, 1, "elsewhere"))
	s.published()
	u := string(uri.File(f))
	life := "**Life of `sk`** in `prog`, on all paths\n\n" +
		"1. [line 1](" + u + "#L1): `sk` is looked up\n2. [line 2](" + u +
		"#L2): nothing to give back where it is NULL\n" +
		"3. [line 4](" + u + "#L4): **used (this line)**\n4. [line 5](" + u + "#L5): given back"
	if d := cmp.Diff(life+"\n\n---\n\n**Open on this line** in `prog`\n\n- a lock is held since line 3 (on some paths)",
		s.hover(f, 3)); d != "" {
		t.Error(d)
	}
	if h := s.hover(f, 2); h != "**Open on this line** in `prog`\n\n- a lock is held since line 3" {
		t.Errorf("hover inside the region is %q", h)
	}
	if h := s.hover(f, 5); h != "" {
		t.Errorf("hover on a line without part in it is %q", h)
	}
	if n := s.checker.asked.Load(); n != 1 {
		t.Errorf("%d walks for lives, want one a check", n)
	}

	// A new line above moves the story down; an edited line has none.
	s.change(f, 2, whole("// new\nsk = lookup();\nif (!sk)\n\treturn 1;\nuse(sk);\nrelease(sk);\nreturn 0;\nend;\n"))
	if h := s.hover(f, 1); !strings.Contains(h, "`sk` is looked up (this line)") {
		t.Errorf("hover after an edit above is %q", h)
	}
	s.change(f, 3, whole("sk = lookup();\nif (!sk)\n\treturn 1;\nuse(sk, 1);\nrelease(sk);\nreturn 0;\nend;\n"))
	if h := s.hover(f, 3); h != "" {
		t.Errorf("hover on an edited line is %q", h)
	}
}
