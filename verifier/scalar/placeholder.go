// SPDX-License-Identifier: GPL-2.0-only

// Package scalar: this file goes when the real domain lands; delete it then.
package scalar

type Tnum struct{ Value, Mask uint64 }

func (t Tnum) IsConst() bool { return t.Mask == 0 }

type Scalar struct {
	Var            Tnum
	Smin, Smax     int64
	Umin, Umax     uint64
	S32Min, S32Max int32
	U32Min, U32Max uint32
}

func Unknown() Scalar       { return Scalar{} }
func Known(v uint64) Scalar { return Scalar{} }

type Violation uint8

func (v Violation) String() string { return "" }

const Consistent Violation = 0

func (s *Scalar) Violation() Violation { return 0 }
func (s *Scalar) MarkUnbounded()       {}
