// SPDX-License-Identifier: GPL-2.0-only

// Package process runs compilers and build tools in process groups of their own and within limits. Everything they
// start ends with them, and what a killed server leaves behind is removed.
//
// Reading order: run.go, group_*.go, adopt_linux.go, owner.go, tempdir.go, guard_linux.go.
package process
