#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh SERVER: the recipe for Kate of docs/editors.md, in a Kate on a display of its own. What the server
# tells it is read from the wire; keys are typed. With BPF_LSP_SCREENSHOTS=DIR a picture is written there, in
# which the project is seen where BPF_LSP_PROJECT, a folder that is not there yet, says.
# Exit 3: this machine cannot install what it needs; stderr says why.
set -euo pipefail

. "$(dirname "$0")/../lib.sh"
server=$(realpath "$1")

"$root/scripts/install-toolchain.sh" || exit "$?"
"$root/scripts/install-editor.sh" kate kate xvfb xdotool dbus imagemagick || exit "$?"

# told PATTERN waits until the last diagnostics that the server has published match.
told() {
	for _ in $(seq $((BPF_LSP_PATIENCE * 10))); do
		! grep -ao '"method":"textDocument/publishDiagnostics".*' "$work/told" 2>/dev/null | tail -n 1 | grep -q -- "$1" || return 0
		sleep 0.1
	done
	echo "gave up waiting: diagnostics like $1"
	tail -c 2000 "$work/kate.log" "$work/told" 2>/dev/null
	return 1
}

echo "recipe kate"
project=${BPF_LSP_PROJECT:-$work/tcp-proxy}
mkdir "$project"
cp "$root/testdata/demo/leak.bpf.c" "$project/"
leak=$(grep -n 'return bpf_redirect(' "$project/leak.bpf.c" | cut -d: -f1)

# The bpf-lsp on PATH writes down what the server says, one message a line.
mkdir -p "$work/bin" "$work/config/kate/lspclient"
mkdir -m 700 "$work/runtime"
cat >"$work/bin/bpf-lsp" <<WIRE
#!/bin/bash
"$server" "\$@" | tee >(sed -u 's/Content-Length/\n&/g' >>"$work/told")
WIRE
chmod +x "$work/bin/bpf-lsp"
recipe kate >"$work/config/kate/lspclient/settings.json"
# Kate asks before it first runs a server. The answer is kept in its settings, and given here beforehand.
cat >"$work/config/katerc" <<SETTINGS
[Kate Plugins]
lspclientplugin=true

[lspclient]
AllowedServerCommandLines=$work/bin/bpf-lsp serve

[KTextEditor View]
Auto Brackets=false
SETTINGS

cleanup() {
	kill "${editor:-}" "${screen:-}" 2>/dev/null || true
	wait 2>/dev/null || true
	rm -rf "$work" "$project"
}
trap cleanup EXIT
Xvfb -displayfd 3 -screen 0 1280x800x24 3>"$work/display" 2>/dev/null &
screen=$!
for _ in $(seq $((BPF_LSP_PATIENCE * 10))); do
	[ ! -s "$work/display" ] || break
	sleep 0.1
done
DISPLAY=:$(cat "$work/display")
export DISPLAY

XDG_RUNTIME_DIR=$work/runtime alone "$work/bin/bpf-lsp" dbus-run-session -- kate --startanon --new --line "$leak" \
	"$project/leak.bpf.c" >"$work/kate.log" 2>&1 </dev/null &
editor=$!

step "opening a BPF program tells Kate of the leak at its return" told "\"line\":$((leak - 1)).*resource-lifetime/unreleased-reference"

window=$(timeout "$BPF_LSP_PATIENCE" xdotool search --sync --onlyvisible --class kate | tail -n 1)
xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800
sleep 1
if [ -n "${BPF_LSP_SCREENSHOTS:-}" ]; then
	# The button of the LSP panel at the bottom; its first row leads to the line.
	xdotool mousemove 254 788 click 1
	sleep 1
	xdotool mousemove 600 632 click --repeat 2 1
	sleep 1
	import -window root -depth 8 "$BPF_LSP_SCREENSHOTS/kate.png"
fi
xdotool mousemove 600 300 key ctrl+g
sleep 0.5
xdotool type "$leak"
xdotool key Return Home
xdotool type '{ bpf_sk_release(sk); '
xdotool key End
xdotool type ' }'
xdotool key ctrl+s
step "saving a fix clears the diagnostic" told '"diagnostics":\[\]'
xdotool key ctrl+q
no_leftovers || failed=$((failed + 1))
echo "$passed passed, $failed failed"
exit "$((failed > 0))"
