// SPDX-License-Identifier: GPL-2.0-only
// Functions that the kernel takes from programs, and the fields of its objects that these may set.
// kernel: 6.18.15
#include "walk.h"

#define LEAVE "r0 = 0; exit"
#define CORE __attribute__((preserve_access_index))

struct task_struct {
	int pid;
} CORE;

struct bpf_dummy_ops_state {
	int val;
} CORE;
struct bpf_dummy_ops {
	int (*test_1)(struct bpf_dummy_ops_state *cb);
	int (*test_2)(struct bpf_dummy_ops_state *cb, int a1, unsigned short a2, char a3, unsigned long a4);
	int (*test_sleepable)(struct bpf_dummy_ops_state *cb);
};

/* DUMMY is a program that implements a member of bpf_dummy_ops. */
#define DUMMY(section, member, name, text)    \
	ASM(section "/" #member, name, text) \
	SEC(".struct_ops") struct bpf_dummy_ops ops_##name = {.member = (void *)name};

#define STATE "r1 = *(u64 *)(r1 + 0); if r1 != 0 goto +2; r0 = 0; exit;"
DUMMY("struct_ops", test_1, state_set, STATE "*(u32 *)(r1 + 0) = 1;" LEAVE)
DUMMY("struct_ops", test_1, state_set_wide, STATE "*(u64 *)(r1 + 0) = 1;" LEAVE)
DUMMY("struct_ops", test_1, state_set_behind, STATE "*(u32 *)(r1 + 4) = 1;" LEAVE)
DUMMY("struct_ops", test_1, state_set_before, STATE "*(u32 *)(r1 - 4) = 1;" LEAVE)
DUMMY("struct_ops", test_1, state_unchecked, "r1 = *(u64 *)(r1 + 0); *(u32 *)(r1 + 0) = 1;" LEAVE)
DUMMY("struct_ops", test_1, state_read, STATE "r0 = *(u32 *)(r1 + 0); exit")
DUMMY("struct_ops", test_1, state_returned, "r0 = *(u64 *)(r1 + 0); exit")
DUMMY("struct_ops", test_1, returns_any, "r0 = 12345; exit")
DUMMY("struct_ops", test_1, returns_nothing, "exit")
DUMMY("struct_ops", test_1, helper, "call 158;" LEAVE)
DUMMY("struct_ops", test_1, argument_narrow, "r2 = *(u32 *)(r1 + 0);" LEAVE)
DUMMY("struct_ops", test_1, argument_second, "r2 = *(u64 *)(r1 + 8);" LEAVE)
DUMMY("struct_ops", test_1, argument_third, "r2 = *(u64 *)(r1 + 16);" LEAVE)
DUMMY("struct_ops", test_1, argument_set, "*(u64 *)(r1 + 0) = 0;" LEAVE)
DUMMY("struct_ops", test_2, arguments, "r2 = *(u32 *)(r1 + 8); r3 = *(u16 *)(r1 + 16); r4 = *(u8 *)(r1 + 24); r5 = *(u64 *)(r1 + 32);" LEAVE)
DUMMY("struct_ops", test_2, argument_misplaced, "r2 = *(u32 *)(r1 + 12);" LEAVE)
DUMMY("struct_ops", test_2, state_never_null, "r1 = *(u64 *)(r1 + 0); *(u32 *)(r1 + 0) = 1;" LEAVE)
DUMMY("struct_ops.s", test_sleepable, sleeps, LEAVE)
DUMMY("struct_ops.s", test_1, sleeps_elsewhere, LEAVE)

extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

SEC("struct_ops/test_1") int task_set(void *ctx)
{
	struct task_struct *task = bpf_task_from_pid(1);

	if (task) {
		task->pid = 1;
		bpf_task_release(task);
	}
	return 0;
}
SEC(".struct_ops") struct bpf_dummy_ops ops_task_set = {.test_1 = (void *)task_set};

struct sock {
	unsigned long sk_pacing_rate;
	__u32 sk_pacing_status;
	int sk_rcvbuf;
} CORE;
struct inet_connection_sock {
	struct {
		__u8 pending;
	} icsk_ack;
	__u64 icsk_ca_priv[13];
} CORE;
struct tcp_sock {
	__u32 snd_cwnd;
	__u32 snd_cwnd_cnt;
	__u32 snd_cwnd_stamp;
	__u32 snd_ssthresh;
	__u8 ecn_flags;
} CORE;
struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	void (*init)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	unsigned long (*get_info)(struct sock *sk, __u32 ext, int *attr, void *info);
	char name[16];
};

/* CONTROL is a program that starts a congestion control. */
#define CONTROL(name_, ...)                                                           \
	SEC("struct_ops/init") void name_(unsigned long long *ctx)                    \
	{                                                                             \
		__VA_ARGS__;                                                          \
	}                                                                             \
	SEC(".struct_ops") struct tcp_congestion_ops ops_##name_ = {.init = (void *)name_, .name = #name_};

#define SOCK ((struct sock *)ctx[0])
#define CONNECTION ((struct inet_connection_sock *)ctx[0])
#define TCP ((struct tcp_sock *)ctx[0])
#define AS(type, field) (*(volatile type *)__builtin_preserve_access_index(&(field)))
CONTROL(window, AS(__u32, TCP->snd_cwnd) = 1)
CONTROL(window_wide, AS(__u64, TCP->snd_cwnd) = 1)
CONTROL(window_count, AS(__u32, TCP->snd_cwnd_cnt) = 1)
CONTROL(window_half, AS(__u16, TCP->snd_cwnd) = 1)
CONTROL(stamp, AS(__u32, TCP->snd_cwnd_stamp) = 1)
CONTROL(threshold, AS(__u32, TCP->snd_ssthresh) = 1)
CONTROL(pacing, AS(unsigned long, SOCK->sk_pacing_rate) = 1)
CONTROL(pacing_status, AS(__u32, SOCK->sk_pacing_status) = 1)
CONTROL(pending, AS(__u8, CONNECTION->icsk_ack.pending) = 1)
CONTROL(pending_wide, AS(__u16, CONNECTION->icsk_ack.pending) = 1)
CONTROL(private_first, AS(__u64, CONNECTION->icsk_ca_priv[0]) = 1)
CONTROL(private_third, AS(__u64, CONNECTION->icsk_ca_priv[2]) = 1)
CONTROL(private_last, AS(__u32, CONNECTION->icsk_ca_priv[12]) = 1)
CONTROL(buffer, AS(int, SOCK->sk_rcvbuf) = 1)
CONTROL(first_bytes, AS(__u32, *SOCK) = 1)
CONTROL(task_pid, AS(int, ((struct task_struct *)bpf_get_current_task_btf())->pid) = 1)

ASM("struct_ops.s/init", starts_asleep, "exit")
SEC(".struct_ops") struct tcp_congestion_ops ops_starts_asleep = {.init = (void *)starts_asleep, .name = "asleep"};
ASM("struct_ops/init", starts_with_number, "r0 = 77; exit")
SEC(".struct_ops") struct tcp_congestion_ops ops_starts_with_number = {.init = (void *)starts_with_number, .name = "number"};
ASM("struct_ops/init", starts_with_pointer, "r0 = r1; exit")
SEC(".struct_ops") struct tcp_congestion_ops ops_starts_with_pointer = {.init = (void *)starts_with_pointer, .name = "pointer"};
ASM("struct_ops/ssthresh", window_returned, "r0 = *(u64 *)(r1 + 0); exit")
SEC(".struct_ops") struct tcp_congestion_ops ops_window_returned = {.ssthresh = (void *)window_returned, .name = "returned"};
