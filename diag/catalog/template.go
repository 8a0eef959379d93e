// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "strings"

// Facts are what is known about one fault, by placeholder name. A missing or
// empty fact is unknown.
type Facts map[string]string

// Placeholders are the names that wording may use, with what stands for them.
var Placeholders = map[string]string{
	"value":         "the value concerned: a C variable in backquotes, or where the value came from",
	"kind":          "what kind of value it is, in words, with its article",
	"wanted":        "what kind of value would do, in words",
	"call":          "the function called, with parentheses",
	"arg":           "which argument, as an ordinal",
	"param":         "the name of the parameter",
	"function":      "the C function that holds the instruction, with parentheses",
	"program":       "the program's C function",
	"progtype":      "the program's type",
	"acquirer":      "the function that acquired the resource, with parentheses",
	"acquired":      "past participle of what the acquiring function did",
	"acquire_line":  "the line of the acquiring call",
	"releaser":      "the functions that release the resource, with parentheses",
	"exit":          "how the path leaves the program, as a clause",
	"off":           "the offset of the access in bytes",
	"added":         "what was added to a pointer, with its unit",
	"size":          "the size of the access, with its unit",
	"part":          "which amount of memory one map takes, with its unit",
	"more":          "which amount of memory each further CPU adds, with its unit",
	"datasize":      "the number of bytes of a format's arguments",
	"unproven":      "that a function may access more of an argument than is proven to be there",
	"object":        "the size of the object, with its unit",
	"limit":         "the bound that was exceeded",
	"min":           "the least possible value",
	"max":           "the greatest possible value",
	"range":         "the possible values, in words",
	"type":          "a type as the kernel spells it",
	"want":          "the type asked for, as the kernel spells it",
	"name":          "a map, structure, field or symbol",
	"place":         "what the accessed object is, in words",
	"pad":           "where a structure has unset padding, in words",
	"advice":        "what to do in this very case, a full sentence",
	"license":       "what is known of the object's license, as a clause",
	"near":          "names that may have been meant, in backquotes",
	"whence":        "where a number was read that is used as a pointer, as a clause",
	"lost":          "why a pointer is none any more, as a clause",
	"ended":         "how and where a resource ended, as a clause without a subject",
	"never":         "that a resource was never made, as a clause",
	"live":          "what a variable still holds, and which call made it",
	"saver":         "the function that saved an interrupt state, and its line",
	"latest":        "which interrupt state was saved last, as a clause",
	"held":          "the lock that is held, and where it was taken",
	"locktype":      "the type of a lock in a map's values",
	"lockname":      "the lock that is held",
	"beyond":        "the type that a pointer has, and its size, as a clause",
	"second":        "the lock that is held where another is taken",
	"unlock":        "the statement that releases the lock that is held, or ends another region",
	"mapis":         "a map's type, and the line that says it, as a clause",
	"takes":         "the types of maps that a function works on",
	"ownhelpers":    "the functions that a type of map is for, with parentheses",
	"keytype":       "the member of a map's definition for its keys",
	"valuetype":     "the member of a map's definition for its values",
	"offered":       "the program types that may call a function",
	"gate":          "the hooks where a helper may be called, in words",
	"section":       "a section for a program that may call the function",
	"loader":        "the function by which the program copies packet bytes",
	"onstack":       "which variable is on the stack, as a clause",
	"string":        "what a string is that must be constant, as a clause",
	"untyped":       "a map that is defined by sizes alone, or a function that returns a number",
	"typed":         "the function that returns a pointer to a kernel object",
	"uses":          "the variable that what a lock protects is reached through",
	"under":         "the lines that use what a lock protects",
	"apart":         "an inlined function that belongs under the lock that is held, but for one call",
	"into":          "the function that takes the lock which is held",
	"minuend":       "what a number is subtracted from",
	"forgotten":     "where what is known of a number is lost on the stack, as a clause",
	"otherwise":     "the keys or values that a map would have with another definition",
	"members":       "the members of a structure",
	"moving":        "the call of an inlined function that has to move",
	"dropped":       "the parameter that the compiler does not pass",
	"voidparam":     "the parameter that is a pointer to void",
	"ctxtype":       "the type of a pointer to the program's context",
	"proto":         "the prototype of a function of the kernel",
	"count":         "how many arguments there are, in words",
	"hookcall":      "the function or tracepoint that the program is attached to",
	"field":         "a kind of special field",
	"getters":       "the functions that give a reference to an object",
	"tagged":        "the declaration of a parameter with the tag that it needs",
	"pointersize":   "that memory was asked for with the size of a pointer, as a clause",
	"constant":      "the constant that is written to",
	"suitable":      "the maps of the object that a function works on, as arguments",
	"ownhelper":     "the function that does the same for the type of map",
	"exchange":      "the argument that should be in the place of another, as a noun",
	"reserver":      "the function that returns what another one takes, with parentheses",
	"reader":        "the function that gave memory to read, with parentheses",
	"writer":        "the function that gives the same memory to write, and the line of the call",
	"owner":         "the call that gives a reference to what a member leads to, in backquotes",
	"lender":        "where a pointer came from that owns nothing, as a clause",
	"plain":         "the simpler function that a function is a form of, with parentheses",
	"sleeper":       "that the program is not one that may sleep",
	"storer":        "the function by which the program writes to packets",
	"settable":      "the members of the context that can be written",
	"others":        "the program types that have a member of the context",
	"readonly":      "the member of a context of which nothing can be written",
	"fromhook":      "the function that a program is attached to and whose argument is used",
	"elsewhere":     "what an argument points to in a map's value, and where the field is",
	"fieldless":     "the type of a map's values, which lack a special field",
	"gives":         "the type of a function's result, in backquotes",
	"result":        "that the result of a hook follows its arguments, in words",
	"writable":      "the members that can be written",
	"member":        "the member of a structure that is accessed",
	"needs":         "which bytes an access needs, in words",
	"where":         "where a pointer leads, as a sentence without its end",
	"null":          "which condition found a pointer NULL, as a clause",
	"given":         "what the source passes, in backquotes",
	"constantsize":  "that a size must be a constant",
	"merged":        "that the compiler tests another number for a condition",
	"processor":     "a flag of the compiler, in backquotes",
	"inmap":         "which map an object is in, as a clause",
	"covered":       "an argument that leads to something which a call may not access",
	"refusedfields": "a map whose special fields were refused",
	"nullpassed":    "which call passes NULL, as a clause",
	"nullcure":      "what to do about a pointer that is NULL, a full sentence",
	"way":           "what to do about a pointer that is NULL, as a clause",
	"offset":        "the offset used, as a C expression",
	"op":            "the operator",
	"align":         "the alignment asked for, in bytes",
	"context":       "the region that is open, in words",
	"detail":        "more about the fault, a full sentence",
	"path":          "the functions involved",
	"checked":       "how far the packet is known to reach, as a clause",
	"access":        "the access as the source writes it",
	"nopacket":      "what the memory is between data and data_end, if that is no packet",
	"accessed":      "read or written",
	"map":           "a map and its type, in words",
	"goes":          "the value that changes nothing at the hook, with what it does",
	"refuses":       "the value that stops what is going on at the hook, with what it does",
	"errno":         "the function that sets the error of a refusal",
	"hook":          "what the returned value goes to, in words",
	"cause":         "why a number has no better limits, as a clause",
	"fit":           "which limits an index has and needs, as a clause",
	"room":          "how many bytes are where a pointer leads, as a clause",
	"length":        "which values a length has, as a clause",
	"unlimited":     "that an offset on the stack has no limits",
	"varies":        "which values an offset on the stack has",
	"deep":          "that an access is further down than a frame can be",
	"belowzero":     "the limits of an offset that may be negative",
	"outermap":      "the map that a map was looked up in",
	"inners":        "a map of the program that has maps in it",
	"mergedread":    "the member of the context that is read, as the source writes it",
	"ownstruct":     "a struct of the program that has the name of another one",
	"swapped":       "which argument the map is, as a clause",
	"other":         "another argument of the call",
	"reads":         "what a function reads from an argument: a key or a value",
	"movedarg":      "by how many bytes an argument was moved",
	"dynptr":        "the variable that is a dynptr",
	"iterator":      "the variable that is an iterator",
	"irqflag":       "the variable that is a saved interrupt state",
	"braces":        "that a statement needs braces together with the one behind it",
	"instead":       "which statement would do in place of another, as a clause",
	"lockfailed":    "which call did not take a lock on this path, as a clause",
	"failed":        "that the call which acquired a resource failed",
	"later":         "the line of a call that has to go",
	"changer":       "the helper that changes a member of the context, with parentheses",
	"widths":        "which numbers of bytes can be accessed, as an adverbial",
	"fullsock":      "a member that only full sockets have",
	"operator":      "an operator of the source that pointers do not take",
	"pair":          "two pointers of one operation, as a clause",
	"loops":         "the loops that a path was in, as a noun",
	"unchanged":     "which variable of a loop does not change, as a clause",
	"rounds":        "why the rounds of a loop are so many, as a clause",
	"alone":         "that a function is verified without its callers, as a clause",
	"static":        "how a function is declared that is verified for each call",
	"traced":        "that a program only watches",
	"macro":         "a macro for arguments that does not go with the program's section",
	"ctxname":       "what the program calls its context",
	"writers":       "the program types that can write a member of the context",
	"hooks":         "sections of programs that may access a member of the context",
	"subtracted":    "which line subtracts a variable from a pointer, as a clause",
	"relation":      "two numbers of which each is limited, as a clause",
	"declared":      "which size a variable has, and where it is declared, as a clause",
	"role":          "what a call takes the memory for, with its size",
	"moved":         "where CO-RE moved an access, as a clause",
	"copy":          "which size a variable has, as a clause",
	"spent":         "where the instructions of the program went, as sentences",
	"unfollowed":    "why what changes in a loop is not followed, as a clause",
	"number":        "the type of a number, in backquotes",
	"chain":         "functions that call each other, with their stack",
	"reg":           "the register",
	"id":            "the number of a helper",
}

