// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Bits of the log level.
const (
	logFailing  = 1 // the path to the fault
	logAllPaths = 2 // every path, and what the engine does
	logPaths    = logFailing | logAllPaths
	logStats    = 4
)

// maxMessage is the longest text that the kernel formats in one piece, in
// bytes; it cuts off the rest.
const maxMessage = 1023

// maxLog is how much of a log is kept at least, in bytes; of a longer log its
// end. It is what libbpf lets the kernel write at most.
const maxLog = 16 << 20

// Columns that the state after an instruction is aligned to.
const (
	stateColumn = 40
	stateTab    = 8
)

// tracer writes the kernel's log. One buffer holds it all; going back to an
// earlier path cuts it off there.
//
// kernel: struct bpf_verifier_log and the scratch marks of bpf_verifier_env
type tracer struct {
	level uint32
	// buf is the log without the first dropped bytes.
	buf     []byte
	dropped int

	// Registers and slots of the active frame that changed since its state
	// was last printed.
	regs  uint32
	slots uint64

	// line is the index of the source line printed last, noLine for none.
	line int
	// insnEnd is the length of the log after the last instruction, and
	// insnWidth the length of that instruction's line.
	insnEnd, insnWidth int

	names isa.Names
}

const noLine = -1

// printf appends formatted text.
//
// kernel: bpf_verifier_vlog
func (t *tracer) printf(format string, args ...any) {
	start := len(t.buf)
	t.buf = fmt.Appendf(t.buf, format, args...)
	if len(t.buf)-start > maxMessage {
		t.buf = t.buf[:start+maxMessage]
	}
}

// end is the length of the log, dropped bytes included.
func (t *tracer) end() int { return t.dropped + len(t.buf) }

// reset cuts the log off at a length that it had before. If what stood there
// was dropped, nothing is left.
//
// kernel: bpf_vlog_reset
func (t *tracer) reset(end int) {
	if t.level == 0 {
		return
	}
	if end < t.dropped {
		t.buf, t.dropped = t.buf[:0], end
		return
	}
	t.buf = t.buf[:end-t.dropped]
}

// trim drops the beginning of a log that is too long.
func (t *tracer) trim() {
	if extra := len(t.buf) - maxLog; extra > maxLog {
		t.buf = t.buf[:copy(t.buf, t.buf[extra:])]
		t.dropped += extra
	}
}

// scratchAll makes the next print show every register and slot.
//
// kernel: mark_verifier_state_scratched
func (t *tracer) scratchAll() { t.regs, t.slots = ^uint32(0), ^uint64(0) }

// scratchNone makes the next print show nothing.
//
// kernel: mark_verifier_state_clean
func (t *tracer) scratchNone() { t.regs, t.slots = 0, 0 }

// scratchReg makes the next print show register n.
//
// kernel: mark_reg_scratched
func (t *tracer) scratchReg(n uint8) { t.regs |= 1 << n }

// scratchSlot makes the next print show stack slot spi.
//
// kernel: mark_stack_slot_scratched
func (t *tracer) scratchSlot(spi int) { t.slots |= 1 << spi }

// sayInsn writes the instruction at pc, newline included.
//
// kernel: verbose_insn
func (v *verifier) sayInsn(pc int) {
	t := &v.trace
	t.buf = append(t.names.Append(t.buf, v.insns, pc), '\n')
}

// sayLine writes the source line of pc to the log, if it was not the last one
// written.
//
// kernel: verbose_linfo
func (v *verifier) sayLine(pc int) { v.sayLineAfter("; ", pc) }

// sayLineOf is sayLine with the instruction in front.
func (v *verifier) sayLineOf(pc int) { v.sayLineAfter(strconv.Itoa(pc)+": ", pc) }

// sayLineAfter is sayLine with another prefix.
func (v *verifier) sayLineAfter(prefix string, pc int) {
	t := &v.trace
	lines := v.prog.Lines
	if t.level == 0 || len(lines) == 0 || pc >= len(v.insns) {
		return
	}
	n := v.lineAt(pc)
	if n == t.line {
		return
	}
	line := &lines[n]
	if t.line != noLine && lines[t.line].Line == line.Line && lines[t.line].File == line.File {
		return
	}
	text := strings.TrimLeft(line.Text, " \t\n\v\f\r\u00a0")
	if len(text) > maxMessage {
		text = text[:maxMessage]
	}
	t.buf = append(append(t.buf, prefix...), text...)
	t.buf = append(append(t.buf, " @ "...), line.File[strings.LastIndexByte(line.File, '/')+1:]...)
	t.buf = append(t.buf, ':')
	t.buf = append(strconv.AppendUint(t.buf, uint64(line.Line), 10), '\n')
	t.line = n
}

// lineAt is the index of the line that pc belongs to.
//
// kernel: find_linfo
func (v *verifier) lineAt(pc int) int {
	lines := v.prog.Lines
	lo, hi := 0, len(lines)-1
	for lo < hi {
		mid := lo + (hi-lo+1)/2
		if int(lines[mid].InsnOff) <= pc {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// withRoom is s with room for n more elements. It doubles s, where append would
// add a quarter to a long slice and so copy it all many times over.
func withRoom[T any](s []T, n int) []T {
	if len(s)+n <= cap(s) {
		return s
	}
	return slices.Grow(s, max(len(s), n))
}

// traceInsn writes what the previous instruction changed and the one about to
// be checked.
func (v *verifier) traceInsn(pc int) {
	t := &v.trace
	if t.regs != 0 || t.slots != 0 {
		v.sayInsnState()
	}
	v.sayLine(pc)
	t.trim()
	t.buf = withRoom(t.buf, 2*maxMessage)
	start := t.end()
	t.buf = append(strconv.AppendInt(t.buf, int64(pc), 10), ": "...)
	v.sayInsn(pc)
	t.insnEnd = t.end()
	t.insnWidth = t.insnEnd - start
}

// sayInsnState writes what changed since the last print, after the last
// instruction if nothing was written since.
//
// kernel: print_insn_state
func (v *verifier) sayInsnState() {
	t := &v.trace
	if t.level == 0 {
		t.scratchNone()
		return
	}
	if t.insnEnd != 0 && t.insnEnd == t.end() {
		t.buf = t.buf[:len(t.buf)-1]
		for range alignment(t.insnWidth) {
			t.buf = append(t.buf, ' ')
		}
		t.buf = append(t.buf, ';')
	} else {
		t.buf = append(strconv.AppendInt(t.buf, int64(v.pc), 10), ':')
	}
	v.tracePrintState(v.cur, v.cur.Cur, false)
}

// alignment is how many blanks lead from the end of a line of the given width
// to the column of its state.
//
// kernel: vlog_alignment
func alignment(width int) int {
	column := max(width+stateTab/2, stateColumn)
	return (column+stateTab-1)/stateTab*stateTab - width - 1
}

// appendRegMask appends the registers in mask: "r0,r2".
//
// kernel: fmt_reg_mask
func appendRegMask(b []byte, mask uint32) []byte {
	first := true
	for n := 0; mask != 0; n, mask = n+1, mask>>1 {
		if mask&1 == 0 {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = strconv.AppendInt(append(b, 'r'), int64(n), 10)
	}
	return b
}

// appendSlotMask appends the offsets of the stack slots in mask: "-8,-24".
//
// kernel: bpf_fmt_stack_mask
func appendSlotMask(b []byte, mask uint64) []byte {
	first := true
	for n := 0; mask != 0; n, mask = n+1, mask>>1 {
		if mask&1 == 0 {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = strconv.AppendInt(b, -int64(n+1)*8, 10)
	}
	return b
}
