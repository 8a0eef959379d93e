// SPDX-License-Identifier: GPL-2.0-only

// Package diag turns what the verifier found into diagnostics a C programmer
// can read, and prints them. It judges nothing: every fault comes from a
// verifier.Result, a compiler or the loader, and the wording comes from
// diag/catalog.
//
// Reading order: diagnostic.go (the data), from_result.go (how a rejection
// becomes diagnostics), facts.go, value.go, names.go and keeper.go (what the
// wording may mention), where.go and origin.go (source and path), branch.go,
// inline.go and related.go (history), anchor.go (where it is shown), then
// text.go (the terminal report) and jsonl.go.
package diag
