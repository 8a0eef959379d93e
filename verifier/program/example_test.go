// SPDX-License-Identifier: GPL-2.0-only

package program_test

import (
	"fmt"
	"log"
	"os"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Load links an object as libbpf would: each program comes with its type, its maps
// and the functions that it calls.
func ExampleLoad() {
	elf, err := os.ReadFile("../../testdata/rules/nullable_dereference.o")
	if err != nil {
		log.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: "nullable_dereference.o"})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range obj.Programs {
		fmt.Printf("%s: SEC(%q), type %v, ", p.Name, p.Section, p.Type)
		fmt.Printf("%d instructions, %d map\n", len(p.Insns), len(p.Maps))
	}
	// Output:
	// bad: SEC("tc"), type SchedCLS, 12 instructions, 1 map
	// fixed: SEC("tc"), type SchedCLS, 13 instructions, 1 map
}
