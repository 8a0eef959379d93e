// SPDX-License-Identifier: GPL-2.0-only
// Variables of each processor, strings, and packets as the kernel sees them.
// kernel: 6.18.15
#include "walk.h"

struct rq {
	int cpu;
} __attribute__((preserve_access_index));
struct file {
	int f_flags;
} __attribute__((preserve_access_index));

extern const struct rq runqueues __ksym;
extern const int bpf_prog_active __ksym;
extern int bpf_get_file_xattr(struct file *file, const char *name__str, struct bpf_dynptr *value_p) __ksym;
extern int bpf_dynptr_from_skb(struct __sk_buff *s, __u64 flags, struct bpf_dynptr *ptr__uninit) __ksym;

#define TC(name) SEC("tc") int name(struct __sk_buff *skb)

TC(number_of_cpu)
{
	const int *n = bpf_per_cpu_ptr(&bpf_prog_active, 0);

	return n ? *n & 1 : 0;
}

TC(number_of_cpu_wide)
{
	const int *n = bpf_per_cpu_ptr(&bpf_prog_active, 0);

	return n ? *(const __u64 *)n & 1 : 0;
}

TC(number_here) { return *(const int *)bpf_this_cpu_ptr(&bpf_prog_active) & 1; }
TC(number_direct) { return bpf_prog_active & 1; }

TC(queue_of_cpu)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);

	return rq ? rq->cpu & 1 : 0;
}

TC(queue_of_cpu_unchecked) { return ((const struct rq *)bpf_per_cpu_ptr(&runqueues, 0))->cpu & 1; }
TC(queue_here) { return ((const struct rq *)bpf_this_cpu_ptr(&runqueues))->cpu & 1; }
TC(queue_direct) { return runqueues.cpu & 1; }

char value[32];
char writable[] = "user.name";
static const char name[] = "user.name";

#define READS(program, text)                                      \
	SEC("lsm.s/file_open") int program(unsigned long long *ctx) \
	{                                                         \
		struct bpf_dynptr ptr;                            \
		char own[8] = "user.a";                           \
                                                                  \
		(void)own;                                        \
		bpf_dynptr_from_mem(value, sizeof(value), 0, &ptr); \
		bpf_get_file_xattr((struct file *)ctx[0], text, &ptr); \
		return 0;                                         \
	}

READS(attribute, name)
READS(attribute_of_stack, own)
READS(attribute_writable, writable)
READS(attribute_anywhere, name + (ctx[1] & 1))
READS(attribute_null, (char *)0)

SEC("tp_btf/kfree_skb") int packet_freed(unsigned long long *ctx)
{
	struct bpf_dynptr ptr;

	bpf_dynptr_from_skb((struct __sk_buff *)ctx[0], 0, &ptr);
	return 0;
}

SEC("tp_btf/kfree_skb") int context_as_packet(unsigned long long *ctx)
{
	struct bpf_dynptr ptr;

	bpf_dynptr_from_skb((struct __sk_buff *)ctx, 0, &ptr);
	return 0;
}
