// SPDX-License-Identifier: GPL-2.0-only
// What the programs with two faults share: MENDED mends the first of them.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifdef MENDED
#define MEND(...) __VA_ARGS__
#define PICK(broken, mended) mended
#else
#define MEND(...)
#define PICK(broken, mended) broken
#endif

char LICENSE[] SEC("license") = "GPL";
