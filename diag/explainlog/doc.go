// SPDX-License-Identifier: GPL-2.0-only

// Package explainlog explains a verifier log without the program: what it can say
// follows from the closing message, the reports of newer kernels, and the
// instructions and source lines that the log quotes.
//
// Reading order: log.go (the log and its diagnostics), facts.go (what the wording
// may mention), compare.go (logs among each other, and against a verified
// program).
package explainlog
