// SPDX-License-Identifier: GPL-2.0-only
// Members of contexts and of sockets that are there, but cannot be accessed so: with another width, written, or of a socket
// that may not be a full one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 got;

SEC("xdp")
int half_a_queue(struct xdp_md *ctx)
{
	got = *(volatile __u16 *)((void *)ctx + 18); // want memory/context-access "`rx_queue_index` of `struct xdp_md` can only be read whole, with its 4 bytes, and this access takes 2 bytes" help "Read `rx_queue_index` whole into a variable of its type" never "no member" "not available"
	return XDP_PASS;
}

SEC("tc")
int two_members_at_once(struct __sk_buff *skb)
{
	got = *(volatile __u64 *)&skb->mark; // want memory/context-access "`mark` of `struct __sk_buff` can only be read with 1, 2 or 4 bytes, and this access takes 8 bytes" never "no member"
	return 0;
}

SEC("tc")
int part_of_a_mark(struct __sk_buff *skb)
{
	*(volatile __u8 *)&skb->mark = 1; // want memory/context-access "`mark` of `struct __sk_buff` can only be written whole, with its 4 bytes, and this access takes 1 byte" help "Write `mark` whole."
	return 0;
}

SEC("tc")
int type_is_fixed(struct __sk_buff *skb)
{
	skb->pkt_type = 3; // want memory/context-access "`pkt_type` of `struct __sk_buff` can be read in programs of type SchedCLS, but not written" help "Change it with bpf_skb_change_type()." "`tc_index`, `cb`, `tc_classid` and `tstamp`"
	return 0;
}

SEC("socket")
int only_the_block(struct __sk_buff *skb)
{
	skb->mark = 3; // want memory/context-access "`mark` of `struct __sk_buff` can be read in programs of type SocketFilter, but not written" help "The members that such programs can write are `cb`." never "Change it with"
	return 0;
}

SEC("xdp")
int end_is_fixed(struct xdp_md *ctx)
{
	ctx->data_end = 0; // want memory/context-access "`data_end` of `struct xdp_md` can be read in programs of type XDP, but not written, and neither can any other member" help "Change it with bpf_xdp_adjust_tail()."
	return XDP_PASS;
}

SEC("tc")
int priority_of_a_request(struct __sk_buff *skb)
{
	struct bpf_sock *owner = skb->sk;

	if (!owner)
		return 0;
	if (skb->mark == 2)
		got = owner->priority; // want memory/socket-access "`priority` of `struct bpf_sock` is there in full sockets only, and `owner` may be another one" help "Insert `owner = bpf_sk_fullsock(owner); if (!owner) return 0;` before this line, with braces around both: `{ owner = bpf_sk_fullsock(owner); if (!owner) return 0; got = owner->priority; }`" never "no member" "helper documents"
	return 0;
}

SEC("tc")
int looked_up_socket(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *found = bpf_skc_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);

	if (!found)
		return 0;
	got = found->mark; // want memory/socket-access "`mark` of `struct bpf_sock` is there in full sockets only" help "Get the full socket with bpf_sk_fullsock(), and check the result for NULL." never "Insert"
	bpf_sk_release(found);
	return 0;
}

SEC("tc")
int part_of_a_device(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	got = *(volatile __u8 *)&sk->bound_dev_if; // want memory/socket-access "`bound_dev_if` of `struct bpf_sock` can only be read whole, with its 4 bytes, and this access takes 1 byte" never "no member"
	return 0;
}

SEC("socket")
int class_of_a_filter(struct __sk_buff *skb)
{
	skb->tc_classid = 3; // want memory/context-access "`tc_classid` of `struct __sk_buff` is not available to programs of type SocketFilter: programs of type SchedCLS or SchedACT can write it" help "Write it in such a program." never "Get the value"
	return 0;
}

SEC("cgroup/sendmsg4")
int address_of_the_other_family(struct bpf_sock_addr *ctx)
{
	ctx->user_ip6[0] = 1; // want memory/context-access "`user_ip6` of `struct bpf_sock_addr` cannot be written by programs at this hook, but by those at others" "cgroup/bind6" help "Use a member that this hook has, or one of these hooks." never "no member"
	return 1;
}

SEC("tc")
int checked_in_the_condition(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (sk && sk->protocol == 6) // want memory/socket-access "`protocol` of `struct bpf_sock` is there in full sockets only" help "Get the full socket with bpf_sk_fullsock()" never "Insert"
		return 2;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
