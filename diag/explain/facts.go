// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"maps"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/loadfault"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// finding is one report of the verifier with all that is known about it.
type finding struct {
	*where
	report *verifier.Report
	result *verifier.Result
	entry  *catalog.Entry
	// facts are for the wording. They begin with what the rule knew as its message
	// spells it; code that needs to know that asks report.Fault.
	facts catalog.Facts
	reg   int // the register concerned, -1 if none
	arg   int // the call argument concerned, from 1; 0 if none
	// failed is the instruction that the verifier stopped at. The report is
	// about an earlier one where a reference was lost before.
	failed int
	// overwritten is the assignment that destroyed the last copy of a
	// reference, nil for other faults.
	overwritten *diag.Span
	// release is the statement that a suggested release goes to.
	release diag.Span
	// details are related places that addDetails found, and instead the place
	// to show, if that is another than the instruction's.
	details []step
	instead *diag.Span
	// elsewhere says that the access of the fault is not the one that is noted, and is not
	// known in the source.
	elsewhere bool
	// neverSet says that nothing gives the variable of the fault a value.
	neverSet bool
	// begin is the event that the story begins with, if that is not where the value came
	// from.
	begin int
	// loop is the condition of the loop that the fault is about.
	loop diag.Span
	// copied is the amount that the fault is about, if a copy of it was tested
	// in its place.
	copied *amount
	// shown is the instruction whose place in the source the fault is shown at.
	shown int
	// leadsTo is set if the value that is named is the variable which the register
	// leads to, not what the register holds.
	leadsTo bool
	// start is where in the object the variable begins that offsets are counted from.
	start int64
	// claims are what was said of the path so far.
	claims []diag.Claim
	// fixes are the changes that were found so far.
	fixes []diag.Fix
	// fixAdvice is for each of them the advice that had been given by then.
	fixAdvice []string
	// within is what around says, once that is known.
	within      []dwarfmap.Call
	withinKnown bool
}

// newFinding collects what is known about a report: what the rule knew, and
// what the source says.
func newFinding(w *where, res *verifier.Result, rep *verifier.Report) *finding {
	f := &finding{where: w, report: rep, result: res, reg: -1, failed: rep.PC, shown: rep.PC}
	f.facts = rep.Fault.Facts()
	f.entry = catalog.Lookup(rep.Code)
	if f.isPoisoned() {
		f.entry = catalog.Lookup(catalog.UnresolvedRelocation)
	}
	if f.entry == nil {
		f.entry = catalog.Lookup(catalog.Uncoded)
		f.facts["detail"] = rep.Kernel
	}
	f.placeMerged()
	f.lostAt()
	f.addShared()
	f.addTyped()
	f.addRelocation()
	f.addLicense()
	f.addPlaces()
	f.addWords()
	f.addDetails()
	return f
}

// addRelocation names the type or member that the loader did not find, if the
// fault is the call that it put in its place.
func (f *finding) addRelocation() {
	if e := f.relocation(); e != nil {
		maps.Copy(f.facts, loadfault.Facts(f.View, e))
		if at, name, ok := loadfault.OwnStruct(f.View, e); ok {
			f.details = append(f.details, step{pc: -1, span: at, message: catalog.Quote(name) + " is defined here"})
		}
	}
}

// isPoisoned reports whether the instruction of the fault is the call that the
// loader puts in where a relocation has no match.
func (f *finding) isPoisoned() bool {
	in := f.insn()
	return in != nil && in.IsHelperCall() && in.Imm == program.PoisonCORE
}

// relocation is the relocation that spoiled the instruction of the fault, nil if
// none did.
func (f *finding) relocation() *program.LoadError {
	if !f.isPoisoned() {
		return nil
	}
	for _, e := range f.Prog.LoadErrors {
		if e.Kind == program.CORERelocation && e.PC == f.report.PC {
			return e
		}
	}
	return nil
}

// set notes a fact unless it is empty.
func (f *finding) set(name, value string) {
	if value != "" {
		f.facts[name] = value
	}
}

// addTyped takes over what the rule knew.
func (f *finding) addTyped() {
	if n, ok := f.report.Fault.Int("reg"); ok {
		f.reg = int(n)
	}
	f.arg = f.argumentNumber()
	if min, ok := f.report.Fault.Int("min"); ok {
		max, _ := f.report.Fault.Int("max")
		if f.reg >= 0 && f.entry.Value != catalog.ValueReturned {
			f.set("range", f.stateRange(diag.AtFault, f.place(), min, max))
		}
	}
	if f.reg < 0 && f.arg > 0 {
		f.reg = f.arg
	}
	if in := f.insn(); f.reg < 0 && in != nil && f.entry.Story.About != catalog.AboutProgram && (in.Class() == isa.ClassALU || in.Class() == isa.ClassALU64) {
		f.reg = int(in.Dst)
	}
}

// argumentNumber is the position, from 1, of the argument that the fault is
// about; 0 if it is about none.
func (f *finding) argumentNumber() int {
	if f.isCall() && f.reg >= 1 && f.reg <= 5 {
		return f.reg
	}
	return f.report.Arg
}

// reference is the reference that the fault is about, if it is held.
func (f *finding) reference() (fault.Reference, bool) {
	ref, ok := fault.Get[fault.Reference](f.report.Fault)
	return ref, ok && ref.Site != fault.Nowhere
}

