// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"math"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What the values of a history are called.

// valueWords describe what was known of a value; nil is one that was
// never written.
func valueWords(x *record.Value) string {
	switch {
	case x == nil || x.Type == regtype.NotInit:
		return "nothing"
	case x.Type == regtype.Scalar:
		return numberWords(x)
	}
	words, mayBeNull := strings.CutSuffix(catalog.Kind(x.Type.String()), " that may be NULL")
	if x.Type.IsNonOwning() {
		words = "a borrowed object"
	} else if x.Type.IsAllocObject() {
		words = "an object of the program"
	}
	if words == "" {
		words = "a value of type " + x.Type.String()
	}
	if x.Struct != "" {
		words += " of type " + catalog.Quote("struct "+x.Struct)
	}
	if x.Map != "" {
		words += " of " + catalog.Quote(x.Map)
	}
	words += offsetWords(x)
	if mayBeNull {
		words += " that may be NULL"
	}
	return words
}

// numberWords describe a number.
func numberWords(x *record.Value) string {
	if x.IsConst() {
		return fmt.Sprintf("the number %d", int64(x.Bits))
	}
	if within := rangeWords(x); within != "" {
		return "a number, " + within
	}
	return "any number"
}

// rangeWords are the limits of a number, or of the variable part of an offset,
// in the sense in which they say more; "" if there are none.
func rangeWords(x *record.Value) string {
	if x.Min >= 0 || x.UMax == math.MaxUint64 {
		return catalog.ValueRange(x.Min, x.Max)
	}
	if x.UMax <= math.MaxInt64 {
		return catalog.ValueRange(int64(x.UMin), int64(x.UMax))
	}
	if within := catalog.ValueRange(x.Min, x.Max); within != "" {
		return within
	}
	return fmt.Sprintf("%d to %d", x.UMin, x.UMax)
}

// offsetWords say where into an object a pointer leads, if not to its start.
func offsetWords(x *record.Value) string {
	if x.IsConst() {
		switch n := int64(x.Off) + int64(x.Bits); {
		case n == 0:
			return ""
		case x.Type.Base() == regtype.PtrToStack:
			return fmt.Sprintf(" (fp%+d)", n)
		default:
			return fmt.Sprintf(" at offset %d", n)
		}
	}
	at := ""
	if x.Off != 0 {
		at = fmt.Sprintf("%d and ", x.Off)
	}
	if within := rangeWords(x); within != "" {
		return " at offset " + at + within
	}
	return " at offset " + at + "any number"
}

// placeWords name a place as the kernel's log does.
func placeWords(p record.Place) string {
	switch p.Kind {
	case record.InRegister:
		return fmt.Sprintf("R%d", p.Index)
	case record.InSlot:
		return fmt.Sprintf("fp-%d", 8*(int(p.Index)+1))
	case record.InBytes:
		return fmt.Sprintf("some bytes from fp%d to fp%d", p.From, p.To-1)
	}
	return ""
}

// learntWords say what is known of a value since a branch, "" if it cannot be
// said in short. name is what it is called.
func learntWords(name string, c *record.Change) string {
	old, now := c.Old, c.New
	switch {
	case old.Type.MayBeNull() && now.Type == regtype.Scalar && now.IsConst():
		return name + " is NULL"
	case old.Type.MayBeNull() && !now.Type.MayBeNull() && now.Type != regtype.Scalar:
		return name + " is not NULL"
	case now.Type.IsPacket() && now.Packet > old.Packet && !now.IsConst():
		if name == "" {
			return ""
		}
		n := max(now.Packet-now.Off, 0)
		if n == 0 {
			return name + " is not behind the end"
		}
		return fmt.Sprintf("%s behind %s %s there", catalog.Bytes(fmt.Sprint(n)), name, are(int64(n)))
	case now.Type.IsPacket() && now.Packet > old.Packet:
		return firstBytes(int64(now.Packet)) + " of the packet " + are(int64(now.Packet)) + " there"
	case now.Type == regtype.Scalar && old.Type == regtype.Scalar:
		return limitWords(name, old, now)
	}
	return ""
}

// firstBytes are the first bytes of something.
func firstBytes(n int64) string {
	if n == 1 {
		return "the first byte"
	}
	return "the first " + catalog.Bytes(fmt.Sprint(n))
}

// are is the verb for a number of things.
func are(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// limitWords say which limit of a number a branch set: one that was there
// before is not worth a word.
func limitWords(name string, old, now *record.Value) string {
	switch {
	case now.IsConst():
		return fmt.Sprintf("%s is %d", name, int64(now.Bits))
	case now.Min > old.Min && (now.Max == math.MaxInt32 || now.Max == math.MaxUint32):
		return fmt.Sprintf("%s is at least %d", name, now.Min)
	case now.Max < old.Max && now.Min > old.Min:
		return fmt.Sprintf("%s is %s", name, catalog.ValueRange(now.Min, now.Max))
	case now.Max < old.Max && now.Min == math.MinInt64:
		return fmt.Sprintf("%s is at most %d", name, now.Max)
	case now.Max < old.Max:
		return fmt.Sprintf("%s is %s", name, catalog.ValueRange(now.Min, now.Max))
	case now.Min > old.Min:
		return fmt.Sprintf("%s is at least %d", name, now.Min)
	case now.UMax < old.UMax:
		return fmt.Sprintf("%s is at most %d without its sign", name, now.UMax)
	}
	return ""
}

// endWords say why a value is of no use any more.
func endWords(why record.Reason, by string) string {
	switch why {
	case record.ReasonPacketMoved:
		return by + " may have moved the packet"
	case record.ReasonRelease:
		return by + " ends its life"
	case record.ReasonBorrowEnded:
		return by + " ends the lock that protected it"
	case record.ReasonRCUEnded:
		return by + " ends the RCU read section that protected it"
	case record.ReasonCallerSaved:
		return by + " may use the register for itself"
	case record.ReasonSourceGone:
		return by + " ends the life of what it is a part of"
	}
	return "something else is written there"
}

// doer names the call at pc, or the write that it is.
func (w *where) doer(pc int) string {
	if w.Callee(pc) == "" && w.Prog.Insns[pc].Op != isa.ClassJMP|isa.OpCall {
		return "this write"
	}
	return w.calleeWords(pc)
}

// sentence joins the parts of a message that are there.
func sentence(separator string, parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, separator)
}