// Fill writes out wording with facts. In it, {name} stands for a fact,
// {name|text} for the fact or, if it is unknown, for text, and a part in
// [brackets] is left out unless all facts in it are known; brackets nest.
// Code in backquotes is copied as it is. Every sentence starts with a capital letter afterwards.
func Fill(wording string, facts Facts) string {
	text, _, _ := fill(wording, facts, 0)
	return sentences(text)
}

// fill expands wording up to the bracket that closes depth, and returns the
// rest behind it. whole is false when a fact was missing.
func fill(wording string, facts Facts, depth int) (text string, rest string, whole bool) {
	var b strings.Builder
	whole = true
	for wording != "" {
		i := strings.IndexAny(wording, "{[]`")
		if i < 0 {
			b.WriteString(wording)
			return b.String(), "", whole
		}
		b.WriteString(wording[:i])
		mark := wording[i]
		wording = wording[i+1:]
		switch mark {
		case '`':
			code, after, _ := strings.Cut(wording, "`")
			b.WriteString("`" + code + "`")
			wording = after
		case '{':
			hole, after, _ := strings.Cut(wording, "}")
			name, instead, optional := strings.Cut(hole, "|")
			if value := facts[name]; value != "" {
				b.WriteString(value)
			} else if optional {
				b.WriteString(instead)
			} else {
				whole = false
			}
			wording = after
		case '[':
			inner, after, known := fill(wording, facts, depth+1)
			if known {
				b.WriteString(inner)
			}
			wording = after
		case ']':
			if depth > 0 {
				return b.String(), wording, whole
			}
			b.WriteByte(']')
		}
	}
	return b.String(), "", whole
}

