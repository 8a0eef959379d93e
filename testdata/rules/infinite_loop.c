// SPDX-License-Identifier: GPL-2.0-only
// The loop waits for a variable that another program sets. Nothing that the
// verifier knows changes meanwhile.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

volatile __u32 ready;

SEC("syscall")
int bad(void *ctx)
{
	while (!ready) // want verifier-limit/infinite-loop "infinite loop detected at insn"
		;
	return 0;
}

SEC("syscall")
int fixed(void *ctx)
{
	for (int tries = 0; tries < 100; tries++)
		if (ready)
			return 0;
	return -1;
}

char LICENSE[] SEC("license") = "GPL";
