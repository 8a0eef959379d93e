// SPDX-License-Identifier: GPL-2.0-only

// Package disk reads files of projects, which may hold anything, and writes files of the cache, which outlive the
// server.
package disk
