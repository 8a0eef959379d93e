// SPDX-License-Identifier: GPL-2.0-only
// A member is read anew wherever the source names it: a check counts only for the copy that it tests.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} handshakes SEC(".maps");

SEC("sockops")
int body_of_an_if(struct bpf_sock_ops *o)
{
	__u64 first = 1;

	if (o->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sk_storage_get(&handshakes, o->sk, &first, BPF_SK_STORAGE_GET_F_CREATE); // want call-type/nullable-argument "`o->sk`, may be NULL" help "Insert `struct bpf_sock *sk = o->sk; if (!sk) return 1;` before this line, with braces around both" "and use `sk` here" never "if (!o->sk)"
	return 1;
}

SEC("cgroup_skb/egress")
int checked_another_read(struct __sk_buff *skb)
{
	struct __sk_buff volatile *fresh = skb;

	if (!fresh->sk) // note "condition false: `!fresh->sk`"
		return 1;
	return bpf_sk_fullsock(fresh->sk) ? 1 : 0; // want call-type/nullable-argument "`fresh->sk`, may be NULL" help "use `sk` here" "the check in line 28 may not count" never "is not NULL" never "if (!fresh->sk)"
}

SEC("cgroup_skb/ingress")
int name_is_taken(struct __sk_buff *skb)
{
	struct bpf_sock *sk = bpf_sk_fullsock(skb->sk); // want call-type/nullable-argument "may be NULL" help "Keep `skb->sk` in a variable, and test and use that" never "if (!skb->sk)"

	return sk ? 1 : 0;
}

SEC("cgroup_skb/ingress")
int kept(struct __sk_buff *skb)
{
	struct __sk_buff volatile *fresh = skb;
	struct bpf_sock *sk = fresh->sk;

	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	return sk ? 1 : 0;
}

char _license[] SEC("license") = "GPL";
