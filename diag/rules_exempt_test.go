// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import "github.com/bpf-lsp/bpf-lsp/diag/catalog"

// withoutExample are the codes that no pair of C programs can show, with the
// reason.
var withoutExample = map[catalog.Category]map[catalog.Code]string{
	catalog.ResourceLifetime: {
		catalog.NestedSpinLock: "is what no kernel says: a held lock keeps every program from calling bpf_spin_lock()",
	},

	catalog.RegisterType: {
		catalog.MissingStackArgument:    "is of kernels after 6.18, whose functions may have more than five parameters",
		catalog.IndirectCallNonFunction: "is of kernels after 6.18; before, no instruction calls through a register",
	},

	catalog.Memory: {
		catalog.DeadStackRead: "is of verifiers after 6.18, and a fault of theirs, not of a program",
		catalog.UserPointer:   "needs a kernel whose types tell user pointers, and those of GCC builds, such as the built-in ones, do not",
	},

	catalog.CallType: {
		catalog.ReturnBufferSize:    "only kernel functions of HID devices have such a parameter, and kernels without those devices lack them",
		catalog.ConstDynptrArgument: "in 6.18 each helper that changes a dynptr also releases it, which is noticed first",
		catalog.IteratorType:        "a kernel function with such a parameter would be a fault of the kernel",
	},

	catalog.ExecutionContext: {
		catalog.TailCallWithSubprograms: "needs a JIT compiler that cannot mix the two, and that of x86-64 can",
	},

	catalog.ProgramStructure: {
		catalog.MissingJumpTable:       "is about indirect jumps, which 6.18 does not know",
		catalog.JumpTableRange:         "is about indirect jumps, which 6.18 does not know",
		catalog.IndirectJumpRange:      "is about indirect jumps, which 6.18 does not know",
		catalog.IndirectJumpSubprogram: "is about indirect jumps, which 6.18 does not know",
		catalog.KfuncReturnType:        "is about results that no kernel function of 6.18 has",
		catalog.CallDestination:        "is what libbpf does not load: that reports a call of no function itself",
		catalog.FunctionInfo:           "is about the types of an object, of which both programs have the same",
		catalog.LineInfo:               "is about an object that was changed after it was compiled",
		catalog.UnknownKernelSymbol:    "is what libbpf does not load: that looks symbols up itself, see loader/unresolved-symbol",
	},

	catalog.Policy: {
		catalog.UnknownKfunc:         "libbpf finds kernel functions by their names and loads no program that calls one which is not there",
		catalog.DestructiveKfunc:     "wants a loader without CAP_SYS_BOOT but with CAP_BPF; bpf-lsp knows loaders with all or none",
		catalog.PerfmonKfunc:         "wants a loader without CAP_PERFMON but with CAP_BPF, and 6.18 has no such kernel function",
		catalog.UntrustedRead:        "wants a loader without CAP_PERFMON but with CAP_BPF, and 6.18 has no such message",
		catalog.MissingKernelFeature: "wants a kernel that was built without BTF or JIT compiler",
	},

	catalog.VerifierLimit: {
		catalog.LimitLoopIterations: "is about notes in the log of 6.18 that refuse no program",
	},

	catalog.Loader: {
		catalog.NoPrograms:           "is about an object without programs",
		catalog.InvalidMapDefinition: "keeps all programs of an object from being loaded",
		catalog.MissingBTF:           "keeps all programs of an object from being loaded",
		catalog.MissingLines:         "is about the lines of an object, of which both programs have none",
		catalog.TypesRefused:         "is about the types of an object, of which both programs have the same",
		catalog.UndeclaredSymbol:     "keeps all programs of an object from being loaded",
		catalog.UnreadableFile:       "is about a file, not about a program",
		catalog.TargetKernel:         "is about settings, not about a program",
		catalog.UnsupportedObject:    "is a gap of bpf-lsp; what is known of the program does not depend on it",
		catalog.IncompleteProgram:    "is about what another object has",
		catalog.LinkConflict:         "is about two objects; testdata/linked has examples",
		catalog.StaticProgram:        "is about what a loader takes, and says nothing of the program",
	},

	catalog.Toolchain: {
		catalog.CompileError:     "does not compile",
		catalog.CompileWarning:   "is the compiler's, and the program may be accepted",
		catalog.CompilerNotFound: "is about the machine, not about a program",
		catalog.CompilerFailed:   "is about the compiler, not about a program",
		catalog.CompilerTimeout:  "is about the compiler, not about a program",
		catalog.MissingHeader:    "does not compile",
	},

	catalog.VerifierInternal: {
		catalog.InternalBug: "is a fault of bpf-lsp",
		catalog.Unsupported: "is a gap of bpf-lsp; what is known of the program does not depend on it",
		catalog.Uncoded:     "is a rejection whose rule has no code, which no known rule lacks",
	},
}

// sharedText are the codes whose message the kernel also has for another one,
// to which it leads.
var sharedText = map[catalog.Code]catalog.Code{
	catalog.DynptrSlotInvalid:        catalog.DynptrAlreadyInitialized,
	catalog.IteratorSlotInvalid:      catalog.IteratorAlreadyInitialized,
	catalog.IRQFlagSlotInvalid:       catalog.IRQFlagAlreadyInitialized,
	catalog.Recursion:                catalog.LimitCallDepth,
	catalog.GlobalFunctionSignature:  catalog.GlobalFunctionArgument,
	catalog.SubprogramCallCapability: catalog.FunctionReferenceCapability,
	catalog.KfuncCapability:          catalog.FunctionReferenceCapability,
	catalog.SockmapUpdate:            catalog.MapHelperMismatch,
	catalog.DropNotOwned:             catalog.UntrustedArgument,
	catalog.ContextArgument:          catalog.WrongArgumentKind,
	catalog.MapArgument:              catalog.WrongArgumentKind,
	catalog.MemoryLengthRange:        catalog.StackOutOfBounds,
	catalog.MemoryRange:              catalog.OutOfBounds,
	catalog.NonConstantSize:          catalog.NonConstantArgument,
	catalog.NotMemory:                catalog.MemoryLengthRange,
	catalog.SpecialStackRead:         catalog.UninitializedStackRead,
}
