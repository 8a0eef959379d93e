// SPDX-License-Identifier: GPL-2.0-only
// Symbols that nobody defines, of the kernel, its configuration and other objects.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
#define OPTIONAL __weak
#else
#define OPTIONAL
#endif

struct task_struct;

extern int bpf_skb_priority_class(struct __sk_buff *skb) __ksym OPTIONAL;
extern int bpf_skb_priority_group(struct __sk_buff *skb) __ksym OPTIONAL;
extern const int priorities __ksym OPTIONAL;
extern int LINUX_VERSION __kconfig OPTIONAL;
extern int CONFIG_HZ __kconfig;

#ifdef FIXED
__u32 elsewhere;
extern void bpf_rcu_read_lock(void) __ksym;
#else
extern __u32 elsewhere;
extern int bpf_rcu_read_lock(int flags) __ksym;
#endif
extern void bpf_rcu_read_unlock(void) __ksym;

SEC("tc")
int functions(struct __sk_buff *skb)
{
#ifdef FIXED
	if (!bpf_skb_priority_class || !bpf_skb_priority_group)
		return 0;
	return bpf_skb_priority_class(skb) + bpf_skb_priority_group(skb);
#else
	return bpf_skb_priority_class(skb) + // want loader/unresolved-symbol "libbpf: extern (func ksym) 'bpf_skb_priority_class': not found in kernel or module BTFs"
	       bpf_skb_priority_class(skb) +
	       bpf_skb_priority_group(skb); // want loader/unresolved-symbol "'bpf_skb_priority_group'"
#endif
}

#ifndef FIXED
extern int bpf_skb_priority_share(struct __sk_buff *skb) __ksym __weak;

SEC("tc")
int weak(struct __sk_buff *skb)
{
	if (skb->len > 100)
		return 0;
	return bpf_skb_priority_share(skb) + // want loader/unresolved-symbol "test with bpf_ksym_exists() before use"
	       bpf_skb_priority_share(skb);
}
#endif

SEC("tc")
int variable(struct __sk_buff *skb)
{
#ifdef FIXED
	return &priorities ? priorities : 0;
#else
	return priorities; // want loader/unresolved-symbol "libbpf: extern (var ksym) 'priorities': not found in kernel BTF"
#endif
}

SEC("tc")
int version(struct __sk_buff *skb)
{
#ifdef FIXED
	return 0;
#else
	return LINUX_VERSION; // want loader/unresolved-config "libbpf knows no __kconfig extern `LINUX_VERSION`"
#endif
}

SEC("tc")
int undefined(struct __sk_buff *skb)
{
#ifdef FIXED
	return elsewhere;
#else
	return elsewhere; // want loader/incomplete-program "libbpf: failed to find BTF for extern 'elsewhere': -2"
#endif
}

SEC("tc")
int prototype(struct __sk_buff *skb)
{
#ifdef FIXED
	bpf_rcu_read_lock();
#else
	bpf_rcu_read_lock(0); // want loader/symbol-mismatch "where it is `void bpf_rcu_read_lock(void)`"
#endif
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tc")
int library(struct __sk_buff *skb)
{
	char text[16] = {};

	bpf_skb_load_bytes(skb, 0, text, sizeof(text) - 1);
#ifdef FIXED
	return text[0];
#else
	return __builtin_strlen(text); // want loader/undeclared-symbol "The compiler calls strlen() here, a function of the C library"
#endif
}

SEC("tc")
int accepted(struct __sk_buff *skb)
{
	return CONFIG_HZ;
}

char LICENSE[] SEC("license") = "GPL";
