#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Compiles the files of testdata/linked, links them with bpftool ($BPFTOOL names
# another), and records what the running kernel (as root) says of the result as a whole.
set -eu
cd "$(dirname "$0")/.."
bpftool=${BPFTOOL:-bpftool} dir=testdata/linked
OUT=linked scripts/objects.sh linked/main.c linked/other.c linked/extension.c
OUT=linked CFLAGS=-DFAULT SUFFIX=.fault scripts/objects.sh linked/other.c
for which in 1 2 3 4 5; do
	OUT=linked CFLAGS=-DWHICH=$which SUFFIX=$which scripts/objects.sh linked/conflict.c
	if "$bpftool" gen object /dev/null "$dir/other.o" "$dir/conflict$which.o" 2>/dev/null; then
		echo "bpftool links conflict$which.o" >&2
		exit 1
	fi
done
"$bpftool" gen object $dir/whole.o $dir/main.o $dir/other.o
go run ./verifier/conformance whole $dir/whole.o >$dir/whole-6.18.jsonl
