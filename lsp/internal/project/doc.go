// SPDX-License-Identifier: GPL-2.0-only

// Package project knows what a project holds, as far as it matters to how its BPF programs are compiled: where its top is, which headers
// it has, and what its build files define. Everything is read, nothing is run.
//
// Reading order: root.go, index.go, buildfiles.go, definitions.go, dircache.go, arch.go, license.go, programs.go, submodules.go.
package project
