# SPDX-License-Identifier: GPL-2.0-only
# Shared by the editor tests: the project they open, the recipes of docs/editors.md, and an environment
# in which an editor finds nothing of the user's. Sourced, never run; sets root and work.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Without a dot: editors choose a language by names such as ".css", and would find one in random letters behind it.
work=$(mktemp -d "${TMPDIR:-/tmp}/bpf-lsp-XXXXXX")
trap 'rm -rf "$work"' EXIT

# How many seconds a step of an editor's test may take; a busy machine needs far more than an idle one.
export BPF_LSP_PATIENCE=240

# new_project makes $work/project: the demo program, a program whose fault is in its header, and a C file that is not BPF.
new_project() {
	rm -rf "$work/project"
	mkdir "$work/project"
	cp "$root/testdata/demo/leak.bpf.c" "$root/editors/test/header/"count.* "$work/project/"
	echo 'int main(void) { return 0; }' >"$work/project/plain.c"
}

. "$root/editors/test/one_programs.sh"

# recipe NAME prints the block of docs/editors.md that opens with ```LANGUAGE recipe=NAME.
recipe() {
	awk -v name="recipe=$1" '/^```/ { if (on) exit; on = $2 == name; next } on' "$root/docs/editors.md" | grep . ||
		{ echo "docs/editors.md has no recipe $1" >&2; return 1; }
}

# alone SERVER COMMAND... runs an editor with a home of its own, and SERVER's directory first on PATH. Steps have
# deadlines of their own and say what they waited for; an editor that hangs outside of them is ended here.
alone() {
	local server status=0
	server=$(realpath "$1")
	shift
	HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/share XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache \
		PATH=$(dirname "$server"):$PATH BPF_LSP_TEST_RUN=$work timeout --kill-after=5 $((BPF_LSP_PATIENCE * 10)) "$@" || status=$?
	[ "$status" != 124 ] && [ "$status" != 137 ] || echo "FAIL - gave up waiting: the end of $1"
	return "$status"
}

# no_leftovers fails if a process that alone started still lives. The server notices the end of its input.
no_leftovers() {
	local left environ
	for _ in $(seq $((BPF_LSP_PATIENCE * 10))); do
		left=$(grep -lzs "^BPF_LSP_TEST_RUN=$work\$" /proc/[0-9]*/environ || true)
		[ -n "$left" ] || return 0
		sleep 0.1
	done
	echo "FAIL - processes outlive the editor: $left"
	for environ in $left; do
		tr '\0' ' ' <"${environ%environ}cmdline" && echo
	done
	return 1
}

passed=0 failed=0
# step NAME COMMAND... prints a line on how the command went, and what the editor shows if it failed and can be asked.
step() {
	local name=$1
	shift
	if "$@"; then
		echo "ok   - $name"
		passed=$((passed + 1))
	else
		echo "FAIL - $name"
		failed=$((failed + 1))
		if declare -F screen >/dev/null; then screen; fi
	fi
}
