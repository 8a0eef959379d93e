// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

// placeKind says where the value of a variable is.
type placeKind uint8

const (
	nowhere placeKind = iota // not known, or left out by the compiler
	inReg                    // in a register
	inFrame                  // in memory of the stack frame
	fromReg                  // a register plus a number
	isConst                  // nowhere: it is a number
)

// place holds a variable, or a part of one.
type place struct {
	kind placeKind
	reg  uint8
	// off is, of inFrame, from R10, as the compiler counts it; of fromReg what is
	// added, of isConst the number.
	off int64
	// loose tells a value that was made narrower or wider on the way to the
	// variable: the register may hold more of the variable that it came from.
	loose bool
	// at and size say which bytes of the variable are here; size is 0 if all
	// of them are.
	at, size uint64
}

// frameReg is the register that points behind the stack frame.
const frameReg = 10

// The operations of location expressions that are understood, by their names
// in DWARF 5. Ranges start with the number 0 of their kind.
const (
	opAddr          = 0x03
	opDeref         = 0x06
	opConst1u       = 0x08
	opConst1s       = 0x09
	opConst2u       = 0x0a
	opConst2s       = 0x0b
	opConst4u       = 0x0c
	opConst4s       = 0x0d
	opConst8u       = 0x0e
	opConst8s       = 0x0f
	opConstu        = 0x10
	opConsts        = 0x11
	opAnd           = 0x1a
	opDiv           = 0x1b
	opMinus         = 0x1c
	opMod           = 0x1d
	opMul           = 0x1e
	opNeg           = 0x1f
	opNot           = 0x20
	opOr            = 0x21
	opPlus          = 0x22
	opPlusUconst    = 0x23
	opShl           = 0x24
	opShr           = 0x25
	opShra          = 0x26
	opXor           = 0x27
	opEq            = 0x29
	opNe            = 0x2e
	opLit0          = 0x30
	opReg0          = 0x50
	opBreg0         = 0x70
	opRegx          = 0x90
	opFbreg         = 0x91
	opBregx         = 0x92
	opPiece         = 0x93
	opNop           = 0x96
	opImplicitValue = 0x9e
	opStackValue    = 0x9f
	opAddrx         = 0xa1
	opConstx        = 0xa2
	opEntryValue    = 0xa3
	opConvert       = 0xa8
	opReinterpret   = 0xa9
	opGNUEntryValue = 0xf3
)

// valueKind is what is known about a value on an expression's stack.
type valueKind uint8

const (
	valueUnknown valueKind = iota
	valueConst             // the number off
	valueReg               // a register plus off
	valueFrame             // the address at off in the stack frame
	valueSlot              // what the stack frame holds at slot, plus off
)

type value struct {
	kind  valueKind
	reg   uint8
	off   int64
	slot  int64
	loose bool
}

// maxPieces bounds the parts of one variable; compilers split few.
const maxPieces = 64

// evaluation is an expression on its way to places.
type evaluation struct {
	cursor
	stack   []value
	reg     int  // of a register location, -1 for none
	isValue bool // the top of the stack is the value, not its address
	pieces  []place
	at      uint64
}

// places works out where an expression says that a variable is. frameBase tells
// that the function's frame is counted from R10. An expression that holds
// anything not understood gives nothing.
func places(expr []byte, frameBase bool) []place {
	e := evaluation{cursor: cursor{b: expr}, reg: -1}
	for len(e.b) > 0 {
		if !e.step(frameBase) || e.bad || len(e.stack) > 64 || len(e.pieces) > maxPieces {
			return nil
		}
	}
	if e.pieces != nil {
		return e.pieces
	}
	if p := e.result(); p.kind != nowhere {
		return []place{p}
	}
	return nil
}

// step does one operation; false if it is not understood.
func (e *evaluation) step(frameBase bool) bool {
	op := e.u8()
	if v, ok := e.constant(op); ok {
		e.push(value{kind: valueConst, off: v})
		return true
	}
	switch {
	case op >= opReg0 && op < opReg0+32:
		e.reg = int(op - opReg0)
		return true
	case op >= opBreg0 && op < opBreg0+32:
		e.push(registerValue(uint64(op-opBreg0), e.sleb()))
		return true
	case op >= opEq && op <= opNe, op >= opDiv && op <= opMul && op != opMinus, op >= opShl && op <= opXor, op == opOr:
		return e.pop(2) && e.push(value{})
	}
	switch op {
	case opRegx:
		e.reg = int(min(e.uleb(), 255))
	case opBregx:
		reg := e.uleb()
		e.push(registerValue(reg, e.sleb()))
	case opFbreg:
		v := registerValue(frameReg, e.sleb())
		if !frameBase {
			v = value{}
		}
		e.push(v)
	case opAddr:
		e.u64()
		e.push(value{})
	case opAddrx, opConstx:
		e.uleb()
		e.push(value{})
	case opEntryValue, opGNUEntryValue:
		// What a register held when the function was entered tells nothing
		// about what it holds now.
		e.bytes(e.uleb())
		e.push(value{})
	case opImplicitValue:
		e.bytes(e.uleb())
		e.push(value{})
		e.isValue = true
	case opNeg, opNot:
		return e.pop(1) && e.push(value{})
	case opAnd, opPlus, opMinus:
		return e.arithmetic(op)
	case opPlusUconst:
		e.push(value{kind: valueConst, off: int64(e.uleb())})
		return e.arithmetic(opPlus)
	case opDeref:
		return e.deref()
	case opConvert, opReinterpret:
		e.uleb()
		if len(e.stack) == 0 {
			return false
		}
		e.stack[len(e.stack)-1].loose = true
	case opNop:
	case opStackValue:
		e.isValue = true
	case opPiece:
		e.piece(e.uleb())
	default:
		return false
	}
	return true
}

