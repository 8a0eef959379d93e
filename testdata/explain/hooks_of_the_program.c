// SPDX-License-Identifier: GPL-2.0-only
// What a program is attached to: which hook gives it what it uses, and which parameters its own gives.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct path;

struct file {
	int f_flags;
} __attribute__((preserve_access_index));

struct linux_binprm {
	struct file *file;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct sock;
struct sockaddr;

char name[64];
__u64 got;

SEC("tp_btf/sched_process_exec")
int BPF_PROG(path_of_a_binary, struct task_struct *task, int before, struct linux_binprm *bprm)
{
	return bpf_d_path((struct path *)&bprm->file->f_flags, name, sizeof(name)); // want policy/helper-gate "bpf_d_path()" help "lsm/bprm_committed_creds"
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(path_of_nothing, struct task_struct *task)
{
	return bpf_d_path((struct path *)task, name, sizeof(name)); // want policy/helper-gate "bpf_d_path()" never "for example"
}

SEC("fexit/tcp_connect")
int BPF_PROG(result_is_behind_more, struct sock *sk, struct sockaddr *to, int length, int result) // want memory/context-access "`int result` would be the fourth argument, but tcp_connect() has 1 argument and then its result" help "`BPF_PROG(result_is_behind_more, struct sock *sk, int result)`" note "tcp_connect() has no such arguments"
{
	got += result;
	return 0;
}

SEC("fentry/tcp_connect")
int BPF_PROG(second_of_one, struct sock *sk, int length) // want memory/context-access "`int length` would be the second argument, but tcp_connect() has 1 argument" help "`BPF_PROG(second_of_one, struct sock *sk)`" never "no such argument"
{
	got += length;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
