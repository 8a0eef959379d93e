// SPDX-License-Identifier: GPL-2.0-only

package fault

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Fault is one rule that a program broke, with what the rule knew.
type Fault struct {
	// Code is that of the message, unless the fault is reported as another one.
	Code Code
	// Value is of the family that the message declares.
	Value any
	// Next is what the kernel says on the following line.
	Next *Fault

	text *Text
}

// Silent reports whether the kernel prints nothing.
func (f *Fault) Silent() bool { return f.text.Words == "" && f.text.Later == nil }

// Ended reports whether the kernel ends the line.
func (f *Fault) Ended() bool { return !f.text.open }

// Line is the first line of f as the kernel of a release prints it.
func (f *Fault) Line(r facts.Release) string {
	return fill(f.text.words(r), func(name string) string {
		value, ok := f.lookup(name)
		if !ok {
			panic("fault: " + string(f.text.Code) + ": nothing to say for {" + name + "}")
		}
		return fmt.Sprint(value.Interface())
	})
}

// As makes f a fault of another code with the same message.
func (f *Fault) As(code Code) *Fault {
	requireCode(code)
	f.Code = code
	return f
}

// Append adds what the kernel says on the line after the last one of f.
func (f *Fault) Append(next *Fault) {
	for f.Next != nil {
		f = f.Next
	}
	f.Next = next
}

// Get is what f knows as a T: a family, or one that others are built on. A
// later line decides.
func Get[T any](f *Fault) (T, bool) {
	var found T
	ok := false
	for ; f != nil; f = f.Next {
		if v, is := part(reflect.ValueOf(f.Value), reflect.TypeFor[T]()); is {
			found, ok = v.Interface().(T), true
		}
	}
	return found, ok
}

// part is v, or what is embedded in it, as a t.
func part(v reflect.Value, t reflect.Type) (reflect.Value, bool) {
	if v.Type() == t {
		return v, true
	}
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous {
			if found, ok := part(v.Field(i), t); ok {
				return found, true
			}
		}
	}
	return reflect.Value{}, false
}

// Int is the number that f knows by the name of a fact. A later line decides.
func (f *Fault) Int(name string) (n int64, ok bool) {
	for ; f != nil; f = f.Next {
		value, found := f.lookup(name)
		switch {
		case !found:
		case value.CanInt():
			n, ok = value.Int(), true
		case value.CanUint():
			n, ok = int64(value.Uint()), true
		}
	}
	return n, ok
}

// Text is what f knows by the name of a fact, spelled as in its messages; "" if it
// is unknown. A later line decides.
func (f *Fault) Text(name string) string { return f.Facts()[name] }

// Facts are all that f knows, by the names that its messages have for it, and
// spelled as there. What is unknown is left out; a later line decides.
func (f *Fault) Facts() map[string]string {
	facts := map[string]string{}
	for ; f != nil; f = f.Next {
		for i := range f.text.facts {
			v := f.text.facts[i].of(f.Value).Interface()
			if text := fmt.Sprint(v); text != "" && v != regtype.Reg(regtype.NotInit) {
				facts[f.text.facts[i].name] = text
			}
		}
	}
	return facts
}

// lookup is the fact of f by name. What a family says itself goes before what
// it is built on says.
func (f *Fault) lookup(name string) (value reflect.Value, ok bool) {
	for i := range slices.Backward(f.text.facts) {
		if f.text.facts[i].name == name {
			return f.text.facts[i].of(f.Value), true
		}
	}
	return reflect.Value{}, false
}

// fact is a field of a family under one of its names.
type fact struct {
	name  string
	index []int
	// fromZero has a field that counts from 1 counted from 0.
	fromZero bool
}

// of is the value of the fact in a family.
func (f *fact) of(family any) reflect.Value {
	v := reflect.ValueOf(family).FieldByIndex(f.index)
	if f.fromZero {
		return reflect.ValueOf(int(v.Uint()) - 1)
	}
	return v
}

// factsOf are the facts of a family, those of the families it is built on
// first.
func factsOf(family reflect.Type) []fact {
	var facts []fact
	for i := range family.NumField() {
		field := family.Field(i)
		if field.Anonymous {
			for _, inner := range factsOf(field.Type) {
				inner.index = append([]int{i}, inner.index...)
				facts = append(facts, inner)
			}
			continue
		}
		for _, name := range strings.Fields(field.Tag.Get("fact")) {
			name, fromZero := strings.CutSuffix(name, "-1")
			facts = append(facts, fact{name: name, index: []int{i}, fromZero: fromZero})
		}
	}
	return facts
}
