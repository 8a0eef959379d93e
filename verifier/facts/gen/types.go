// SPDX-License-Identifier: GPL-2.0-only

package main

import "fmt"

// enumTables are the tables that define the constants of a Go type.
var enumTables = []struct{ sheet, typ, prefix, what string }{
	{"prog_types", "ProgType", "Prog", "Program types."},
	{"attach_types", "AttachType", "Attach", "Attach types."},
	{"map_types", "MapType", "Map", "Map types."},
}

// learnNames fills g.names before anything is emitted, so that every table
// may refer to every constant.
func (g *generator) learnNames() {
	g.names = make(map[string]string)
	for _, t := range enumTables {
		for _, r := range g.sheets[t.sheet].rows {
			g.names[r.str("kernel")] = t.prefix + r.str("go")
		}
	}
}

func emitTypes(g *generator) {
	for _, t := range enumTables {
		rows := g.sheets[t.sheet].rows
		g.printf("// %s\nconst (\n", t.what)
		for i, r := range rows {
			if r.num("id") != int64(i) {
				r.fail("ids must be dense")
			}
			g.printf("%s%s %s = %d\n", t.prefix, r.str("go"), t.typ, i)
		}
		g.printf(")\n\n// Num%ss is the number of values of %s.\nconst Num%ss = %d\n\n", t.typ, t.typ, t.typ, len(rows))
		g.printf("var %sNames = [...]string{\n", lowerFirst(t.typ))
		for _, r := range rows {
			g.printf("%s%s: %q,\n", t.prefix, r.str("go"), r.str("text"))
		}
		g.printf("}\n\n")
	}
	emitProgInfo(g)
}

func emitProgInfo(g *generator) {
	packet := map[string]string{"none": "PacketNone", "read": "PacketRead", "write": "PacketReadWrite",
		"option": "PacketOption"}
	sleep := map[string]string{"no": "SleepNever", "may": "SleepMay", "must": "SleepMust", "attach": "SleepByAttach"}
	sockmap := map[string]string{"no": "SockmapNever", "yes": "SockmapUpdate", "iter": "SockmapIter",
		"delete": "SockmapDelete"}
	g.printf("var progInfos = [...]ProgInfo{\n")
	for _, r := range g.sheets["prog_types"].rows {
		g.printf("Prog%s: {Ctx: %q, KernelCtx: %q, Packet: %s, SkbLoads: %t, Tracing: %t, Sleep: %s, Sockmap: %s},\n",
			r.str("go"),
			r.str("ctx"), r.str("kernel_ctx"), r.one("packet",
				packet), r.yes("skb_load"), r.yes("tracing"), r.one("sleepable", sleep), r.one("sockmap", sockmap))
	}
	g.printf("}\n\nvar attachSleepable = [...]bool{\n")
	for _, r := range g.sheets["attach_types"].rows {
		if r.yes("sleepable") {
			g.printf("Attach%s: true,\n", r.str("go"))
		}
	}
	g.printf("NumAttachTypes: false,\n}\n")
}

func emitSections(g *generator) {
	flags := map[string]string{"attachable": "SectionAttachable", "attach_opt": "SectionAttachOptional",
		"attach_btf": "SectionAttachBTF", "sleepable": "SectionSleepable", "xdp_frags": "SectionXDPFrags",
		"usdt": "SectionUSDT"}
	match := map[string]string{"exact": "false", "prefix": "true"}
	g.printf("// Sections are libbpf's section names in match order: the first that matches wins.\nvar Sections = [...]Section{\n")
	for _, r := range g.sheets["sections"].rows {
		attach := "0"
		if r.str("attach") != "" {
			attach = r.one("attach", g.names)
		}
		g.printf("{Name: %q, Prefix: %s, Type: %s, Attach: %s, Flags: %s, Since: %s},\n", r.str("section"),
			r.one("match", match),
			r.one("prog_type", g.names), attach, r.flags("flags", flags), kernelVersion(r, "since"))
	}
	g.printf("}\n")
}

// kernelVersion is the Go expression of a version cell like "6.13".
func kernelVersion(r row, col string) string {
	text := r.str(col)
	if text == "" {
		return "0"
	}
	var major, minor int
	if n, err := fmt.Sscanf(text, "%d.%d", &major, &minor); n != 2 || err != nil {
		r.fail("%s: not a kernel version: %q", col, text)
	}
	return fmt.Sprintf("%d<<16 | %d<<8", major, minor)
}

func lowerFirst(s string) string { return string(s[0]|0x20) + s[1:] }
