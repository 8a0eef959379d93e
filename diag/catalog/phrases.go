// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Phrase is a sentence that goes with one case of a fault, whatever its code;
// see Fill for its placeholders.
type Phrase string

// With fills in the facts of the case.
func (p Phrase) With(f Facts) string { return Fill(string(p), f) }

// Clause fills in the facts of the case for a part of a sentence, which does not begin with a capital letter.
func (p Phrase) Clause(f Facts) string {
	text, _, _ := fill(string(p), f, 0)
	return text
}

// What to do in one case of a fault.
const (
	AdviseRelease        Phrase = "Call {check} before {first|this line}[, {braces}][, {instead}]."
	AdviseReleaseInside  Phrase = "Call {check} inside the {part} in line {line}, where this path goes."
	AdviseReleaseLast    Phrase = "Call {check} at the end of the {part} in line {line}, where this path goes."
	AdviseReleaseInRound Phrase = "Call {check} at the end of the body of the loop in line {line}."
	AdviseReleaseEach    Phrase = "Call {check} before each of the returns in lines {line}."
	AdviseReleaseElse    Phrase = "Call {check} in an `else` of the condition in line {line}."
	AdviseBraces         Phrase = "The `return` in line {line} is not part of the `if` in line {place}, which has no braces. If it should be, write {check}."
	AdviseReleaser       Phrase = "Call {releaser} on this path before it ends."
	AdviseOtherVariable  Phrase = "Give the result of this statement to another variable: the statement uses {value}, which has to be released after it with {check}."
	AdviseMoveRelease    Phrase = "Move {check} from line {line} to before this line."
	AdviseMoveBefore     Phrase = "Move {check} from line {line} to before the `if` in line {place}."
	AdviseMacroReturn    Phrase = "Call {check} before the `return` in the macro that line {line} uses: write its `if` out there, with the call in it."
	AdviseInCaller       Phrase = "Call {check} before line {line}, which may end the program[, with {copy} in a local variable][, and not again in {later}]."
	AdviseReleaseOnce    Phrase = "Release {value} before this line, and neither use nor release it after it."
	AdviseReleaseAround  Phrase = "Call {releaser} with the object that {value} is a member of, on this path before it ends."
	AdviseKeepResult     Phrase = "Keep the result of {acquirer} and, if it is not NULL, pass it to {releaser}."
	AdviseNullCheck      Phrase = "Insert {check} before {first|this line}[, {braces}][; the check in line {line} is about an earlier value].[ The condition in line {place} tests another pointer twice: {instead} may be meant.]"
	AdviseKeepPointer    Phrase = "Keep {value} in a variable, and test and use that: the verifier may take each read of {value} for another value[, so that the check in line {line} may not count]."
	AdviseKeepCopy       Phrase = "Insert {check} before this line[, {braces}], and use {name} here: the verifier may take each read of {value} for another value[, so that the check in line {line} may not count]."
	AdviseOneCall        Phrase = "Leave out one of the two calls."
	AdviseLeaveOut       Phrase = "Leave out the call in this line: {call} is called before it."
	AdviseLeaveFirst     Phrase = "Leave out {check} in line {line}: whatever follows it comes to the same call in {instead}."
	AdviseNothingHeld    Phrase = "Leave the call out: where {value} is NULL there is nothing to give back[, unless the condition in line {line} is the wrong way round]."
	AdviseGuarded        Phrase = "{name} in line {line} leads here, where {value} is NULL: write {check} in line {place}."
	AdviseGuardedUse     Phrase = "{name} in line {line} leads here, where {value} is NULL: make what needs it the body of an {check}."
	AdviseGuardUse       Phrase = "What follows does not need this, so do it only where {name} holds: write {check} in line {line}."
	AdviseLookAgain      Phrase = "Look the element up again behind {call} in line {line}, which inserts it: {check}."
	AdviseNullCheckAfter Phrase = "Insert {check} after this line."
	AdviseFromStart      Phrase = "Add to the start of the packet, and compare the sum with its end."
	AdviseReturnAfter    Phrase = "Return after {call}[: {check}][, or make the call in this line only in an `else` of the condition in line {line}]."
	AdviseReturnType     Phrase = "Declare {function} `int`, and return a value that the hook defines on every path[, such as {value}]."
	AdviseRestoreFirst   Phrase = "Restore {name} before this line[, with {releaser}]."
	AdviseTakenOver      Phrase = "Leave this call out: {call} in line {line} took {value} over."
	AdviseCallBefore     Phrase = "Make this call before that of {call} in line {line}, after which {value} must not be used."
	AdviseUseBefore      Phrase = "Use the pointer before that call, or keep a copy of what is needed from it."
	AdviseGetAgain       Phrase = "Find the call on this path that may have moved the data or released the object, and get the pointer again after it."
	AdviseSliceAgain     Phrase = "Read what is needed before that call, or get the slice from the dynptr again after it and check it for NULL again."
	AdviseReadShifted    Phrase = "If the bytes from before {call} are meant, read {access} into a variable before that call, which may add or remove bytes in front of them. If those from after it are meant, read `data` and `data_end` from the context again[, set {value} again], and check the length again."
	AdviseReadDataEnd    Phrase = "Read `data` and `data_end` from the context again after that call[, set {value} again], and check the length again[, or read {access} into a variable before that call]."
	AdviseReadMeta       Phrase = "Read `data_meta` and `data` from the context again after that call, and compare them again."
	AdviseComparison     Phrase = "Before {first|this line} compare the end of what is read with the end of the {packet|packet}: {check}[, {braces}]."
	AdviseLimitOffset    Phrase = "Limit {value} before it is added to the pointer, to less than {limit}."
	AdviseEndIf          Phrase = "End the `if` in line {line} with a `return`[: {braces}]."
	AdviseOwnCondition   Phrase = "Test the end in a condition of its own before line {line}: {check}."
	AdviseTurnRound      Phrase = "Turn the condition in line {line} round: {check}."
	AdviseLongerCheck    Phrase = "Check for {size} in line {line}: {check}."
	AdviseOtherTypes     Phrase = "Check for a kernel that has it: --btf, or the setting kernelBTF, names the file with its types."
	AdviseExtends        Phrase = "Name the file that has the function, and if needed the program, in `bpf-lsp.yaml`, under `extends`."
	AdviseAttachTarget   Phrase = "If the loader sets another target before it loads the program, as with bpf_program__set_attach_target(), check the program with that name in its section."
)

