// SPDX-License-Identifier: GPL-2.0-only

// Package process runs compilers and build tools: in groups of their own and within limits, so that everything they start ends with
// them, and what a killed server leaves behind is removed.
//
// Reading order: run.go, group_*.go, adopt_linux.go, owner.go, tempdir.go, guard_linux.go.
package process
