/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What programs expect of <bpf/bpf_helpers.h> and libbpf before 1.3 does not have. It stands in front of the installed header and
 * adds to it, so that the programs of a project that brings its own libbpf compile where that has not been fetched yet.
 */
#ifndef __BPF_LSP_HELPERS_H__
#define __BPF_LSP_HELPERS_H__

#include_next <bpf/bpf_helpers.h>

#ifndef __kptr
#define __kptr __attribute__((btf_type_tag("kptr")))
#endif
#ifndef __kptr_untrusted
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
#endif
#ifndef __percpu_kptr
#define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr")))
#endif

/* A number of a map's definition that does not fit an int, as the value of an enumerator. */
#ifndef __ulong
#define ___bpf_lsp_unique(n) ___bpf_concat(__unique_value, n)
#define __ulong(name, val) enum { ___bpf_lsp_unique(__COUNTER__) = (val) } name
#endif

/* Tags of the arguments of global functions. */
#ifndef __arg_ctx
#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))
#endif
#ifndef __arg_nonnull
#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))
#endif
#ifndef __arg_nullable
#define __arg_nullable __attribute__((btf_decl_tag("arg:nullable")))
#endif
#ifndef __arg_trusted
#define __arg_trusted __attribute__((btf_decl_tag("arg:trusted")))
#endif
#ifndef __arg_untrusted
#define __arg_untrusted __attribute__((btf_decl_tag("arg:untrusted")))
#endif
#ifndef __arg_arena
#define __arg_arena __attribute__((btf_decl_tag("arg:arena")))
#endif

#ifndef bpf_ksym_exists
#define bpf_ksym_exists(symbol) (!!(symbol))
#endif

/*
 * Loops over the kernel's iterators. The iterator is destroyed however its loop is left. The destructor is also named in the open,
 * as clang describes no function in BTF that only a cleanup attribute names.
 */
#ifndef bpf_for_each
#define bpf_for_each(type, cur, args...)								\
	for (struct bpf_iter_##type ___it __attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))),	\
	     *___once __attribute__((unused)) =								\
		     (bpf_iter_##type##_new(&___it, ##args), (void)bpf_iter_##type##_destroy, (void *)0);	\
	     ((cur) = bpf_iter_##type##_next(&___it));)
#endif

#ifndef bpf_for
struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

#define bpf_for(i, start, end)										\
	for (struct bpf_iter_num ___it __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))),	\
	     *___once __attribute__((unused)) =								\
		     (bpf_iter_num_new(&___it, (start), (end)), (void)bpf_iter_num_destroy, (void *)0);	\
	     ({												\
		     int *___next = bpf_iter_num_next(&___it);						\
		     ___next && ((i) = *___next, (i) >= (start) && (i) < (end));			\
	     });)
#endif

#ifndef bpf_repeat
#define bpf_repeat(n)											\
	for (struct bpf_iter_num ___it __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))),	\
	     *___once __attribute__((unused)) =								\
		     (bpf_iter_num_new(&___it, 0, (n)), (void)bpf_iter_num_destroy, (void *)0);		\
	     bpf_iter_num_next(&___it);)
#endif

#endif
