// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"errors"
	"fmt"
)

// Reasons why Load gives up on a whole object. Use errors.Is.
var (
	// ErrFormat: not a BPF object file, or a damaged one.
	ErrFormat = errors.New("not a valid BPF object file")
	// ErrUnsupported: valid, but nothing libbpf loads any more.
	ErrUnsupported = errors.New("the object is not supported")
	// ErrNoPrograms: nothing in the object is a program.
	ErrNoPrograms = errors.New("the object has no programs")
	// ErrKernelBTF: the target kernel's types cannot be read.
	ErrKernelBTF = errors.New("cannot read the kernel's BTF")
)

// loadFailure is an error of one of the kinds above with its own text.
type loadFailure struct {
	kind error
	text string
}

func (e *loadFailure) Error() string { return e.text }
func (e *loadFailure) Unwrap() error { return e.kind }

func formatError(format string, args ...any) error {
	return &loadFailure{ErrFormat, fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &loadFailure{ErrUnsupported, fmt.Sprintf(format, args...)}
}
