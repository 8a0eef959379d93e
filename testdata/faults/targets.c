// SPDX-License-Identifier: GPL-2.0-only
// What programs attach to and the kernel does not have.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
SEC("fexit/tcp_connect")
#else
SEC("fexit/tcp_conect") // want program-structure/attach-target "Did you mean `SEC(\"fexit/tcp_connect\")`?"
#endif
int function(void *ctx)
{
	return 0;
}

#ifdef FIXED
SEC("tp_btf/sched_switch")
#else
SEC("tp_btf/sched_swich") // want program-structure/attach-target "libbpf: prog 'tracepoint': failed to find kernel BTF type ID of 'sched_swich': -3"
#endif
int tracepoint(void *ctx)
{
	return 0;
}

#ifdef FIXED
SEC("lsm/file_open")
#else
SEC("lsm/file_opem") // want program-structure/attach-target "Did you mean `SEC(\"lsm/file_open\")`?"
#endif
int hook(void *ctx)
{
	return 0;
}

#ifdef FIXED
SEC("iter/task")
#else
SEC("iter/taks") // want program-structure/attach-target "Did you mean `SEC(\"iter/task\")`?"
#endif
int iterator(void *ctx)
{
	return 0;
}

#ifdef FIXED
SEC("fentry/tcp_connect")
#else
SEC("fentry") // want program-structure/attach-target "libbpf: prog 'nowhere': no BTF-based attach target is specified"
#endif
int nowhere(void *ctx)
{
	return 0;
}

SEC("struct_ops/init")
void init(void *ctx)
{
}

#ifdef FIXED
SEC("struct_ops/threshold")
#else
SEC("struct_ops/threshold") // want program-structure/attach-target "libbpf: struct_ops init_kern tcp_congestion_ops: Cannot find member sshtresh in kernel BTF"
#endif
unsigned int threshold(void *ctx)
{
	return 2;
}

#ifndef FIXED
SEC("struct_ops/other") // want program-structure/attach-target "Did you mean `tcp_congestion_ops`?"
unsigned int other(void *ctx)
{
	return 2;
}
#endif

struct sock;

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
#ifdef FIXED
	unsigned int (*ssthresh)(struct sock *sk);
#else
	unsigned int (*sshtresh)(struct sock *sk);
#endif
};

SEC(".struct_ops")
struct tcp_congestion_ops ops = {
	.init = (void *)init,
#ifdef FIXED
	.ssthresh = (void *)threshold,
#else
	.sshtresh = (void *)threshold,
#endif
};

#ifndef FIXED
struct tcp_congestion_opz {
	unsigned int (*ssthresh)(struct sock *sk);
};

SEC(".struct_ops")
struct tcp_congestion_opz opz = {
	.ssthresh = (void *)other,
};
#endif

SEC("xdp")
int accepted(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
