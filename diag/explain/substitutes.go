// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What would do in place of what the program uses:
//
//	a map of the type that the call takes, if the object has one
//	the helper for the type of the map
//	the argument that stands in place of another one
//	the call that takes what is passed

// addSuitableMap finds a map of the object that the call works on, or else the
// helper that does for the map what this one does for others.
func (f *finding) addSuitableMap() {
	known, ok := fault.Get[fault.NumberedCall](f.report.Fault)
	if !ok || f.facts["mapis"] == "" || f.Object == nil {
		return
	}
	taken := facts.TakenBy(known.ID)
	var fitting []string
	for _, m := range f.Object.Maps {
		if slices.Contains(taken, m.Type) && !m.Data {
			fitting = append(fitting, catalog.Quote("&"+m.FullName))
		}
	}
	if len(fitting) > 0 && len(fitting) <= mostGetters {
		f.facts["suitable"] = catalog.AnyOf(fitting)
		for _, name := range fitting {
			f.proposeMap(trimQuotes(name))
		}
		return
	}
	of, _ := fault.Get[fault.Map](f.report.Fault)
	m := f.MapNamed(of.Name)
	if m == nil {
		return
	}
	name := facts.HelperLogName(known.ID)
	last := name[strings.LastIndexByte(name, '_')+1:]
	q := f.Query()
	var own []string
	for _, other := range m.Type.HelpersOf() {
		id, ok := facts.HelperNamed(other)
		if _, may := facts.LookupProto(id, &q); ok && may && strings.HasSuffix(other, "_"+last) {
			own = append(own, other)
		}
	}
	if named := slices.DeleteFunc(slices.Clone(own), func(other string) bool {
		return !strings.HasPrefix(strings.TrimPrefix(other, "bpf_"), strings.TrimSuffix(m.Type.Info().Name, "_array"))
	}); len(own) > 1 && len(named) == 1 {
		own = named // those named after the type of the map
	}
	if len(own) == 1 {
		f.facts["ownhelper"] = catalog.Call(own[0])
		if statement := f.outputTo(own[0], m); statement != "" {
			f.facts["ownhelper"] = catalog.Quote(statement)
			f.proposeCall(statement)
		}
	}
}

// outputTo is the call that sends to a map what the call of the fault would send to one of
// the other kind, "" if it is none of the two:
//
//	bpf_perf_event_output()  the context, the map, flags, the data and their size
//	bpf_ringbuf_output()     the map, the data, their size, and flags
func (f *finding) outputTo(helper string, m *program.Map) string {
	argument := func(n int) string {
		text, _, _ := f.Argument(f.report.PC, n)
		return text
	}
	switch from := f.Callee(f.report.PC); {
	case helper == ringbufOutput && from == perfOutput && argument(4) != "" && argument(5) != "":
		return fmt.Sprintf("%s(&%s, %s, %s, 0)", helper, m.FullName, argument(4), argument(5))
	case helper == perfOutput && from == ringbufOutput && argument(2) != "" && argument(3) != "" && f.hasContext():
		return fmt.Sprintf("%s(ctx, &%s, BPF_F_CURRENT_CPU, %s, %s)", helper, m.FullName, argument(2), argument(3))
	}
	return ""
}

// hasContextRE is the head of a function that has the program's context as ctx: macros name it so.
var hasContextRE = regexp.MustCompile(`\bBPF_(?:PROG|PROG2|KPROBE|KRETPROBE|UPROBE|URETPROBE|KSYSCALL|USDT)\(|\*\s*ctx\b`)

// hasContext reports whether the function of the fault has the program's context.
func (f *finding) hasContext() bool {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return false
	}
	for n := file.HeadLine(fn); n <= fn.Body.Line; n++ {
		if hasContextRE.MatchString(file.Line(n)) {
			return true
		}
	}
	return false
}

const perfOutput = "bpf_perf_event_output"

const ringbufOutput = "bpf_ringbuf_output"

