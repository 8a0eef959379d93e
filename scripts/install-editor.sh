#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# install-editor.sh PROGRAM PACKAGE...: an editor for the tests, from Debian where there is root.
# Exit 0: it is there. Exit 3: this machine cannot install it; stderr says why.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

program=$1
shift
if command -v dpkg-query >/dev/null 2>&1; then
	lacks=$(missing_packages "$@")
else
	lacks=$*
fi
# An editor from elsewhere counts; its add-ons are then its owner's business.
if [ -z "$lacks" ] || { ! can_apt && command -v "$program" >/dev/null 2>&1; }; then
	exit 0
fi
if ! can_apt; then
	say "install-editor: $program is not installed, and installing it needs apt-get and root"
	exit 3
fi
apt_install "$@" || exit 3
