// SPDX-License-Identifier: GPL-2.0-only
// Dynptrs made, used and released by helpers.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define LOOKUP(map, n) bpf_map_lookup_elem(&map, &(int){ n })

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long[8]);
} arr SEC(".maps");

SEC("kprobe/x")
int of_map_value(void *c)
{
	struct bpf_dynptr d;
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	bpf_dynptr_from_mem(v, 64, 0, &d);
	long *x = bpf_dynptr_data(&d, 0, 8);
	return x ? *x : 0;
}

SEC("kprobe/x")
int of_stack(void *c)
{
	struct bpf_dynptr d;
	long b[4] = {};

	bpf_dynptr_from_mem(b, 32, 0, &d);
	return 0;
}

SEC("kprobe/x")
int slice_after_submit(void *c)
{
	struct bpf_dynptr d;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	long *x = bpf_dynptr_data(&d, 0, 8);
	if (x)
		*x = 1;
	bpf_ringbuf_submit_dynptr(&d, 0);
	if (x)
		return *x;
	return 0;
}

SEC("kprobe/x")
int submit_of_local(void *c)
{
	struct bpf_dynptr d;
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	bpf_dynptr_from_mem(v, 64, 0, &d);
	bpf_ringbuf_submit_dynptr(&d, 0);
	return 0;
}

SEC("kprobe/x")
int submit_uninitialized(void *c)
{
	struct bpf_dynptr d;

	bpf_ringbuf_submit_dynptr(&d, 0);
	return 0;
}

SEC("kprobe/x")
int misplaced(void *c)
{
	char b[40];

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, (void *)(b + 4));
	return 0;
}

SEC("kprobe/x")
int overwritten(void *c)
{
	struct bpf_dynptr d;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	return 0;
}

SEC("kprobe/x")
int write_after_discard(void *c)
{
	struct bpf_dynptr d;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	bpf_ringbuf_discard_dynptr(&d, 0);
	bpf_dynptr_write(&d, 0, &c, 8, 0);
	return 0;
}

SEC("kprobe/x")
int never_released(void *c)
{
	struct bpf_dynptr d;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	return 0;
}

SEC("kprobe/x")
int in_map_value(void *c)
{
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, v);
	return 0;
}

SEC("kprobe/x")
int slice_of_unknown_size(void *c)
{
	struct bpf_dynptr d;
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	unsigned n = bpf_get_prandom_u32() & 63;
	bpf_dynptr_from_mem(v, n, 0, &d);
	long *x = bpf_dynptr_data(&d, 0, n);

	return x ? 1 : 0;
}

SEC("kprobe/x")
int at_unknown_place(void *c)
{
	struct bpf_dynptr d[2];
	unsigned n = bpf_get_prandom_u32() & 1;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d[n]);
	return 0;
}

SEC("kprobe/x")
int made_twice(void *c)
{
	struct bpf_dynptr d;
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	bpf_dynptr_from_mem(v, 64, 0, &d);
	bpf_dynptr_from_mem(v, 32, 0, &d);
	bpf_dynptr_read(v, 8, &d, 0, 0);
	return 0;
}

SEC("kprobe/x")
int read_into_itself(void *c)
{
	struct bpf_dynptr d;
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	bpf_dynptr_from_mem(v, 64, 0, &d);
	bpf_dynptr_read((void *)&d, 8, &d, 0, 0);
	return 0;
}

SEC("kprobe/x")
int second_half(void *c)
{
	struct bpf_dynptr d;
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	bpf_dynptr_from_mem(v, 64, 0, &d);
	long *x = bpf_dynptr_data((void *)&d + 8, 0, 8);

	return x ? 1 : 0;
}
