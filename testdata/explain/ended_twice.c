// SPDX-License-Identifier: GPL-2.0-only
// What is ended twice: which call is one too many depends on where the others lead.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct record {
	__u64 length, kind;
};

struct slot {
	struct bpf_spin_lock lock;
	__u64 sum, last;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct slot);
} table SEC(".maps");

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;

#define DONE(r) bpf_ringbuf_submit(r, 0)

SEC("tc")
int by_switch(struct __sk_buff *skb)
{
	struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

	if (!r)
		return 0;
	switch (skb->protocol) {
	case 8:
		r->kind = 1;
		bpf_ringbuf_submit(r, 0);
		break;
	default:
		r->kind = 2;
	}
	bpf_ringbuf_submit(r, 0); // want call-type/wrong-argument-kind "`r` is passed to bpf_ringbuf_submit(), but it is not valid any more after bpf_ringbuf_submit() at line 42" help "Leave out `bpf_ringbuf_submit(r, 0)` in line 42" "in line 47" never "one of the two"
	return 0;
}

SEC("tc")
int only_behind(struct __sk_buff *skb)
{
	struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
	__u32 len = skb->len;

	if (!r)
		return 0;
	r->length = len;
	bpf_ringbuf_submit(r, 0);
	if (len > 1500)
		bpf_ringbuf_submit(r, 0); // want call-type/wrong-argument-kind "`r` is passed to bpf_ringbuf_submit()" help "Leave out the call in this line"
	return 0;
}

SEC("tc")
int two_conditions(struct __sk_buff *skb)
{
	struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
	__u32 len = skb->len, mark = skb->mark;

	if (!r)
		return 0;
	if (len > 1500) {
		r->length = len;
		bpf_ringbuf_submit(r, 0);
	}
	if (mark == 7 || len <= 1500)
		bpf_ringbuf_submit(r, 0); // want call-type/wrong-argument-kind "`r` is passed to bpf_ringbuf_submit()" never "Leave out `" never "Leave out the call in this line"
	return 0;
}

SEC("tc")
int hidden_by_a_macro(struct __sk_buff *skb)
{
	struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

	if (!r)
		return 0;
	if (skb->len < 64)
		DONE(r); // note "`r` is no longer valid"
	r->length = skb->len; // want register-type/scalar-dereference "not valid any more after bpf_ringbuf_submit() at line 91"
	bpf_ringbuf_submit(r, 0);
	return 0;
}

SEC("tc")
int lock_by_goto(struct __sk_buff *skb)
{
	__u32 key = skb->mark & 7;
	struct slot *slot = bpf_map_lookup_elem(&table, &key);

	if (!slot)
		return 0;
	bpf_spin_lock(&slot->lock);
	if (slot->last == skb->len) {
		slot->last = 0;
		bpf_spin_unlock(&slot->lock);
		goto out;
	}
	slot->sum += skb->len;
out:
	bpf_spin_unlock(&slot->lock); // want resource-lifetime/unlock-without-lock "the last one was released by bpf_spin_unlock() at line 108" help "Leave out `bpf_spin_unlock(&slot->lock)` in line 108"
	return 0;
}

SEC("tc")
int call_between(struct __sk_buff *skb)
{
	__u32 key = skb->mark & 7, now = 0;
	struct slot *slot = bpf_map_lookup_elem(&table, &key);

	if (!slot)
		return 0;
	bpf_spin_lock(&slot->lock);
	if (slot->last == skb->len) {
		slot->last = 0;
		bpf_spin_unlock(&slot->lock);
		now = bpf_get_smp_processor_id();
	}
	slot->sum += now;
	bpf_spin_unlock(&slot->lock); // want resource-lifetime/unlock-without-lock "at line 128" never "Leave out `"
	return 0;
}

SEC("tc")
int section_in_a_loop(struct __sk_buff *skb)
{
	int i, sum = 0;

	bpf_rcu_read_lock();
	for (i = 0; i < 4; i++) {
		__u32 key = i;
		struct slot *slot = bpf_map_lookup_elem(&table, &key);

		if (!slot) {
			sum = -1;
			bpf_rcu_read_unlock();
			break;
		}
		sum += slot->last;
	}
	bpf_rcu_read_unlock(); // want execution-context/unmatched-rcu-unlock "the last one was closed by bpf_rcu_read_unlock() at line 148" help "Leave out `bpf_rcu_read_unlock()` in line 148" "in line 153"
	return sum > 100;
}

char _license[] SEC("license") = "GPL";
