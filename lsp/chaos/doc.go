// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

// Command chaos is a hostile client. It starts the real "bpf-lsp serve" as a child, sends it random and invalid traffic
// while files, headers and the compiler misbehave, and checks invariants:
//
//   - the server is alive until it is asked to end, or until the protocol says that it must;
//   - every request is answered exactly once, and everything that the server writes is a message of the protocol;
//   - no part of the server panics;
//   - at rest, what the client shows is what the server knows, and what a newly started server finds in the same files;
//   - memory, descriptors, goroutines and processes stay within bounds;
//   - nothing is left after the end, however it comes: no process, no temporary directory.
//
// A run is a series of lives. Each has a server, a project and a random sequence that depends only on the seed of the
// run and the number of the life, so a life can be repeated without those before it. A life is a series of rounds. In a
// calm round the client, compiler and disk behave, and nothing is repaired before the comparison. Other rounds are
// hostile.
//
// Reading order: main.go, life.go, operations.go and operations_hostile.go (what is done), rest.go and ends.go (what is
// checked), then connection.go, child.go, project.go, document.go, compiler.go.
package main
