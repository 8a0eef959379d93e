#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh: the test of the VS Code extension in the real workbench, with the server bundled as a user gets it.
# With BPF_LSP_SCREENSHOTS=DIR the pictures of the README are written there. With BPF_LSP_RECORDING=FILE no test
# is run, and its moving picture is written to that file.
# Exit 3: this machine cannot install what it needs; stderr says why.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cache=${BPF_LSP_CACHE:-$root/.cache}

"$root/scripts/install-toolchain.sh" || exit "$?"
"$root/scripts/install-vscode.sh" || exit "$?"
"${MAKE:-make}" -C "$root" --no-print-directory test-extension vsix

# Debian's chromium is a wrapper that adds the user's own flags; the program itself is below.
chromium=/usr/lib/chromium/chromium
[ -x "$chromium" ] || chromium=$(command -v chromium)

run=(--test --test-reporter=spec --test-timeout=2400000 "$here/workbench.test.mjs")
if [ -n "${BPF_LSP_RECORDING:-}" ]; then
	run=("$here/record.mjs")
	"$root/scripts/install-editor.sh" convert imagemagick || exit "$?"
fi

# Without a dot: editors choose a language by names such as ".css", and would find one in random letters behind it.
work=$(mktemp -d "${TMPDIR:-/tmp}/bpf-lsp-XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$here/runner" && "$root/editors/vscode/node_modules/.bin/vsce" package --no-dependencies --skip-license \
	--allow-missing-repository -o "$work/runner.vsix" >"$work/vsce.log" 2>&1) || { cat "$work/vsce.log" >&2; exit 1; }

. "$root/editors/test/one_programs.sh"
mkdir "$work/shown"
shown_programs "$work/shown"

BPF_LSP_PROGRAMS=$(realpath "$cache/vscode") BPF_LSP_CHROMIUM=$chromium \
	BPF_LSP_VSIX=$root/editors/vscode/bpf-lsp.vsix BPF_LSP_RUNNER_VSIX=$work/runner.vsix \
	BPF_LSP_PROGRAM=$root/testdata/demo/leak.bpf.c \
	BPF_LSP_LONGER=$root/testdata/programs/open_audit.bpf.c:$root/testdata/programs/tc_steer.bpf.c \
	BPF_LSP_SHOWN=$work/shown BPF_LSP_TABLES=$root/editors/test \
	BPF_LSP_HEADER=$root/editors/test/header/count.bpf.c:$root/editors/test/header/count.h \
	node "${run[@]}"
