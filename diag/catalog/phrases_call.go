// SPDX-License-Identifier: GPL-2.0-only

package catalog

// What to do in one case of a fault about a call, a resource or a name.
const (
	AdviseRedefined  Phrase = "{name} is in {place} already: remove this definition, or give yours another name. Where it stands for the one of another kernel version, end its name with `___` and a word, which CO-RE ignores."
	AdviseSignature  Phrase = "Declare only the arguments that are there, in the order of the prototype: {check}."
	AdviseRedeclared Phrase = "{name} is declared in {place} already, with other types: remove this declaration."
	AdviseReadWhole  Phrase = "Read {member} whole into a variable of its type, and use what is needed of that."
	AdviseKeepWhole  Phrase = "Read {member} into a variable of its type, and keep the compiler from reading less of it with `barrier_var()` of bpf_helpers.h."
	AdviseWriteWhole Phrase = "Write {member} whole."
	AdviseFullSocket Phrase = "Get the full socket with bpf_sk_fullsock(), and check the result for NULL."
	AdviseInsert     Phrase = "Insert {check} before this line[, {braces}]."
	AdviseGiver      Phrase = "Get a {object} with {getters}[, and check {value} for NULL], or use the type that the pointer really has."
	AdvisePassItself Phrase = "Pass {value} itself as the {arg} argument."
	AdviseOneRelease Phrase = "Leave one of the two calls out, or return after the one{where}."

	AdviseExchange      Phrase = "Exchange the two: {check}."
	AdviseOutput        Phrase = "Send {value} with {check}."
	AdviseAwake         Phrase = "Let the program sleep with {section}[, or use {name}, which does not sleep]."
	AdviseNoSleep       Phrase = "Use {name}, which does not sleep."
	AdviseConstVolatile Phrase = "If the loader sets {value}, declare it {check} and pass {given}: such variables are fixed when the program is loaded. Else pass a string literal or a `static const char` array that ends with 0."
	AdviseCopyFirst     Phrase = "Copy what it points to first, and pass the copy: {check}."
	AdviseSplitRead     Phrase = "Keep the compiler from making one read of several: write {check} behind line {line}."
	AdviseSet           Phrase = "Give {value} a value on every path that reaches this line, such as where it is declared."
	AdviseMemory        Phrase = "Pass the address of memory of the program, such as a local variable or a map value."
	AdviseLocal         Phrase = "Pass the address of a local variable[, such as {given}, through which the callback gets {value}]."
	AdviseCompareBytes  Phrase = "Compare with a string literal or a `static const char` array that ends with 0, or compare the bytes in a loop with a constant bound."
	AdviseProbe         Phrase = "A {object} begins with a {type}, but the verifier goes by the type that it knows. If this is one, read the member with {check}."
	AdviseReadUser      Phrase = "Copy what it points to with bpf_probe_read_user() first, a string with bpf_probe_read_user_str()."
	AdviseReadKernel    Phrase = "Read it with {check|BPF_CORE_READ() or bpf_probe_read_kernel()}[, or take the pointer from {typed}, whose result the verifier follows]."
	AdviseDirect        Phrase = "Read the member directly: {check}[, from what {typed} returns, in place of the call in line {line}]."
	AdviseInsertFirst   Phrase = "Insert {value} into {map} with bpf_map_update_elem() first. Then look the value up there[ ({check})], leave if it is NULL, and pass {given} of that in place of {instead}."
	AdviseLookUpFirst   Phrase = "Look a value of {map} up[ ({check})], leave if it is NULL, and pass {given}."
	AdviseLoader        Phrase = "Copy the bytes to the stack first, for example with {loader}, and pass that."
	AdviseLoadCopy      Phrase = "Copy the bytes to the stack first, and pass {given} as the {arg} argument: {check}."
	AdviseReadEither    Phrase = "Read memory of the kernel with bpf_probe_read_kernel(), memory of user space with bpf_probe_read_user()."
	AdvisePointerItself Phrase = "Use the pointer itself, not what was kept of it: an address that is stored and read back is a number. Keep what leads to the object instead, such as its key, and look it up again[: {check}]."
)
