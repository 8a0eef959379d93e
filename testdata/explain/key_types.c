// SPDX-License-Identifier: GPL-2.0-only
// Keys and values of another size than those of their map, and where the memory is that is passed for them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct prefix4 {
	__u32 length;
	__u8 address[4];
};

struct prefix6 {
	__u32 length;
	__u8 address[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 64);
	__type(key, struct prefix6); // note "the keys of `networks` are `struct prefix6`, of 20 bytes"
	__type(value, __u32);
} networks SEC(".maps");

static __always_inline int is_known(__u32 address)
{
	struct prefix4 prefix = { .length = 32 }; // note "`prefix` has 8 bytes"

	__builtin_memcpy(prefix.address, &address, sizeof(address));
	return bpf_map_lookup_elem(&networks, &prefix) != 0; // want call-type/memory-range "20 bytes behind its second argument, the size of the keys of `networks` (`struct prefix6`)" "`prefix` has 8 bytes (declared in line 26 as `struct prefix4`)" help "Declare `prefix` with the type of the keys of `networks` (20 bytes, `struct prefix6`)" "`__type(key, struct prefix4)`" never "the function that"
}

SEC("tc")
int local_of_inlined(struct __sk_buff *skb)
{
	return is_known(skb->hash);
}

struct account {
	__u64 started, used;
	char name[16];
};

struct sample {
	__u32 id, prio;
	struct {
		__u64 started, used;
	} account;
	__u16 ports[2];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, struct account); // note "the values of `accounts` are `struct account`, of 32 bytes"
} accounts SEC(".maps");

SEC("tc")
int member_of_local(struct __sk_buff *skb)
{
	struct sample sample = {}; // note "`sample.account` has 16 bytes"
	__u64 id = skb->hash;

	sample.prio = skb->priority;
	sample.account.started = bpf_ktime_get_ns();
	return bpf_map_update_elem(&accounts, &id, &sample.account, BPF_ANY); // want call-type/memory-range "32 bytes behind its third argument, the size of the values of `accounts` (`struct account`)" "`sample.account` has 16 bytes (`sample` is declared in line 61)" never "the function that"
}

SEC("tc")
int last_element(struct __sk_buff *skb)
{
	__u32 ids[2] = {skb->hash, skb->mark};

	return bpf_map_delete_elem(&accounts, &ids[1]); // want call-type/memory-range "the size of the keys of `accounts` (`__u64`)" "`ids[1]` has 4 bytes (`ids` is declared in line 72)" never "the function that"
}

SEC("tc")
int array_itself(struct __sk_buff *skb)
{
	__u8 key[4] = {skb->hash & 0xff, 1, 2, 3};

	return bpf_map_delete_elem(&accounts, key); // want call-type/memory-range "the size of the keys of `accounts` (`__u64`)" "`key` has 4 bytes (declared in line 80 as `__u8[4]`)" never "the function that"
}

static __always_inline int forget(__u32 *id)
{
	return bpf_map_delete_elem(&accounts, id); // want call-type/memory-range "the size of the keys of `accounts` (`__u64`)" "`hash` has 4 bytes (declared in line 93 as `__u32`)" never "the function that"
}

SEC("tc")
int passed_on(struct __sk_buff *skb)
{
	__u32 hash = skb->hash;

	return forget(&hash);
}

SEC("tc")
int second_of_two(struct __sk_buff *skb)
{
	__u64 ids[2] = {skb->hash, skb->mark};

	return bpf_map_delete_elem(&accounts, &ids[1]);
}

char LICENSE[] SEC("license") = "GPL";
