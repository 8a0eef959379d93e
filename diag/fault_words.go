// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// clause is what is said of a fault: a clause about it and what to do.
type clause struct{ detail, advice string }

// mapClauses are the wordings of what is wrong with a map. {type} is its type, {off} what the definition has and {limit} what
// the type wants, {name} the flags concerned, {param} the member.
var mapClauses = map[program.MapProblem]clause{
	program.MapUnknownType:   {"{off} is no type of map in Linux 6.18", "Use a type of `enum bpf_map_type`."},
	program.MapKeySize:       {"the keys of {type} must have {limit}, not {off}", "{advice}"},
	program.MapValueSize:     {"the values of {type} must have {limit}, not {off}", "{advice}"},
	program.MapEntries:       {"{type} must have {limit}, not {off}", "{advice}"},
	program.MapForbiddenFlag: {"{type} cannot have {name}", "Remove {name}."},
	program.MapMissingFlag:   {"{type} must have {name}", "{advice}"},
	program.MapOpposedFlags:  {"{name} exclude each other", "Remove one of them."},
	program.MapExtra:         {"`map_extra` must be {limit} in {type}, not {off}", "Change or remove `map_extra`."},
	program.MapElementSize:   {"a key and a value have {off} together, and at most {limit} are possible", "Keep large data in an array or an arena."},
	program.MapWithoutTypes:  {"{type} must have the types of its key, which is an `int`, and of its value", "Use `__type(key, int)` and `__type(value, …)` instead of sizes."},
	program.MapWithoutInner:  {"{type} must say what its maps are like", "Add `__array(values, struct …)`, or set the inner map from user space."},
	program.MapNested:        {"the maps in {type} cannot hold maps themselves", "Use one level of maps."},
}

// mapWords are detail and advice for a map that the kernel does not create.
func mapWords(f *program.Fault) (detail, advice string) {
	why, m := &f.Why, f.Map
	x := catalog.Facts{"type": mapType(m), "off": strconv.FormatUint(why.Have, 10), "param": quote(why.Member), "name": flagNames(why.Flags)}
	switch info := m.Type.Info(); why.Problem {
	case program.MapKeySize:
		x["limit"], x["off"] = sizeWords(info.Key), bytesOf(x["off"])
		x["advice"] = sizeAdvice("key", info.Key)
	case program.MapValueSize:
		x["limit"], x["off"] = sizeWords(info.Value), bytesOf(x["off"])
		x["advice"] = sizeAdvice("value", info.Value)
		if m.Type == facts.MapStackTrace && m.Flags&program.MapFlagStackBuildID != 0 {
			x["limit"] = fmt.Sprintf("up to %d `struct bpf_stack_build_id`", program.MaxTraceFrames)
			x["advice"] = fmt.Sprintf("Use `__uint(value_size, %d * sizeof(struct bpf_stack_build_id))`.", program.MaxTraceFrames)
		}
		if why.Describes {
			x["advice"] += " With cilium/ebpf, which creates the map without it, it may stay."
		}
	case program.MapEntries:
		x["limit"], x["advice"] = entriesWords(m.Type, info.Entries)
		if why.Have == 0 {
			x["off"] = "none"
		}
	case program.MapElementSize:
		x["limit"], x["off"] = strconv.Itoa(program.MaxHashElement), bytesOf(x["off"])
	case program.MapMissingFlag:
		flags := strings.Trim(x["name"], "`")
		if why.Have != 0 {
			flags = "… | " + flags
		}
		x["advice"] = "Write " + quote("__uint(map_flags, "+flags+")") + " into the definition."
	case program.MapExtra:
		switch m.Type {
		case facts.MapBloomFilter:
			x["limit"] = fmt.Sprintf("a number of hash functions up to %d", program.MaxBloomFunctions)
		case facts.MapArena:
			x["limit"] = "the address of a page"
		default:
			x["limit"] = "0"
		}
	}
	c := mapClauses[why.Problem]
	return inSentence(catalog.Fill(c.detail, x)), catalog.Fill(c.advice, x)
}

