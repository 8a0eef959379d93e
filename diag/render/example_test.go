// SPDX-License-Identifier: GPL-2.0-only

package render_test

import (
	"log"
	"os"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

const source = `int f(struct __sk_buff *skb)
{
	__u32 *v = bpf_map_lookup_elem(&counts, &key);
	return *v;
}
`

var fault = diag.Diagnostic{
	Code:       catalog.NullableDereference,
	Problem:    "dereference without a NULL check",
	Reason:     "`v` may be NULL here.",
	Suggestion: "Insert `if (!v) return 0;` before this line.",
	Severity:   diag.Error,
	Source:     diag.SourceVerifier,
	Span:       diag.Span{File: "f.bpf.c", Line: 4, Col: 9, EndLine: 4, EndCol: 11},
	Related: []diag.Related{{
		Span:    diag.Span{File: "f.bpf.c", Line: 3, Col: 13, EndLine: 3, EndCol: 47},
		Message: "`v` comes from bpf_map_lookup_elem() here",
	}},
	PC: -1,
}

func ExamplePrinter() {
	p := render.Printer{Read: func(string) ([]byte, bool) { return []byte(source), true }}
	if err := p.Print(os.Stdout, &fault); err != nil {
		log.Fatal(err)
	}
	// Output:
	// error[register-type/nullable-dereference]: Dereference without a NULL check: `v` may be NULL here.
	//  --> f.bpf.c:4:9
	//   |
	// 3 |     __u32 *v = bpf_map_lookup_elem(&counts, &key);
	//   |                ---------------------------------- `v` comes from bpf_map_lookup_elem() here
	// 4 |     return *v;
	//   |            ^^ dereference without a NULL check
	//   = help: Insert `if (!v) return 0;` before this line.
}
