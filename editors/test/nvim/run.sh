#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh SERVER: the tests in headless Neovim: the plugin as a user installs it, and the recipe without it
# that this Neovim can run. The directory of the server program is first on PATH.
# With BPF_LSP_NVIM_LSPCONFIG=DIR, a checkout of nvim-lspconfig, the recipe for that is tried as well.
set -euo pipefail

. "$(dirname "$0")/../lib.sh"
here=$root/editors/test/nvim
server=$(realpath "$1")

"$root/scripts/install-toolchain.sh" || exit "$?"
"$root/scripts/install-nvim.sh" || exit "$?"

status=0
headless=(nvim --headless -i NONE -n)

new_project
cp "$root/testdata/demo/leak.bpf.c" "$work/project/unopened.bpf.c"
alone "$server" "${headless[@]}" -u NONE \
	--cmd "set runtimepath^=$root/editors/nvim" --cmd 'filetype plugin on' --cmd 'runtime plugin/bpf_lsp.lua' \
	"$work/project/leak.bpf.c" -c "luafile $here/save_to_squiggle.lua" </dev/null || status=$?
no_leftovers || status=1

echo "what is shown"
new_project
shown_programs "$work/project"
(cd "$work/project" && alone "$server" "${headless[@]}" -u NONE \
	--cmd "set runtimepath^=$root/editors/nvim" --cmd 'filetype plugin on' --cmd 'runtime plugin/bpf_lsp.lua' \
	leak.bpf.c -c "luafile $here/shown.lua" </dev/null) || status=$?
no_leftovers || status=1

# try RECIPE [DIR]: an init.lua that holds the recipe only, and DIR on runtimepath.
try() {
	echo "recipe $1"
	new_project
	recipe "$1" >"$work/init.lua"
	alone "$server" "${headless[@]}" -u "$work/init.lua" --cmd "set runtimepath^=${2:-}" \
		"$work/project/leak.bpf.c" -c "luafile $here/recipe.lua" </dev/null || status=$?
	no_leftovers || status=1
}

has() { nvim --headless -u NONE -i NONE -n -c "if has('nvim-$1') | qall | else | cquit | endif" </dev/null; }

if has 0.11; then
	try neovim-0.11 ${BPF_LSP_NVIM_LSPCONFIG:+"$BPF_LSP_NVIM_LSPCONFIG"}
	try neovim-plugin-0.11 "$root/editors/nvim"
elif has 0.8; then
	try neovim-0.8
else
	try neovim-0.7
fi
if [ -n "${BPF_LSP_NVIM_LSPCONFIG:-}" ]; then
	try nvim-lspconfig "$BPF_LSP_NVIM_LSPCONFIG"
fi
exit "$status"