// inSentence takes back the capital letter of a sentence that goes into another.
func inSentence(text string) string {
	if len(text) > 1 && text[0] >= 'A' && text[0] <= 'Z' && (text[1] == ' ' || text[1] >= 'a' && text[1] <= 'z') {
		return strings.ToLower(text[:1]) + text[1:]
	}
	return text
}

// mapType is the type of a map, with an article.
func mapType(m *program.Map) string {
	name := m.Type.CName()
	if name == "" {
		name = fmt.Sprint(uint32(m.Type))
	}
	return "a " + quote(name)
}

// sizeWords are the sizes that keys or values may have.
func sizeWords(r facts.SizeRule) string {
	switch {
	case r.Max == 0:
		return "no bytes"
	case r.Min == r.Max:
		return bytesOf(fmt.Sprint(r.Min))
	case r.Max == math.MaxUint32:
		return "at least " + bytesOf(fmt.Sprint(r.Min))
	case r.Step > 1 && r.Max == r.Min+r.Step:
		return fmt.Sprintf("%d or %d bytes", r.Min, r.Max)
	case r.Step > 1:
		return fmt.Sprintf("%d to %d bytes, in steps of %d", r.Min, r.Max, r.Step)
	}
	return fmt.Sprintf("%d to %d bytes", r.Min, r.Max)
}

// sizeAdvice says how to get such a size.
func sizeAdvice(member string, r facts.SizeRule) string {
	switch {
	case r.Max == 0:
		return "Remove the " + member + " from the definition."
	case r.Min == 4:
		return fmt.Sprintf("Use `__type(%s, __u32)`.", member)
	}
	return fmt.Sprintf("Use a type of such a size in `__type(%s, …)`.", member)
}

// entriesWords say how many entries a map may have, and how to get so many.
func entriesWords(t program.MapType, r facts.EntriesRule) (limit, advice string) {
	switch r {
	case facts.EntriesZero:
		return "no `max_entries`", "Remove `max_entries`."
	case facts.EntriesOne:
		return "1 entry", "Set `max_entries` to 1."
	case facts.EntriesPages:
		return "a size in bytes that is a power of two and of whole pages", "Set `max_entries` to such a number, such as `256 * 1024`."
	}
	if t == facts.MapArena {
		return fmt.Sprintf("1 to %d pages", program.MaxArenaPages), "Set `max_entries` to the number of pages that are needed."
	}
	return "at least 1 entry", "Add `__uint(max_entries, …)`, unless user space sets it."
}

// flagNames are the C names of flags.
func flagNames(flags uint32) string {
	var names []string
	for ; flags != 0; flags &= flags - 1 {
		bit := uint32(1) << bits.TrailingZeros32(flags)
		if name := facts.MapFlagName(bit); name != "" {
			names = append(names, quote(name))
		} else {
			names = append(names, fmt.Sprintf("flag %#x", bit))
		}
	}
	return strings.Join(names, " and ")
}

