#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# conformance.sh holds the embedded verifier against the running kernel, over the BPF selftests of
# Debian's kernel source package, from whichever suite has it. It compiles them outside this repository, asks the kernel about each
# program, checks the same objects with bpf-lsp, and writes docs/conformance.md. It fails if a program
# disagrees that docs/conformance-ledger.tsv and docs/conformance-builds.tsv do not explain.
#
#   CONFORMANCE_DIR  where to put 2 GB of sources and objects (~/.cache/bpf-lsp/conformance)
#   CLANG, CPU       compiler and instruction set (clang-19, v3)
#   FILES            programs to compile, such as 'iters.c dynptr_fail.c', instead of all; writes no table
#
# It needs the right to load BPF programs, and takes some five minutes the first time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
. "$here/lib.sh"

clang=${CLANG:-clang-19} cpu=${CPU:-v3} package=linux-source-6.12
dir=${CONFORMANCE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/bpf-lsp/conformance}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
case $dir/ in "$root"/*) say "CONFORMANCE_DIR must be outside the repository"; exit 2 ;; esac
source=$dir/$package
tests=$source/tools/testing/selftests/bpf
objects=$dir/objects-$clang-$cpu
include=$dir/include

need() {
	local missing
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	can_apt || { say "Please install:" $missing; exit 3; }
	apt_install "$@"
}

unpack_sources() {
	[ ! -d "$tests/progs" ] || return 0
	say "unpacking $package"
	local archive
	archive=$("$here/source-package.sh" "$package" "$dir/packages")
	rm -rf "$dir/unpacking" "$source"
	mkdir "$dir/unpacking"
	dpkg-deb --fsys-tarfile "$archive" | tar -xO "./usr/src/$package.tar.xz" | tar -xJ -C "$dir/unpacking" \
		--wildcards '*/tools/*' '*/include/uapi/*' '*/scripts/bpf_doc.py' '*/kernel/bpf/*' '*/arch/x86/include/*'
	mv "$dir/unpacking/$package" "$source"
	rm -rf "$dir/packages" "$dir/unpacking"
}

write_headers() {
	[ ! -s "$include/vmlinux.h" ] || return 0
	say "writing headers"
	mkdir -p "$dir/libbpf"
	make -s -C "$source/tools/lib/bpf" OUTPUT="$dir/libbpf/" DESTDIR="$dir/libbpf/root" prefix= install_headers >/dev/null
	mkdir -p "$include"
	cp -r "$dir/libbpf/root/include/bpf" "$include/"
	"$conformance" header >"$include/vmlinux.h.new"
	mv "$include/vmlinux.h.new" "$include/vmlinux.h"
}

# compile_one FILE compiles a program, if it is not there; a failure leaves NAME.err.
compile_one() {
	local name=${1%.c} extra=
	[ ! -f "$objects/$name.bpf.o" ] || return 0
	# These two test calls that the compiler must not inline.
	case $name in test_l4lb_noinline | test_xdp_noinline) extra=-fno-inline ;; esac
	cd "$tests"
	# shellcheck disable=SC2086 # words of flags
	if "$clang" $system -g -O2 --target=bpf -mcpu="$cpu" -mlittle-endian -Wno-everything $extra \
		-D__TARGET_ARCH_x86 -DBPF_NO_KFUNC_PROTOTYPES -I"$include" -I. -I"$source/tools/include/uapi" \
		-c "progs/$1" -o "$objects/.$name.o" 2>"$objects/$name.err"; then
		mv "$objects/.$name.o" "$objects/$name.bpf.o"
		rm -f "$objects/$name.err"
	fi
}

compile_all() {
	mkdir -p "$objects"
	say "compiling with $clang -mcpu=$cpu"
	system=$("$clang" -v -E -x c /dev/null 2>&1 | sed -n '/<...> search starts here:/,/End of search list./{ s| \(/.*\)|-idirafter \1|p }')
	export clang cpu tests objects include source system
	export -f compile_one
	# shellcheck disable=SC2086 # words of file names
	printf '%s\n' ${FILES:-$(cd "$tests/progs" && echo *.c)} | xargs -P "$(nproc)" -I{} bash -c 'compile_one {}'
	failed=$(cd "$objects" && for f in *.err; do [ ! -e "$f" ] || echo "${f%.err}"; done)
	say "not compiled:" ${failed:-none}
}

need "$clang" gcc libc6-dev make python3 xz-utils
conformance=$dir/conformance server=$dir/bpf-lsp
(cd "$root" && go build -o "$conformance" ./verifier/conformance && CGO_ENABLED=0 go build -o "$server" ./cmd/bpf-lsp)
unpack_sources
write_headers
compile_all

cd "$objects"
list=(*.bpf.o)
if [ -n "${FILES:-}" ]; then
	list=()
	for file in $FILES; do
		[ -f "${file%.c}.bpf.o" ] || { say "$file was not compiled:" && cat "${file%.c}.err" >&2; exit 1; }
		list+=("${file%.c}.bpf.o")
	done
fi
# The highest number of a CPU that this machine may have bounds bpf_get_smp_processor_id.
possible=$(</sys/devices/system/cpu/possible)
target=(-cpus $((${possible##*[-,]} + 1)))
[ ! -e /proc/config.gz ] || target+=(--kconfig /proc/config.gz)
say "asking the running kernel"
"$conformance" ask -log-level 2 -full-log "${list[@]}" >"$dir/kernel.jsonl"
say "checking with bpf-lsp"
"$server" check --format jsonl "${target[@]}" -log-level 2 --full-log "${list[@]}" >"$dir/here.jsonl" || [ $? -le 2 ]
unprivileged=()
if [ "$(</proc/sys/kernel/unprivileged_bpf_disabled)" = 0 ] && [ "$(id -u)" = 0 ]; then
	say "asking without privileges"
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all)
	# Paths may be closed to other users: programs and objects go where they can be read.
	open=$(mktemp -d) && trap 'rm -rf "$open"' EXIT
	cp "$conformance" "${list[@]}" "$open" && chmod -R a+rX "$open"
	(cd "$open" && "${nobody[@]}" ./conformance ask -log-level 2 -full-log "${list[@]}") >"$dir/kernel-unprivileged.jsonl"
	"$server" check --unprivileged --format jsonl "${target[@]}" -log-level 2 --full-log "${list[@]}" >"$dir/here-unprivileged.jsonl" || [ $? -le 2 ]
	unprivileged=(-unprivileged-kernel "$dir/kernel-unprivileged.jsonl" -unprivileged-here "$dir/here-unprivileged.jsonl")
else
	say "not asked without privileges: that takes root and kernel.unprivileged_bpf_disabled=0"
fi
report=(-report "$root/docs/conformance.md" -server "$server")
[ -z "${FILES:-}" ] || report=()
"$conformance" compare -kernel "$dir/kernel.jsonl" -here "$dir/here.jsonl" -objects "$objects" \
	-ledger "$root/docs/conformance-ledger.tsv" -changes "$root/docs/conformance-builds.tsv" "${unprivileged[@]}" "${report[@]}"
say "holding what reports state against the walks"
"$conformance" claims "${list[@]}"
