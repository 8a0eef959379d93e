#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check-generated.sh: go generate must leave the tree as it is. It works on a copy, so that a failure
# shows the difference and changes nothing here.
set -euo pipefail

cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -cf - | tar -xf - -C "$copy"
cd "$copy"
git init -q
git add -A
# The tests of finding flags have directives of other projects in them.
go generate -run "go run" ./...
stale=$(git diff --name-only && git ls-files --others --exclude-standard)
if [ -n "$stale" ]; then
	git --no-pager diff --stat
	echo "$stale"
	echo "generated files are stale: run go generate ./diag/catalog ./verifier/facts and commit" >&2
	exit 1
fi
