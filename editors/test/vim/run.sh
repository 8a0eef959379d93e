#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh SERVER: the recipe for Vim with ALE of docs/editors.md, as the vimrc of a Vim without a terminal.
# With BPF_LSP_VIM_LSP=DIR, a checkout of vim-lsp, the recipe for that is tried as well.
# Exit 3: this machine cannot install what it needs; stderr says why.
set -euo pipefail

. "$(dirname "$0")/../lib.sh"
server=$1

"$root/scripts/install-toolchain.sh" || exit "$?"
"$root/scripts/install-editor.sh" vim vim vim-runtime vim-ale || exit "$?"

status=0
# try RECIPE [DIR]: a vimrc that holds the recipe, and DIR on runtimepath.
try() {
	echo "recipe $1"
	new_project
	rm -f "$work/results"
	{
		echo 'set nocompatible noswapfile viminfo='
		echo "set runtimepath^=${2:-}"
		recipe "$1"
		echo 'filetype plugin on'
	} >"$work/vimrc"
	# Vim insists on a terminal for its command loop; what it draws is of no interest.
	RECIPE_RESULTS=$work/results alone "$server" script --quiet --return --command \
		"vim -u $work/vimrc -S $root/editors/test/vim/recipe.vim $work/project/leak.bpf.c" "$work/drawn" </dev/null >/dev/null || status=$?
	cat "$work/results" || { status=1; tail -c 2000 "$work/drawn"; }
	no_leftovers || status=1
}

try vim-ale
if [ -n "${BPF_LSP_VIM_LSP:-}" ]; then
	try vim-lsp "$BPF_LSP_VIM_LSP"
fi
exit "$status"
