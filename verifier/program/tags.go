// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Tags by which a function chooses how it is loaded. The kernel's selftests use
// the first two.
const (
	tagLogLevel  = "comment:test_log_level="
	tagProgFlags = "comment:test_prog_flags="
	tagException = "exception_callback:"
)

// flagNames are the program flags by their C names.
var flagNames = map[string]uint32{
	"BPF_F_STRICT_ALIGNMENT":    FlagStrictAlignment,
	"BPF_F_ANY_ALIGNMENT":       FlagAnyAlignment,
	"BPF_F_TEST_RND_HI32":       FlagTestRndHi32,
	"BPF_F_TEST_STATE_FREQ":     FlagTestStateFreq,
	"BPF_F_SLEEPABLE":           FlagSleepable,
	"BPF_F_XDP_HAS_FRAGS":       FlagXDPHasFrags,
	"BPF_F_XDP_DEV_BOUND_ONLY":  FlagXDPDevBoundOnly,
	"BPF_F_TEST_REG_INVARIANTS": FlagTestRegInvariants,
}

// readTags collects the decl tags of functions, by function name, in the order
// of BTF.
func (l *loader) readTags() {
	l.tags = make(map[string][]string)
	if l.btf == nil {
		return
	}
	for id := uint32(1); id < l.btf.count(); id++ {
		if l.btf.kind(id) != kindDeclTag || int32(l.btf.extra(id)) != -1 {
			continue
		}
		if of := l.btf.ref(id); l.btf.kind(of) == kindFunc {
			name := l.btf.name(of)
			l.tags[name] = append(l.tags[name], l.btf.name(id))
		}
	}
}

// applyTags sets the flags and the log level that a program's tags ask for.
func (l *loader) applyTags(p *Program) {
	var set, unset uint32
	for _, tag := range l.tags[p.Name] {
		if val, ok := strings.CutPrefix(tag, tagLogLevel); ok {
			n, _ := strconv.ParseUint(val, 10, 32)
			p.LogLevel = uint32(n)
		}
		val, ok := strings.CutPrefix(tag, tagProgFlags)
		if !ok {
			continue
		}
		name, clears := strings.CutPrefix(val, "!")
		bits, ok := flagNames[name]
		if !ok {
			n, _ := strconv.ParseUint(name, 0, 32)
			bits = uint32(n)
		}
		if clears {
			unset |= bits
		} else {
			set |= bits
		}
	}
	p.Flags = p.Flags&^unset | set
}

// Tags are the decl tags of one of the object's functions, in the order of BTF.
func (o *Object) Tags(function string) []string { return o.tags[function] }

// bindException finds the exception callback that a program's tags name.
//
// kernel: bpf_prog_assign_exc_cb
func (l *loader) bindException(fn *function) {
	var names []string
	for _, tag := range l.tags[fn.name] {
		if name, ok := strings.CutPrefix(tag, tagException); ok {
			names = append(names, name)
		}
	}
	if len(names) != 1 {
		return // of several, the verifier complains
	}
	i := slices.IndexFunc(l.functions, func(f *function) bool { return l.isSubprog(f) && f.name == names[0] })
	if i < 0 {
		fn.fail(ExceptionCallback, -1, names[0],
			fmt.Sprintf("there is no exception callback '%s'", names[0]))
		return
	}
	cb := l.functions[i]
	if !cb.global || cb.hidden {
		fn.fail(ExceptionCallback, -1, names[0],
			fmt.Sprintf("exception callback '%s' must be a global function that is not hidden", names[0]))
		return
	}
	fn.exception = cb
}
