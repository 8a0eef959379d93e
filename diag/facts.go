// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"maps"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// fault is one report of the verifier with all that is known about it.
type fault struct {
	*where
	report *verifier.Report
	result *verifier.Result
	entry  *catalog.Entry
	facts  catalog.Facts
	reg    int // the register concerned, -1 if none
	arg    int // the call argument concerned, from 1; 0 if none
	// failed is the instruction that the verifier stopped at. The report is
	// about an earlier one where a reference was lost before.
	failed int
	// overwritten is the assignment that destroyed the last copy of a
	// reference, nil for other faults.
	overwritten *Span
	// within is what around says, once that is known.
	within      []dwarfmap.Call
	withinKnown bool
}

// newFault collects what is known about a report: what the kernel's message
// tells, what the rule noted, and what the source says.
func newFault(w *where, res *verifier.Result, rep *verifier.Report) *fault {
	f := &fault{where: w, report: rep, result: res, reg: -1, failed: rep.PC}
	byText, told := catalog.Match(rep.Kernel)
	f.facts = told
	f.entry = catalog.Lookup(rep.Code)
	if f.entry == nil || byText != nil && byText.Code == catalog.UnresolvedRelocation {
		f.entry = byText
	}
	if f.entry == nil {
		f.entry = catalog.Lookup(catalog.Uncoded)
		f.facts["detail"] = rep.Kernel
	}
	f.lostAt()
	f.addTyped()
	f.addRelocation()
	f.addLicense()
	f.addPlaces()
	f.addWords()
	return f
}

// addRelocation names the type or member that the loader did not find, if the
// fault is the call that it put in its place.
func (f *fault) addRelocation() {
	if e := f.relocation(); e != nil {
		maps.Copy(f.facts, f.loadFacts(e))
		f.facts["name"] = relocated(e.Symbol) // quoted with the others
	}
}

// relocation is the relocation that spoiled the instruction of the fault, nil if
// none did.
func (f *fault) relocation() *program.LoadError {
	if f.entry.Code != catalog.UnresolvedRelocation {
		return nil
	}
	for _, e := range f.prog.LoadErrors {
		if e.Kind == program.CORERelocation && e.PC == f.report.PC {
			return e
		}
	}
	return nil
}

// relocated is the type or member of a CO-RE access as the log describes it:
// "struct s.m" of "<byte_off> [5] struct s___old.m (0:1 @ offset 4)".
func relocated(symbol string) string {
	if _, after, ok := strings.Cut(symbol, "] "); ok {
		symbol = after
	}
	symbol, _, _ = strings.Cut(symbol, " (")
	if name, flavor, ok := strings.Cut(symbol, "___"); ok {
		_, member, _ := strings.Cut(flavor, ".")
		if symbol = name; member != "" {
			symbol += "." + member
		}
	}
	return symbol
}

// set notes a fact unless it is empty.
func (f *fault) set(name, value string) {
	if value != "" {
		f.facts[name] = value
	}
}

// addTyped takes over what the rule noted.
func (f *fault) addTyped() {
	a := &f.report.Args
	if n, err := strconv.Atoi(strings.TrimPrefix(f.facts["reg"], "R")); err == nil {
		f.reg = n
	} else if a.Has&verifier.HasReg != 0 {
		f.reg = int(a.Reg)
	}
	f.arg = f.argumentNumber()
	if f.arg == 0 && a.Has&verifier.HasArg != 0 {
		f.arg = int(a.Arg)
	}
	if a.Has&verifier.HasOff != 0 {
		f.set("off", strconv.FormatInt(a.Off, 10))
	}
	if a.Has&verifier.HasSize != 0 {
		f.set("size", strconv.FormatInt(a.Size, 10))
	}
	if a.Has&verifier.HasObject != 0 {
		f.set("object", strconv.FormatInt(a.Object, 10))
	}
	if a.Has&verifier.HasRange != 0 {
		delete(f.facts, "range")
		f.set("range", valueRange(a.Min, a.Max))
	} else if strings.HasPrefix(f.facts["range"], "(") {
		delete(f.facts, "range") // known bits, which say nothing to most people
	}
	for name, value := range map[string]string{"type": a.Type, "want": a.Want, "name": a.Name} {
		if f.facts[name] == "" {
			f.set(name, value)
		}
	}
	if f.reg < 0 && f.arg > 0 {
		f.reg = f.arg
	}
	if in := f.insn(); f.reg < 0 && in != nil && (in.Class() == isa.ClassALU || in.Class() == isa.ClassALU64) {
		f.reg = int(in.Dst)
	}
}

