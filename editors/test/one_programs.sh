# SPDX-License-Identifier: GPL-2.0-only
# The programs that editors are asked to show and to mend. Sourced, with root set.

# shown_programs DIR puts the programs of hovers.tsv and fixes.tsv into a directory, the latter by the kind of their change. What
# the compiler makes of a check depends on the instruction set, so that is given.
shown_programs() {
	local kind file program rest
	echo -mcpu=v3 >"$1/compile_flags.txt"
	cp "$root/testdata/demo/leak.bpf.c" "$root"/testdata/programs/{tc_steer,tc_mark_dns}.bpf.c "$1/"
	while IFS=$'\t' read -r kind file program rest; do
		"$root/editors/test/one_program.sh" "$root/testdata/fixes/$file.c" "$program" >"$1/$kind.bpf.c"
	done <"$root/editors/test/fixes.tsv"
}
