// SPDX-License-Identifier: GPL-2.0-only

// Package catalog is the list of everything that bpf-lsp can say about a
// program: one row per code, with its category, its wording in terms of the C
// source, the kernel messages that stand for it, and the version that brought
// it. Documentation pages and `bpf-lsp explain` print the rows.
//
// The messages that the verifier itself has stand in verifier/fault, by code.
//
// Reading order: code.go (the categories), entry.go (a row), template.go (how
// wording is filled in), then codes and rows by category, rows_*.go; match.go finds
// the row of a kernel message, page.go writes documentation, and release.go knows which function gives back
// what another one acquired.
package catalog

//go:generate go run ./gen ../.. ../../docs/diagnostics
