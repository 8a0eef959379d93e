// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"slices"
	"strings"
)

// Acquisition says how a function's result, or what it leaves on the stack,
// is given back.
type Acquisition struct {
	// Acquirer is the function: a helper with its bpf_ prefix, or a kfunc.
	Acquirer string
	// Verb is the past participle of what it does.
	Verb string
	// Noun is what is acquired, with an article.
	Noun string
	// Releasers are the functions that end the resource's life, the one to
	// suggest first.
	Releasers []string
	// Holder is the argument, from 1, whose memory holds the resource; 0 if
	// the result does.
	Holder int
}

var acquisitions = []Acquisition{
	{"bpf_ringbuf_reserve", "reserved", "a ring buffer record", []string{"bpf_ringbuf_discard", "bpf_ringbuf_submit"}, 0},
	{"bpf_ringbuf_reserve_dynptr", "reserved", "a ring buffer record", []string{"bpf_ringbuf_discard_dynptr", "bpf_ringbuf_submit_dynptr"}, 4},
	{"bpf_sk_lookup_tcp", "looked up", "a socket", []string{"bpf_sk_release"}, 0},
	{"bpf_sk_lookup_udp", "looked up", "a socket", []string{"bpf_sk_release"}, 0},
	{"bpf_skc_lookup_tcp", "looked up", "a socket", []string{"bpf_sk_release"}, 0},
	{"bpf_map_lookup_elem", "looked up", "a socket", []string{"bpf_sk_release"}, 0},
	{"bpf_kptr_xchg", "taken out", "an object", []string{"bpf_obj_drop", "bpf_kptr_xchg"}, 0},
	{"bpf_xdp_ct_lookup", "looked up", "a connection", []string{"bpf_ct_release"}, 0},
	{"bpf_skb_ct_lookup", "looked up", "a connection", []string{"bpf_ct_release"}, 0},
	{"bpf_xdp_ct_alloc", "allocated", "a connection", []string{"bpf_ct_insert_entry"}, 0},
	{"bpf_skb_ct_alloc", "allocated", "a connection", []string{"bpf_ct_insert_entry"}, 0},
	{"bpf_ct_insert_entry", "inserted", "a connection", []string{"bpf_ct_release"}, 0},
	{"bpf_obj_new_impl", "allocated", "an object", []string{"bpf_obj_drop"}, 0},
	{"bpf_percpu_obj_new_impl", "allocated", "an object", []string{"bpf_percpu_obj_drop"}, 0},
	{"bpf_refcount_acquire_impl", "acquired", "an object", []string{"bpf_obj_drop"}, 0},
	{"bpf_list_pop_front", "taken out", "a list node", []string{"bpf_obj_drop", "bpf_list_push_back"}, 0},
	{"bpf_list_pop_back", "taken out", "a list node", []string{"bpf_obj_drop", "bpf_list_push_front"}, 0},
	{"bpf_rbtree_remove", "taken out", "a tree node", []string{"bpf_obj_drop", "bpf_rbtree_add"}, 0},
	{"bpf_task_acquire", "acquired", "a task", []string{"bpf_task_release"}, 0},
	{"bpf_task_from_pid", "looked up", "a task", []string{"bpf_task_release"}, 0},
	{"bpf_task_from_vpid", "looked up", "a task", []string{"bpf_task_release"}, 0},
	{"bpf_cgroup_acquire", "acquired", "a cgroup", []string{"bpf_cgroup_release"}, 0},
	{"bpf_cgroup_ancestor", "looked up", "a cgroup", []string{"bpf_cgroup_release"}, 0},
	{"bpf_cgroup_from_id", "looked up", "a cgroup", []string{"bpf_cgroup_release"}, 0},
	{"bpf_task_get_cgroup1", "looked up", "a cgroup", []string{"bpf_cgroup_release"}, 0},
	{"bpf_cpumask_create", "created", "a CPU mask", []string{"bpf_cpumask_release"}, 0},
	{"bpf_cpumask_acquire", "acquired", "a CPU mask", []string{"bpf_cpumask_release"}, 0},
	{"bpf_get_task_exe_file", "looked up", "a file", []string{"bpf_put_file"}, 0},
	{"bpf_lookup_user_key", "looked up", "a key", []string{"bpf_key_put"}, 0},
	{"bpf_lookup_system_key", "looked up", "a key", []string{"bpf_key_put"}, 0},
	{"bpf_crypto_ctx_create", "created", "a crypto context", []string{"bpf_crypto_ctx_release"}, 0},
	{"bpf_crypto_ctx_acquire", "acquired", "a crypto context", []string{"bpf_crypto_ctx_release"}, 0},
	{"bpf_kfunc_call_test_acquire", "acquired", "a test object", []string{"bpf_kfunc_call_test_release"}, 0},
	{"bpf_dynptr_from_file", "opened", "a file's content", []string{"bpf_dynptr_file_discard"}, 3},
	{"bpf_get_kmem_cache", "looked up", "a slab cache", nil, 0},
	{"bpf_local_irq_save", "saved", "the interrupt state", []string{"bpf_local_irq_restore"}, 1},
	{"bpf_res_spin_lock_irqsave", "locked", "a lock", []string{"bpf_res_spin_unlock_irqrestore"}, 1},
	{"bpf_res_spin_lock", "locked", "a lock", []string{"bpf_res_spin_unlock"}, 1},
	{"bpf_spin_lock", "locked", "a lock", []string{"bpf_spin_unlock"}, 1},
	{"bpf_rcu_read_lock", "opened", "an RCU read section", []string{"bpf_rcu_read_unlock"}, 0},
	{"bpf_preempt_disable", "disabled", "preemption", []string{"bpf_preempt_enable"}, 0},
}

