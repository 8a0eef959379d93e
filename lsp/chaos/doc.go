// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

// Command chaos is a hostile client. It starts the real "bpf-lsp serve" as a child, sends it random and broken traffic while
// files, headers and the compiler misbehave, and checks what must hold whatever happens:
//
//   - the server is alive until it is asked to end, or until the protocol says that it must;
//   - every request is answered exactly once, and everything that the server writes is a message of the protocol;
//   - no part of the server panics;
//   - at rest, what the client was shown is what the server knows, and that is what a server started a moment ago finds in the
//     same files;
//   - memory, descriptors, goroutines and processes stay within bounds;
//   - nothing is left after the end, however it comes: no process, no temporary directory.
//
// A run is a series of lives, each with a server, a project and a random sequence of its own, which depends on the seed of the
// run and the number of the life alone. So a life can be repeated without those before it. A life is a series of rounds. A round is
// calm, where client, compiler and disk behave and nothing needs to be repaired before the comparison, or hostile.
//
// Reading order: main.go, life.go, operations.go and operations_hostile.go (what is done), rest.go and ends.go (what is
// checked), then connection.go, child.go, project.go, document.go, compiler.go.
package main