// argumentNumber is the position, from 1, of the argument that the message is
// about. The kernel counts kernel functions' arguments from 0 and most
// helpers' from 1.
func (f *fault) argumentNumber() int {
	if !f.isCall() {
		return 0
	}
	if n, err := strconv.Atoi(f.facts["argno"]); err == nil {
		if strings.Contains(f.report.Kernel, "helper arg") || strings.Contains(f.report.Kernel, "is an unacquired reference") {
			return n
		}
		return n + 1
	}
	if f.reg >= 1 && f.reg <= 5 {
		return f.reg
	}
	return 0
}

func (f *fault) insn() *isa.Insn {
	if f.report.PC < 0 || f.report.PC >= len(f.prog.Insns) {
		return nil
	}
	return &f.prog.Insns[f.report.PC]
}

func (f *fault) isCall() bool {
	in := f.insn()
	return in != nil && in.Op == isa.ClassJMP|isa.OpCall
}

// addWords turns the kernel's spelling of types, regions and limits into
// words.
func (f *fault) addWords() {
	f.set("kind", f.structKind(f.facts["type"], kind))
	switch f.entry.Code {
	case catalog.NullableDereference, catalog.PointerArithBeforeNullCheck:
		f.facts["kind"] = strings.TrimSuffix(f.facts["kind"], " that may be NULL")
	}
	f.set("member", quote(f.facts["member"]))
	for _, name := range []string{"size", "object"} {
		f.set(name, bytesOf(f.facts[name]))
	}
	if f.entry.Code == catalog.ModifiedPointerDereference {
		f.set("off", bytesOf(f.facts["off"]))
	}
	f.set("op", quote(f.facts["op"]))
	f.set("wanted", f.structKind(f.facts["want"], kinds))
	f.set("arg", ordinal(f.arg))
	f.set("progtype", "type "+f.prog.Type.String())
	f.set("accessed", f.accessWords())
	f.set("program", call(f.prog.Name))
	if !strings.HasPrefix(f.facts["place"], "the value of map ") {
		f.set("place", f.placeWords())
	}
	if f.overwritten == nil {
		f.set("exit", f.exitWords())
	}
	if words, known := contextWords[f.facts["context"]]; known {
		f.facts["context"] = words
	} else {
		delete(f.facts, "context")
	}
	if n := mapTypeName(f.facts["maptype"]); n != "" {
		f.facts["map"] = "maps of type " + n
	}
	f.addNames()
	f.addReturnWords()
	if f.entry.Code == catalog.PacketOutOfBounds {
		f.addPacket()
	}
	if at := f.facts["at"]; f.entry.Code == catalog.UninitializedStackRead && at != "" && at != "0" {
		f.facts["pad"] = "the bytes from number " + at + " on"
	}
}

// addNames gives names of functions their parentheses and quotes others.
func (f *fault) addNames() {
	name := f.facts["name"]
	if name == "" {
		return
	}
	switch f.entry.Code {
	case catalog.GlobalFunctionArgument, catalog.GlobalFunctionSignature, catalog.HookNotModifiable, catalog.HookNotAttachable,
		catalog.KfuncNotAllowed, catalog.UnknownKfunc, catalog.RbtreeCallback:
		f.facts["name"] = call(name)
	case catalog.BTFAccess, catalog.GPLOnlyStruct, catalog.StructAccessCapability, catalog.UserPointer, catalog.PercpuPointer:
		f.facts["name"] = quote("struct " + name)
	case catalog.Recursion:
		f.facts["path"] = call(name) + " calls " + call(f.report.Args.Call)
	default:
		f.facts["name"] = quote(name)
	}
}

