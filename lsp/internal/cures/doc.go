// SPDX-License-Identifier: GPL-2.0-only

// Package cures finds flags for files that do not compile: directories of headers that a build would have put
// elsewhere, macros that it would have defined, and fixes for names that both the program and the libraries define.
//
// A cure is one file with a function that reads the errors of a build, and one row of the table in cures.go, which also
// defines their order.
//
// Reading order: cures.go, the cures in the order of the table, headers.go with libbpf.go, kernel_types.go,
// header_templates.go and standins.go, libbpf_additions.go; packages.go and redefined.go for the advice if no cure
// helps.
package cures
