// SPDX-License-Identifier: GPL-2.0-only

package record_test

import (
	"fmt"
	"log"
	"os"

	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The history of a rejected program shows how the fault came about: here where the
// reference that leaks was acquired, and which branches were taken.
func Example() {
	elf, err := os.ReadFile("../../testdata/rules/unreleased_reference.o")
	if err != nil {
		log.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: "unreleased_reference.o"})
	if err != nil {
		log.Fatal(err)
	}
	r := verifier.Verify(obj.Programs[0], verifier.Options{Record: true})
	for _, e := range r.History {
		switch e.Kind {
		case record.EventAcquire:
			fmt.Printf("%d: acquires reference %d\n", e.PC, e.Ref)
		case record.EventBranch:
			fmt.Printf("%d: condition decided, jump taken: %t\n", e.PC, e.Taken)
		}
	}
	fmt.Printf("%d: %s\n", r.Reports[0].PC, r.Reports[0].Kernel)
	// Output:
	// 5: acquires reference 2
	// 6: condition decided, jump taken: false
	// 8: condition decided, jump taken: true
	// 14: Unreleased reference id=2 alloc_insn=5
	// BPF_EXIT instruction in main prog would lead to reference leak
}
