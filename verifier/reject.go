// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// Error numbers that rejections carry.
const (
	eperm      = 1
	enoent     = 2
	e2big      = 7
	ebadf      = 9
	eagain     = 11
	enomem     = 12
	eacces     = 13
	efault     = 14
	einval     = 22
	eopnotsupp = 95
	eproto     = 71
	enotsupp   = 524
)

// end says why a walk stopped before its end.
type end uint8

const (
	endRejected end = iota
	endUnsupported
	endCanceled
	endBug
)

// Rejection is a program's fault, or another reason to stop the walk. nil
// means that nothing is wrong.
type Rejection struct {
	end    end
	report Report
	// more are further faults found at the same place.
	more []Report
}

// say writes to the log, as the kernel's verbose does. The text is what the
// kernel prints, newline included.
func (v *verifier) say(format string, args ...any) {
	if v.trace.level != 0 {
		v.trace.printf(format, args...)
	}
}

// reject ends the walk with a fault of the program, whose line goes to the log
// unless the kernel is silent about it.
func (v *verifier) reject(errno int, f *fault.Fault) *Rejection {
	frame := 0
	if v.cur != nil {
		frame = v.cur.Cur
	}
	return &Rejection{end: endRejected, report: Report{
		Code: f.Code, PC: v.pc, Frame: frame, Kernel: v.sayFault(f), Errno: errno, Fault: f,
	}}
}

// addLine extends a rejection by another line of the log.
func (v *verifier) addLine(r *Rejection, f *fault.Fault) *Rejection {
	r.report.Kernel += "\n" + v.sayFault(f)
	r.report.Fault.Append(f)
	return r
}

// sayFault writes a fault to the log, and returns its line.
func (v *verifier) sayFault(f *fault.Fault) string {
	line := f.Line(v.release)
	switch {
	case f.Silent():
	case f.Ended():
		v.say("%s\n", line)
	default:
		v.say("%s", line)
	}
	return line
}

// unsupported ends the walk without a verdict: the program uses what this
// verifier does not model.
func (v *verifier) unsupported(format string, a ...any) *Rejection {
	return &Rejection{end: endUnsupported, report: Report{PC: v.pc, Kernel: fmt.Sprintf(format, a...)}}
}

// kernelFault ends the walk where the kernel's own verifier fails on a program
// that may be right, and refuses it.
//
// kernel: verifier_bug
func (v *verifier) kernelFault(format string, a ...any) *Rejection {
	return v.reject(efault, fault.KernelFault.Of(fault.Detail{Detail: fmt.Sprintf(format, a...)}))
}

// bug ends the walk because an invariant of the verifier broke.
//
// kernel: verifier_bug
func (v *verifier) bug(format string, a ...any) *Rejection {
	text := fmt.Sprintf(format, a...)
	v.say("verifier bug: %s\n", text)
	return &Rejection{end: endBug, report: Report{PC: v.pc, Kernel: text, Errno: efault}}
}

// recoverable reports whether r is a fault that a speculative path may meet without harm,
// since a barrier keeps the processor from running into it.
//
// kernel: error_recoverable_with_nospec
func (r *Rejection) recoverable() bool {
	if r == nil || r.end != endRejected {
		return false
	}
	switch r.report.Errno {
	case eperm, eacces, einval:
		return true
	}
	return false
}

// because makes r the second line of an earlier fault that it follows from, and
// whose code it takes: that is what has to be fixed in the program. An earlier fault
// without a text leaves r as it is.
func (r *Rejection) because(first *Rejection) *Rejection {
	if first != nil && first.report.Kernel != "" {
		r.report.Kernel = first.report.Kernel + "\n" + r.report.Kernel
		r.report.Code = first.report.Code
		first.report.Fault.Append(r.report.Fault)
		r.report.Fault = first.report.Fault
	}
	return r
}
