#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# real-client.sh NAME COMMAND...: runs one editor's test. A machine where the editor cannot be
# installed (exit 3 of the command) skips it, and says so where nobody overlooks it; with CI=true
# that is a failure, so that continuous integration cannot pass by skipping.
set -uo pipefail

name=$1
shift
"$@"
status=$?
[ "$status" = 3 ] || exit "$status"
if [ "${CI:-}" = true ]; then
	echo "FAIL: the $name test could not run, and CI must not skip it" >&2
	exit 1
fi
cat >&2 <<SKIPPED

*********************************************************************
  SKIPPED: the $name test did not run on this machine (reason above).
*********************************************************************

SKIPPED
