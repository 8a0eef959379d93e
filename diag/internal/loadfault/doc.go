// SPDX-License-Identifier: GPL-2.0-only

// Package loadfault explains what libbpf or the kernel refuses before the verifier
// runs: of one program (program.go), of the object and its maps (object.go), and of
// maps that the programs of an object cannot share (sharing.go). words.go describes
// maps and fields.
package loadfault
