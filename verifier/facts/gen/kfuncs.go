// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

var kfuncFlags = map[string]string{
	"KF_ACQUIRE": "KfAcquire", "KF_RELEASE": "KfRelease", "KF_RET_NULL": "KfRetNull",
	"KF_TRUSTED_ARGS": "KfTrustedArgs",
	"KF_SLEEPABLE":    "KfSleepable", "KF_DESTRUCTIVE": "KfDestructive", "KF_RCU": "KfRCU", "KF_ITER_NEW": "KfIterNew",
	"KF_ITER_NEXT": "KfIterNext", "KF_ITER_DESTROY": "KfIterDestroy", "KF_RCU_PROTECTED": "KfRCUProtected",
	"KF_FASTCALL": "KfFastcall", "KF_ARENA_RET": "KfArenaRet", "KF_ARENA_ARG1": "KfArenaArg1",
	"KF_ARENA_ARG2": "KfArenaArg2",
}

var kfuncFilters = map[string]string{
	"": "filterNone", "bpf_fs_kfuncs_filter": "filterLSM", "bpf_get_fsverity_digest_filter": "filterLSM",
	"bpf_kprobe_multi_filter": "filterSession", "tracing_iter_filter": "filterIter",
	"bpf_qdisc_kfunc_filter":          "filterQdisc",
	"CONFIG_SYSTEM_DATA_VERIFICATION": "filterVerification",
}

func emitKfuncs(g *generator) {
	hookOf := map[string]string{}
	var hooks []string
	for _, r := range g.sheets["kfunc_hooks"].rows {
		h := r.str("hook")
		hookOf[r.str("prog_type")] = h
		if !slices.Contains(hooks, h) {
			hooks = append(hooks, h)
		}
	}
	if hooks[0] != "common" {
		g.sheets["kfunc_hooks"].rows[0].fail("the common hook must come first")
	}
	index := map[string]int{}
	for i, h := range hooks {
		index[h] = i
	}
	var special []string
	for _, r := range g.sheets["kfuncs"].rows {
		if s := r.str("special"); s != "" && !slices.Contains(special, s) {
			special = append(special, s)
		}
	}
	g.printf("import \"math\"\n\n// Kfuncs that the verifier knows by name.\nconst (\nKfuncPlain SpecialKfunc = iota // none of them\n")
	for _, s := range special {
		g.printf("Kfunc%s\n", s)
	}
	g.printf(")\n\n// progHooks gives the hook of a program type plus one; zero has none.\nvar progHooks = [...]uint8{\n")
	for _, r := range g.sheets["kfunc_hooks"].rows {
		g.printf("%s: %d,\n", r.one("prog_type", g.names), index[hookOf[r.str("prog_type")]]+1)
	}
	g.printf("NumProgTypes: 0,\n}\n\nvar kfuncs = [...]Kfunc{\n")
	for _, rows := range g.kfuncs() {
		special := "KfuncPlain"
		if s := rows[0].str("special"); s != "" {
			special = "Kfunc" + s
		}
		g.printf("{Name: %q, Flags: %s, Special: %s, sets: []kfuncSet{", rows[0].str("name"),
			rows[0].flags("flags", kfuncFlags), special)
		for i, r := range rows {
			mask := 0
			for _, p := range r.list("prog_types") {
				h, ok := hookOf[p]
				if !ok {
					r.fail("%s has no hook", p)
				}
				mask |= 1 << index[h]
			}
			if i > 0 {
				g.printf(", ")
			}
			g.printf("{%#x, %s, %q}", mask, r.one("filter", kfuncFilters), r.str("set"))
		}
		g.printf("}%s},\n", callback(rows[0], "Callback"))
	}
	g.printf("}\n")
}

// kfuncs are the rows of each kfunc, one for each set that holds it, ordered by
// name. What differs between releases is a kfunc of its own.
func (g *generator) kfuncs() [][]row {
	rows := slices.Clone(g.sheets["kfuncs"].rows)
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.str("name"), b.str("name")), strings.Compare(a.str("since"), b.str("since")))
	})
	var all [][]row
	for _, r := range rows {
		if n := len(all); n > 0 && all[n-1][0].str("name") == r.str("name") &&
			all[n-1][0].str("since") == r.str("since") {
			all[n-1] = append(all[n-1], r)
		} else {
			all = append(all, []row{r})
		}
	}
	return all
}

func emitHooks(g *generator) {
	flags := map[string]string{"disabled": "HookDisabled", "sleepable": "HookSleepable", "untrusted": "HookUntrusted",
		"bool": "HookBool", "current_only": "HookCurrentOnly"}
	void := map[string]string{"int": "false", "void": "true"}
	g.printf("import \"github.com/bpf-lsp/bpf-lsp/verifier/regtype\"\n\nvar lsmHooks = [...]LSMHook{\n")
	for _, r := range sorted(g.sheets["lsm_hooks"], "hook") {
		g.printf("{%q, %s, %s},\n", r.str("hook"), r.one("returns", void), r.flags("flags", flags))
	}
	g.printf("}\n\nvar tracepointArgs = [...]TracepointArgs{\n")
	for _, r := range sorted(g.sheets["tracepoint_args"], "tracepoint") {
		g.printf("{%q, %s, %s},\n", r.str("tracepoint"), argMask(r, "null"), argMask(r, "error"))
	}
	g.printf("}\n\nvar iterArgs = [...]iterArg{\n")
	for _, r := range g.sheets["iter_args"].rows {
		expr, _ := typeCell(r, "type", "")
		g.printf("{%q, %d, %s},\n", r.str("hook"), r.num("offset"), expr)
	}
	trust := map[string]string{"rcu": "TrustRCU", "rcu_or_null": "TrustRCUOrNull", "trusted": "TrustFull",
		"trusted_or_null": "TrustFullOrNull"}
	g.printf("}\n\nvar trustedFields = [...]trustedField{\n")
	for _, r := range g.sheets["trusted_fields"].rows {
		g.printf("{%q, %q, %s},\n", r.str("struct"), r.str("field"), r.one("trust", trust))
	}
	sets := map[string]string{"rcu_protected": "NamesRCUProtected", "no_trace": "NamesNoTrace",
		"no_return":       "NamesNoReturn",
		"no_sleep_inject": "NamesNoSleepInject", "d_path": "NamesDPath",
		"injectable": "NamesInjectable", "modifiable": "NamesModifiable",
		"modifiable_sleepable": "NamesModifiableSleepable"}
	g.printf("}\n\nvar nameSets = [...]nameInSet{\n")
	for _, r := range g.sheets["name_sets"].rows {
		g.printf("{%s, %q},\n", r.one("set", sets), r.str("name"))
	}
	g.printf("}\n")
}

func argMask(r row, col string) string {
	names := map[string]string{}
	for i := range 16 {
		names[strconv.Itoa(i)] = "1<<" + strconv.Itoa(i)
	}
	return r.flags(col, names)
}

// sorted returns the rows ordered by a column, which the lookup code relies on.
func sorted(s *sheet, col string) []row {
	rows := append([]row(nil), s.rows...)
	sort.Slice(rows, func(i, j int) bool { return rows[i].str(col) < rows[j].str(col) })
	for i := 1; i < len(rows); i++ {
		if rows[i].str(col) == rows[i-1].str(col) {
			rows[i].fail("%s: twice", col)
		}
	}
	return rows
}
