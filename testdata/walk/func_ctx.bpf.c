// SPDX-License-Identifier: GPL-2.0-only
// What a parameter may point to that is said to be the context.
#include "walk.h"

#define CTX __attribute__((btf_decl_tag("arg:ctx")))
#define FUNC(name, param) __weak __attribute__((noinline)) int name(param CTX) BODY("r0 = 0; exit")

typedef struct {
	int first;
} unnamed;
struct other {
	int first;
};
struct pt_regs {
	long first;
};
typedef struct pt_regs bpf_user_pt_regs_t;
struct bpf_perf_event_data {
	bpf_user_pt_regs_t regs;
};

FUNC(of_packet, struct __sk_buff *ctx)
FUNC(of_xdp, struct xdp_md *ctx)
FUNC(of_void, void *ctx)
FUNC(of_unnamed, unnamed *ctx)
FUNC(of_other, struct other *ctx)
FUNC(of_regs, struct pt_regs *ctx)
FUNC(of_user_regs, bpf_user_pt_regs_t *ctx)
FUNC(of_event, struct bpf_perf_event_data *ctx)
FUNC(of_word, __u64 *ctx)
FUNC(of_half, __u32 *ctx)
FUNC(of_raw, struct bpf_raw_tracepoint_args *ctx)

#define CALLS(section, name, func) \
	SEC(section) int name(void *ctx) { return func(ctx); }

CALLS("tc", packet, of_packet)
CALLS("tc", packet_xdp, of_xdp)
CALLS("tc", packet_void, of_void)
CALLS("tc", packet_unnamed, of_unnamed)
CALLS("tc", packet_other, of_other)
CALLS("tc", packet_word, of_word)
CALLS("xdp", frame, of_xdp)
CALLS("kprobe", kprobe_regs, of_regs)
CALLS("kprobe", kprobe_user, of_user_regs)
CALLS("kprobe", kprobe_other, of_other)
CALLS("kprobe", kprobe_unnamed, of_unnamed)
CALLS("perf_event", event, of_event)
CALLS("perf_event", event_regs, of_regs)
CALLS("perf_event", event_user, of_user_regs)
CALLS("perf_event", event_other, of_other)
CALLS("raw_tp", raw, of_raw)
CALLS("raw_tp", raw_word, of_word)
CALLS("raw_tp", raw_half, of_half)
CALLS("raw_tp", raw_other, of_other)
CALLS("tracepoint", tracepoint_other, of_other)
CALLS("tracepoint", tracepoint_word, of_word)
CALLS("syscall", syscall_other, of_other)
CALLS("syscall", syscall_unnamed, of_unnamed)
CALLS("netfilter", netfilter_other, of_other)
CALLS("cgroup/sysctl", sysctl_other, of_other)
CALLS("sk_lookup", lookup_other, of_other)
