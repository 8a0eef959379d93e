// SPDX-License-Identifier: GPL-2.0-only

package fault

// Resource lifetime safety.
var (
	UnreleasedReference = text[LeftReference]("resource-lifetime/unreleased-reference", "Unreleased reference id={ref} alloc_insn={acquire_pc}")
	LeakingExit         = text[Exit]("resource-lifetime/unreleased-reference", "{exit_kind} would lead to reference leak")

	DynptrOverwrite       = text[Reference]("resource-lifetime/dynptr-overwrite", "cannot overwrite referenced dynptr")
	IRQFlagFamilyMismatch = text[FlagArgument]("resource-lifetime/irq-flag-family-mismatch", "irq flag acquired by {saved_by} kfuncs cannot be restored with {restored_by} kfuncs")
	IRQRestoreOutOfOrder  = text[OwnedArgument]("resource-lifetime/irq-restore-out-of-order", "cannot restore irq state out of order, expected id={ref} acquired at insn_idx={acquire_pc}")
	NestedSpinLock        = text[Argument]("resource-lifetime/nested-spin-lock", "Locking two bpf_spin_locks are not allowed")
	RecursiveLock         = text[Argument]("resource-lifetime/recursive-lock", "Acquiring the same lock again, AA deadlock detected")
	UnlockWithoutLock     = text[Unlock]("resource-lifetime/unlock-without-lock", "{lock}_unlock without taking a lock")
	UnlockDifferentLock   = text[Unlock]("resource-lifetime/unlock-different-lock", "{lock}_unlock of different lock")
	UnlockOutOfOrder      = text[Unlock]("resource-lifetime/unlock-out-of-order", "{lock}_unlock cannot be out of order")

	DynptrAlreadyInitialized = text[Argument]("resource-lifetime/dynptr-already-initialized", "Dynptr has to be an uninitialized dynptr")
	DynptrAtVariableOffset   = text[None]("resource-lifetime/dynptr-slot-invalid", "dynptr has to be at a constant offset")
	DynptrMisplaced          = text[StackOffset]("resource-lifetime/dynptr-slot-invalid", "cannot pass in dynptr at an offset={off}")
	ConstDynptrRelease       = text[Argument]("resource-lifetime/const-dynptr-release", "cannot release unowned const bpf_dynptr")
	ConstDynptrReleased      = text73[Argument]("resource-lifetime/const-dynptr-release", "CONST_PTR_TO_DYNPTR cannot be released")
	UninitializedDynptr      = text[Argument]("resource-lifetime/uninitialized-dynptr", "Expected an initialized dynptr as arg #{argno}").
					in73("Expected an initialized dynptr as R{reg}")

	IteratorAlreadyInitialized = text[Iterator]("resource-lifetime/iterator-already-initialized", "expected uninitialized iter_{name} as arg #{argno}").
					in73("expected uninitialized iter_{name} as R{reg}")
	IteratorAtVariableOffset = text[None]("resource-lifetime/iterator-slot-invalid", "iter has to be at a constant offset")
	IteratorMisplaced        = text[StackOffset]("resource-lifetime/iterator-slot-invalid", "cannot pass in iter at an offset={off}")
	UninitializedIterator    = text[Iterator]("resource-lifetime/uninitialized-iterator", "expected an initialized iter_{name} as arg #{argno}").
					in73("expected an initialized iter_{name} as R{reg}")

	IRQFlagAlreadyInitialized = text[Argument]("resource-lifetime/irq-flag-already-initialized", "expected uninitialized irq flag as arg#{argno}").
					in73("expected uninitialized irq flag as R{reg}")
	IRQFlagAtVariableOffset = text[None]("resource-lifetime/irq-flag-slot-invalid", "irq_flag has to be at a constant offset")
	IRQFlagMisplaced        = text[StackOffset]("resource-lifetime/irq-flag-slot-invalid", "cannot pass in irq_flag at an offset={off}")
	UninitializedIRQFlag    = text[Argument]("resource-lifetime/uninitialized-irq-flag", "expected an initialized irq flag as arg#{argno}").
				in73("expected an initialized irq flag as R{reg}")

	ReleaseWithLiveChild     = text73[Reference]("resource-lifetime/release-with-live-child", "Leaking reference id={ref} alloc_insn={acquire_pc}. Release it first.")
	ContextReferenceReleased = text[ContextReference]("resource-lifetime/context-reference-released", "invalid bpf_context access off={off}. Reference may already be released")
	ReleaseWithOffset        = text[ArgumentOffset]("resource-lifetime/release-with-offset", "R{reg} must have zero offset when passed to release func or trusted arg to kfunc")
	OtherLockHeld            = text[None]("resource-lifetime/graph-lock-not-held", "held lock and object are not in the same allocation")
	GraphLockNotHeld         = text[FieldOffset]("resource-lifetime/graph-lock-not-held", "bpf_spin_lock at off={off} must be held for {name}")
	ReturnedStackPointer     = text[Register]("resource-lifetime/returned-stack-pointer", "cannot return stack pointer to the caller")
	NodeOwnership            = text[Argument]("resource-lifetime/node-ownership", "{callee} can only take non-owning or refcounted bpf_rb_node pointer")
)

