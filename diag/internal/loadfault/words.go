// SPDX-License-Identifier: GPL-2.0-only

package loadfault

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

// mapWords are detail and advice for a map that the kernel does not create.
func mapWords(f *program.Fault) (detail, advice string) {
	why, m := &f.Why, f.Map
	x := catalog.Facts{"type": mapType(m), "off": strconv.FormatUint(why.Have, 10), "param": catalog.Quote(why.Member), "name": flagNames(why.Flags)}
	switch info := m.Type.Info(); why.Problem {
	case program.MapKeySize:
		x["limit"], x["off"] = sizeWords(info.Key), catalog.Bytes(x["off"])
		x["advice"] = sizeAdvice("key", info.Key)
	case program.MapValueSize:
		x["limit"], x["off"] = sizeWords(info.Value), catalog.Bytes(x["off"])
		x["advice"] = sizeAdvice("value", info.Value)
		if m.Flags&info.Flags&program.MapFlagStackBuildID != 0 {
			x["limit"] = fmt.Sprintf("up to %d `struct bpf_stack_build_id`", program.MaxTraceFrames)
			x["advice"] = catalog.AdviseMemberType.With(catalog.Facts{
				"name": catalog.Quote(fmt.Sprintf("__uint(value_size, %d * sizeof(struct bpf_stack_build_id))", program.MaxTraceFrames)),
			})
		}
		if why.Describes {
			x["advice"] += " " + string(catalog.AdviseKeepUnnamed)
		}
	case program.MapEntries:
		x["limit"], x["advice"] = entriesWords(info.Entries)
		if why.Have == 0 {
			x["off"] = "none"
		}
	case program.MapTooMany:
		x["limit"] = strconv.FormatUint(f.Why.Most, 10)
	case program.MapElementSize:
		x["limit"], x["off"] = strconv.Itoa(program.MaxHashElement), catalog.Bytes(x["off"])
	case program.MapMissingFlag:
		flags := strings.Trim(x["name"], "`")
		if why.Have != 0 {
			flags = "… | " + flags
		}
		x["advice"] = catalog.AdviseMapFlags.With(catalog.Facts{"name": catalog.Quote("__uint(map_flags, " + flags + ")")})
	case program.MapExtra:
		switch info.Extra {
		case facts.ExtraHashes:
			x["limit"] = fmt.Sprintf("a number of hash functions up to %d", program.MaxBloomFunctions)
		case facts.ExtraPage:
			x["limit"] = "the address of a page"
		default:
			x["limit"] = "0"
		}
	}
	c := catalog.MapClauses[why.Problem]
	return inSentence(catalog.Fill(c.Detail, x)), catalog.Fill(c.Advice, x)
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
	return "a " + catalog.Quote(name)
}

// sizeWords are the sizes that keys or values may have.
func sizeWords(r facts.SizeRule) string {
	switch {
	case r.Max == 0:
		return "no bytes"
	case r.Min == r.Max:
		return catalog.Bytes(fmt.Sprint(r.Min))
	case r.Max == math.MaxUint32:
		return "at least " + catalog.Bytes(fmt.Sprint(r.Min))
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
		return catalog.AdviseRemoveMember.With(catalog.Facts{"member": member})
	case r.Min == 4:
		return catalog.AdviseMemberType.With(catalog.Facts{"name": catalog.Quote("__type(" + member + ", __u32)")})
	}
	return catalog.AdviseMemberSize.With(catalog.Facts{"name": catalog.Quote("__type(" + member + ", …)")})
}

// entriesWords say how many entries a map may have, and how to get so many.
func entriesWords(r facts.EntriesRule) (limit, advice string) {
	switch r {
	case facts.EntriesZero:
		return "no `max_entries`", string(catalog.AdviseNoEntries)
	case facts.EntriesOne:
		return "1 entry", string(catalog.AdviseOneEntry)
	case facts.EntriesPages:
		return "a size in bytes that is a power of two and of whole pages", string(catalog.AdvisePages)
	case facts.EntriesArenaPages:
		return fmt.Sprintf("1 to %d pages", program.MaxArenaPages), string(catalog.AdviseArenaPages)
	}
	return "at least 1 entry", string(catalog.AdviseEntries)
}

// flagNames are the C names of flags.
func flagNames(flags uint32) string {
	var names []string
	for ; flags != 0; flags &= flags - 1 {
		bit := uint32(1) << bits.TrailingZeros32(flags)
		if name := facts.MapFlagName(bit); name != "" {
			names = append(names, catalog.Quote(name))
		} else {
			names = append(names, fmt.Sprintf("flag %#x", bit))
		}
	}
	return strings.Join(names, " and ")
}

// fieldWords are detail and advice for a special field that is refused.
func fieldWords(f *program.Fault) (detail, advice string) {
	x := f.Field
	words := catalog.Facts{"value": catalog.Quote(x.Member), "name": catalog.Quote(catalog.Struct(x.Struct)), "kind": catalog.Quote(x.Field), "param": catalog.Quote(x.Node)}
	switch {
	case x.Problem == program.FieldTag:
		words["type"] = catalog.Quote(x.Of)
	case x.Of != "":
		words["type"] = catalog.Quote("struct " + x.Of)
		words["check"] = catalog.Quote("struct " + x.Of + " *unused_" + x.Of + ";")
	}
	if x.Member == "" {
		words["value"] = "a member"
	}
	if f.Map != nil {
		words["map"] = mapType(f.Map)
	}
	c := catalog.FieldClauses[x.Problem]
	detail = catalog.Fill(c.Detail, words)
	if f.Kind == program.TypesRefused {
		detail += ". For that the kernel takes none of the object's types: maps have no special fields, and no lines are known"
	} else if f.Map != nil {
		detail += ". Map " + catalog.Quote(f.Name) + " is created without its special fields"
	}
	return detail + ".", catalog.Fill(c.Advice, words)
}

// memoryFacts are the amounts of memory that an object's maps take.
func memoryFacts(f *program.Fault, to catalog.Facts) {
	to["size"], to["part"] = memoryWords(f.Memory.Total), memoryWords(f.Memory.Most)
	if f.Memory.Each >= mega {
		to["more"] = memoryWords(f.Memory.Each)
	}
	if f.Map.Type.Info().Flags&program.MapFlagNoPrealloc != 0 && f.Map.Type.Has(facts.MapIsHash) {
		to["advice"] = string(catalog.AdviseNoPrealloc)
	}
}

// Units of memory.
const (
	mega = 1 << 20
	giga = 1 << 30
)

// memoryWords is an amount of memory, rounded down.
func memoryWords(bytes uint64) string {
	if bytes >= giga {
		return fmt.Sprintf("%.1f GB", float64(bytes/(giga/10))/10)
	}
	return fmt.Sprintf("%d MB", bytes/mega)
}
