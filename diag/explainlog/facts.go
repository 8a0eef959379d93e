// SPDX-License-Identifier: GPL-2.0-only

package explainlog

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
)

// told is a fault as the text of a log tells it. Where a finding has the typed
// facts of a rule, it has words of a message, and says less.
type told struct {
	*Log
	entry *catalog.Entry
	facts catalog.Facts
	reg   int // the register concerned, -1 if none
}

// told puts what a message and a report say into the words of the catalogue.
func (l *Log) told(entry *catalog.Entry, known catalog.Facts, r *kernellog.Report) *told {
	f := &told{Log: l, entry: entry, facts: maps.Clone(known), reg: -1}
	if n, err := strconv.Atoi(f.facts["reg"]); err == nil {
		f.reg = n
	}
	f.addWords()
	f.addStep()
	f.addAcquired()
	if f.facts["value"] == "" {
		if o, ok := f.origin(); ok {
			f.set("value", f.valueOf(o))
		}
	}
	if entry.Number {
		f.addLost(r)
	}
	if entry.Asks(catalog.DetailPacket) {
		f.addPacket(known)
	}
	return f
}

// addLost says what made a pointer worthless: the report's words for it, or
// that the log shows what the value was before.
func (f *told) addLost(r *kernellog.Report) {
	if r != nil {
		for _, e := range r.Path {
			words, ok := strings.CutPrefix(e.Message, fmt.Sprintf("R%d: ", f.reg))
			if e.Label != "invalidated" || !ok {
				continue
			}
			words, _, _ = strings.Cut(words, ";")
			f.facts["lost"] = words
			if e.Line > 0 {
				f.facts["lost"] += " at line " + strconv.Itoa(e.Line)
			}
			f.set("advice", r.Suggestion)
		}
		return
	}
	o, ok := f.origin()
	if !ok {
		return
	}
	was := o.After[f.originReg(o)]
	kind, _, _ := strings.Cut(was, "(")
	if kind == "" || kind == "scalar" || kind == "inv" || strings.Trim(kind, "-0123456789abcdefx") == "" || strings.HasPrefix(kind, "inv") {
		return
	}
	what := catalog.Kind(kind)
	if what == "" {
		what = "a pointer"
	}
	f.facts["lost"] = fmt.Sprintf("it is a plain number now, though at instruction %d it was %s", o.PC, what)
	f.facts["advice"] = string(catalog.AdviseGetAgain)
}

// originReg is the register that an origin writes.
func (f *told) originReg(o *kernellog.Step) int {
	for reg := range 10 {
		switch effect, _ := o.Effect(reg); effect {
		case kernellog.Returned, kernellog.Loaded, kernellog.Set:
			return reg
		}
	}
	return -1
}

// addPacket says which bytes of the packet an access needs, and which are
// proven: only of a pointer with a constant offset is that known.
func (f *told) addPacket(raw catalog.Facts) {
	state, ok := f.state(f.reg)
	off, err1 := strconv.Atoi(raw["off"])
	size, err2 := strconv.Atoi(raw["size"])
	proven, err3 := strconv.Atoi(raw["object"])
	if !ok || !strings.HasPrefix(state, "pkt(") || raw["id"] != "0" || off < 0 || err1 != nil || err2 != nil || err3 != nil {
		return
	}
	f.facts["needs"] = fmt.Sprintf("the first %d bytes of the packet", off+size)
	if proven > 0 {
		f.facts["checked"] = "the checks on this path prove the first " + catalog.Bytes(strconv.Itoa(proven))
	}
}

func (f *told) set(name, value string) {
	if value != "" {
		f.facts[name] = value
	}
}

// toldPlaces are the places of the kernel's messages, in words.
var toldPlaces = map[string]string{
	"map value": "the map value", "map key": "the map key", "packet": "the packet",
	"stack": "local memory", "value": "the map value", "memory": "the memory that the pointer leads to",
}

