// SPDX-License-Identifier: GPL-2.0-only
// What a function that catches exceptions may take.
#include "walk.h"

struct other {
	int first;
};

extern void bpf_throw(__u64 cookie) __ksym;

#define CTX __attribute__((btf_decl_tag("arg:ctx")))
#define CATCHES(name, ...)                                                              \
	__attribute__((noinline)) int catches_##name(__VA_ARGS__) BODY("r0 = 0; exit")  \
	SEC("tc") __attribute__((btf_decl_tag("exception_callback:catches_" #name))) int name(struct __sk_buff *skb) \
	{                                                                               \
		bpf_throw(0);                                                           \
		return 0;                                                               \
	}

CATCHES(number, __u64 cookie)
CATCHES(small_number, int cookie)
CATCHES(two_numbers, __u64 cookie, __u64 other)
CATCHES(nothing, void)
CATCHES(pointer, int *cookie)
CATCHES(context, struct __sk_buff *ctx)
CATCHES(no_context, struct other *ctx CTX)

__attribute__((noinline)) int catches_large(__u64 cookie) BODY("r0 = 77; exit")
SEC("cgroup_skb/egress") __attribute__((btf_decl_tag("exception_callback:catches_large"))) int large(struct __sk_buff *skb)
{
	bpf_throw(0);
	return 1;
}
__attribute__((noinline)) int catches_pointing(__u64 cookie) BODY("r0 = r10; exit")
SEC("cgroup_skb/egress") __attribute__((btf_decl_tag("exception_callback:catches_pointing"))) int pointing(struct __sk_buff *skb)
{
	bpf_throw(0);
	return 1;
}