// Where the instructions of a program went that is too much to verify.
const (
	SpentInLoop   Phrase = "The loop in line {line} took {count} of the instructions, in up to {limit} rounds."
	RoundsDiffer  Phrase = "No round is like one before for the verifier, since each has another {value}."
	RoundsAcquire Phrase = "No round is like one before for the verifier, since each acquires something."
	ForkedOften   Phrase = "From line {line} the walk had two ways to go {count} times."
)

// BeyondFirst follows the reason of a fault that the kernel would find only once
// another one is mended.
const BeyondFirst Phrase = "The kernel does not get to this one: it stops at the program's first fault."

// What to do about the definition of a map.
const (
	AdviseKeepUnnamed  Phrase = "With cilium/ebpf, which creates the map without it, it may stay."
	AdviseKeepLoader   Phrase = "With a loader that takes this one, it may stay."
	AdviseNoPrealloc   Phrase = "With BPF_F_NO_PREALLOC the map takes memory as it is filled."
	AdviseMapFlags     Phrase = "Write {name} into the definition."
	AdviseRemoveMember Phrase = "Remove the {member} from the definition."
	AdviseMemberType   Phrase = "Use {name}."
	AdviseMemberSize   Phrase = "Use a type of such a size in {name}."
	AdviseNoEntries    Phrase = "Remove `max_entries`."
	AdviseOneEntry     Phrase = "Set `max_entries` to 1."
	AdvisePages        Phrase = "Set `max_entries` to such a number, such as `256 * 1024`."
	AdviseArenaPages   Phrase = "Set `max_entries` to the number of pages that are needed."
	AdviseEntries      Phrase = "Add `__uint(max_entries, …)`, unless user space sets it."

	// LibraryCall says of a function of the C library that BPF has none, and AdviseBytes
	// and AdviseString what to do without it.
	LibraryCall  Phrase = "The compiler calls {name} here, a function of the C library, which BPF programs do not have."
	AdviseBytes  Phrase = "Copy, set or compare a constant number of bytes with `__builtin_memcpy()` and the like, or do it in a loop with a constant bound that keeps the compiler from making a call of it: write `asm volatile(\"\" ::: \"memory\");` in its body."
	AdviseString Phrase = "Go through the bytes in a loop with a constant bound[, or call {near}, a function of the kernel, which has to be declared with `__ksym`]. The helpers that read strings return their length."

	// StackLimit says that a function needs too much stack to be compiled, AdviseOffStack
	// what to do, and StackLimitToo marks further lines that show it.
	StackLimit     Phrase = "What this function keeps on the stack does not fit into its frame, which has 512 bytes."
	AdviseOffStack Phrase = "Keep large variables in the value of a per-CPU array map with one element, and look that up."
	StackLimitToo  Phrase = "this is outside of the frame as well"

	// OptionalFunction says why the target kernel has no such function.
	OptionalFunction Phrase = "{name} is a function of Linux 6.18, but comes with an option or a module that the target kernel lacks."
)

// What the parts of a report in an editor begin with.
const (
	HoverUnreleased Phrase = "What is acquired on this line is not released on every path."
	HoverSteps      Phrase = "How it comes to this:"
	HoverKernel     Phrase = "The kernel says:"
)

// What a user may do about a machine on which no file can be checked.
const (
	OfferInstall    Phrase = "How to Install"
	OfferCheckAgain Phrase = "Check Again"
)

// What is said of a file that could not be checked.
const (
	FileNotChecked     Phrase = "The file could not be checked."
	FileNotCheckedYet  Phrase = "Not checked yet."
	FileNotBuilt       Phrase = "The file could not be built."
	FileUnreadable     Phrase = "The file cannot be read."
	FileDoesNotCompile Phrase = "The file does not compile for BPF: {detail}."
	ObjectTooLarge     Phrase = "The object is larger than {size}, which no BPF object is."
	BrokenInside       Phrase = "Something is wrong in bpf-lsp itself: {detail}."
)
