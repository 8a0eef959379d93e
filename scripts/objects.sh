#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Compiles the C programs below testdata into the committed objects that tests
# read, in testdata/objects or the directory $OUT of testdata, with $CFLAGS
# after the usual flags and $SUFFIX after the name. Instruction numbers of recorded kernel answers hold for
# clang 19 only.
set -eu
cd "$(dirname "$0")/../testdata"
clang=${CLANG:-clang-19}
# Without the triplet directory the BPF target does not find asm/types.h.
triplet=$("$clang" -v -E -x c /dev/null 2>&1 | sed -n '/<...> search starts here:/,/End of search list./{ s| \(/.*\)|-idirafter \1|p }')
for src in "$@"; do
	out=${OUT:-objects}/$(basename "$src" .c)${SUFFIX:-}.o
	# shellcheck disable=SC2086
	"$clang" -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 $triplet \
		-fdebug-compilation-dir=/bpf-lsp/testdata -Wall -Werror -Wno-unused-value ${CFLAGS:-} \
		-c "$src" -o "$out"
done
