// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "github.com/bpf-lsp/bpf-lsp/verifier/regtype"

// parameterWords say what a helper takes.
var parameterWords = map[regtype.Arg]string{
	regtype.ArgConstMapPtr: "map", regtype.ArgMapKey: "key of the map", regtype.ArgMapValue: "value of the map",
	regtype.ArgMem: "memory", regtype.ArgArena: "arena memory", regtype.ArgConstSize: "its size, not 0",
	regtype.ArgConstSizeOrZero: "its size", regtype.ArgCtx: "context", regtype.ArgAnything: "any value",
	regtype.ArgSpinLock: "bpf_spin_lock", regtype.ArgSockCommon: "socket", regtype.ArgSocket: "full socket",
	regtype.ArgBTFID: "kernel object", regtype.ArgRingbufMem: "ring buffer record",
	regtype.ArgConstAllocSizeOrZero: "constant size", regtype.ArgBTFIDSockCommon: "socket",
	regtype.ArgPerCPUBTFID: "per-CPU kernel object", regtype.ArgFunc: "function of the program",
	regtype.ArgStack: "memory on the stack", regtype.ArgConstStr: "constant string", regtype.ArgTimer: "bpf_timer",
	regtype.ArgKptrXchgDest: "kptr in a map value", regtype.ArgDynptr: "dynptr",
}

// ParameterWords say what a helper takes as an argument, "" for none.
func ParameterWords(t regtype.Arg) string {
	words := parameterWords[t.Base()]
	if t.MayBeNull() && words != "" {
		words += " or NULL"
	}
	return words
}

// resultWords say what a helper returns, with an article.
var resultWords = map[regtype.Ret]string{
	regtype.RetInteger: "a number", regtype.RetMapValue: "a value of the map", regtype.RetSocket: "a socket",
	regtype.RetTCPSock: "a TCP socket", regtype.RetSockCommon: "a socket", regtype.RetMem: "memory",
	regtype.RetMemOrBTFID: "memory or a kernel object", regtype.RetBTFID: "a kernel object",
}

// ResultWords say what a helper returns, "" if nothing.
func ResultWords(t regtype.Ret) string { return resultWords[t.Base()] }
