#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# install-nvim.sh: Neovim for the tests, from Debian where there is root.
# Exit 0: it is there. Exit 3: this machine cannot install it; stderr says why.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

command -v nvim >/dev/null 2>&1 && exit 0
if ! can_apt; then
	say "install-nvim: Neovim 0.7.2 or later is not installed, and installing it needs apt-get and root"
	exit 3
fi
apt_install neovim || exit 3
