// SPDX-License-Identifier: GPL-2.0-only

// Package lsp is the language server. It speaks the protocol over one connection, keeps the open documents, checks
// units when they are opened, saved or edited, and publishes the results. It is the only package that knows the
// protocol; lsp/check and the packages below decide what is reported about a file.
//
// One goroutine, the actor, owns all state. Handlers and completed checks pass functions to it. It never waits for the
// client, for clang, for the verifier or for the disk (stamps.go), so it always answers at once. Outgoing messages are
// queued and written by another goroutine.
//
// A check is stamped with its unit's generation when it starts. A newer save, a close or a deletion raises the
// generation and cancels the check, so that a late result is dropped.
//
// Reading order: serve.go, stdio.go and conn.go (the connection), server.go and actor.go (state), documents.go and
// text.go, runs.go and turns.go (checks), store.go, publish.go and pull.go (results), sweep.go (the whole workspace),
// wire.go and encoding.go (internal to protocol), then one file for each request.
package lsp
