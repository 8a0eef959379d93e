// SPDX-License-Identifier: GPL-2.0-only

// Package source answers where the instructions of a program are in its C source,
// what stands there, and which function a call calls.
package source