// addExchanged finds the memory that the argument of the fault should be in the
// place of another one that takes anything.
func (f *finding) addExchanged() {
	in := f.insn()
	v := f.passed(f.arg)
	switch want := f.report.Fault.Text("want"); {
	case catalog.TakesStack(want):
		f.adviseLocal(v)
	case catalog.TakesMemory(want):
		f.advise(catalog.AdviseMemory, nil)
		f.adviseCopy(v)
	}
	if f.arg < 1 || v == nil || !v.IsNumber() || !in.IsHelperCall() || !catalog.TakesMemory(f.report.Fault.Text("want")) {
		return
	}
	q := f.Query()
	p, ok := facts.LookupProto(in.Imm, &q)
	if !ok {
		return
	}
	for n := 1; n <= p.NumArgs(); n++ {
		other := f.passed(n)
		if n == f.arg || other == nil || p.Args[n-1].Type.Base() != regtype.ArgAnything || !other.IsStack() && !inMapValue(other) {
			continue
		}
		texts := make([]string, p.NumArgs())
		for i := range texts {
			if texts[i], _, ok = f.Argument(f.report.PC, i+1); !ok {
				return
			}
		}
		f.facts["exchange"] = fmt.Sprintf("the %s one, %s,", catalog.Ordinal(n), catalog.Quote(texts[n-1]))
		f.proposeExchange(f.arg, n)
		texts[n-1], texts[f.arg-1] = texts[f.arg-1], texts[n-1]
		f.advise(catalog.AdviseExchange, catalog.Facts{"check": catalog.Quote(f.Callee(f.report.PC) + "(" + strings.Join(texts, ", ") + ")")})
		return
	}
}

// adviseCopy says where a number came from that is passed in the place of memory, and how
// to copy what it points to, if it is known whose memory that is.
func (f *finding) adviseCopy(v *record.Value) {
	if v != nil && v.Type.Base() == regtype.PtrToMem && v.Type&regtype.Untrusted != 0 {
		f.adviseKernelCopy()
		return
	}
	if v == nil || !v.IsNumber() || f.facts["null"] != "" || f.facts["lost"] != "" {
		return
	}
	whence, of := f.whence()
	reader := map[realm]string{realmUser: "bpf_probe_read_user", realmKernel: "bpf_probe_read_kernel"}[of]
	if whence == "" || reader == "" {
		return
	}
	f.facts["whence"] = whence
	f.adviseCopyBy(reader, f.wholeArgument())
}

