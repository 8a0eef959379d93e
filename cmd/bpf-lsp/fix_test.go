// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnified(t *testing.T) {
	numbered := func(from, to int) (text string) {
		for i := from; i <= to; i++ {
			text += strings.Repeat("x", i) + "\n"
		}
		return text
	}
	for _, test := range []struct{ name, old, now, want string }{
		{"equal", "a\nb\n", "a\nb\n", ""},
		{"inserted", "a\nb\n", "a\nc\nb\n", "--- f\n+++ f\n@@ -1,2 +1,3 @@\n a\n+c\n b\n"},
		{"replaced", "a\nb\nc\n", "a\nd\nc\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+d\n c\n"},
		{"far apart", "a\n" + numbered(1, 9) + "b\n", "c\n" + numbered(1, 9) + "d\n",
			"--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+c\n x\n xx\n xxx\n@@ -8,4 +8,4 @@\n xxxxxxx\n xxxxxxxx\n xxxxxxxxx\n-b\n+d\n"},
		{"without a last end", "a", "b", "--- f\n+++ f\n@@ -1,1 +1,1 @@\n" +
			"-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"},
	} {
		if got := unified("f", test.old, test.now); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// TestFix changes a file on disk, or shows the changes.
func TestFix(t *testing.T) {
	source, err := os.ReadFile("../../testdata/demo/leak.bpf.c")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "leak.bpf.c")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	status := run([]string{"check", "--fix=diff", file}, &out, &errs)
	if status == exitFailed && strings.Contains(errs.String()+out.String(), "no clang") {
		t.Skip("SKIPPED, NEEDS CLANG")
	}
	if status != exitRejected || !strings.Contains(out.String(), "+\t\tbpf_sk_release(sk);\n") ||
		strings.Contains(out.String(), "error[") {
		t.Errorf("status %d: %s%s", status, out.String(), errs.String())
	}
	if now, _ := os.ReadFile(file); !bytes.Equal(now, source) {
		t.Error("--fix=diff changed the file")
	}
	out.Reset()
	status = run([]string{"check", "--fix", file}, &out, &errs)
	if status != exitAccepted || !strings.HasPrefix(out.String(), "changed ") ||
		!strings.Contains(out.String(), "1 accepted") {
		t.Errorf("status %d: %s%s", status, out.String(), errs.String())
	}
	now, _ := os.ReadFile(file)
	info, err := os.Stat(file)
	if !bytes.Contains(now, []byte("bpf_sk_release(sk);\n\t\treturn")) || err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v:\n%s", err, info.Mode(), now)
	}
}

func TestFixIsRefused(t *testing.T) {
	for _, args := range [][]string{{"--fix=both"}, {"--fix=diff", "--format", "json"}} {
		var out, errs bytes.Buffer
		status := run(append(append([]string{"check"}, args...), "x.c"), &out, &errs)
		if status != exitFailed || errs.Len() == 0 {
			t.Errorf("%v: status %d: %s", args, status, errs.String())
		}
	}
}

// TestNewerFileIsKept requires that a file written during the check is not changed.
func TestNewerFileIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.c")
	if err := os.WriteFile(file, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(file, []byte("old"), []byte("fixed")); err == nil {
		t.Error("no error")
	}
	if now, _ := os.ReadFile(file); string(now) != "new" {
		t.Errorf("%s", now)
	}
}
