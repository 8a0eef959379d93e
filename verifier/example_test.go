// SPDX-License-Identifier: GPL-2.0-only

package verifier_test

import (
	"fmt"
	"log"
	"os"

	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// The verdict and the first message are those of Linux 6.18.
func ExampleVerify() {
	elf, err := os.ReadFile("../testdata/rules/nullable_dereference.o")
	if err != nil {
		log.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: "nullable_dereference.o"})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range obj.Programs {
		switch r := verifier.Verify(p, verifier.Options{}); r.Verdict {
		case verifier.Accepted:
			fmt.Println(p.Name, "is accepted")
		case verifier.Rejected:
			fmt.Printf("%s is rejected at instruction %d: %s\n", p.Name, r.Reports[0].PC, r.Reports[0].Kernel)
		default:
			fmt.Println(p.Name, "is not verified:", r.Reason)
		}
	}
	// Output:
	// bad is rejected at instruction 7: R0 invalid mem access 'map_value_or_null'
	// fixed is accepted
}
