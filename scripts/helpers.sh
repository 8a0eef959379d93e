#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Compiles the programs of testdata/helpers that are named (all if none is) and
# records what the running kernel says of all, and of some to a user without
# any capability.
set -eu
cd "$(dirname "$0")/.."
[ "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" = 0 ] || { echo "needs kernel.unprivileged_bpf_disabled=0" >&2; exit 1; }
ask=$(mktemp -d)
trap 'rm -rf "$ask"' EXIT
go build -o "$ask/conformance" ./verifier/conformance

helpers=testdata/helpers
[ $# -gt 0 ] || set -- "$helpers"/*.c
for src in "$@"; do
	OUT=helpers scripts/objects.sh "helpers/$(basename "$src")"
done

"$ask/conformance" ask -log-level 2 -full-log -no-time "$helpers"/*.bpf.o >"$ask/answers"
cat "$ask/answers" >"$helpers/kernel-6.18.jsonl"

# Paths may be closed to other users. What they may not load at all is no answer.
cp "$helpers"/helper_net.bpf.o "$helpers"/helper_unprivileged.bpf.o "$ask"
chmod -R a+rX "$ask"
(cd "$ask" && setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
	./conformance ask -log-level 2 -full-log -no-time helper_net.bpf.o helper_unprivileged.bpf.o) |
	grep -v '"verdict":"skip"' >"$helpers/kernel-6.18-unprivileged.jsonl"
