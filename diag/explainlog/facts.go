// SPDX-License-Identifier: GPL-2.0-only

package explainlog

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

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
