// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"strconv"
	"strings"
)

// maxDense is the largest context that gets one cell for each offset.
const maxDense = 256

// cell is what may be done at one offset: masks of sizes and the result.
type cell struct{ read, write, result int }

// ctxResults numbers the results of loads; the first is a plain scalar.
type ctxResults struct {
	index map[string]int
	exprs []string
}

func (c *ctxResults) number(r row) int {
	text := r.str("type")
	if i, ok := c.index[text]; ok {
		return i
	}
	expr, btf := typeCell(r, "type", "")
	if btf != "" {
		btf = fmt.Sprintf(", BTF: %q", btf)
	}
	c.index[text] = len(c.exprs)
	c.exprs = append(c.exprs, "{Type: "+expr+btf+"}")
	return c.index[text]
}

// sizeMask turns "1,2,4" into 7.
func sizeMask(r row, col string) int {
	mask := 0
	for _, s := range r.list(col) {
		n, err := strconv.Atoi(s)
		if err != nil || n&(n-1) != 0 || n < 1 || n > 8 {
			r.fail("%s: not an access size: %q", col, s)
		}
		mask |= n
	}
	return mask
}

// allow adds aligned accesses within [from, to) to the cells.
func allow(cells []cell, from, to, read, write, result int) {
	for off := from; off < to; off++ {
		for size := 1; size <= 8; size *= 2 {
			if off%size != 0 || off+size > to {
				continue
			}
			if read&size != 0 {
				cells[off].read |= size
				cells[off].result = result
			}
			cells[off].write |= write & size
		}
	}
}

func emitCtx(g *generator) {
	results := &ctxResults{index: map[string]int{"SCALAR": 0}, exprs: []string{"{Type: regtype.Scalar}"}}
	fields := map[string][]row{}
	for _, r := range g.sheets["ctx_fields"].rows {
		fields[r.str("table")] = append(fields[r.str("table")], r)
	}
	var tables strings.Builder
	for i, t := range g.sheets["ctx_tables"].rows {
		name := t.str("table")
		fmt.Fprintf(&tables, "%d: {Name: %q, Struct: %q, Size: %d, ", i, name, t.str("struct"), t.num("size"))
		fmt.Fprintf(&tables, "progs: %s, attaches: %s, ", g.bits(t, "prog_types"), g.mask(t, "attach"))
		if t.str("cap") != "" {
			fmt.Fprintf(&tables, "caps: %s, ", t.one("cap", capNames))
		}
		if t.str("config") != "" {
			fmt.Fprintf(&tables, "config: Config%s, ", camel(t.str("config")))
		}
		from, size := int(t.num("from")), int(t.num("size"))
		switch kind := t.str("kind"); {
		case kind == "btf":
			tables.WriteString("BTF: true},\n")
		case kind == "linear" && size > maxDense:
			fmt.Fprintf(&tables, "linear: true, from: %d, writable: %t},\n", from, t.yes("write"))
		case kind == "linear" || kind == "fields":
			cells := make([]cell, size)
			if kind == "linear" {
				write := 0
				if t.yes("write") {
					write = 15
				}
				allow(cells, from, size, 15, write, 0)
			} else if len(fields[name]) == 0 {
				t.fail("no fields")
			}
			for _, r := range fields[name] {
				off := int(r.num("offset"))
				end := off + int(r.num("length"))
				if end > size {
					r.fail("outside the context")
				}
				allow(cells, off, end, sizeMask(r, "read"), sizeMask(r, "write"), results.number(r))
			}
			tables.WriteString("cells: []ctxCell{\n")
			writeCells(&tables, cells)
			tables.WriteString("}},\n")
		default:
			t.fail("unknown kind %q", kind)
		}
		delete(fields, name)
	}
	for name, rows := range fields {
		rows[0].fail("no table %q", name)
	}
	g.printf("import \"github.com/bpf-lsp/bpf-lsp/verifier/regtype\"\n\n")
	g.printf("var ctxResults = [...]CtxField{\n%s,\n}\n\n", strings.Join(results.exprs, ",\n"))
	g.printf("var ctxTables = [...]Ctx{\n%s}\n", tables.String())
}

func writeCells(out *strings.Builder, cells []cell) {
	for off, c := range cells {
		fmt.Fprintf(out, "{%d, %d, %d},", c.read, c.write, c.result)
		if off%8 == 7 {
			out.WriteString("\n")
		}
	}
	if len(cells)%8 != 0 {
		out.WriteString("\n")
	}
}