// contextWords say what the regions of messages about sleeping are.
var contextWords = map[string]string{
	"rcu_read_lock region":   "code inside an RCU read section",
	"non-preemptible region": "code with preemption disabled",
	"IRQ-disabled region":    "code with interrupts disabled",
	"non-sleepable prog":     "a program that is not sleepable",
}

// structKind describes a type that may be a structure's name.
func (f *fault) structKind(spelling string, words func(string) string) string {
	if spelling == "" {
		return ""
	}
	switch f.entry.Code {
	case catalog.StructMismatch, catalog.KfuncSignature:
		for _, p := range []string{"STRUCT ", "struct "} {
			if name, ok := strings.CutPrefix(spelling, p); ok {
				return quote("struct " + name)
			}
		}
		if !strings.ContainsAny(spelling, " ,=") && f.entry.Code == catalog.StructMismatch {
			return quote("struct " + spelling)
		}
	}
	return words(spelling)
}

// placeWords say what kind of object an access was to.
func (f *fault) placeWords() string {
	text := f.report.Kernel
	switch {
	case strings.Contains(text, "leaks addr into "):
		return ""
	case strings.Contains(text, "access to map value"), strings.Contains(text, "misaligned value"):
		return "the map value"
	case strings.Contains(text, "access to map key"):
		return "the map key"
	case strings.Contains(text, "misaligned stack"):
		return "local memory"
	case strings.Contains(text, "packet"):
		return "the packet"
	case strings.Contains(text, "access to memory"):
		return "the memory that the pointer leads to"
	}
	if words := f.facts["kind"]; words != "" {
		return strings.Replace(words, "a ", "the ", 1)
	}
	delete(f.facts, "place")
	return ""
}

// accessWords say what the instruction does to memory.
func (f *fault) accessWords() string {
	in := f.insn()
	switch {
	case in == nil:
		return ""
	case in.Class() == isa.ClassLDX:
		return "read"
	case in.Class() == isa.ClassST, in.Class() == isa.ClassSTX:
		return "written"
	}
	return ""
}

// exitWords say how the path leaves the program, as a clause.
func (f *fault) exitWords() string {
	switch kind := f.facts["exit_kind"]; {
	case kind == "bpf_throw":
		return "bpf_throw() ends the program"
	case kind == "tail_call":
		return "the tail call ends the program"
	case strings.HasPrefix(kind, "BPF_LD_"):
		return "the packet load may end the program"
	case strings.HasPrefix(kind, "BPF_EXIT"), f.isExit(f.report.PC):
		return "this path returns"
	}
	return ""
}

// addReturnWords describe a returned value and what was allowed.
func (f *fault) addReturnWords() {
	if f.entry.Code != catalog.ReturnValue && f.entry.Code != catalog.CallbackReturnValue {
		return
	}
	delete(f.facts, "range")
	if min, max := f.facts["min"], f.facts["max"]; min != "" {
		f.facts["limit"] = "from " + min + " to " + max
		if min == max {
			f.facts["limit"] = min
		}
	}
	var min, max string
	for word := range strings.FieldsSeq(f.facts["detail"]) {
		if v, ok := strings.CutPrefix(word, "smin="); ok {
			min = v
		}
		if v, ok := strings.CutPrefix(word, "smax="); ok {
			max = v
		}
	}
	switch {
	case min != "" && min == max:
		f.facts["range"] = "always " + min
	case min != "" && max != "":
		f.facts["range"] = min + " to " + max
	case min != "":
		f.facts["range"] = "at least " + min
	case max != "":
		f.facts["range"] = "at most " + max
	case f.facts["detail"] != "":
		f.facts["range"] = "any number"
	}
	delete(f.facts, "detail")
	if f.entry.Code == catalog.ReturnValue {
		f.facts["hook"] = "the hook"
	}
}
