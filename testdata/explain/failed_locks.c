// SPDX-License-Identifier: GPL-2.0-only
// Locks that may not be taken.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_res_spin_lock { __u32 val; } __attribute__((aligned(4)));

extern int bpf_res_spin_lock(struct bpf_res_spin_lock *lock) __ksym;
extern void bpf_res_spin_unlock(struct bpf_res_spin_lock *lock) __ksym;

struct shelf {
	struct bpf_res_spin_lock guard;
	__u32 books;
	__u64 moved;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct shelf);
} shelves SEC(".maps");

SEC("tc")
int result_ignored(struct __sk_buff *skb)
{
	__u32 key = skb->queue_mapping & 3;
	struct shelf *s = bpf_map_lookup_elem(&shelves, &key);

	if (!s)
		return 0;
	bpf_res_spin_lock(&s->guard); // note "`s->guard` is not taken if this fails"
	s->books++;
	bpf_res_spin_unlock(&s->guard); // want resource-lifetime/unlock-without-lock "although no lock is held: bpf_res_spin_lock() at line 32 may fail, and it does on this path" help "write `if (bpf_res_spin_lock(&s->guard)) return 0;` in line 32" never "no lock was taken"
	return 0;
}

SEC("tc")
int result_tested(struct __sk_buff *skb)
{
	__u32 key = skb->queue_mapping & 3;
	struct shelf *s = bpf_map_lookup_elem(&shelves, &key);

	if (!s)
		return 0;
	if (bpf_res_spin_lock(&s->guard)) return 0;
	s->books++;
	bpf_res_spin_unlock(&s->guard);
	return 0;
}

SEC("tc")
int unlocks_after_failure(struct __sk_buff *skb)
{
	__u32 key = skb->queue_mapping & 3;
	struct shelf *s = bpf_map_lookup_elem(&shelves, &key);

	if (!s)
		return 0;
	if (bpf_res_spin_lock(&s->guard))
		goto out;
	s->moved++;
out:
	bpf_res_spin_unlock(&s->guard); // want resource-lifetime/unlock-without-lock "bpf_res_spin_lock() at line 60 may fail, and it does on this path" help "Unlock only where the call that takes the lock returned 0." never "write `"
	return 0;
}

char _license[] SEC("license") = "GPL";