// constant reads the operations that push a number.
func (e *evaluation) constant(op uint8) (int64, bool) {
	if op >= opLit0 && op < opLit0+32 {
		return int64(op - opLit0), true
	}
	switch op {
	case opConst1u:
		return int64(e.u8()), true
	case opConst1s:
		return int64(int8(e.u8())), true
	case opConst2u:
		return int64(e.u16()), true
	case opConst2s:
		return int64(int16(e.u16())), true
	case opConst4u:
		return int64(e.u32()), true
	case opConst4s:
		return int64(int32(e.u32())), true
	case opConst8u, opConst8s:
		return int64(e.u64()), true
	case opConstu:
		return int64(e.uleb()), true
	case opConsts:
		return e.sleb(), true
	}
	return 0, false
}

func registerValue(reg uint64, off int64) value {
	switch {
	case reg == frameReg:
		return value{kind: valueFrame, off: off}
	case reg < frameReg:
		return value{kind: valueReg, reg: uint8(reg), off: off}
	}
	return value{}
}

func (e *evaluation) push(v value) bool {
	e.stack = append(e.stack, v)
	return true
}

func (e *evaluation) pop(n int) bool {
	if len(e.stack) < n {
		return false
	}
	e.stack = e.stack[:len(e.stack)-n]
	return true
}

// arithmetic is an operation on two values, of which one must be a number for
// anything to be known about the result.
func (e *evaluation) arithmetic(op uint8) bool {
	n := len(e.stack)
	if n < 2 {
		return false
	}
	a, b := e.stack[n-2], e.stack[n-1]
	if a.kind == valueConst && op != opMinus {
		a, b = b, a
	}
	switch {
	case a.kind == valueUnknown || b.kind != valueConst:
		a = value{}
	case op == opPlus:
		a.off += b.off
	case op == opMinus:
		a.off -= b.off
	case a.kind != valueReg && a.kind != valueSlot || b.off != 0xff && b.off != 0xffff && b.off != 0xffffffff:
		a = value{}
	default:
		a.loose = true // cut to a narrower type
	}
	e.stack = append(e.stack[:n-2], a)
	return true
}

// deref replaces an address by what is there.
func (e *evaluation) deref() bool {
	n := len(e.stack)
	if n == 0 {
		return false
	}
	if top := &e.stack[n-1]; top.kind == valueFrame && !top.loose {
		*top = value{kind: valueSlot, slot: top.off}
	} else {
		*top = value{}
	}
	return true
}

// piece ends the description of the next size bytes of the variable.
func (e *evaluation) piece(size uint64) {
	p := e.result()
	p.at, p.size = e.at, size
	e.pieces = append(e.pieces, p)
	e.at += size
	e.stack, e.reg, e.isValue = nil, -1, false
}

// result is the place that the operations so far describe.
func (e *evaluation) result() place {
	if e.reg >= 0 {
		if e.reg >= frameReg || len(e.stack) > 0 {
			return place{}
		}
		return place{kind: inReg, reg: uint8(e.reg)}
	}
	if len(e.stack) == 0 {
		return place{}
	}
	top := e.stack[len(e.stack)-1]
	switch {
	case !e.isValue && top.kind == valueFrame && !top.loose:
		return place{kind: inFrame, off: top.off}
	case e.isValue && top.kind == valueReg && top.off == 0:
		return place{kind: inReg, reg: top.reg, loose: top.loose}
	case e.isValue && top.kind == valueReg && !top.loose:
		return place{kind: fromReg, reg: top.reg, off: top.off}
	case e.isValue && top.kind == valueConst && !top.loose:
		return place{kind: isConst, off: top.off}
	case e.isValue && top.kind == valueSlot && top.off == 0:
		return place{kind: inFrame, off: top.slot, loose: top.loose}
	}
	return place{}
}