// Execution context safety.
var (
	SleepingHelper    = text[Call]("execution-context/sleepable-helper", "helper call might sleep in a non-sleepable prog")
	SleepableHelper   = text[RegionCall]("execution-context/sleepable-helper", "sleepable helper {callee}#{id} in {context}")
	SleepingKfunc     = text[Call]("execution-context/sleepable-kfunc", "program must be sleepable to call sleepable kfunc {callee}")
	SleepableKfunc    = text[RegionCall]("execution-context/sleepable-kfunc", "kernel func {callee} is sleepable within {context}")
	SleepableFunction = text[Call]("execution-context/sleepable-function", "global functions that may sleep are not allowed in non-sleepable context,\ni.e., in a RCU/IRQ/preempt-disabled section, or in\na non-sleepable BPF program context")
	SleepableMap      = text[Map]("execution-context/sleepable-map", "Sleepable programs can only use array, hash, ringbuf and local storage maps")

	LockHeldAtExit        = text[Exit]("execution-context/lock-held-at-exit", "{exit_kind} cannot be used inside bpf_spin_lock-ed region")
	IRQDisabledAtExit     = text[Exit]("execution-context/irq-disabled-at-exit", "{exit_kind} cannot be used inside bpf_local_irq_save-ed region")
	RCUHeldAtExit         = text[Exit]("execution-context/rcu-held-at-exit", "{exit_kind} cannot be used inside bpf_rcu_read_lock-ed region")
	PreemptDisabledAtExit = text[Exit]("execution-context/preempt-disabled-at-exit", "{exit_kind} cannot be used inside bpf_preempt_disable-ed region")

	CallUnderLock          = text[None]("execution-context/call-under-lock", "function calls are not allowed while holding a lock")
	GlobalCallUnderLock    = text[Call]("execution-context/global-call-under-lock", "global function calls are not allowed while holding a lock,\nuse static function instead")
	RCURequired            = text[Call]("execution-context/rcu-required", "kernel func {callee} requires RCU critical section protection")
	RCURequiredByIterator  = text[Iterator]("execution-context/rcu-required", "expected an RCU CS when using {callee}")
	UnmatchedRCUUnlock     = text[Call]("execution-context/unmatched-rcu-unlock", "unmatched rcu read unlock (kernel function {callee})")
	NestedRCULock          = text[Call]("execution-context/nested-rcu-lock", "nested rcu read lock (kernel function {callee})")
	UnmatchedPreemptEnable = text[Call]("execution-context/unmatched-preempt-enable", "unmatched attempt to enable preemption (kernel function {callee})")

	LockInRbtreeCallback = text[Argument]("execution-context/rbtree-callback", "can't spin_{lock,unlock} in rbtree cb")
	NodeInRbtreeCallback = text[Argument]("execution-context/rbtree-callback", "{callee} not allowed in rbtree cb")

	ThrowFromCallback         = text[CallSite]("execution-context/throw-from-callback", "bpf_throw kfunc (insn {pc}) cannot be called from callback subprog {id}")
	ExceptionCallbackCall     = text[Instruction]("execution-context/exception-callback-call", "insn {pc} cannot call exception cb directly").unended()
	ExceptionCallbackTailCall = text[None]("execution-context/exception-callback-call", "cannot tail call within exception cb")
	SockmapUpdate             = text[MapCall]("execution-context/sockmap-update", "cannot update sockmap in this context")
	IteratorContext           = text[Argument]("execution-context/iterator-context", "css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs")
)
