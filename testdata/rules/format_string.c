// SPDX-License-Identifier: GPL-2.0-only
// Writes a number as text. The kernel knows fewer conversions than printf(3).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char text[16];

SEC("tp_btf/sched_wakeup")
int bad(void *ctx)
{
	BPF_SNPRINTF(text, sizeof(text), "%e", 1); // want call-type/format-string "Invalid format string"
	return 0;
}

SEC("tp_btf/sched_wakeup")
int fixed(void *ctx)
{
	BPF_SNPRINTF(text, sizeof(text), "%d", 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
