// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// An object file is loaded, each of its programs is verified, and what the verifier
// found is explained in terms of the C source.
func Example() {
	const dir = "../testdata/rules"
	elf, err := os.ReadFile(dir + "/unreleased_reference.o")
	if err != nil {
		log.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: "unreleased_reference.o"})
	if err != nil {
		log.Fatal(err)
	}
	// The object was compiled elsewhere: sources are found by their names.
	read := func(file string) ([]byte, bool) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.Base(file)))
		return text, err == nil
	}
	for _, p := range obj.Programs {
		result := verifier.Verify(p, verifier.Options{Record: true})
		found := explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &result)
		fmt.Printf("%s: accepted: %t\n", p.Name, result.Verdict == verifier.Accepted)
		for _, d := range found {
			fmt.Printf("line %d: %v: %s\n", d.Span.Line, d.Severity, d.Message())
			for _, r := range d.Related {
				fmt.Printf("  line %d: %s\n", r.Span.Line, r.Message)
			}
			fmt.Println("  " + d.Suggestion)
		}
	}
	// Output:
	// bad: accepted: false
	// line 19: error: Unreleased resource: `len`, reserved by bpf_ringbuf_reserve() at line 14, is still owned when this path returns.
	//   line 14: `len` is reserved here by bpf_ringbuf_reserve()
	//   line 16: condition false: `!len`, so `len` is not NULL
	//   line 18: condition true: `skb->len == 0`
	//   Call `bpf_ringbuf_discard(len, 0);` before this line, with braces around both: `{ bpf_ringbuf_discard(len, 0); return 0; }`. Every path that owns a resource must release it or hand it over, early returns included.
	// fixed: accepted: true
}

// The same fault in several programs of an object becomes one diagnostic.
func ExampleMerge() {
	d := diag.Diagnostic{Problem: "unreleased resource", Span: diag.Span{File: "a.bpf.c", Line: 7}, Program: "ingress", RefSite: -1}
	other := d
	other.Program = "egress"
	for _, d := range diag.Merge([]diag.Diagnostic{d, other}) {
		fmt.Println(d.Span, d.Message())
	}
	// Output: a.bpf.c:7 Unreleased resource (in programs egress, ingress)
}