// fieldClauses are the wordings of what is wrong with a special field. {value} is the member, {name} the struct, {kind} the field,
// {type} what it points to or holds, {param} the node, {map} the type of the map.
var fieldClauses = map[program.FieldProblem]clause{
	program.FieldRepeated:       {"{value} is one {kind} too many: a struct may have one", "Put the second one into a map of its own, or into a struct inside."},
	program.FieldInArray:        {"{value} is in an array, where {kind} cannot be", "Have one for each value of the map."},
	program.FieldsTooMany:       {"with {value} there are more than 11 special fields", "Spread them over several maps."},
	program.FieldOverlap:        {"{value} overlaps with another special field", "Do not put special fields into unions."},
	program.FieldsBothLocks:     {"`bpf_spin_lock` and `bpf_res_spin_lock` cannot be in one value", "Use one kind of lock."},
	program.FieldWithoutLock:    {"{value} is a {kind} without a lock: the value must also have a `bpf_spin_lock`", "Add a `struct bpf_spin_lock` to the value."},
	program.FieldNodesUncounted: {"[{name} ]has nodes of a list and of a tree, but no `bpf_refcount`", "Add a `struct bpf_refcount`, or use one kind of node."},
	program.FieldTag:            {"the pointer {value} has the tag[ {type}], which the kernel does not know there", "Use one of `__kptr`, `__kptr_untrusted`, `__percpu_kptr` and `__uptr`."},
	program.FieldPointee:        {"{value} must point to a struct to be kept in a map", "Put what it points to into a struct."},
	program.FieldIncomplete:     {"{value} points to {type}, which the object does not define", "Use the struct in the program, so that the compiler describes it, or use `__kptr_untrusted`."},
	program.FieldNotOwned:       {"no map can own a {type}, which {value} points to", "Use `__kptr_untrusted`, or keep what identifies the object."},
	program.FieldNoContains:     {"{value} does not say what the {kind} holds", "Write `__contains(STRUCT, NODE)` after the member, once."},
	program.FieldContainsType:   {"{value} holds {type}, which is not in the object", "Correct the name in `__contains()`, or use the struct in the program."},
	program.FieldContainsNode:   {"{value} holds {type}, which has no node {param} of the right type", "Name a member of type `struct bpf_list_node` or `struct bpf_rb_node` in `__contains()`."},
	program.FieldBitOffset:      {"{value} is a bit field that does not begin with a byte, which the kernel does not take beside special fields", "Keep bit fields out of structs with special fields."},
	program.FieldMisplaced:      {"{value} is not aligned, so that the kernel does not see the {kind}", "Align the member, and do not pack the struct."},
	program.FieldMapType:        {"{value} cannot be in the values of {map}", "Use a map of another type, such as a hash or an array."},
	program.FieldReadOnly:       {"{value} cannot be in a map with `BPF_F_RDONLY_PROG` or `BPF_F_WRONLY_PROG`", "Remove the flag."},
	program.FieldUserKernel:     {"{value} points to a type of the kernel, which user space cannot provide", "Let it point to a struct of the program's own."},
	program.FieldUserSize:       {"{value} must point to something of at most a page", "Make the struct smaller, or split it."},
	program.FieldUntyped:        {"the kernel creates the map without types, so that {value} is no {kind}", "Use a map of another type and, for arrays, an `int` or `__u32` as the key."},
	program.FieldOwnerLoop:      {"{value} holds objects that hold others and are themselves in one that is held", "Keep ownership in one direction: what is in a list cannot own lists of owners."},
}

// fieldWords are detail and advice for a special field that is refused.
func fieldWords(f *program.Fault) (detail, advice string) {
	x := f.Field
	words := catalog.Facts{"value": quote(x.Member), "name": quote(structWords(x.Struct)), "kind": quote(x.Field), "param": quote(x.Node)}
	switch {
	case x.Problem == program.FieldTag:
		words["type"] = quote(x.Of)
	case x.Of != "":
		words["type"] = quote("struct " + x.Of)
	}
	if x.Member == "" {
		words["value"] = "a member"
	}
	if f.Map != nil {
		words["map"] = mapType(f.Map)
	}
	c := fieldClauses[x.Problem]
	detail = catalog.Fill(c.detail, words)
	if f.Kind == program.TypesRefused {
		detail += ". For that the kernel takes none of the object's types: maps have no special fields, and no lines are known"
	} else if f.Map != nil {
		detail += ". Map " + quote(f.Name) + " is created without its special fields"
	}
	return detail + ".", catalog.Fill(c.advice, words)
}

func structWords(name string) string {
	if name == "" {
		return ""
	}
	return "struct " + name
}