// AcquiredBy returns what is known about the function named. Functions that
// are not listed are described by the kernel's naming habits: an iterator's
// X_new ends with X_destroy, X_acquire with X_release.
func AcquiredBy(function string) Acquisition {
	for _, a := range acquisitions {
		if a.Acquirer == function {
			return a
		}
	}
	if base, ok := strings.CutSuffix(function, "_new"); ok && strings.HasPrefix(function, "bpf_iter_") {
		return Acquisition{function, "started", "an iterator", []string{base + "_destroy"}, 1}
	}
	if base, ok := strings.CutSuffix(function, "_acquire"); ok {
		return Acquisition{function, "acquired", "an object", []string{base + "_release"}, 0}
	}
	return Acquisition{Acquirer: function, Verb: "acquired", Noun: "a resource"}
}

// AcquirersFor are the functions whose resource the function named ends.
func AcquirersFor(releaser string) []string {
	var names []string
	for _, a := range acquisitions {
		if slices.Contains(a.Releasers, releaser) {
			names = append(names, a.Acquirer)
		}
	}
	return names
}

// owners are who owns what a function took over from the program.
var owners = map[string]string{
	"bpf_kptr_xchg":             "the map or object that it is stored in",
	"bpf_list_push_front_impl":  "the list",
	"bpf_list_push_back_impl":   "the list",
	"bpf_rbtree_add_impl":       "the tree",
	"bpf_ringbuf_submit":        "the ring buffer",
	"bpf_ringbuf_submit_dynptr": "the ring buffer",
}

// OwnerAfter is who owns a resource that was given to the function named, ""
// if it is gone.
func OwnerAfter(function string) string { return owners[function] }

// CName is the name by which C code calls a kernel function: the macros of
// bpf_experimental.h hide an _impl.
func CName(function string) string {
	return strings.TrimSuffix(function, "_impl")
}

// ReleasedWith lists the releasing functions of a, as text for a sentence:
// "bpf_ringbuf_discard() or bpf_ringbuf_submit()". It is empty if none is known.
func (a Acquisition) ReleasedWith() string {
	calls := make([]string, len(a.Releasers))
	for i, r := range a.Releasers {
		calls[i] = r + "()"
	}
	return strings.Join(calls, " or ")
}

// releaseArguments are the arguments of releasing functions that take more than
// the resource, which %s stands for.
var releaseArguments = map[string]string{
	"bpf_ringbuf_discard":        "%s, 0",
	"bpf_ringbuf_discard_dynptr": "&%s, 0",
	"bpf_obj_drop_impl":          "%s, (void *)0",
	"bpf_percpu_obj_drop_impl":   "%s, (void *)0",
}

