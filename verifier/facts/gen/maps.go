// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"strings"
)

func emitMaps(g *generator) {
	entries := map[string]string{"any": "EntriesAny", "zero": "EntriesZero", "one": "EntriesOne",
		"positive": "EntriesPositive", "pages": "EntriesPages",
		"arena_pages": "EntriesArenaPages", "cpus": "EntriesCPUs"}
	types := map[string]string{"any": "TypesAny", "none": "TypesNone", "int_key": "TypesIntKey",
		"struct_key": "TypesStructKey", "no_key": "TypesNoKey"}
	extras := map[string]string{"": "ExtraNone", "hashes": "ExtraHashes", "page": "ExtraPage"}
	elements := map[string]string{"value": "ElementValue", "socket": "ElementSocket", "xdp_sock": "ElementXDPSock"}
	traits := map[string]string{"direct_value": "MapDirectValue", "always_filled": "MapAlwaysFilled",
		"for_each": "MapForEach", "hash": "MapIsHash",
		"records": "MapHasRecords", "one_per_program": "MapOnePerProgram", "kernel_values": "MapKernelValues",
		"holds_programs": "MapHoldsPrograms", "never_inner": "MapNeverInner", "sized": "MapSized",
		"buckets": "MapHasBuckets",
		"rounded": "MapRoundsEntries", "of_cpus": "MapOfCPUs", "per_cpu": "MapPerCPU",
		"allocated": "MapAllocated", "packed": "MapPacked"}
	needs := map[string]string{"no_prealloc": "MapNeedsNoPrealloc", "mmapable": "MapNeedsMmapable",
		"btf": "MapNeedsBTF", "inner": "MapNeedsInner",
		"capability": "MapNeedsCapability"}
	flags := map[string]string{}
	for _, r := range g.sheets["map_flags"].rows {
		flags[r.str("name")] = fmt.Sprintf("1<<%d", r.num("bit"))
	}
	fields := map[string]string{}
	for _, r := range g.sheets["special_fields"].rows {
		fields[r.str("name")] = "Field" + r.str("go")
	}
	helperIDs := map[string]int{}
	for i, r := range g.sheets["helpers"].rows {
		helperIDs[r.str("name")] = i
	}
	g.printf("var mapInfos = [...]MapInfo{\n")
	for _, r := range g.sheets["map_types"].rows {
		g.printf("Map%s: {Name: %q, Sleepable: %t, SockmapUpdate: %t, Key: %s, Value: %s, Entries: %s, Needs: %s, Flags: %s", r.str("go"), r.str("name"),
			r.yes("sleepable"), r.yes("sockmap_update"), sizeRule(r, "key"), sizeRule(r, "value"), r.one("entries",
				entries), r.flags("needs", needs), r.flags("flags", flags))
		g.printf(", Types: %s, Extra: %s, Struct: %q, Element: %s, Traits: %s", r.one("types", types),
			r.one("extra", extras), r.str("struct"),
			r.one("element", elements), r.flags("traits", traits))
		if r.str("fields") != "" {
			g.printf(", fields: %s", r.flags("fields", fields))
		}
		if list := r.list("helpers"); list != nil {
			g.printf(", limited: true, helpers: [(NumHelpers + 63) / 64]uint64{")
			words := map[int][]string{}
			for _, name := range list {
				id, ok := helperIDs[name]
				if !ok {
					r.fail("helpers: unknown helper %q", name)
				}
				words[id/64] = append(words[id/64], fmt.Sprintf("1<<(%s%%64)", funcName(name)))
			}
			for w := 0; w <= (len(g.sheets["helpers"].rows)-1)/64; w++ {
				if words[w] != nil {
					g.printf("%d: %s, ", w, strings.Join(words[w], " | "))
				}
			}
			g.printf("}")
		}
		g.printf("},\n")
	}
	g.printf("}\n\nvar mapFlagNames = [...]string{\n")
	for _, r := range g.sheets["map_flags"].rows {
		g.printf("%d: \"BPF_F_%s\",\n", r.num("bit"), strings.ToUpper(r.str("name")))
	}
	g.printf("}\n\n")
	emitSpecialFields(g)
}

// sizeRule is the Go expression of "4", "1..", "5..260" or "8..16/8".
func sizeRule(r row, col string) string {
	text := r.str(col)
	if text == "" {
		return "SizeRule{}"
	}
	span, step, _ := strings.Cut(text, "/")
	if step == "" {
		step = "1"
	}
	lo, hi, isRange := strings.Cut(span, "..")
	if !isRange {
		hi = lo
	} else if hi == "" {
		hi = "0xffffffff"
	}
	return fmt.Sprintf("SizeRule{Min: %s, Max: %s, Step: %s}", lo, hi, step)
}

func emitSpecialFields(g *generator) {
	rows := g.sheets["special_fields"].rows
	g.printf("// Special fields.\nconst (\n")
	for i, r := range rows {
		if r.num("bit") != int64(i) {
			r.fail("bits must be dense")
		}
		g.printf("Field%s Fields = 1 << %d\n", r.str("go"), i)
	}
	g.printf(")\n\n// SpecialFields are the special fields in the order of their bits.\nvar SpecialFields = [...]SpecialField{\n")
	for _, r := range rows {
		g.printf("{Field: Field%s, Name: %q, Size: %d, Align: %d, Once: %t},\n", r.str("go"), r.str("name"),
			r.num("size"), r.num("align"), r.yes("once"))
	}
	g.printf("}\n")
}

func emitLimits(g *generator) {
	g.printf("// Limits of the verifier and the loader.\nconst (\n")
	for _, r := range g.sheets["limits"].rows {
		g.printf("%s = %d // %s; %s\n", r.str("go"), r.num("value"), r.str("what"), r.str("kernel"))
	}
	g.printf(")\n")
}

func emitReturns(g *generator) {
	rules := map[string]string{"any": "ReturnAny", "range": "ReturnRange", "unsupported": "ReturnUnsupported",
		"lsm_hook": "ReturnLSMHook", "lsm_cgroup": "ReturnLSMCgroup", "struct_ops": "ReturnStructOps"}
	g.printf("var returnRows = [...]returnRow{\n")
	for _, r := range g.sheets["returns"].rows {
		g.printf("{prog: %s, attaches: %s, Returns: Returns{Rule: %s, Min: %d, Max: %d}},\n",
			r.one("prog_type", g.names),
			g.mask(r, "attach"), r.one("rule", rules), r.optNum("min", 0), r.optNum("max", 0))
	}
	g.printf("}\n")
}
