#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# source-package.sh PACKAGE DIR: downloads the newest version of a Debian package into DIR, from whichever suite of the
# distribution has it. A release drops its kernel packages when it moves on; its older and newer releases, their backports
# and the unstable suites are asked too. The mirror is the one that apt uses here, and what apt knows of packages stays as it
# is: the lists are kept in DIR/apt.
#
# Prints the name of the file. Exit 3: no suite has the package; stderr says which were asked.
set -euo pipefail
. "$(cd "$(dirname "$0")" && pwd)/lib.sh"

package=$1
mkdir -p "$2/apt/lists/partial"
dir=$(cd "$2" && pwd)
suites=(oldoldstable oldstable oldstable-backports stable stable-backports testing unstable experimental)

# The mirror that apt has its packages from. Archives of security updates have no suites of these names.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
[ -n "$mirror" ] || { say "source-package: apt has no sources on this machine"; exit 3; }

# in_suite SUITE COMMAND... runs apt-get with the packages of one suite alone.
in_suite() {
	local sources=$dir/apt/$1.list
	echo "deb $mirror $1 main" >"$sources"
	apt-get -qq -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::Cache="$dir/apt" \
		-o Dir::State::Lists="$dir/apt/lists" -o APT::Sandbox::User=root "${@:2}"
}

cd "$dir"
for suite in "${suites[@]}"; do
	# Not every mirror has every suite.
	in_suite "$suite" update >/dev/null 2>&1 || continue
	if in_suite "$suite" download "$package" >/dev/null 2>&1; then
		say "$package is from $suite"
		printf '%s\n' "$dir/${package}"_*.deb
		exit 0
	fi
done
say "source-package: no suite has $package:" "${suites[@]}"
exit 3
