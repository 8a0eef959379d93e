// SPDX-License-Identifier: GPL-2.0-only

// Package kernellog takes a verifier log apart the way people read one: what
// the closing message is, which instruction and source line it is about, and
// what the statistics say. The same functions serve for our own logs and for
// a kernel's, so that answers can be compared field by field.
//
// Reading order: kernellog.go, reports.go; then for text that people paste
// paste.go (cleaning), pasted.go (one log after the other), walk.go (steps).
package kernellog

import (
	"strconv"
	"strings"
)

// maxMessage is how many lines before the statistics can belong to a message.
const maxMessage = 8

// Ending is what the end of the log of a rejected program says.
type Ending struct {
	Message string // the closing lines, joined by "\n"
	PC      int    // the instruction they are about, -1 if the log does not tell
	Source  string // "file.c:line" that was current then, or ""
	// Reports are the explanations that the log has besides its message.
	Reports []Report
}

// End finds the closing message of a log. In a log of level 1 the steps before
// it are those of the failing path, so the last one is the failing one.
func End(log string) Ending {
	// Some messages lack their newline, so that the statistics follow at once.
	log = strings.ReplaceAll(log, "verification time ", "\nverification time ")
	log, reports := Split(log)
	lines := strings.Split(log, "\n")

	start, end := closing(lines)
	if start == end && end > 0 {
		start--
	}

	var message []string
	for _, l := range lines[start:end] {
		if l = strings.TrimRight(l, " \t"); l != "" {
			message = append(message, l)
		}
	}
	e := Ending{Message: strings.Join(message, "\n"), PC: -1, Reports: reports}
	for i := start - 1; i >= 0 && e.Source == ""; i-- {
		if e.PC < 0 {
			if pc, ok := instruction(lines[i]); ok {
				e.PC = pc
			} else if pc, ok := position(lines[i]); ok {
				e.PC = pc
			}
		}
		e.Source, _ = source(lines[i])
	}
	if e.PC < 0 {
		e.PC = named(e.Message)
	}
	return e
}

// closing are the lines between the last step and the statistics: those of the
// message, none in the log of an accepted program.
func closing(lines []string) (start, end int) {
	end = len(lines)
	for end > 0 && isClosing(lines[end-1]) {
		end--
	}
	start = end
	for start > 0 && end-start < maxMessage && !isStep(lines[start-1]) {
		start--
	}
	return start, end
}

// isClosing reports whether a line is of the statistics and blank lines that end a log.
func isClosing(line string) bool {
	return strings.HasPrefix(line, "processed ") || strings.HasPrefix(line, "verification time ") ||
		strings.HasPrefix(line, "stack depth ") || isSubprogStats(line) || strings.TrimSpace(line) == ""
}

// isSubprogStats reports whether a line is of the form "subprog 0 (f) main insns_self 5 …".
func isSubprogStats(line string) bool {
	rest, ok := strings.CutPrefix(line, "subprog ")
	if !ok {
		return false
	}
	_, rest, ok = number(rest)
	return ok && strings.HasPrefix(rest, " (")
}

// stepPrefixes begin lines that report progress, not a fault.
var stepPrefixes = []string{"; ", "func#", "Func#", "Validating ", "caller:", "callee:", "returning from callee",
	"to caller at ", "mark_precise:", "regs=", "parent ", "SCC ", "Global function ", "Tracing ", "from ", "last_idx "}

// isStep reports whether a line is of the walk over the program, not a message.
func isStep(line string) bool {
	if _, ok := instruction(line); ok {
		return true
	}
	if _, ok := position(line); ok {
		return true
	}
	if _, ok := source(line); ok {
		return true
	}
	for _, p := range stepPrefixes {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	bare := strings.TrimSpace(line)
	return strings.HasPrefix(bare, "frame") || isRegisters(bare) || isLiveness(line)
}

// isLiveness reports whether a line is of the form "(0,7) frame 1 insn 8 +live
// -16" or "(0,7) live stack update done in 2 iterations".
func isLiveness(line string) bool {
	chain, rest, ok := strings.Cut(line, ") ")
	if !ok || chain == "" || chain[0] != '(' || strings.Trim(chain[1:], "0123456789,") != "" {
		return false
	}
	return strings.HasPrefix(rest, "frame ") || strings.HasPrefix(rest, "live stack update ")
}

// instruction reads "12: (bf) r1 = r10".
func instruction(line string) (pc int, ok bool) {
	pc, rest, ok := number(line)
	if !ok || len(rest) < 7 || rest[:3] != ": (" || rest[5:7] != ") " || !isHex(rest[3]) || !isHex(rest[4]) {
		return 0, false
	}
	return pc, true
}

// position reads the line that shows the state before an instruction:
// "12: R0=…", "from 3 to 12: frame1: …", "12: safe".
func position(line string) (pc int, ok bool) {
	if rest, jumped := strings.CutPrefix(line, "from "); jumped {
		_, rest, ok = number(rest)
		if !ok {
			return 0, false
		}
		if line, ok = strings.CutPrefix(rest, " to "); !ok {
			return 0, false
		}
	}
	pc, rest, ok := number(line)
	if !ok {
		return 0, false
	}
	rest, ok = strings.CutPrefix(rest, ": ")
	if !ok {
		return 0, false
	}
	switch {
	case strings.HasPrefix(rest, "safe"), strings.HasPrefix(rest, "("):
		return pc, true
	case strings.HasPrefix(rest, "R"):
		_, _, ok = number(rest[1:])
		return pc, ok
	case strings.HasPrefix(rest, "frame"):
		_, _, ok = number(rest[len("frame"):])
		return pc, ok
	}
	return 0, false
}

// source reads "; int x = *p; @ file.c:12".
func source(line string) (place string, ok bool) {
	if !strings.HasPrefix(line, ";") {
		return "", false
	}
	at := strings.LastIndex(line, " @ ")
	if at < 0 {
		return "", false
	}
	place = line[at+len(" @ "):]
	colon := strings.LastIndexByte(place, ':')
	if colon < 0 || strings.IndexByte(place, '@') >= 0 {
		return "", false
	}
	if _, rest, ok := number(place[colon+1:]); !ok || rest != "" {
		return "", false
	}
	return place, true
}

// isRegisters reports whether a line is nothing but register states, such as
// "R0=scalar() R1=ctx() R10=fp0".
func isRegisters(line string) bool {
	if !strings.HasPrefix(line, "R") {
		return false
	}
	_, rest, ok := number(line[1:])
	if !ok {
		return false
	}
	if marks, found := strings.CutPrefix(rest, "_"); found {
		rest = strings.TrimLeft(marks, "rw")
		if rest == marks {
			return false
		}
	}
	return strings.HasPrefix(rest, "=")
}

// named finds the instruction that a message of a pass before the walk names
// itself: "unreachable insn 7", or "7: …".
func named(message string) int {
	if pc, rest, ok := number(message); ok && strings.HasPrefix(rest, ": ") {
		return pc
	}
	for rest := message; ; {
		at := strings.Index(rest, "insn ")
		if at < 0 {
			return -1
		}
		word := at == 0 || !isWordByte(rest[at-1])
		rest = rest[at+len("insn "):]
		if pc, after, ok := number(rest); ok && word && (after == "" || !isWordByte(after[0])) {
			return pc
		}
	}
}

// number reads the decimal number that s starts with.
func number(s string) (n int, rest string, ok bool) {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	return n, s[end:], err == nil
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
