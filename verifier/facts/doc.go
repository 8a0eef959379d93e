// SPDX-License-Identifier: GPL-2.0-only

// Package facts says what the Linux 6.18 kernel is: its program, map and
// attach types, helpers and their prototypes, context fields, kfuncs, return
// ranges and limits. It judges nothing: every function is a table lookup.
//
// The tables are data/*.tsv, one row per fact, taken from the kernel's source
// and checked against a running kernel. They are compiled in as dense Go
// arrays, so that nothing is parsed or hashed at run time; run
// "go generate ./verifier/facts" after an edit.
//
// Reading order: types.go (program, attach and map types), section.go
// (libbpf's section names), helper.go and proto.go (helpers and which prototype
// a call has), context.go (context and socket fields), maps.go, returns.go,
// kfunc.go, hooks.go (security hooks, tracepoints, iterators, trusted fields).
package facts

//go:generate go run ./gen
