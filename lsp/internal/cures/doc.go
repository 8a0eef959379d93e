// SPDX-License-Identifier: GPL-2.0-only

// Package cures finds flags for files that do not compile: where headers are that a build would have put elsewhere, which macros it
// would have defined, and which names the program and the libraries have in two versions.
//
// A cure is one file with a function that reads the errors of a build, and one row of the table in cures.go, which also has the order
// in which they are tried.
//
// Reading order: cures.go, the cures in the order of its table, headers.go with libbpf.go, kernel_types.go, header_templates.go and
// standins.go, libbpf_additions.go; packages.go and redefined.go for what is said where nothing helps.
package cures
