// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Options choose how a program is verified.
type Options struct {
	// LogLevel has the kernel's bits: 1 logs the failing path, 2 every path,
	// 4 the statistics. 0 keeps no log.
	LogLevel uint32
	// Flags are BPF_F_* bits added to the program's own.
	Flags uint32
	// Record keeps the history of events that Result.History reports.
	Record bool
	// Further continues the walk of a rejected program to fill Result.Further; it
	// requires Record. Log and Stats are then meaningless.
	Further bool
	// Lifetimes fills Result.Lifetimes.
	Lifetimes bool
	// Budget has Result.Budget filled.
	Budget bool
	// Walk has Result.Walk filled.
	Walk bool
	// Cancel is polled every few thousand instructions; true ends the run.
	Cancel func() bool
	// Unprivileged verifies as for a user without any capability.
	Unprivileged bool
	// Target is the release whose lifetime rules apply.
	Target Target
	// CPUs is how many CPUs the target machine can have: its kernel bounds the
	// result of bpf_get_smp_processor_id() by it. 0 stands for 128.
	CPUs uint32
}

// Verdict is how a verification ended.
type Verdict uint8

// Verdicts.
const (
	Accepted Verdict = iota
	Rejected
	// Unsupported means that the program uses what this verifier does not
	// model yet: no statement about the program is made.
	Unsupported
	Canceled
	// InternalBug means that an invariant of the verifier itself broke.
	InternalBug
)

// Stats are the numbers that the kernel prints after a verification.
type Stats struct {
	InsnsProcessed   int
	MaxStatesPerInsn int
	TotalStates      int
	PeakStates       int
	// StackDepth is the stack use in bytes of each subprogram, joined by "+".
	StackDepth string
}

// Report is one reason why a program is rejected.
type Report struct {
	Code fault.Code
	// PC is the failing instruction, Frame the depth of its function.
	PC, Frame int
	// Activation identifies the function's entry, as in Place, when
	// Options.Record was set.
	Activation uint32
	// Kernel is the kernel's own text, lines joined by "\n".
	Kernel string
	// Errno is the kernel's error number, positive.
	Errno int
	// Fault is what is known about it, whose code Code is.
	Fault *fault.Fault
	// Call and Arg are the call, and the argument from 1, that the rule was
	// checked for, where the fault itself is about something else.
	Call string
	Arg  int
}

// Result is the outcome of a verification.
type Result struct {
	Verdict Verdict
	// Reports of a rejected program; the first is the kernel's. Several leaked
	// references give several.
	Reports []Report
	// Reason says what is not supported, or which invariant broke.
	Reason string
	Log    []byte
	// LogEnd is where in Log the statistics begin, after the last message.
	LogEnd int
	Stats  Stats
	// History is the path to the rejection when Options.Record was set,
	// oldest event first. Lost counts events of a long path that were not
	// kept: they happened just before History[LostAt].
	History      []record.Event
	Lost, LostAt int
	// Path is the PCs of the last instructions on the failing path when
	// Options.Record was set, oldest first.
	Path []int32
	// Budget says where instructions and states went, when Options.Budget was set.
	Budget *record.Budget
	// Further are faults of the program that the kernel would find once the first
	// is fixed, when Options.Further was set: each as the result that the kernel
	// would give then.
	Further []Result
	// Walk is what was known at each instruction, when Options.Walk was set and there is a
	// verdict.
	Walk *record.Walk
	// Lifetimes is where the resources of an accepted program live, when
	// Options.Lifetimes was set.
	Lifetimes *record.Lifetimes
}
