#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh SERVER: the Neovim test, headless, with the plugin folder as a user would install it and
# the directory of the server program first on PATH.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
server=$(realpath "$1")

"$root/scripts/install-toolchain.sh" || exit "$?"
"$root/scripts/install-nvim.sh" || exit "$?"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/project"
cp "$root/testdata/demo/leak.bpf.c" "$work/project/"
cp "$root/testdata/demo/leak.bpf.c" "$work/project/unopened.bpf.c"
echo 'int main(void) { return 0; }' >"$work/project/plain.c"

status=0
HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/share XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache \
	PATH=$(dirname "$server"):$PATH BPF_LSP_TEST_RUN=$work \
	timeout --kill-after=5 120 nvim --headless -u NONE -i NONE -n \
	--cmd "set runtimepath^=$root/editors/nvim" --cmd 'filetype plugin on' --cmd 'runtime plugin/bpf_lsp.lua' \
	"$work/project/leak.bpf.c" -c "luafile $here/save_to_squiggle.lua" </dev/null || status=$?

# Nothing of the run may live on; the server notices the end of its input.
for _ in $(seq 50); do
	left=$(grep -lzs "^BPF_LSP_TEST_RUN=$work\$" /proc/[0-9]*/environ || true)
	[ -n "$left" ] || break
	sleep 0.1
done
if [ -n "$left" ]; then
	echo "FAIL - processes outlive the editor: $left"
	for environ in $left; do
		tr '\0' ' ' <"${environ%environ}cmdline" && echo
	done
	status=1
fi
exit "$status"
