// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// What a program is to the hook that runs it, and what the hook makes of what it returns.

// programContract is about the program itself.
func (w *walked) programContract() diag.Contract {
	p := w.Prog
	c := diag.Contract{Name: p.Name, Definition: p.Section}
	add := func(text catalog.Wording, f catalog.Facts) { c.Notes = append(c.Notes, text.With(f)) }
	add(catalog.ProgramType, catalog.Facts{"progtype": catalog.Quote(p.Type.String()), "of": quoted(p.AttachTo)})
	if ctx := p.Type.Info().Ctx; strings.HasPrefix(ctx, "struct ") {
		add(catalog.ProgramContext, catalog.Facts{"name": catalog.Quote(ctx)})
	}
	if text := w.returned(); text != "" && w.complete {
		add(catalog.ProgramReturns, catalog.Facts{"value": text})
	}
	if text := w.allowed(); text != "" {
		add(catalog.ProgramMayReturn, catalog.Facts{"value": text})
	}
	if v, ok := catalog.VerdictOf(p.Type, p.Attach); ok {
		for _, r := range []catalog.Returned{v.GoOn, v.Refuse} {
			if r.Does != "" {
				add(catalog.ReturnMeans, catalog.Facts{"value": meaning(r)})
			}
		}
	}
	return c
}

func quoted(name string) string {
	if name == "" {
		return ""
	}
	return catalog.Quote(name)
}

// allowed are the numbers that the program may return, "" if they are not limited.
func (w *walked) allowed() string {
	rule := facts.ReturnsOf(w.Prog.Type, w.Prog.Attach)
	if rule.Rule != facts.ReturnRange {
		return ""
	}
	k := number(int64(rule.Min))
	high := number(int64(rule.Max))
	k.Join(&high)
	return w.kindWords(&k, &numberType{size: 4, signed: true})
}

// meaning says of a value what it does.
func meaning(r catalog.Returned) string {
	value := strconv.FormatInt(r.Number, 10)
	if r.Name != "" {
		value += " (" + catalog.Quote(r.Name) + ")"
	}
	return value + " " + r.Does
}

// returnContract is about the return statement at a position: where it leads, and what the
// hook makes of the value.
func (w *walked) returnContract(f *csource.File, file string, line, col int) (c diag.Contract, ok bool) {
	d, found := f.DeclarationAt(line, col)
	statement, isReturn := f.ReturnOn(line)
	if !found || !isReturn || d.Function == "" {
		return c, false
	}
	text := strings.TrimSuffix(strings.TrimSpace(f.Text(statement)), ";")
	text = strings.TrimSpace(strings.TrimPrefix(text, "return"))
	c = diag.Contract{Name: strings.TrimSpace("return " + text)}
	if d.Function != w.Prog.Name {
		called, known := w.functionContract(file, d.Function)
		if !known {
			return c, false
		}
		c.Notes = append([]string{catalog.ReturnLeaves.With(catalog.Facts{"name": catalog.Quote(d.Function)})}, called.Notes...)
		return c, true
	}
	c.Notes = append(c.Notes, catalog.ReturnEnds.With(catalog.Facts{"name": catalog.Quote(d.Function)}))
	if v, known := catalog.VerdictOf(w.Prog.Type, w.Prog.Attach); known {
		for _, r := range []catalog.Returned{v.GoOn, v.Refuse} {
			n, err := strconv.ParseInt(text, 0, 64)
			if r.Does != "" && (err == nil && n == r.Number || text == cmp.Or(r.Name, " ")) {
				c.Notes = append(c.Notes, catalog.ReturnMeans.With(catalog.Facts{"value": meaning(r)}))
			}
		}
	}
	if text := w.allowed(); text != "" {
		c.Notes = append(c.Notes, catalog.ProgramMayReturn.With(catalog.Facts{"value": text}))
	}
	return c, true
}
