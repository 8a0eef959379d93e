// SPDX-License-Identifier: GPL-2.0-only
// Timers and locks in a variable of the type that a map's values have, before it is inserted.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct session {
	__u64 seen;
	struct bpf_spin_lock lock;
	struct bpf_timer expiry;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct session); // note "the values of `sessions` have the `struct bpf_timer` in their member `expiry`"
} sessions SEC(".maps");

SEC("tc")
int timer_before_insertion(struct __sk_buff *skb)
{
	struct session *known, fresh = {};
	__u32 key = skb->hash;

	known = bpf_map_lookup_elem(&sessions, &key);
	if (known)
		return 0;
	fresh.seen = 1;
	bpf_timer_init(&fresh.expiry, &sessions, 1); // want call-type/wrong-argument-kind "`fresh.expiry` is on the stack" "`fresh` is a local `struct session`, the type of the values of `sessions`" help "Insert `fresh` into `sessions` with bpf_map_update_elem() first. Then look the value up there (`known = bpf_map_lookup_elem(&sessions, &key);`), leave if it is NULL, and pass `&known->expiry` of that in place of `&fresh.expiry`." never "Make the"
	return bpf_map_update_elem(&sessions, &key, &fresh, BPF_NOEXIST);
}

struct account {
	struct bpf_spin_lock lock;
	__u64 sum;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

SEC("tc")
int lock_of_copy(struct __sk_buff *skb)
{
	struct account own = { .sum = skb->len };
	__u32 key = skb->hash;

	bpf_spin_lock(&own.lock); // want call-type/wrong-argument-kind "`own` is a local `struct account`, the type of the values of `accounts`" help "pass `&value->lock` of that in place of `&own.lock`" never "Make the"
	own.sum++;
	bpf_spin_unlock(&own.lock);
	return bpf_map_update_elem(&accounts, &key, &own, BPF_ANY);
}

SEC("tc")
int timer_of_value(struct __sk_buff *skb)
{
	struct session *known;
	__u32 key = skb->hash;

	known = bpf_map_lookup_elem(&sessions, &key);
	if (known)
		bpf_timer_init(&known->expiry, &sessions, 1);
	return 0;
}

SEC("tc")
int lock_of_nothing(struct __sk_buff *skb)
{
	struct bpf_spin_lock lock = {};

	bpf_spin_lock(&lock); // want call-type/wrong-argument-kind "`lock` is on the stack" help "Make the `struct bpf_spin_lock` a member" never "the type of the values"
	bpf_spin_unlock(&lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