// addWords turns the kernel's spelling into words; what has none is left out.
func (f *told) addWords() {
	raw := maps.Clone(f.facts)
	kind := catalog.Kind(raw["type"])
	if f.entry.Nullable {
		kind = strings.TrimSuffix(kind, " that may be NULL")
	}
	for _, name := range []string{"value", "place", "context", "map", "call", "name"} {
		delete(f.facts, name)
	}
	f.set("kind", kind)
	f.set("wanted", catalog.Kinds(raw["want"]))
	f.set("member", catalog.Quote(raw["member"]))
	f.set("op", catalog.Quote(raw["op"]))
	for _, name := range []string{"size", "object"} {
		f.set(name, catalog.Bytes(raw[name]))
	}
	f.set("added", catalog.Bytes(raw["off"]))
	f.set("place", f.placeWords(raw["place"]))
	f.set("context", catalog.Sleepless(raw["context"]))
	if n, err := strconv.ParseUint(raw["maptype"], 10, 32); err == nil {
		f.set("map", catalog.MapsOfType(uint32(n)))
	}
	f.set("name", f.entry.Name.Of(raw["name"]))
	f.set("call", catalog.Call(raw["callee"]))
	if f.Program != "" {
		f.facts["program"] = catalog.Call(f.Program)
	}
	f.addRanges(raw)
	if kind := raw["exit_kind"]; strings.HasPrefix(kind, "BPF_EXIT") {
		f.facts["exit"] = "this path returns"
	}
	if at, err := strconv.ParseInt(raw["at"], 10, 64); err == nil && f.entry.Asks(catalog.DetailPadding) {
		f.set("pad", catalog.BytesFrom(at))
	}
}

// placeWords say what kind of memory a message is about.
func (f *told) placeWords(place string) string {
	if words := toldPlaces[place]; words != "" {
		return words
	}
	for line := range strings.SplitSeq(f.Ending.Message, "\n") {
		rest, ok := strings.CutPrefix(line, "invalid access to ")
		if !ok {
			continue
		}
		rest, _, _ = strings.Cut(rest, ",")
		return toldPlaces[rest]
	}
	return ""
}

// addRanges words the values that are possible and those that are allowed.
func (f *told) addRanges(raw catalog.Facts) {
	low, err1 := strconv.ParseInt(raw["min"], 0, 64)
	high, err2 := strconv.ParseInt(raw["max"], 0, 64)
	bounded := err1 == nil && err2 == nil
	switch f.entry.Value {
	case catalog.ValueReturned:
		delete(f.facts, "detail")
		delete(f.facts, "range")
		if base, bits, ok := tnum(raw["allowed"]); ok {
			low, high, bounded = int64(base), int64(base|bits), true
		}
		if !bounded {
			return
		}
		f.facts["limit"] = catalog.Between(low, high)
		if base, bits, ok := tnum(raw["given"]); ok && bits == 0 {
			f.facts["range"] = catalog.ValueRange(int64(base), int64(base))
		}
		var least, most int64
		if n, _ := fmt.Sscanf(raw["detail"], "smin=%d smax=%d", &least, &most); n == 2 {
			f.facts["range"] = catalog.ValueRange(least, most)
		}
	default:
		if bounded {
			f.set("range", catalog.ValueRange(low, high))
		}
	}
}

// tnum reads "0x2; 0x1": the bits that are known, and those that are not.
func tnum(text string) (value, unknown uint64, ok bool) {
	known, mask, ok := strings.Cut(strings.Trim(text, "()"), "; ")
	if !ok {
		return 0, 0, false
	}
	value, err1 := strconv.ParseUint(known, 0, 64)
	unknown, err2 := strconv.ParseUint(mask, 0, 64)
	return value, unknown, err1 == nil && err2 == nil
}

// step is the instruction that failed, nil if the log does not have it.
func (f *told) step() *kernellog.Step {
	if len(f.path) == 0 {
		return nil
	}
	s := &f.walk.Steps[f.path[len(f.path)-1]]
	if s.PC != f.Ending.PC {
		return nil
	}
	return s
}

// addStep adds what the failing instruction shows.
func (f *told) addStep() {
	s := f.step()
	if s == nil {
		return
	}
	if f.facts["call"] == "" {
		f.set("call", catalog.Call(s.Callee()))
	}
	switch {
	case s.IsCall():
		if f.reg >= 1 && f.reg <= 5 {
			f.set("arg", catalog.Ordinal(f.reg))
		}
	case strings.HasPrefix(s.Text, "*("), strings.HasPrefix(s.Text, "lock *("):
		f.facts["accessed"] = "written"
	case strings.Contains(s.Text, "= *("):
		f.facts["accessed"] = "read"
	case s.Text == "exit":
		f.facts["exit"] = "this path returns"
	}
}

