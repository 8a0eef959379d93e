// SPDX-License-Identifier: GPL-2.0-only

// Package diag turns what the verifier found into diagnostics a C programmer
// can read, and prints them. It judges nothing: every fault comes from a
// verifier.Result, a compiler or the loader, and the wording comes from
// diag/catalog.
//
// Reading order: diagnostic.go (the data), from_result.go (how a rejection
// becomes diagnostics), facts.go, value.go, names.go and keeper.go (what the
// wording may mention), where.go and origin.go (source and path), scope.go,
// branch.go, inline.go, related.go and related_value.go (history), anchor.go
// (where it is shown), then text.go (the terminal report), report.go,
// report_source.go, report_events.go and words.go (the report in the log) and
// jsonl.go. Logs that people paste are explained without the program, in
// from_log.go, from_log_facts.go and from_log_record.go.
package diag
