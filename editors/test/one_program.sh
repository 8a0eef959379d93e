#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# one_program.sh FILE FUNCTION: FILE with only one of its programs, and what they share.
set -euo pipefail

awk -v name="$2" '
	function flush() {
		if (chunk != "" && (kind != "program" || chunk ~ "\n(int|long) " name "\\(")) printf "%s", chunk
		chunk = ""
	}
	/^SEC\("/ { flush(); kind = "program" }
	/^(char|const char) .*SEC\("license"\)/ { flush(); kind = "rest" }
	/^static / && kind == "program" { flush(); kind = "rest" }
	{ chunk = chunk $0 "\n" }
	END { flush() }
' "$1"
