#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# install-toolchain.sh [cc]: what compiling BPF C needs, clang with the BPF target and libbpf's headers;
# with cc, the host's C compiler instead, which Go's race detector links with.
# Exit 0: it is there. Exit 3: it cannot be installed here; stderr says what to install.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

# The clang that the tests' expectations were made with.
clang=clang-19

lacks=()
if [ "${1:-}" = cc ]; then
	command -v gcc >/dev/null 2>&1 || lacks+=(gcc libc6-dev)
else
	command -v "$clang" >/dev/null 2>&1 || lacks+=("$clang")
	[ -e /usr/include/bpf/bpf_helpers.h ] || lacks+=(libbpf-dev)
	[ -e /usr/include/linux/bpf.h ] || lacks+=(linux-libc-dev)
fi
[ "${#lacks[@]}" != 0 ] || exit 0

if ! can_apt; then
	say "Missing: ${lacks[*]}. Installing them needs apt-get and root. Please run:"
	say "    sudo apt-get install --no-install-recommends ${lacks[*]}"
	say "or your system's packages of the same."
	exit 3
fi
apt_install "${lacks[@]}"
