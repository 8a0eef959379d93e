// SPDX-License-Identifier: GPL-2.0-only
// Two locks are released in the order in which they were taken.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_res_spin_lock {
	__u32 val;
} __attribute__((aligned(4)));

extern int bpf_res_spin_lock(struct bpf_res_spin_lock *lock) __ksym;
extern void bpf_res_spin_unlock(struct bpf_res_spin_lock *lock) __ksym;

struct bpf_res_spin_lock in SEC(".data.in"), out SEC(".data.out");
__u64 received, sent;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	if (bpf_res_spin_lock(&in))
		return 0;
	if (bpf_res_spin_lock(&out)) {
		bpf_res_spin_unlock(&in);
		return 0;
	}
	received++;
	sent++;
	bpf_res_spin_unlock(&in); // want resource-lifetime/unlock-out-of-order "bpf_res_spin_unlock cannot be out of order"
	bpf_res_spin_unlock(&out);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	if (bpf_res_spin_lock(&in))
		return 0;
	if (bpf_res_spin_lock(&out)) {
		bpf_res_spin_unlock(&in);
		return 0;
	}
	received++;
	sent++;
	bpf_res_spin_unlock(&out);
	bpf_res_spin_unlock(&in);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
