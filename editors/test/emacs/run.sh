#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh SERVER: the recipes for Emacs of docs/editors.md, each as the init file of an Emacs in batch mode.
# Exit 3: this machine cannot install what it needs; stderr says why.
set -euo pipefail

. "$(dirname "$0")/../lib.sh"
server=$1

"$root/scripts/install-toolchain.sh" || exit "$?"
"$root/scripts/install-editor.sh" emacs emacs-nox elpa-eglot elpa-lsp-mode || exit "$?"

status=0
for name in emacs-eglot emacs-lsp-mode; do
	echo "recipe $name"
	new_project
	# What Emacs does before an init file, but not in batch mode; and nobody is there to be asked
	# whether the folder is a project. Other servers for C, if there are any, are no part of the test.
	echo "(package-initialize) (setq lsp-auto-guess-root t lsp-enable-snippet nil lsp-enabled-clients '(bpf-lsp))" >"$work/init.el"
	recipe "$name" >>"$work/init.el"
	alone "$server" emacs --batch --no-init-file --load "$work/init.el" --load "$root/editors/test/emacs/recipe.el" \
		"$work/project/leak.bpf.c" </dev/null || status=$?
	no_leftovers || status=1
done
exit "$status"
