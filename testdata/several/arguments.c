// SPDX-License-Identifier: GPL-2.0-only
// Arguments of helpers, beside other faults.
#include "several.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, char[64]);
	__type(value, char[32]);
} names SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} output SEC(".maps");

char path[64];
__u64 sums[16];

SEC("tp/syscalls/sys_enter_openat")
int size_and_lookup(__u64 *ctx)
{
	__u32 key = 1, n = ctx[4];
	__u64 *count;

	MEND(n &= 63;)
	bpf_probe_read_user_str(path, n, (void *)ctx[3]); // first call-type/negative-size
	count = bpf_map_lookup_elem(&counts, &key);
	*count += 1; // beyond register-type/nullable-dereference
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int two_sizes(__u64 *ctx)
{
	__u32 n = ctx[4], m = ctx[5];

	MEND(n &= 63;)
	bpf_probe_read_user(path, n, (void *)ctx[3]); // first call-type/negative-size
	bpf_probe_read_user(sums, m, (void *)ctx[3]); // beyond call-type/unbounded-size
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int stack_buffer_too_small(__u64 *ctx)
{
	char name[16];
	__u32 key = 2;
	__u64 *count;

	bpf_probe_read_user_str(name, PICK(32, 16), (void *)ctx[3]); // first call-type/memory-length-range
	count = bpf_map_lookup_elem(&counts, &key);
	*count += name[0]; // beyond register-type/nullable-dereference
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int key_too_short(__u64 *ctx)
{
	__u32 key = 2;
	char *name;
	__u64 *count;

	name = bpf_map_lookup_elem(&names, PICK((void *)&sums[12], (void *)path)); // first call-type/memory-range
	if (!name)
		return 0;
	count = bpf_map_lookup_elem(&counts, &key);
	*count += name[0]; // beyond register-type/nullable-dereference
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int not_a_map(__u64 *ctx)
{
	__u32 key = 2, at = ctx[4];
	__u64 one = 1;

	bpf_map_update_elem(PICK((void *)path, (void *)&counts), &key, &one, BPF_ANY); // first call-type/map-argument
	sums[at] = 1; // beyond memory/unbounded-offset
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int number_for_pointer(__u64 *ctx)
{
	__u32 key = 3;
	__u64 *count;

	bpf_map_delete_elem(&counts, PICK((void *)5, &key)); // first call-type/wrong-argument-kind
	count = bpf_map_lookup_elem(&counts, &key);
	return *count; // beyond register-type/nullable-dereference
}

SEC("tp/syscalls/sys_enter_openat")
int value_too_small(__u64 *ctx)
{
	__u32 at = ctx[3];

	bpf_map_update_elem(&names, path, PICK((void *)&sums[13], (void *)sums), BPF_ANY); // first call-type/memory-range
	return sums[at]; // beyond memory/unbounded-offset
}

SEC("tp/syscalls/sys_enter_openat")
int output_too_long(__u64 *ctx)
{
	__u32 key = 3;
	__u64 *count;

	bpf_perf_event_output(ctx, &output, BPF_F_CURRENT_CPU, path, PICK(256, 64)); // first call-type/memory-length-range
	count = bpf_map_lookup_elem(&counts, &key);
	__sync_fetch_and_add(count, 1); // beyond register-type/nullable-dereference
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int not_the_context(__u64 *ctx)
{
	__u32 at = ctx[4];

	bpf_perf_event_output(PICK((void *)path, ctx), &output, BPF_F_CURRENT_CPU, path, 8); // first call-type/context-argument
	sums[at] = 2; // beyond memory/unbounded-offset
	return 0;
}

SEC("xdp")
int helper_of_others(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	__u64 *count;

	PICK((void)bpf_get_socket_cookie(ctx), (void)bpf_ktime_get_ns()); // first policy/helper-not-allowed
	count = bpf_map_lookup_elem(&counts, &key);
	*count = 1; // beyond register-type/nullable-dereference
	return XDP_PASS;
}
