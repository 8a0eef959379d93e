// SPDX-License-Identifier: GPL-2.0-only
// Memory of a process may have to be read from disk first, for which the
// program has to wait: only one in a sleepable section can.
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char request[64];

SEC("uprobe")
int BPF_KPROBE(bad, const char *text)
{
	bpf_copy_from_user(request, sizeof(request), text); // want execution-context/sleepable-helper "helper call might sleep in a non-sleepable prog"
	return 0;
}

SEC("uprobe.s")
int BPF_KPROBE(fixed, const char *text)
{
	bpf_copy_from_user(request, sizeof(request), text);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
