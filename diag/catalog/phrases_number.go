// SPDX-License-Identifier: GPL-2.0-only

package catalog

// What to do about a number that is not within its limits.
const (
	AdviseRoundCheck     Phrase = "Check {value} in the callback before it is used, for example {check}."
	AdviseMinuend        Phrase = "Check before line {line} that what {number} is subtracted from is not smaller."
	AdviseNoWrap         Phrase = "Leave before line {line} where the result would be below 0: {check}."
	AdviseBothLimits     Phrase = "Limit {value} on both sides: {check}."
	AdviseNotNegative    Phrase = "Exclude negative values of {value} as well: {check}[, or use {mask}]."
	AdviseIndexVariable  Phrase = "Keep {value} in a variable, and leave before this line where that is above {limit}."
	AdviseLengthLimit    Phrase = "Limit the length to {limit} before the call, for example with {check}."
	AdviseLengthVariable Phrase = "Keep {value} in a variable, and limit that to {limit} before the call."
	AdviseLength         Phrase = "Pass a length of at most {limit}."
	AdviseElement        Phrase = "Use an index of at most {limit}, or a larger array."
	AdviseIndexLimit     Phrase = "Leave before this line where {value} is too large: {check}[, {braces}]."
	AdviseSmallerLimit   Phrase = "Compare with a smaller number in line {line}: {check}."
	AdviseBothBelow      Phrase = "Limit {value} and {name} by constants whose sum is at most {size}, such as {number} each, or make the object larger than both limits together."
	AdviseLengthApart    Phrase = "Limit {value} by a constant, and pass a length of its own that does not grow with that, such as {number} for each, or make the object larger than both limits together."
	AdviseLoopLimit      Phrase = "Give the loop a constant limit as well, such as {check} in line {line}, or use bpf_loop(), whose callback is not followed round by round."
	AdviseReadOnce       Phrase = "Read {value} into a local variable once, and test and use that variable."
	AdviseWideVariable   Phrase = "Make {value} a variable of 64 bits, so that the variable itself is tested."
	AdviseNewerProcessor Phrase = "Compile with `-mcpu=v3`, which has tests of 32 bits, or make {value} a variable of 64 bits."
	AdviseWideLimit      Phrase = "Make {value} a variable of 64 bits, and leave before this line where it is too large: {check}."
	AdviseWideSigned     Phrase = "Exclude negative values of {value} as well: {check}, and make {value} a variable of 64 bits or compile with `-mcpu=v3`, as the compiler may test a copy of it otherwise.[ {mask} does without both.]"
	AdviseAskMore        Phrase = "Ask for at least {size} in line {line}[, as {check} does], or access no more than {limit}."
	AdvisePointee        Phrase = "Write {check} in line {line}."
	AdviseAligned        Phrase = "Use an address that is a multiple of the size, or copy byte by byte with __builtin_memcpy()."
	AdviseSizeBetween    Phrase = "Check before the call that {value} is above 0 and at most {limit}, which is how much memory there is: {check}."
	AdviseSizeVariable   Phrase = "Keep {value} in a variable of 64 bits, and check before the call that it is above 0 and at most {limit}, which is how much memory there is."
	AdvisePacketEnd      Phrase = "Compare the end of what is read with the end of the packet before line {line}: {check}."
	AdviseValueType      Phrase = "Give {map} such values: {check}, or point {value} to the type that they have."
	AdviseMapType        Phrase = "Declare {value} with the type of the {place} of {map} ({size}[, {type}]), or give the map {place} of the other type."
	AdviseBarrier        Phrase = "Keep the compiler from removing the test: write {check} before line {line}."
	AdviseReadMember     Phrase = "Read the member from the kernel instead of from the copy, as with BPF_CORE_READ(…, {member}), or leave `preserve_access_index` out for copies."
	AdviseLocalCounter   Phrase = "Count in a local variable and store it to the map when the loop is done."
	AdviseCopyCounter    Phrase = "Pass the address of a copy: {check}."
)
