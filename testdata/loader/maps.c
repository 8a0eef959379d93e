// SPDX-License-Identifier: GPL-2.0-only
// Maps of every kind of definition, data sections, and externs.
#include "loader.h"

enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

struct value {
	__u64 count;
	__u32 flags;
};

struct {
	__uint(type, 1);
	__uint(max_entries, 16);
	__uint(map_flags, 1);
	__uint(pinning, 1);
	__type(key, __u32);
	__type(value, struct value);
} counts SEC(".maps");

struct inner {
	__uint(type, 2);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 8);
} inner_one SEC(".maps"), inner_two SEC(".maps");

struct {
	__uint(type, 12);
	__uint(max_entries, 3);
	__uint(key_size, 4);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { [0] = (void *)&inner_one, [2] = (void *)&inner_two } };

int called(void *ctx);

struct {
	__uint(type, 3);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int(void *));
} a_program_array_with_a_long_name SEC(".maps") = { .values = { [1] = (void *)&called } };

struct {
	__uint(type, 27);
	__uint(max_entries, 5000);
} ring SEC(".maps");

struct {
	__uint(type, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

struct {
	__uint(type, 33);
	__uint(max_entries, 2);
	__uint(map_flags, 1 << 10);
	__ulong(map_extra, 0x100000000000);
} arena SEC(".maps");

const volatile __u32 limit = 7;
__u32 counter = 5;
__u64 zeroes[2];
static __u32 private_data SEC(".data.private") = 3;
const char text[] SEC(".rodata.text") = "hello";
__u32 __arena in_arena[4] SEC(".addr_space.1") = { 1 };

extern __u32 LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_TRISTATE __kconfig __weak;
extern __u8 CONFIG_BYTE __kconfig __weak;
extern char CONFIG_TEXT[8] __kconfig __weak;
extern const void schedule __ksym;
extern const int bpf_prog_active __ksym;
extern const int not_in_the_kernel __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_no_such_kfunc(void) __ksym __weak;

SEC("tc") int uses_maps(void *ctx)
{
	__u32 key = limit;
	struct value *v = bpf_map_lookup_elem(&counts, &key);

	if (v)
		v->count += counter + zeroes[1] + private_data + text[key];
	bpf_map_update_elem(&a_program_array_with_a_long_name, &key, &counter, 0);
	bpf_map_lookup_elem(&outer, &key);
	bpf_map_lookup_elem(&ring, &key);
	bpf_map_lookup_elem(&events, &key);
	return in_arena[1];
}

SEC("tc") int called(void *ctx)
{
	return LINUX_KERNEL_VERSION + CONFIG_TRISTATE + CONFIG_BYTE + CONFIG_TEXT[1];
}

SEC("raw_tp/sys_enter") int uses_ksyms(void *ctx)
{
	int n = (long)&schedule;

	n += bpf_prog_active;
	if (&not_in_the_kernel)
		n += not_in_the_kernel;
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	bpf_no_such_kfunc();
	return n;
}

char _license[] SEC("license") = "GPL";
__u32 _version SEC("version") = 0x061200;