func (f *finding) insn() *isa.Insn {
	if f.report.PC < 0 || f.report.PC >= len(f.Prog.Insns) {
		return nil
	}
	return &f.Prog.Insns[f.report.PC]
}

func (f *finding) isCall() bool {
	in := f.insn()
	return in != nil && in.Op == isa.ClassJMP|isa.OpCall
}

// addWords turns the kernel's spelling of types, regions and limits into
// words.
func (f *finding) addWords() {
	known := f.report.Fault
	kind, wanted := f.kindWords()
	if f.entry.Nullable {
		kind = strings.TrimSuffix(kind, " that may be NULL")
	}
	f.set("kind", kind)
	f.set("member", catalog.Quote(known.Text("member")))
	f.set("size", catalog.Bytes(known.Text("size")))
	f.set("object", catalog.Bytes(known.Text("object")))
	f.set("op", catalog.Quote(known.Text("op")))
	f.set("wanted", wanted)
	f.set("arg", catalog.Ordinal(f.arg))
	f.set("progtype", "type "+f.Prog.Type.String())
	f.set("accessed", f.accessWords())
	f.set("program", catalog.Call(f.Prog.Name))
	f.set("place", f.placeWords())
	if f.overwritten == nil {
		f.set("exit", f.exitWords())
	}
	delete(f.facts, "context")
	if call, ok := fault.Get[fault.RegionCall](known); ok {
		f.set("context", catalog.Sleepless(string(call.Region)))
	}
	if call, ok := fault.Get[fault.MapCall](known); ok {
		f.set("map", catalog.MapsOfType(call.MapType))
	}
	if circle, ok := fault.Get[fault.Circle](known); ok {
		f.facts["path"] = catalog.Call(circle.Caller) + " calls " + catalog.Call(circle.Callee)
	}
	f.addNames()
	f.addReturnWords()
}

// addPadding says from which byte on what is read was never written.
func (f *finding) addPadding() {
	f.proposeInitialised()
	if at, ok := f.report.Fault.Int("at"); ok && at != 0 {
		f.facts["pad"] = f.stateFault("at", "%s", catalog.BytesFrom(at))
	}
}

// addNames gives names of functions their parentheses and quotes others.
func (f *finding) addNames() {
	name := f.report.Fault.Text("name")
	if e := f.relocation(); e != nil {
		name = loadfault.Relocated(e.Symbol)
	}
	f.set("name", f.entry.Name.Of(name))
}

// kindWords say what the value concerned is, and what would do.
func (f *finding) kindWords() (kind, wanted string) {
	if a, ok := fault.Get[fault.StructArgument](f.report.Fault); ok {
		return typeWords(a.Has), typeWords(a.Want)
	}
	if a, ok := fault.Get[fault.NamedStructArgument](f.report.Fault); ok {
		return catalog.Quote(catalog.Struct(a.Has)), catalog.Quote(catalog.Struct(a.Want))
	}
	return catalog.Kind(f.report.Fault.Text("type")), catalog.Kinds(f.report.Fault.Text("want"))
}

// typeWords name a structure, as the only type that objects have.
func typeWords(t fault.TypeName) string {
	if t.Kind != "STRUCT" {
		return ""
	}
	return catalog.Quote(catalog.Struct(t.Name))
}

// placeWords say what kind of object an access was to.
func (f *finding) placeWords() string {
	if _, isLeak := fault.Get[fault.Leak](f.report.Fault); isLeak {
		return ""
	}
	if words := cmp.Or(f.lookedUpWords(), f.regionWords()); words != "" {
		return words
	}
	if words := f.facts["kind"]; words != "" {
		return strings.Replace(words, "a ", "the ", 1)
	}
	if words := f.mapWords(); words != "" {
		return words
	}
	delete(f.facts, "place")
	return ""
}

// mapWords name the map whose value an access is to, as it was recorded.
func (f *finding) mapWords() string {
	if !f.intoMemory() {
		return ""
	}
	v := history.Known(f.result, len(f.result.History), f.place())
	if m := f.mapOf(v); m != nil && !m.Data {
		return "the value of map " + mapName(m)
	}
	return ""
}

// mapName names a map.
func mapName(m *program.Map) string { return catalog.Quote(cmp.Or(m.FullName, m.Name)) }

// mapOf is the map whose value a pointer leads into, nil for others.
func (f *finding) mapOf(v *record.Value) *program.Map {
	if !inMapValue(v) {
		return nil
	}
	return f.MapNamed(v.Map)
}

// regionWords name the kind of memory that an access is to.
func (f *finding) regionWords() string {
	bounds, outside := fault.Get[fault.Bounds](f.report.Fault)
	alignment, misaligned := fault.Get[fault.Alignment](f.report.Fault)
	switch kind := bounds.Kind | alignment.Kind; {
	case !outside && !misaligned:
		return ""
	case kind == regtype.PtrToMapValue:
		return "the map value"
	case kind == regtype.PtrToMapKey && outside:
		return "the map key"
	case kind == regtype.PtrToStack:
		return "local memory"
	case kind.IsPacket():
		return "the packet"
	case outside:
		return "the memory that the pointer leads to"
	}
	return ""
}

// accessWords say what the instruction does to memory.
func (f *finding) accessWords() string {
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
func (f *finding) exitWords() string {
	exit, _ := fault.Get[fault.Exit](f.report.Fault)
	switch kind := exit.How; {
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
