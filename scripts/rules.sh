#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Compiles the examples of testdata/rules that are named (all if none is) and
# records what the running kernel says of all examples.
set -eu
cd "$(dirname "$0")/.."
rules=testdata/rules
ask=$(mktemp -d)
trap 'rm -rf "$ask"' EXIT
go build -o "$ask/conformance" ./verifier/conformance
chmod 755 "$ask"

[ $# -gt 0 ] || set -- "$rules"/*.c
for src in "$@"; do
	name=$(basename "$src")
	CFLAGS=$(sed -n 's|^// clang: ||p' "$rules/$name") OUT=rules scripts/objects.sh "rules/$name"
done

for src in "$rules"/*.c; do
	flags=$(sed -n 's|^// bpf-lsp: ||p' "$src")
	as=
	case $flags in
	# The running kernel lacks what these call.
	*--btf*) continue ;;
	*--unprivileged*)
		[ "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" = 0 ] || { echo "$src wants kernel.unprivileged_bpf_disabled=0" >&2; exit 1; }
		as="setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all" ;;
	esac
	# shellcheck disable=SC2046,SC2086
	$as "$ask/conformance" ask -log-level 2 -full-log -no-time $(printf %s "$flags" | sed 's/--unprivileged//; s/--target-kernel [0-9.]*//') "${src%.c}.o"
done >"$ask/answers"
# Each run is headed by the kernel's build; once is enough.
awk '!/^{"kernel":/ || !seen[$0]++' "$ask/answers" >"$rules/kernel-6.18.jsonl"
