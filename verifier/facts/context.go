// SPDX-License-Identifier: GPL-2.0-only

package facts

import "github.com/bpf-lsp/bpf-lsp/verifier/regtype"

// Ctx says which bytes of a context, or of a socket that a pointer leads to,
// a program may load and store. It is chosen once per program.
type Ctx struct {
	Name   string // of the table
	Struct string // C struct as programs see it, "" if there is none
	Size   int32  // bytes
	// BTF marks contexts made of the arguments of a kernel function: beyond
	// Access, the function's BTF decides.
	BTF bool

	progs    uint64
	attaches uint64
	caps     Caps
	config   Config
	linear   bool
	from     int32
	writable bool
	cells    []ctxCell
}

// ctxCell holds, for one offset, the sizes that may be loaded and stored,
// each a mask with size s as bit value s, and what a load yields.
type ctxCell struct{ read, write, result uint8 }

// CtxField is what a load from a context yields.
type CtxField struct {
	Type regtype.Reg
	BTF  string // kernel struct of a BTF pointer, or ""
}

// CtxOf returns the context of a program. A type without a context has one
// that refuses everything.
func CtxOf(prog ProgType, attach AttachType, caps Caps, kernel Kernel) *Ctx {
	for i := range ctxTables {
		c := &ctxTables[i]
		if c.progs>>prog&1 != 0 && c.attaches>>attach&1 != 0 && c.caps&^caps == 0 && c.config&kernel.Without == 0 {
			return c
		}
	}
	return &Ctx{}
}

// SocketOf returns the readable fields of a socket pointer: one of
// regtype.PtrToSockCommon, PtrToSocket, PtrToTCPSock and PtrToXDPSock, without
// flags. It is nil for other types.
func SocketOf(t regtype.Reg) *Ctx {
	name := ""
	switch t {
	case regtype.PtrToSockCommon:
		name = "sock_common"
	case regtype.PtrToSocket:
		name = "socket"
	case regtype.PtrToTCPSock:
		name = "tcp_sock"
	case regtype.PtrToXDPSock:
		name = "xdp_sock"
	default:
		return nil
	}
	for i := range ctxTables {
		if ctxTables[i].Name == name {
			return &ctxTables[i]
		}
	}
	return nil
}

// Access reports whether size bytes (1, 2, 4 or 8) at off may be loaded, or
// stored if write is set, and what a load yields. Sign-extending loads do not
// work on 32-bit fields that hold pointers.
//
// kernel: is_valid_access of the program types
func (c *Ctx) Access(off int32, size uint8, write, signExtend bool) (CtxField, bool) {
	if off < 0 || off >= c.Size {
		return CtxField{}, false
	}
	if c.cells == nil {
		ok := off >= c.from && off%int32(size) == 0 && (!write || c.writable) && (c.linear || c.BTF)
		return ctxResults[0], ok
	}
	cell := c.cells[off]
	if write {
		return ctxResults[0], cell.write&size != 0
	}
	if cell.read&size == 0 || signExtend && cell.result != 0 {
		return CtxField{}, false
	}
	return ctxResults[cell.result], true
}
