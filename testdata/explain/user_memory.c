// SPDX-License-Identifier: GPL-2.0-only
// Numbers used as pointers: whose memory they lead to decides what reads it.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct sys_enter {
	__u64 pad;
	long nr;
	const char *path;
	const struct timespec_of *until;
};

struct timespec_of {
	long seconds, nanoseconds;
};

struct sched_exec {
	__u64 pad;
	struct owner *who;
};

struct owner {
	int id;
};

struct task_struct {
	int pid;
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

long seen;

SEC("tracepoint/syscalls/sys_enter_utimensat")
int struct_of_a_syscall(struct sys_enter *ctx)
{
	const struct timespec_of *t = ctx->until;

	seen = t->seconds; // want register-type/scalar-dereference "`t` is used as a pointer, but it is an argument of a system call, an address in user space" help "bpf_probe_read_user()" never "bpf_probe_read_kernel" "BPF_CORE_READ" "lost its type"
	return 0;
}

SEC("tp/syscalls/sys_enter_utimensat")
int string_of_a_syscall(struct sys_enter *ctx)
{
	if (ctx->path[0] == '/') // want register-type/scalar-dereference "`ctx->path` is used as a pointer" help "bpf_probe_read_user()" never "bpf_probe_read_kernel" "BPF_CORE_READ" "lost its type"
		seen++;
	return 0;
}

SEC("uprobe//usr/bin/true:main")
int BPF_KPROBE(argument_vector, int argc, char **argv)
{
	if (argv[0]) // want register-type/scalar-dereference "`argv`" "an address in user space" help "bpf_probe_read_user()" never "bpf_probe_read_kernel" "BPF_CORE_READ" "lost its type"
		seen = argc;
	return 0;
}

SEC("uretprobe//usr/bin/true:open_log")
int BPF_KRETPROBE(returned_struct, struct timespec_of *t)
{
	seen = t->nanoseconds; // want register-type/scalar-dereference "`t`" "an address in user space" help "bpf_probe_read_user()" never "bpf_probe_read_kernel" "BPF_CORE_READ" "lost its type"
	return 0;
}

SEC("kprobe/wake_up_new_task")
int BPF_KPROBE(argument_of_a_kprobe, struct task_struct *p)
{
	seen = p->pid; // want register-type/scalar-dereference "`p` is used as a pointer, but it was read from a register" help "`BPF_CORE_READ(p, pid)`" never "bpf_probe_read_user" "lost its type"
	return 0;
}

SEC("raw_tp/sched_wakeup")
int argument_of_a_raw_tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *p = (void *)ctx->args[0];

	seen = p->pid; // want register-type/scalar-dereference "it is an argument of a raw tracepoint" help "`BPF_CORE_READ(p, pid)`" never "bpf_probe_read_user" "lost its type"
	return 0;
}

SEC("kprobe/do_exit")
int current_as_a_number(void *ctx)
{
	struct task_struct *me = (void *)bpf_get_current_task();

	seen = me->pid; // want register-type/scalar-dereference "bpf_get_current_task() returns a number" help "`BPF_CORE_READ(me, pid)`" "bpf_get_current_task_btf()" never "bpf_probe_read_user" "lost its type"
	return 0;
}

SEC("kprobe/do_exit")
int parent_copied_before(void *ctx)
{
	struct task_struct *me = (void *)bpf_get_current_task(), *parent;

	if (bpf_probe_read_kernel(&parent, sizeof(parent), &me->real_parent))
		return 0;
	seen = parent->pid; // want register-type/scalar-dereference "`parent`" "it was copied by bpf_probe_read_kernel() in line" help "`BPF_CORE_READ(parent, pid)`" never "bpf_probe_read_user" "lost its type"
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(path_of_a_kprobe, int dfd, const char *path)
{
	seen = path[0]; // want register-type/scalar-dereference "`path`" help "Read memory of the kernel with bpf_probe_read_kernel(), memory of user space with bpf_probe_read_user()" never "BPF_CORE_READ" "lost its type"
	return 0;
}

SEC("uprobe//usr/bin/true:main")
int BPF_KPROBE(copied_pointer, int argc, const char **argv)
{
	const char *name;

	bpf_probe_read_user(&name, sizeof(name), argv + 1);
	seen = name[0]; // want register-type/scalar-dereference "`name`" "it was copied by bpf_probe_read_user()" help "bpf_probe_read_user()" never "bpf_probe_read_kernel" "BPF_CORE_READ" "lost its type"
	return 0;
}

SEC("kprobe/do_exit")
int address_kept_in_a_map(void *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid();
	__u64 *kept = bpf_map_lookup_elem(&starts, &pid);
	struct owner *o;

	if (!kept)
		return 0;
	o = (void *)*kept;
	seen = o->id; // want register-type/scalar-dereference "`o` is used as a pointer, but it was read from the value of map `starts`" help "bpf_probe_read_kernel()" "bpf_probe_read_user()" never "lost its type"
	return 0;
}

SEC("xdp")
int packet_kept_in_a_map(struct xdp_md *ctx)
{
	__u32 key = 1;
	__u64 *kept = bpf_map_lookup_elem(&starts, &key);

	if (!kept)
		return XDP_PASS;
	return *(__u8 *)*kept ? XDP_PASS : XDP_DROP; // want register-type/scalar-dereference "it was read from the value of map `starts`" help "Use the pointer itself" never "bpf_probe_read" "lost its type"
}

SEC("tracepoint/sched/sched_process_exec")
int pointer_of_a_tracepoint(struct sched_exec *ctx)
{
	seen = ctx->who->id; // want register-type/scalar-dereference "`ctx->who`" "member of the tracepoint's record" help "bpf_probe_read_kernel()" never "lost its type"
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, char[24]);
	__type(value, __u64);
} by_text SEC(".maps");

SEC("uretprobe")
int key_of_a_process(struct pt_regs *ctx)
{
	const char *text = (const char *)PT_REGS_RC(ctx);
	__u64 one = 1;

	return bpf_map_update_elem(&by_text, text, &one, BPF_ANY); // want call-type/wrong-argument-kind "`text`, is a number" "an address in user space" help "bpf_probe_read_user_str(copy, sizeof(copy), text);" "char copy[24] = {};"
}

char LICENSE[] SEC("license") = "GPL";
