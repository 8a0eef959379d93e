#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Compiles the examples of testdata/faults that are named (all if none is), as
# they are and with FIXED defined, and records what the running kernel (as root)
# says of the load of share_*.o as a whole.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- testdata/faults/*.c
for src in "$@"; do
	name=$(basename "$src")
	flags=$(sed -n 's|^// clang: ||p' "testdata/faults/$name")
	OUT=faults CFLAGS=$flags scripts/objects.sh "faults/$name"
	OUT=faults CFLAGS="$flags -DFIXED" SUFFIX=.fixed scripts/objects.sh "faults/$name"
done
go run ./verifier/conformance whole testdata/faults/share_*.o >testdata/faults/whole-6.18.jsonl
