#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh SERVER: the recipe for Helix of docs/editors.md, in a Helix that runs in a terminal of tmux: what
# it draws is read from there, and its keys are typed. With RECIPE_SHOW=1 the screens are printed.
# Exit 3: this machine has no Helix, which Debian 12 cannot install; stderr says why.
set -euo pipefail

. "$(dirname "$0")/../lib.sh"
server=$1

"$root/scripts/install-toolchain.sh" || exit "$?"
if ! command -v hx >/dev/null 2>&1 || ! command -v tmux >/dev/null 2>&1; then
	echo "Helix (hx) or tmux is not installed" >&2
	exit 3
fi

terminal() { tmux -f /dev/null -S "$work/tmux" "$@"; }
screen() { terminal capture-pane -p; }
# shown PATTERN, gone PATTERN wait until the screen has that, and no longer has it.
shown() {
	for _ in $(seq $((BPF_LSP_PATIENCE * 10))); do
		! screen | grep -q -- "$1" || return 0
		sleep 0.1
	done
	echo "gave up waiting: $1 on the screen"
	return 1
}
gone() {
	for _ in $(seq $((BPF_LSP_PATIENCE * 10))); do
		screen | grep -q -- "$1" || return 0
		sleep 0.1
	done
	echo "gave up waiting: no $1 on the screen"
	return 1
}
# keys KEY... types them. An escape that another key follows at once would be Alt with that key.
keys() {
	local key
	for key; do
		terminal send-keys -- "$key"
		[ "$key" != Escape ] || sleep 0.5
	done
}
show() { [ -z "${RECIPE_SHOW:-}" ] || screen; }

echo "recipe helix"
new_project
mkdir -p "$work/config/helix"
recipe helix >"$work/config/helix/languages.toml"
printf '[editor]\nauto-pairs = false\nend-of-line-diagnostics = "hint"\n[editor.inline-diagnostics]\ncursor-line = "error"\n' >"$work/config/helix/config.toml"
leak=$(grep -n 'return bpf_redirect(' "$work/project/leak.bpf.c" | cut -d: -f1)

alone "$server" tmux -f /dev/null -S "$work/tmux" new-session -d -x 150 -y 40 "cd $work/project && hx leak.bpf.c:$leak"
trap 'terminal kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

step "opening a BPF program shows the leak at its return" shown 'Unreleased resource: `sk`'
show
keys Escape ' d'
step "the picker of diagnostics has the code" shown 'resource-lifetime/unreleased-reference'
show
keys Escape "$((leak - 4))gg" 'f(hb' ' k'
step "the hover tells the life of the reference" shown 'not released here'
show
keys Escape "${leak}gg" 'xc' '{ bpf_sk_release(sk); return bpf_redirect(proxy_ifindex, 0); }' Enter Escape ':w' Enter
step "saving a fix clears the diagnostic" gone 'Unreleased resource'
show
keys ':open plain.c' Enter
step "a C file that is not BPF opens" shown 'int main'
step "and shows nothing" gone '●'
keys ':quit-all!' Enter
no_leftovers || failed=$((failed + 1))
echo "$passed passed, $failed failed"
exit "$((failed > 0))"