// sentences gives each sentence of text a capital first letter, but leaves
// quoted code alone.
func sentences(text string) string {
	b := []byte(text)
	start := true
	quoted := false
	for i, c := range b {
		switch {
		case c == '`':
			quoted = !quoted
			start = false
		case start && c >= 'a' && c <= 'z' && !isIdentifierAt(text[i:]):
			b[i] = c - 'a' + 'A'
			start = false
		case start && c != ' ':
			start = false
		case !quoted && c == '.' && i+1 < len(b) && b[i+1] == ' ':
			start = true
		}
	}
	return string(b)
}

// isIdentifierAt reports whether text starts with the name of a C function
// or variable, which keeps its spelling.
func isIdentifierAt(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	return strings.ContainsAny(word, "_(")
}

// holes lists the placeholders of wording; required are those that stand
// outside brackets without a text to take their place.
func holes(wording string) (all, required []string) {
	depth := 0
	quoted := false
	for i := 0; i < len(wording); i++ {
		if wording[i] == '`' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		switch wording[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '{':
			hole, _, _ := strings.Cut(wording[i+1:], "}")
			name, _, optional := strings.Cut(hole, "|")
			all = append(all, name)
			if depth == 0 && !optional {
				required = append(required, name)
			}
		}
	}
	return all, required
}