// adviseCopyBy says to copy what the argument leads to by one of the functions that read memory,
// in a size that is 0 if it is not known.
func (f *finding) adviseCopyBy(reader string, size int) {
	name := trimQuotes(f.facts["value"])
	if typ, _, known := f.Index.Pointee(f.report.PC, name); known && strings.HasSuffix(typ, "char") {
		reader += "_str"
	}
	file, pos, ok := f.sourceAt()
	if !ok || !isVariable(name) || size == 0 {
		f.advise(catalog.AdviseCopyFirst, catalog.Facts{"check": catalog.Call(reader)})
		return
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	copied := newVariable("copy", file, fn)
	if !ok || copied == "" {
		return
	}
	statements := fmt.Sprintf("char %s[%d] = {}; %s(%s, sizeof(%s), %s);", copied, size, reader, copied, copied, name)
	f.advise(catalog.AdviseCopyFirst, catalog.Facts{"check": catalog.Quote(statements)})
	f.proposeCopyOf(name, copied, statements, diag.Fix{Kind: catalog.FixArgument, Advised: true})
}

// adviseKernelCopy says how to copy what a pointer leads to that was read from an object of the
// kernel. The size is the one that the call is given with it, if that is a constant.
func (f *finding) adviseKernelCopy() {
	p := f.place()
	p.Index++
	known := 0
	if size := history.Known(f.result, len(f.result.History), p); size != nil && size.IsNumber() && size.IsConst() && size.Bits <= maxCopied {
		known = int(size.Bits)
	}
	f.adviseCopyBy("bpf_probe_read_kernel", known)
}

// maxCopied bounds the local copies that are suggested, in bytes.
const maxCopied = 128

// wholeArgument is how many bytes of the argument of the fault the call accesses, if that
// is a key or a value of the map that it gets; else 0.
func (f *finding) wholeArgument() int {
	a, ok := f.helperArg()
	of := f.passed(1)
	if !ok || of == nil {
		return 0
	}
	m := f.MapNamed(of.Map)
	switch {
	case m == nil:
	case a.Type.Base() == regtype.ArgMapKey:
		return int(m.KeySize)
	case a.Type.Base() == regtype.ArgMapValue:
		return int(m.ValueSize)
	}
	return 0
}

// adviseLocal suggests a local variable where no other memory does. A callback may be
// handed a pointer in one.
func (f *finding) adviseLocal(v *record.Value) {
	known := catalog.Facts{}
	name := trimQuotes(f.facts["value"])
	if in := f.insn(); in.IsHelperCall() && facts.CallbackOf(in.Imm) != nil && v != nil && !v.IsNumber() && isVariable(name) {
		known["value"], known["given"] = catalog.Quote(name), catalog.Quote("&"+name)
	}
	f.advise(catalog.AdviseLocal, known)
}

// addReserver says what a function takes that ends a reservation, and how to send
// something that was not reserved.
func (f *finding) addReserver() {
	v := f.passed(f.arg)
	a, ok := f.helperArg()
	if !ok || a.Type.Base() != regtype.ArgRingbufMem || v == nil || v.IsNumber() {
		return
	}
	f.set("reserver", catalog.Calls(catalog.AcquirersFor(f.Callee(f.report.PC))))
	if f.Object == nil || !inMapValue(v) && !v.IsStack() || f.Callee(f.report.PC) != "bpf_ringbuf_submit" {
		return
	}
	buffer := "…"
	for _, m := range f.Object.Maps {
		if m.Type != facts.MapRingBuf {
			continue
		}
		if buffer != "…" {
			buffer = "…"
			break
		}
		buffer = "&" + m.FullName
	}
	name := trimQuotes(f.facts["value"])
	size := "sizeof(*" + name + ")"
	if object, address := strings.CutPrefix(name, "&"); address {
		size = "sizeof(" + object + ")"
	}
	f.proposeCall(fmt.Sprintf("%s(%s, %s, %s, 0)", ringbufOutput, buffer, name, size))
	f.advise(catalog.AdviseOutput, catalog.Facts{
		"value": f.facts["value"], "check": catalog.Quote(fmt.Sprintf("%s(%s, %s, %s, 0)", ringbufOutput, buffer, name, size)),
	})
}

// addLender says where a pointer came from that owns nothing.
func (f *finding) addLender() {
	if f.facts["null"] != "" || f.facts["lost"] != "" || f.facts["live"] != "" || f.facts["ended"] != "" || f.facts["never"] != "" {
		return
	}
	v := f.passed(max(f.arg, 1))
	if v == nil || v.IsNumber() || v.Ref != 0 {
		return
	}
	defer func() {
		if f.facts["lender"] != "" {
			f.proposeRemoval(f.Span(f.report.PC), diag.Fix{Kind: catalog.FixOrder, Advised: true})
		}
	}()
	switch o := f.origin(); {
	case o.kind == originLoad:
		if from := f.originWords(o); from != "" && from != f.facts["value"] {
			f.facts["lender"] = "it was read from " + from + f.lineWords(o.pc) + ", which does not acquire it"
		}
	case o.kind == originCall && !f.acquires(o.pc):
		f.facts["lender"] = "it comes from " + f.calleeWords(o.pc) + f.lineWords(o.pc) + ", which acquires nothing"
	}
}

// acquires reports whether the call at pc acquired a reference on the path.
func (f *finding) acquires(pc int) bool {
	return slices.ContainsFunc(f.result.History, func(e record.Event) bool { return e.Kind == record.EventAcquire && e.PC == pc })
}

// addAwake says of a call that may sleep, in no region that forbids it, how the
// program may.
func (f *finding) addAwake() {
	for _, kinds := range sleepless {
		if history.Depth(f.result.History, kinds...) > 0 {
			return
		}
	}
	if f.Prog.Flags&program.FlagSleepable != 0 {
		return
	}
	f.facts["sleeper"] = "yes"
	known := catalog.Facts{}
	name, target, found := strings.Cut(f.Prog.Section, "/")
	if s, ok := facts.FindSection(name + ".s"); ok && s.Type == f.Prog.Type {
		section := s.Name
		if found {
			section += "/" + target
		}
		known["section"] = catalog.Quote(`SEC("` + section + `")`)
	}
	f.proposeSection(f.Prog.Section, trimQuotes(known["section"]))
	if other, ok := withoutSleep[f.Callee(f.report.PC)]; ok {
		known["name"] = catalog.Call(other)
	}
	switch {
	case known["section"] != "":
		f.advise(catalog.AdviseAwake, known)
	case known["name"] != "":
		f.advise(catalog.AdviseNoSleep, known)
	}
}

// withoutSleep are the functions that read the same memory without sleeping: what is
// not in memory at the time they do not get.
var withoutSleep = map[string]string{
	"bpf_copy_from_user":     "bpf_probe_read_user",
	"bpf_copy_from_user_str": "bpf_probe_read_user_str",
}

// addStorer names what changes packets in programs that may not write.
func (f *finding) addStorer() {
	q := f.Query()
	f.set("access", catalog.Quote(f.accessText()))
	f.set("storer", catalog.Calls(facts.HelpersLike(&q, func(name string) bool { return shapeOf(name) == "bpf_*_store_bytes" })))
	switch f.Prog.Type {
	case facts.ProgCGroupSKB, facts.ProgLWTIn, facts.ProgLWTOut:
		f.facts["elsewhere"] = "its `data` begins with the header of the link layer, such as `struct ethhdr`, and its return values mean something else"
	}
}

// addSubstitute looks for what should have been passed, where nothing else explains
// the argument.
func (f *finding) addSubstitute() {
	if f.facts["onstack"] == "" && f.facts["string"] == "" && f.facts["typed"] == "" {
		f.addExchanged()
		f.addReserver()
	}
}
