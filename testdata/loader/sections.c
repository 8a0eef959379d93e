// SPDX-License-Identifier: GPL-2.0-only
// Section names, targets and struct_ops.
#include "loader.h"

#define program(name, section) SEC(section) int name(void *ctx) { return 0; }

program(on_kprobe_multi, "kprobe.multi/tcp_*")
program(on_uprobe_sleepable, "uprobe.s//usr/bin/true:main")
program(on_usdt, "usdt/app:provider:name")
program(on_tracepoint, "tracepoint/sched/sched_switch")
program(on_raw_writable, "raw_tp.w/nbd_send_request")
program(on_tp_btf, "tp_btf/sched_switch")
program(on_fentry, "fentry.s/do_unlinkat")
program(on_fentry_missing, "fentry/no_such_function")
program(on_fentry_nowhere, "fentry")
program(on_fmod_ret, "fmod_ret/bpf_fentry_test1")
program(on_fexit_module, "fexit/nf_tables:nft_register_chain_type")
program(on_freplace, "freplace/handler")
program(on_lsm, "lsm/file_open")
program(on_lsm_sleepable, "lsm.s/bprm_committed_creds")
program(on_lsm_cgroup, "lsm_cgroup/socket_bind")
program(on_iter, "iter/task")
program(on_xdp_frags, "xdp.frags")
program(on_xdp_devmap, "xdp.frags/devmap")
program(on_tcx, "tcx/ingress")
program(on_cgroup_connect, "cgroup/connect4")
program(on_syscall, "syscall")
program(on_not_loaded, "?perf_event")
program(on_guessed, "xdp_drop")
program(on_unknown, "nothing")

struct tcp_congestion_ops___mine {
	char name[16];
	void (*init)(void *sk);
	__u32 (*ssthresh)(void *sk);
};

SEC("struct_ops") void cc_init(__u64 *ctx) {}
SEC("struct_ops.s") __u32 cc_ssthresh(__u64 *ctx) { return 2; }
SEC("struct_ops") int cc_unused(__u64 *ctx) { return 0; }

SEC(".struct_ops.link") struct tcp_congestion_ops___mine cc = {
	.name = "cc",
	.init = (void *)cc_init,
	.ssthresh = (void *)cc_ssthresh,
};

char _license[] SEC("license") = "Proprietary";
