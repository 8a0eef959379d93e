// SPDX-License-Identifier: GPL-2.0-only

// Package project finds out what a project holds that matters for compiling its BPF programs: its top directory,
// headers, and definitions in build files. It only reads; it runs nothing.
//
// Reading order: root.go, index.go, buildfiles.go, definitions.go, dircache.go, arch.go, license.go, programs.go,
// submodules.go.
package project
