// SPDX-License-Identifier: GPL-2.0-only

// Package render writes diagnostics: for a terminal (text.go), as the report that
// newer kernels append to a verifier log (report.go, report_source.go), and as
// lines of JSON (jsonl.go). loaderlog.go shows a verifier log as users of libbpf
// see it.
package render
