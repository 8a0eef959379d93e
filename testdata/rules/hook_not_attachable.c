// SPDX-License-Identifier: GPL-2.0-only
// do_exit() never returns, so that there is no exit of it to attach to.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

long last_code;

SEC("fexit/do_exit")
int BPF_PROG(bad, long code) // want policy/hook-not-attachable "Attaching fexit/fmod_ret to __noreturn function 'do_exit' is rejected."
{
	last_code = code;
	return 0;
}

SEC("fentry/do_exit")
int BPF_PROG(fixed, long code)
{
	last_code = code;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
