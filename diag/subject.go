// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Subject is the program that diagnostics are about, with what is known of its C
// source. Program alone is required.
type Subject struct {
	// Object holds the program. It says where the compiler ran.
	Object  *program.Object
	Program *program.Program
	// Lines are the places of the program's instructions. Who explains a program
	// makes them from its debug information if they are nil.
	Lines *dwarfmap.Index
	// Read returns source files. Where it is nil or does not have a file, the
	// lines that the object carries are used.
	Read SourceReader
}

// SourceReader returns the current text of a source file, and false if there
// is none. Editors give what is in their buffers.
type SourceReader func(file string) ([]byte, bool)
