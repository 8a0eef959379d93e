// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"strconv"
	"strings"
)

// kindNames say what a register type of the kernel's log means to a C
// programmer, with an article.
var kindNames = map[string]string{
	"?":            "a value that was never set",
	"scalar":       "a number",
	"ctx":          "the context",
	"map_ptr":      "a map",
	"map_value":    "a map value",
	"map_key":      "a map key",
	"fp":           "an address of local memory",
	"pkt":          "packet data",
	"pkt_meta":     "packet metadata",
	"pkt_end":      "the end of the packet",
	"flow_keys":    "flow keys",
	"sock":         "a socket",
	"sock_common":  "a socket",
	"tcp_sock":     "a TCP socket",
	"tp_buffer":    "a tracepoint's buffer",
	"xdp_sock":     "an XDP socket",
	"ptr_":         "a pointer to a kernel object",
	"trusted_ptr_": "a trusted pointer to a kernel object",
	"rcu_ptr_":     "an RCU-protected pointer to a kernel object",
	"mem":          "a piece of memory",
	"ringbuf_mem":  "a ring buffer record",
	"dynptr_data":  "data of a dynptr",
	"buf":          "a buffer of the kernel",
	"func":         "a function",
	"dynptr_ptr":   "a dynptr",
	"arena":        "arena memory",
	"percpu_ptr_":  "a pointer to a per-CPU kernel object",
	"user_ptr_":    "a pointer to user memory",
}

// kindPrefixes are the flags that the log writes before a type.
var kindPrefixes = []struct{ spelling, words string }{
	{"rdonly_", "read-only"},
	{"trusted_", "trusted"},
	{"untrusted_", "untrusted"},
	{"rcu_", "RCU-protected"},
	{"percpu_", "per-CPU"},
	{"user_", "user"},
	{"ringbuf_", ""},
	{"non_own_ref_", "borrowed"},
	{"ref_", "owned"},
}

// Kind describes a register type as the kernel's log spells it; it returns ""
// for what it does not know.
func Kind(spelling string) string {
	base := strings.TrimSpace(spelling)
	for _, suffix := range []string{"_or_null_", "_or_null"} {
		if cut, ok := strings.CutSuffix(base, suffix); ok {
			if strings.HasSuffix(suffix, "_") {
				cut += "_"
			}
			words := Kind(cut)
			if words == "" {
				return ""
			}
			return words + " that may be NULL"
		}
	}
	if words, ok := kindNames[base]; ok {
		return words
	}
	for _, p := range kindPrefixes {
		rest, ok := strings.CutPrefix(base, p.spelling)
		if !ok {
			continue
		}
		words := Kind(rest)
		if words == "" {
			return ""
		}
		return qualify(words, p.words)
	}
	if name, ok := strings.CutPrefix(base, "ptr_"); ok {
		return "a pointer to `struct " + name + "`"
	}
	return ""
}

// qualify puts an adjective into "a thing" or "the thing".
func qualify(words, adjective string) string {
	if adjective == "" {
		return words
	}
	article, noun, ok := strings.Cut(words, " ")
	if !ok {
		return words
	}
	if article == "a" || article == "an" {
		article = "a"
		if strings.ContainsRune("aeiou", rune(adjective[0])) {
			article = "an"
		}
	}
	return article + " " + adjective + " " + noun
}

// Kinds describes a list such as "fp, pkt, map_value", naming what a program
// usually has: more than three kinds are memory of any kind.
func Kinds(spelling string) string {
	var names []string
	for part := range strings.SplitSeq(spelling, ",") {
		words := Kind(part)
		if words == "" {
			return ""
		}
		names = append(names, words)
	}
	switch n := len(names); {
	case n > 3 && TakesMemory(spelling):
		return "memory of known size, such as local memory or a map value,"
	case n > 3 && strings.HasPrefix(spelling, "sock"):
		return "a socket"
	case n > 3:
		return strings.Join(names[:3], ", ") + " or the like"
	case n > 1:
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return names[0]
}

// TakesMemory reports whether a list of types, as the kernel spells it, has that of
// local memory: any memory of known size will do then.
func TakesMemory(spelling string) bool {
	for part := range strings.SplitSeq(spelling, ",") {
		if strings.TrimSpace(part) == "fp" {
			return true
		}
	}
	return false
}

// TakesStack reports whether such a list has the type of local memory alone.
func TakesStack(spelling string) bool { return strings.TrimSpace(spelling) == "fp" }

// ordinals name argument positions; the first is number 1.
var ordinals = []string{"", "first", "second", "third", "fourth", "fifth"}

// Ordinal names the position n of an argument, from 1.
func Ordinal(n int) string {
	if n < 1 || n >= len(ordinals) {
		return ""
	}
	return ordinals[n]
}

// ValueRange describes the values between two limits, "" for any value.
func ValueRange(min, max int64) string {
	const unlimitedMin, unlimitedMax = -1 << 63, 1<<63 - 1
	switch {
	case min == max:
		return strconv.FormatInt(min, 10)
	case min == unlimitedMin && max == unlimitedMax:
		return ""
	case min == unlimitedMin:
		return "at most " + strconv.FormatInt(max, 10)
	case max == unlimitedMax:
		return "at least " + strconv.FormatInt(min, 10)
	}
	return strconv.FormatInt(min, 10) + " to " + strconv.FormatInt(max, 10)
}

// sleeplessRegions describe the regions that messages about sleeping name.
var sleeplessRegions = map[string]string{
	"rcu_read_lock region":   "code inside an RCU read section",
	"non-preemptible region": "code with preemption disabled",
	"IRQ-disabled region":    "code with interrupts disabled",
	"non-sleepable prog":     "a program that is not sleepable",
}

// Sleepless describes a region that a message about sleeping names, "" for
// anything else.
func Sleepless(spelling string) string { return sleeplessRegions[spelling] }
