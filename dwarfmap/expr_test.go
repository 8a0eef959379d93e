// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"encoding/binary"
	"reflect"
	"testing"
)

func TestPlaces(t *testing.T) {
	reg := func(n uint8) place { return place{kind: inReg, reg: n} }
	for name, test := range map[string]struct {
		expr []byte
		want []place
	}{
		"a register":                        {[]byte{opReg0 + 6}, []place{reg(6)}},
		"a register by number":              {[]byte{opRegx, 7}, []place{reg(7)}},
		"the frame register itself":         {[]byte{opReg0 + 10}, nil},
		"a register that BPF has not":       {[]byte{opReg0 + 12}, nil},
		"memory of the frame":               {[]byte{opFbreg, 8}, []place{{kind: inFrame, off: 8}}},
		"memory below R10":                  {[]byte{opBreg0 + 10, 0x78}, []place{{kind: inFrame, off: -8}}},
		"memory at a register":              {[]byte{opBreg0 + 1, 0}, nil},
		"the address of local memory":       {[]byte{opBreg0 + 10, 0x78, opStackValue}, nil},
		"the value of a register":           {[]byte{opBreg0 + 1, 0, opStackValue}, []place{reg(1)}},
		"a value next to a register's":      {[]byte{opBreg0 + 1, 4, opStackValue}, []place{{kind: fromReg, reg: 1, off: 4}}},
		"there and back":                    {[]byte{opBreg0 + 1, 4, opLit0 + 4, opMinus, opStackValue}, []place{reg(1)}},
		"a sum of registers":                {[]byte{opBreg0 + 1, 0, opBreg0 + 2, 0, opPlus, opStackValue}, nil},
		"a shifted register":                {[]byte{opBreg0 + 1, 0, opConstu, 32, opShr, opStackValue}, nil},
		"a converted register":              {[]byte{opBreg0 + 1, 0, opConvert, 39, opConvert, 43, opStackValue}, []place{{kind: inReg, reg: 1, loose: true}}},
		"the low half":                      {[]byte{opBreg0 + 1, 0, opConst4u, 255, 255, 255, 255, opAnd, opStackValue}, []place{{kind: inReg, reg: 1, loose: true}}},
		"some bits":                         {[]byte{opBreg0 + 1, 0, opConst1u, 6, opAnd, opStackValue}, nil},
		"a spilled value":                   {[]byte{opBreg0 + 10, 8, opDeref, opStackValue}, []place{{kind: inFrame, off: 8}}},
		"a spilled value and more":          {[]byte{opBreg0 + 10, 8, opDeref, opPlusUconst, 4, opStackValue}, nil},
		"memory at a spilled address":       {[]byte{opBreg0 + 10, 8, opDeref}, nil},
		"a constant":                        {[]byte{opConsts, 0x7f, opStackValue}, []place{{kind: isConst, off: -1}}},
		"a number in the expression":        {[]byte{opImplicitValue, 2, 1, 1}, nil},
		"a global variable":                 {[]byte{opAddrx, 3}, nil},
		"an argument as it was":             {[]byte{opEntryValue, 1, opReg0 + 1, opStackValue}, nil},
		"two registers":                     {[]byte{opReg0 + 1, opPiece, 8, opReg0 + 2, opPiece, 4}, []place{{kind: inReg, reg: 1, size: 8}, {kind: inReg, reg: 2, at: 8, size: 4}}},
		"a part that is gone":               {[]byte{opPiece, 8, opReg0 + 2, opPiece, 4}, []place{{size: 8}, {kind: inReg, reg: 2, at: 8, size: 4}}},
		"an operation that is not known":    {[]byte{opReg0 + 1, opPiece, 8, 0xed}, nil},
		"an operation cut short":            {[]byte{opFbreg}, nil},
		"a sum without operands":            {[]byte{opPlus, opStackValue}, nil},
		"nothing":                           {nil, nil},
		"a number that never ends":          {[]byte{opConstu, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, nil},
		"a register's value and a leftover": {[]byte{opLit0, opReg0 + 1}, nil},
	} {
		if got := places(test.expr, true); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
	if got := places([]byte{opFbreg, 8}, false); got != nil {
		t.Errorf("a frame that is counted from elsewhere: %+v", got)
	}
}

// list5 is a list with every kind of entry. Each holds R1 and is 16 bytes long.
var list5 = []byte{
	lleOffsetPair, 0x00, 0x10, 1, opReg0 + 1, // from 1000
	lleBaseAddressx, 1,
	lleOffsetPair, 0x00, 0x10, 1, opReg0 + 1, // from 2000
	lleBaseAddress, 0xb8, 0x0b, 0, 0, 0, 0, 0, 0,
	lleOffsetPair, 0x00, 0x10, 1, opReg0 + 1, // from 3000
	lleStartxEndx, 2, 3, 1, opReg0 + 1, // from 4000
	lleStartxLength, 4, 0x10, 1, opReg0 + 1, // from 5000
	lleStartEnd, 0x70, 0x17, 0, 0, 0, 0, 0, 0, 0x80, 0x17, 0, 0, 0, 0, 0, 0, 1, opReg0 + 1, // from 6000
	lleStartLength, 0x58, 0x1b, 0, 0, 0, 0, 0, 0, 0x10, 1, opReg0 + 1, // from 7000
	lleDefaultLocation, 1, opReg0 + 2,
	lleStartxLength, 99, 0x10, 1, opReg0 + 1, // there is no such address
	lleEndOfList,
}

func testUnit(version int, lists []byte) *listUnit {
	left := 1000
	u := &listUnit{version: version, base: 1000, lists: lists, left: &left}
	for _, a := range []uint64{1000, 2000, 4000, 4016, 5000} {
		u.addrs = binary.LittleEndian.AppendUint64(u.addrs, a)
	}
	return u
}

func starts(t *testing.T, list []stretch) []uint64 {
	t.Helper()
	var out []uint64
	for _, s := range list {
		if s.hi != s.lo+16 || len(s.places) != 1 || s.places[0].reg != 1 {
			t.Errorf("unexpected %+v", s)
		}
		out = append(out, s.lo)
	}
	return out
}

func TestLocationLists(t *testing.T) {
	got := starts(t, testUnit(5, list5).list(0, true))
	if want := []uint64{1000, 2000, 3000, 4000, 5000, 6000, 7000}; !reflect.DeepEqual(got, want) {
		t.Errorf("DWARF 5: %d, want %d", got, want)
	}
	var list4 []byte
	for _, v := range [][2]uint64{{0, 16}, {1<<64 - 1, 2000}, {0, 16}, {0, 0}} {
		list4 = binary.LittleEndian.AppendUint64(list4, v[0])
		list4 = binary.LittleEndian.AppendUint64(list4, v[1])
		if v[1] == 16 {
			list4 = append(list4, 1, 0, opReg0+1)
		}
	}
	got = starts(t, testUnit(4, list4).list4(0, true))
	if want := []uint64{1000, 2000}; !reflect.DeepEqual(got, want) {
		t.Errorf("DWARF 4: %d, want %d", got, want)
	}
	for n := range list5 {
		testUnit(5, list5[:n]).list(0, true)
	}
	for n := range list4 {
		if testUnit(4, list4[:n]).list4(0, true) != nil {
			t.Errorf("a list cut after %d bytes was believed", n)
		}
	}
	u := testUnit(5, list5)
	if *u.left = 3; u.list(0, true) != nil || *u.left >= 0 {
		t.Error("a list goes on over its limit")
	}
}
