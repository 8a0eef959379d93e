// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"math"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
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
	low, high := shownLimits(x)
	if high < low { // both are without a sign
		return fmt.Sprintf("%d to %d", x.UMin, x.UMax)
	}
	return catalog.ValueRange(low, high)
}

// shownLimits are the limits that rangeWords are of.
func shownLimits(x *record.Value) (low, high int64) {
	signed := x.Min != math.MinInt64 || x.Max != math.MaxInt64
	if x.Min >= 0 || x.UMax == math.MaxUint64 || x.UMax > math.MaxInt64 && signed {
		return meant(x.Min, x.Max)
	}
	return int64(x.UMin), int64(x.UMax)
}

// meant are limits without those that only say which numbers of 64 bits are left out at
// their ends: no program compares with such.
func meant(low, high int64) (int64, int64) {
	const near = 1 << 31
	if low < math.MinInt64+near {
		low = diag.UnlimitedLow
	}
	if high > math.MaxInt64-near {
		high = diag.UnlimitedHigh
	}
	return low, high
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
// said in short, and what that claims of the state behind the branch. name is what it
// is called.
func learntWords(name string, c *record.Change) (words string, claim diag.Claim) {
	old, now := c.Old, c.New
	claim.Place = c.Place
	switch {
	case old.Type.MayBeNull() && now.Type == regtype.Scalar && now.IsConst():
		claim.Kind = diag.ClaimRange // of NULL
		return name + " is NULL", claim
	case old.Type.MayBeNull() && !now.Type.MayBeNull() && now.Type != regtype.Scalar:
		claim.Kind = diag.ClaimNotNull
		return name + " is not NULL", claim
	case now.Type.IsPacket() && now.Packet > old.Packet && !now.IsConst():
		if name == "" {
			return "", claim
		}
		n := int64(max(now.Packet-now.Off, 0))
		claim.Kind, claim.Low, claim.High = diag.ClaimBehind, n, n
		if n == 0 {
			return name + " is not behind the end", claim
		}
		return fmt.Sprintf("%s behind %s %s there", catalog.Bytes(fmt.Sprint(n)), name, are(n)), claim
	case now.Type.IsPacket() && now.Packet > old.Packet:
		n := int64(now.Packet)
		claim.Kind, claim.Low, claim.High = diag.ClaimReach, n, n
		return firstBytes(n) + " of the packet " + are(n) + " there", claim
	case now.Type == regtype.Scalar && old.Type == regtype.Scalar:
		claim.Kind = diag.ClaimRange
		words, claim.Low, claim.High = limitWords(name, old, now)
		return words, claim
	}
	return "", claim
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
func limitWords(name string, old, now *record.Value) (words string, low, high int64) {
	low, high = now.Min, now.Max
	switch {
	case now.IsConst():
		n := int64(now.Bits)
		return fmt.Sprintf("%s is %d", name, n), n, n
	case now.Min > old.Min && (now.Max == math.MaxInt32 || now.Max == math.MaxUint32):
		high = diag.UnlimitedHigh
	case now.Max < old.Max:
	case now.Min > old.Min:
		high = diag.UnlimitedHigh
	case now.UMax < old.UMax:
		return fmt.Sprintf("%s is at most %d without its sign", name, now.UMax), diag.UnlimitedLow, int64(now.UMax)
	default:
		return "", low, high
	}
	if low, high = meant(low, high); low == diag.UnlimitedLow && high == diag.UnlimitedHigh {
		return "", low, high
	}
	return fmt.Sprintf("%s is %s", name, catalog.ValueRange(low, high)), low, high
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

// endsLife reports whether a value is of no use any more for that reason, as long as its
// place is not written again.
func endsLife(why record.Reason) bool {
	switch why {
	case record.ReasonPacketMoved, record.ReasonRelease, record.ReasonBorrowEnded, record.ReasonRCUEnded, record.ReasonSourceGone:
		return true
	}
	return false
}
