// SPDX-License-Identifier: GPL-2.0-only
//
// Answers questions about scalars with the kernel's own functions. The test
// cuts them out of a kernel tree into kernel.inc; nothing of the kernel is
// kept here. Questions come as records on standard input, answers leave on
// standard output.

#include <limits.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define S8_MIN INT8_MIN
#define S8_MAX INT8_MAX
#define S16_MIN INT16_MIN
#define S16_MAX INT16_MAX
#define S32_MIN INT32_MIN
#define S32_MAX INT32_MAX
#define S64_MIN INT64_MIN
#define S64_MAX INT64_MAX
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX

#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define swap(a, b) do { typeof(a) kept_ = (a); (a) = (b); (b) = kept_; } while (0)
#define min_array(p, n) four_min(p)
#define max_array(p, n) four_max(p)
#define four_min(p) min(min(p[0], p[1]), min(p[2], p[3]))
#define four_max(p) max(max(p[0], p[1]), max(p[2], p[3]))
#define check_add_overflow __builtin_add_overflow
#define check_sub_overflow __builtin_sub_overflow
#define check_mul_overflow __builtin_mul_overflow
#define is_power_of_2(n) ((n) != 0 && ((n) & ((n) - 1)) == 0)
#define fls64(x) ((x) ? 64 - __builtin_clzll(x) : 0)
#define swab16 __builtin_bswap16
#define swab32 __builtin_bswap32
#define swab64 __builtin_bswap64
#define EXPORT_SYMBOL_GPL(x)

enum { SCALAR_VALUE = 1 };

#include "tnum.inc"

struct bpf_reg_state {
	u32 type;
	s32 off;
	u32 id, ref_obj_id;
	struct tnum var_off;
	s64 smin_value, smax_value;
	u64 umin_value, umax_value;
	s32 s32_min_value, s32_max_value;
	u32 u32_min_value, u32_max_value;
	u32 frameno;
	bool precise;
};

struct bpf_verifier_env {
	bool bpf_capable, test_reg_invariants;
	struct bpf_reg_state fake_reg[2];
	const char *violation;
};

#define verifier_bug(env, fmt, ctx, msg, ...) ((env)->violation = (msg))
#define sanitize_needed(op) false
#define sanitize_val_alu(env, insn) 0
#define sanitize_err(...) (-1)
#define maybe_fork_scalars(...) 0
#define EFAULT 14

#include "kernel.inc"

struct scalar {
	u64 value, mask;
	s64 smin, smax;
	u64 umin, umax;
	s32 s32_min, s32_max;
	u32 u32_min, u32_max;
};

struct question {
	u32 kind, arg;
	struct scalar a, b;
};

struct answer {
	s64 result;
	struct scalar a, b;
};

static struct bpf_reg_state load(const struct scalar *s)
{
	return (struct bpf_reg_state){
		.type = SCALAR_VALUE,
		.var_off = { s->value, s->mask },
		.smin_value = s->smin, .smax_value = s->smax,
		.umin_value = s->umin, .umax_value = s->umax,
		.s32_min_value = s->s32_min, .s32_max_value = s->s32_max,
		.u32_min_value = s->u32_min, .u32_max_value = s->u32_max,
	};
}

static struct scalar store(const struct bpf_reg_state *r)
{
	return (struct scalar){
		r->var_off.value, r->var_off.mask,
		r->smin_value, r->smax_value, r->umin_value, r->umax_value,
		r->s32_min_value, r->s32_max_value, r->u32_min_value, r->u32_max_value,
	};
}

// violation numbers the texts in the order the kernel looks for them.
static int violation(const char *text)
{
	if (!text)
		return 0;
	if (!strncmp(text, "range", 5))
		return 1;
	return strncmp(text, "const subreg", 12) ? 2 : 3;
}

int main(void)
{
	struct question q;

	while (fread(&q, sizeof(q), 1, stdin) == 1) {
		struct bpf_reg_state a = load(&q.a), b = load(&q.b);
		struct bpf_verifier_env env = { .bpf_capable = true };
		struct bpf_insn insn = { .code = q.arg & 0xff, .imm = q.arg >> 8 };
		struct answer out = {};

		switch (q.kind) {
		case 0:
			reg_bounds_sync(&a);
			break;
		case 1:
			adjust_scalar_min_max_vals(&env, &insn, &a, b);
			break;
		case 2:
			out.result = is_scalar_branch_taken(&a, &b, q.arg & 0xff, q.arg >> 8);
			break;
		case 3:
			regs_refine_cond_op(&a, &b, q.arg & 0xff, q.arg >> 8);
			break;
		case 4:
			zext_32_to_64(&a);
			break;
		case 5:
			coerce_reg_to_size(&a, q.arg);
			break;
		case 6:
			coerce_reg_to_size_sx(&a, q.arg);
			break;
		case 7:
			coerce_subreg_to_size_sx(&a, q.arg);
			break;
		case 8:
			reg_bounds_sanity_check(&env, &a, "");
			out.result = violation(env.violation);
			break;
		case 9:
			out.result = range_within(&a, &b) | tnum_in(a.var_off, b.var_off) << 1 |
				     is_safe_to_compute_dst_reg_range(&insn, &b) << 2;
			break;
		case 10:
			out.result = tnum_step(a.var_off, b.umin_value);
			break;
		case 11:
			out.result = flip_opcode(q.arg & 0xf0) << 8 | rev_opcode(q.arg);
			break;
		}
		out.a = store(&a);
		out.b = store(&b);
		fwrite(&out, sizeof(out), 1, stdout);
	}
	return 0;
}
