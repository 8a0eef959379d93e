// SPDX-License-Identifier: GPL-2.0-only
// A function that takes a lock is called with that lock held.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_res_spin_lock {
	__u32 val;
} __attribute__((aligned(4)));

extern int bpf_res_spin_lock(struct bpf_res_spin_lock *lock) __ksym;
extern void bpf_res_spin_unlock(struct bpf_res_spin_lock *lock) __ksym;

struct bpf_res_spin_lock lock SEC(".data.lock");
__u64 packets, bytes;

static __always_inline void count_bytes(struct __sk_buff *skb)
{
	if (bpf_res_spin_lock(&lock)) // want resource-lifetime/recursive-lock "Acquiring the same lock again, AA deadlock detected"
		return;
	bytes += skb->len;
	bpf_res_spin_unlock(&lock);
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	if (bpf_res_spin_lock(&lock))
		return 0;
	packets++;
	count_bytes(skb);
	bpf_res_spin_unlock(&lock);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	if (bpf_res_spin_lock(&lock))
		return 0;
	packets++;
	bpf_res_spin_unlock(&lock);
	count_bytes(skb);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
