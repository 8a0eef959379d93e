// SPDX-License-Identifier: GPL-2.0-only
// The change belongs elsewhere: before a condition, in the caller, at a definition, at the
// counter of a loop.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define CELLS 24
#define SIZES 18

struct task_struct {
	int pid, tgid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;
extern void bpf_throw(__u64 cookie) __ksym;

struct keeper {
	struct task_struct __kptr *kept;
	__u64 turns;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct keeper)); // note "has the size of its values, not their type"
} keepers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} amounts SEC(".maps"), bounds SEC(".maps");

__u64 sum, cells[CELLS];

static __attribute__((noinline)) void demand(int holds)
{
	if (!holds)
		bpf_throw(7); // want resource-lifetime/unreleased-reference "`task`" help "Call `bpf_task_release(task);` before line 54, which may end the program, with what that line needs of `task` in a local variable, and not again in line 56"
}

SEC("tc")
int owned_by_the_caller(struct __sk_buff *skb)
{
	struct task_struct *task = bpf_task_from_pid(skb->mark);

	if (!task)
		return 0;
	demand(task->tgid > 1);
	sum++;
	bpf_task_release(task);
	return 0;
}

SEC("syscall")
int kept_without_types(void *ctx)
{
	__u32 key = 0;
	struct keeper *k = bpf_map_lookup_elem(&keepers, &key);
	struct task_struct *old, *task;

	if (!k)
		return 0;
	task = bpf_task_from_pid(1);
	if (!task)
		return 0;
	old = bpf_kptr_xchg(&k->kept, task); // want call-type/special-field-argument "the definition of `keepers` has sizes instead of types" help "`__type(value, struct keeper);`" never "Pass the address of the member itself"
	if (old)
		bpf_task_release(old);
	return 0;
}

SEC("tc")
int counter_passed_to_calls(struct __sk_buff *skb)
{
	__u64 total = 0, *amount, *bound;
	__u32 at = 0;

	while (at < 40) {
		amount = bpf_map_lookup_elem(&amounts, &at);
		bound = bpf_map_lookup_elem(&bounds, &at);
		if (amount && bound && *amount > *bound) // want verifier-limit/pending-branches "`at`, which the condition in line 84 tests, is kept in memory because its address is passed to bpf_map_lookup_elem()" help "`__u32 copy = at;`" never "fewer rounds"
			total += *bound;
		else if (amount)
			total += *amount;
		at++;
	}
	sum = total;
	return 0;
}

static __always_inline int width_of(__u32 v)
{
	int w = 0;

	if (v >> 16) { w += 16; v >>= 16; }
	if (v >> 8) { w += 8; v >>= 8; }
	if (v >> 4) { w += 4; v >>= 4; }
	if (v >> 2) { w += 2; v >>= 2; }
	return w + (v >> 1);
}

SEC("tc")
int below_the_first_cell(struct __sk_buff *skb)
{
	int cell = width_of(skb->tstamp / 1000) - 3;

	if (cell >= CELLS)
		cell = CELLS - 1;
	cells[cell]++; // want memory/out-of-bounds "The index `cell` may be negative here" help "`if (cell < 0) return 0;`" never "division" "mask"
	return 0;
}

SEC("tc")
int header_set_again(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return 0;
	if (bpf_skb_pull_data(skb, 60))
		return 0;
	eth->h_dest[0] = 4; // want register-type/scalar-dereference "bpf_skb_pull_data()" help "from the context again after that call, set `eth` again, and check the length again"
	return 0;
}

struct line {
	__u32 used;
	char text[600];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct line);
} lines SEC(".maps");

SEC("raw_tp/sys_enter")
int part_of_fixed_length(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 key = 0;
	struct line *l = bpf_map_lookup_elem(&lines, &key);

	if (!l)
		return 0;
	if (l->used > sizeof(l->text))
		return 0;
	bpf_probe_read_user(&l->text[l->used], 100, (void *)ctx->args[0]); // want call-type/memory-length-range "`l->used` is 0 to 600 here, which leaves too little behind it" help "`if (l->used > 500) return 0;`" never "Limit the length"
	return 0;
}

struct tally {
	__u64 all;
	__u32 per_size[SIZES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tally);
} tallies SEC(".maps");

static __always_inline __u64 halvings(__u64 v)
{
	__u64 n = 0;

	while (v > 1 && n < 64) {
		v >>= 1;
		n++;
	}
	return n;
}

SEC("tc")
int clamp_lets_one_pass(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct tally *t = bpf_map_lookup_elem(&tallies, &key);
	__u64 at;

	if (!t)
		return 0;
	at = halvings(skb->tstamp);
	if (at > SIZES)
		at = SIZES - 1;
	t->per_size[at]++; // want memory/out-of-bounds "`at` is 18 here, but `per_size` has 18 elements; the condition `at > SIZES` in line 192 lets 18 pass" help "Compare with a smaller number in line 192: `at >= SIZES`" never "return 0"
	return 0;
}

struct entry {
	__u32 key, pad;
	__u64 amount;
};

struct entry largest[12];

struct search {
	__u64 least;
	__u32 found;
};

struct bpf_map;

static long collect(struct bpf_map *map, const __u32 *key, __u64 *amount, struct search *s)
{
	if (*amount < s->least)
		return 0;
	largest[s->found].amount = *amount; // want memory/out-of-bounds "`s->found` is 12 here, but `largest` has 12 elements" help "`if (s->found > 11) return 0;`"
	s->found++;
	return s->found == 12;
}

SEC("syscall")
int collected_by_a_callback(void *ctx)
{
	struct search s = {};

	bpf_for_each_map_elem(&amounts, collect, &s, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