// indirect are releasing functions that take more than what is known of an
// acquisition.
var indirect = []string{"bpf_kptr_xchg", "bpf_list_push_back", "bpf_list_push_front", "bpf_rbtree_add", "bpf_res_spin_unlock_irqrestore"}

// structReleasers are the functions that release objects of the kernel that a map kept.
var structReleasers = map[string]string{
	"task_struct": "bpf_task_release", "cgroup": "bpf_cgroup_release", "bpf_cpumask": "bpf_cpumask_release",
	"nf_conn": "bpf_ct_release", "bpf_crypto_ctx": "bpf_crypto_ctx_release",
}

// Object is what an acquired reference is to.
type Object struct {
	// Struct is its type, "" if it has none.
	Struct string
	// Kernel says that the type is one of the kernel, and PerCPU that each CPU has an
	// object of its own.
	Kernel, PerCPU bool
}

// Of is the acquisition of an object: which function releases one of the kernel depends
// on its type.
func (a Acquisition) Of(o Object) Acquisition {
	if len(a.Releasers) == 0 || a.Releasers[0] != "bpf_obj_drop" || !o.Kernel && !o.PerCPU {
		return a
	}
	if o.PerCPU {
		a.Releasers = append([]string{"bpf_percpu_obj_drop"}, a.Releasers[1:]...)
		return a
	}
	if release := structReleasers[o.Struct]; release != "" {
		a.Releasers = []string{release}
	} else {
		a.Releasers = a.Releasers[1:]
	}
	return a
}

// IsNode reports whether the result is a node within the object that was acquired.
func (a Acquisition) IsNode() bool {
	return slices.Contains([]string{"bpf_list_pop_front", "bpf_list_pop_back", "bpf_rbtree_remove"}, a.Acquirer)
}

// Plain is the acquisition in a file that calls the function by the name that the
// kernel has for it, and so has no macro for the releaser either.
func (a Acquisition) Plain() Acquisition {
	releasers := slices.Clone(a.Releasers)
	for i, name := range releasers {
		if _, hidden := releaseArguments[name+"_impl"]; hidden {
			releasers[i] = name + "_impl"
		}
	}
	a.Releasers = releasers
	return a
}

// ReleaseCall is a statement that gives back what the variable named holds, ""
// if it cannot be written down.
func (a Acquisition) ReleaseCall(variable string) string {
	if len(a.Releasers) == 0 || variable == "" || slices.Contains(indirect, a.Releasers[0]) {
		return ""
	}
	form, known := releaseArguments[a.Releasers[0]]
	switch {
	case known:
	case a.Holder > 0:
		form = "&%s"
	default:
		form = "%s"
	}
	return a.Releasers[0] + "(" + strings.Replace(form, "%s", variable, 1) + ");"
}

// regions say what holds between a function and the one that undoes it.
var regions = map[string]string{
	"bpf_spin_lock":             "a lock is held",
	"bpf_res_spin_lock":         "a lock is held",
	"bpf_res_spin_lock_irqsave": "a lock is held and interrupts are off",
	"bpf_local_irq_save":        "interrupts are off",
	"bpf_rcu_read_lock":         "an RCU read section is open",
	"bpf_preempt_disable":       "preemption is disabled",
}

// Region says what holds after the acquiring function until it is undone; it
// is empty if that is a value in the program's hands.
func (a Acquisition) Region() string { return regions[a.Acquirer] }

// endings say what a function does to the resource that it ends, by the part of
// its name behind the last underscore or before _dynptr.
var endings = map[string]string{
	"submit": "submitted", "discard": "discarded", "destroy": "destroyed", "restore": "restored",
	"irqrestore": "restored", "release": "released", "drop": "dropped", "put": "released",
}

// Ends is the past participle of what the function named does to the resource
// that it ends, "" if it does not end one.
func Ends(function string) string {
	name := strings.TrimSuffix(CName(function), "_dynptr")
	return endings[name[strings.LastIndexByte(name, '_')+1:]]
}

// FlagArgument is the argument, from 1, by which a function saves or restores
// the interrupt state: locks come before it.
func FlagArgument(function string) int {
	if strings.Contains(function, "spin_") {
		return 2
	}
	return 1
}