// acquisition is the step that acquired the reference that a leak is about.
func (f *told) acquisition() *kernellog.Step {
	pc, err := strconv.Atoi(f.facts["acquire_pc"])
	if err != nil {
		return nil
	}
	for i := len(f.path) - 1; i >= 0; i-- {
		if s := &f.walk.Steps[f.path[i]]; s.PC == pc && s.IsCall() {
			return s
		}
	}
	return nil
}

// addAcquired says who acquired the reference that a leak is about.
func (f *told) addAcquired() {
	s := f.acquisition()
	if s == nil || s.Callee() == "" {
		return
	}
	a := catalog.AcquiredBy(s.Callee())
	f.facts["acquirer"] = catalog.Call(s.Callee())
	f.facts["acquired"] = a.Verb
	f.set("releaser", a.ReleasedWith())
	f.set("acquire_line", f.lineOf(s))
	if a.Holder > 0 {
		f.facts["value"] = a.Noun
		return
	}
	variable := f.assigned(s)
	f.facts["value"] = a.Noun
	f.set("value", catalog.Quote(variable))
	if release := a.ReleaseCall(variable); release != "" && f.entry.Leak {
		f.facts["advice"] = catalog.AdviseReleaser.With(catalog.Facts{"releaser": catalog.Quote(release)})
	}
}

// origin is the step that the value of the register concerned comes from.
func (f *told) origin() (*kernellog.Step, bool) {
	failed := f.step()
	if failed == nil || f.reg < 0 || f.reg > 9 {
		return nil, false
	}
	reg := f.reg
	for i := len(f.path) - 2; i >= 0; i-- {
		s := &f.walk.Steps[f.path[i]]
		if s.LeavesFrame() {
			return nil, false
		}
		switch effect, from := s.Effect(reg); effect {
		case kernellog.Copied:
			reg = from
		case kernellog.Returned, kernellog.Set, kernellog.Lost:
			return s, true
		case kernellog.Loaded:
			slot, ok := s.Slot()
			if !ok {
				return s, true
			}
			if i, reg = f.spill(i, slot); i < 0 {
				return nil, false
			}
		}
		if reg > 9 {
			return nil, false
		}
	}
	return nil, false
}

// spill finds where a register was written to a slot of the stack before step i
// of the path.
func (f *told) spill(i int, slot string) (at, reg int) {
	for i--; i >= 0; i-- {
		s := &f.walk.Steps[f.path[i]]
		if s.LeavesFrame() {
			return -1, 0
		}
		if reg, ok := s.Spilled(slot); ok {
			return i, reg
		}
	}
	return -1, 0
}

// valueOf names a value by the step that it comes from.
func (f *told) valueOf(s *kernellog.Step) string {
	name := catalog.Call(s.Callee())
	if name == "" || !s.IsCall() || f.facts["lost"] != "" {
		return ""
	}
	if v := f.assigned(s); v != "" {
		return catalog.Quote(v)
	}
	return "the result of " + name
}

// places are where the fault is shown, and the places that led to it.
func (f *told) places() (diag.Span, []diag.Related) {
	s := f.step()
	if s == nil {
		return f.unplaced(), nil
	}
	at := f.span(s)
	var related []diag.Related
	add := func(s *kernellog.Step, message string) {
		if span := f.span(s); span != at {
			related = append(related, diag.Related{Span: span, Message: message})
		}
	}
	start := len(f.path)
	if a := f.acquisition(); a != nil {
		add(a, f.acquireWords(a))
		start = f.index(a)
	} else if b := f.regionStart(); b != nil {
		add(b, "a region begins here: "+catalog.Call(b.Callee()))
		start = f.index(b)
	} else if o, ok := f.origin(); ok {
		add(o, f.originWords(o))
	}
	for _, i := range f.branches(start) {
		b, next := &f.walk.Steps[f.path[i]], &f.walk.Steps[f.path[i+1]]
		condition, taken, _ := b.Branch(next)
		way := "the jump is not taken"
		if taken {
			way = "the jump is taken"
		}
		add(b, fmt.Sprintf("instruction %d: `if %s`, %s", b.PC, condition, way))
	}
	if inLog := f.logLine(s.Line); inLog != at {
		related = append(related, diag.Related{Span: inLog, Message: f.stateWords(s), Note: true})
	}
	return at, related
}

