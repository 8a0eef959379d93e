#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Compiles the programs of testdata/walk that are named (such as alu), and records beside each what the
# running kernel says of it; -mcpu and flags of the question stand in comments of the source.
#
#   ASK  a command that asks another kernel than the running one: it gets flags and the name of an object, and prints answers
#   BUILD  the build of that kernel, which heads the answers
set -eu
cd "$(dirname "$0")/.."
ask=$(mktemp -d)
trap 'rm -rf "$ask"' EXIT
go build -o "$ask/conformance" ./verifier/conformance
chmod 755 "$ask"

for name in "$@"; do
	src=testdata/walk/$name.bpf.c
	CFLAGS=$(sed -n 's|^// clang: ||p' "$src") OUT=walk scripts/objects.sh "walk/$name.bpf.c"
	flags=$(sed -n 's|^// bpf-lsp: ||p' "$src")
	as=
	case $flags in
	*--unprivileged*)
		[ "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" = 0 ] || { echo "$src needs kernel.unprivileged_bpf_disabled=0" >&2; exit 1; }
		as="setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all" ;;
	esac
	{
		[ -z "${ASK:-}" ] || printf '{"kernel":"%s"}\n' "$BUILD"
		# shellcheck disable=SC2046,SC2086
		$as ${ASK:-"$ask/conformance" ask} -log-level 2 -full-log -no-time $(printf %s "$flags" | sed 's/--unprivileged//') "${src%.c}.o"
	} >"$ask/answers"
	cat "$ask/answers" >"testdata/walk/$name.jsonl"
	# EPERM and the like say nothing about the rules.
	if grep '"verdict":"skip"' "$ask/answers" | grep -v 'refused before verification: E\(INVAL\|ACCES\|2BIG\|NOENT\|OPNOTSUPP\|NOTSUPP\|FAULT\)"'; then
		echo "$name: not answered" >&2
		exit 1
	fi
done
