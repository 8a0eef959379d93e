// SPDX-License-Identifier: GPL-2.0-only
// Compares a task's name with one of the program's. The second string must not be
// able to change, so that the kernel can trust its end.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char writable[] = "systemd";
const char constant[] = "systemd";

SEC("tp_btf/sched_wakeup")
int bad(void *ctx)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	return bpf_strncmp(comm, sizeof(comm), writable); // want call-type/const-string "R3 does not point to a readonly map'"
}

SEC("tp_btf/sched_wakeup")
int fixed(void *ctx)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	return bpf_strncmp(comm, sizeof(comm), constant);
}

char LICENSE[] SEC("license") = "GPL";