// openers are the functions that begin a region, by a part of their names; closers
// end it.
var openers = [...]struct{ opener, closer string }{
	catalog.Lock:          {"spin_lock", "spin_unlock"},
	catalog.ResilientLock: {"spin_lock", "spin_unlock"},
	catalog.RCU:           {"rcu_read_lock", "rcu_read_unlock"},
	catalog.Preempt:       {"preempt_disable", "preempt_enable"},
	catalog.IRQ:           {"irq_save", "irq_restore"},
}

// regionStart is the call that began the region that is open at the fault, nil
// if the fault is about none or the log does not show it.
func (f *told) regionStart() *kernellog.Step {
	switch f.entry.Story.About {
	case catalog.AboutOpenRegion, catalog.AboutHeldLock:
	default:
		return nil
	}
	names := openers[f.entry.Story.Regions[0]]
	closed := 0
	for i := len(f.path) - 2; i >= 0; i-- {
		s := &f.walk.Steps[f.path[i]]
		switch callee := s.Callee(); {
		case strings.Contains(callee, names.closer):
			closed++
		case strings.Contains(callee, names.opener) && closed > 0:
			closed--
		case strings.Contains(callee, names.opener):
			return s
		}
	}
	return nil
}

// unplaced is the place of a fault of which the log has no instruction: the line
// of the message.
func (f *told) unplaced() diag.Span {
	last, _, _ := strings.Cut(f.Ending.Message, "\n")
	for i, l := range f.Lines {
		if last != "" && strings.Contains(l.Text, last) {
			return f.logLine(i)
		}
	}
	return f.logLine(len(f.Lines) - 1)
}

func (f *told) index(s *kernellog.Step) int {
	for i := range f.path {
		if &f.walk.Steps[f.path[i]] == s {
			return i
		}
	}
	return len(f.path)
}

// acquireWords say what a step acquired.
func (f *told) acquireWords(s *kernellog.Step) string {
	a := catalog.AcquiredBy(s.Callee())
	if s.Callee() == "" {
		return "held since here"
	}
	return fmt.Sprintf("%s is %s here by %s", catalog.Capitalize(f.facts["value"]), a.Verb, catalog.Call(s.Callee()))
}

// originWords say how a value came to be, and what the log says of it then.
func (f *told) originWords(s *kernellog.Step) string {
	value := f.facts["value"]
	if value == "" || strings.HasPrefix(value, "the result of ") {
		value = "the value"
	}
	words := value + " is set here"
	switch effect, _ := s.Effect(0); {
	case s.IsCall() && effect == kernellog.Returned && f.facts["value"] != "":
		words = fmt.Sprintf("%s comes from %s here", value, catalog.Call(s.Callee()))
	case s.IsCall():
		words = "a call uses the registers of its arguments"
	case strings.Contains(s.Text, "= *("):
		words = value + " is read here"
	}
	return catalog.Capitalize(words)
}

// stateWords say what the log has about the instruction that failed.
func (f *told) stateWords(s *kernellog.Step) string {
	words := fmt.Sprintf("instruction %d failed", s.PC)
	if f.reg < 0 {
		return words
	}
	if state, ok := f.state(f.reg); ok {
		words += fmt.Sprintf("; R%d is %s", f.reg, state)
	}
	return words
}

// state is the last state of a register that the log has before the failing
// instruction, unless the register was written since.
func (f *told) state(reg int) (string, bool) {
	for i := len(f.path) - 1; i >= 0; i-- {
		s := &f.walk.Steps[f.path[i]]
		if i < len(f.path)-1 {
			if state, ok := s.After[reg]; ok {
				return state, true
			}
			if effect, _ := s.Effect(reg); effect != kernellog.Untouched || s.LeavesFrame() {
				return "", false
			}
		}
		if state, ok := s.Before[reg]; ok {
			return state, true
		}
	}
	return "", false
}

// maxBranches is how many branches of a path are shown.
const maxBranches = 3

// branches are the last conditional jumps behind a step of the path.
func (f *told) branches(start int) []int {
	var found []int
	for i := start; i < len(f.path)-1; i++ {
		if _, _, ok := f.walk.Steps[f.path[i]].Branch(&f.walk.Steps[f.path[i+1]]); ok {
			found = append(found, i)
		}
	}
	return found[max(0, len(found)-maxBranches):]
}
