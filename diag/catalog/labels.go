// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "strconv"

// Label is a short wording that is no sentence, for the margins of an editor; see
// Fill for its placeholders. The facts are named after what they count.
type Label string

// With fills in the facts. Unlike a Phrase, a label keeps its first letter.
func (l Label) With(f Facts) string {
	text, _, _ := fill(string(l), f, 0)
	return text
}

// What became of a program, in one line.
const (
	ProgramAccepted    Label = "accepted[ · {insns} insns][ · {states} states][ · {stack} B stack][ · {kernels}]"
	ProgramRejected    Label = "rejected[ · {category}][: {problem}][ · {insns} insns][ · {states} states][ · {kernels}]"
	ProgramNotVerified Label = "not verified[: {reason}]"
	ProgramRefused     Label = "{summary} · no program can be loaded: {problem}"
	ProgramVariant     Label = "{variant}: {summary}"

	// ObjectOpen is said of an object whose programs are accepted and that is refused as it is.
	ObjectOpen Label = "The object cannot be loaded before user space completes {name}."

	// HeatOf is the heading over the lines of a program, LineHeat what one took.
	HeatOf   Label = "{insns} instructions, line by line"
	LineHeat Label = "{insns} insns · {share} %"

	// OfLimit is a number that has come near to its limit.
	OfLimit Label = "{count} of {limit}"
)

// What a command beside a summary does.
const (
	ShowLog  Label = "verifier log"
	ShowHeat Label = "heat"
)

// What an action beside changes does.
const (
	OpenPage    Label = "Open the page on {code}"
	ShowLogAt   Label = "Show the verifier log at this error"
	OpenSetting Label = "Open the setting {name}"
)

// Marks of what a kernel says of a program.
const (
	MarkAccepted = "✓"
	MarkRejected = "✗"
	MarkUnknown  = "?"
)

// Grouped writes a number with a comma before each three digits.
func Grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Hints behind lines, as comments would say it.
const (
	HintLoop   Label = "// {loops}"
	HintRange  Label = "{name}: {min}…{max}"
	HintValue  Label = "{name}: {min}"
	HintRounds Label = "≤ {count} rounds"
	HintPacket Label = "// {size} of packet proven"

	HintMayBeNull Label = "// may be NULL"
	HintNotNull   Label = "// not NULL"

	HintSeparator = ", "
)

// What hints mean.
const (
	AboutHintLoop   Phrase = "The values in the body of the loop on all paths that the verifier followed, and how often one of them went round."
	AboutHintPacket Phrase = "Where this check finds the packet long enough, the verifier knows that it has so many bytes from its start."
	AboutHintNull   Phrase = "What the verifier knows of the result of this call."
)
