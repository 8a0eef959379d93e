// SPDX-License-Identifier: GPL-2.0-only

// Package clang runs clang and reads its output: objects, dependencies and messages, which become diagnostics.
//
// Reading order: settings.go, command.go, fault.go, compilers.go, run.go, overlay.go, deps.go, messages.go.
package clang
