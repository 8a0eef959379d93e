// SPDX-License-Identifier: GPL-2.0-only
// A program of another license cannot call kernel functions. Most helpers it
// can.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_strlen(const char *text) __ksym;

char name[16];
int length;

SEC("tracepoint/sched/sched_process_exit")
int bad(void *ctx)
{
	bpf_get_current_comm(name, sizeof(name));
	length = bpf_strlen(name); // want policy/gpl-only-kfunc "cannot call kernel function from non-GPL compatible program"
	return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int fixed(void *ctx)
{
	bpf_get_current_comm(name, sizeof(name));
	length = bpf_strncmp(name, sizeof(name), "init") ? 0 : 4;
	return 0;
}

char LICENSE[] SEC("license") = "Proprietary";
