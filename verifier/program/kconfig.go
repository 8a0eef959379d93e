// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bufio"
	"encoding/binary"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// kconfigType says how an extern's value is written in a kernel configuration.
type kconfigType uint8

const (
	kconfigUnknown kconfigType = iota
	kconfigChar
	kconfigBool
	kconfigInt
	kconfigTristate
	kconfigChars
)

// Values of enum libbpf_tristate.
const (
	tristateNo = iota
	tristateYes
	tristateModule
)

// typeKconfig works out an extern's type, and returns what is wrong with it.
func (l *loader) typeKconfig(e *extern) string {
	typ, ok := l.btf.ref(e.btfID), false
	if l.btf.kind(e.btfID) == kindFunc {
		return "a function cannot be in section .kconfig"
	}
	if e.size, ok = l.btf.sizeof(typ); !ok || e.size == 0 || e.size > maxKconfigBytes {
		return "its type has no size, or one that is too large"
	}
	if e.align = l.btf.alignof(typ); e.align == 0 {
		return "its type has no alignment"
	}
	if e.typ, e.signed = l.kconfigTypeOf(typ); e.typ == kconfigUnknown {
		return "__kconfig does not know its type: bool, char, enum libbpf_tristate, integers and arrays of char are possible"
	}
	return ""
}

// kernel: find_kcfg_type
func (l *loader) kconfigTypeOf(id uint32) (typ kconfigType, signed bool) {
	id = l.btf.skip(id)
	size := l.btf.size(id)
	switch l.btf.kind(id) {
	case kindInt:
		enc := l.btf.intEncoding(id)
		switch {
		case enc&intBool != 0 && size == 1:
			return kconfigBool, false
		case enc&intBool != 0:
			return kconfigUnknown, false
		case size == 1:
			return kconfigChar, enc&intSigned != 0
		case size == 2, size == 4, size == 8:
			return kconfigInt, enc&intSigned != 0
		}
	case kindEnum, kindEnum64:
		if l.btf.name(id) == "libbpf_tristate" && (size == 4 || l.btf.kind(id) == kindEnum64) {
			return kconfigTristate, false
		}
	case kindArray:
		elem, n := l.btf.array(id)
		if n == 0 {
			break
		}
		if elem = l.btf.skip(elem); l.btf.kind(elem) == kindInt && l.btf.size(elem) == 1 &&
			l.btf.intEncoding(elem)&intBool == 0 {
			return kconfigChars, false
		}
	}
	return kconfigUnknown, false
}

// maxKconfigBytes bounds the .kconfig map, above anything of use.
const maxKconfigBytes = 1 << 20

// layOutKconfig gives each Kconfig extern its place in the .kconfig map.
func (l *loader) layOutKconfig() error {
	var end, sec uint32
	byID := make(map[uint32]*extern)
	for _, e := range l.externs {
		if !e.kconfig {
			continue
		}
		e.off = (end + e.align - 1) / e.align * e.align
		if end = e.off + e.size; end > maxKconfigBytes {
			return unsupported("the __kconfig externs are too large")
		}
		byID[e.btfID] = e
		sec = l.datasecOf(e.btfID)
	}
	if sec == 0 {
		return nil
	}
	l.btf.setWord(sec, 2, end)
	for i := range l.btf.vlen(sec) {
		if e := byID[l.btf.entry(sec, i).first]; e != nil {
			l.btf.setLinkage(e.btfID, linkGlobal)
			l.btf.setWord(sec, 4+3*i, e.off)
		}
	}
	return nil
}

// resolveKconfig fills the .kconfig map's contents.
//
// kernel: bpf_object__resolve_externs
func (l *loader) resolveKconfig() {
	for _, e := range l.externs {
		if !e.kconfig {
			continue
		}
		to := l.kconfigValue(e)
		switch {
		case strings.HasPrefix(e.name, "CONFIG_"):
			value, ok := l.opts.Kconfig[e.name]
			switch {
			case ok:
				e.set = e.parse(to, value)
				if !e.set {
					e.reason = e.name + "=" + value + " of the kernel configuration does not fit the extern's type"
				}
			case l.opts.Kconfig == nil:
				// Nothing is known of the configuration, so nothing is missing.
				e.set = true
			default:
				e.reason = e.name + " is not in the kernel configuration"
				e.libbpf = "extern '" + e.name + "' (strong): not resolved"
				e.near = nearest(e.name, maps.Keys(l.opts.Kconfig))
			}
		case e.name == "LINUX_KERNEL_VERSION":
			e.set = e.setNumber(to, uint64(l.kernel.Version))
		case e.name == "LINUX_HAS_BPF_COOKIE", e.name == "LINUX_HAS_SYSCALL_WRAPPER":
			e.set = e.setNumber(to, 1)
		default:
			e.reason = "libbpf knows no __kconfig extern '" + e.name + "'"
			e.libbpf = "extern (kcfg) '" + e.name + "': unrecognized virtual extern"
			e.near = nearest(e.name, slices.Values([]string{"LINUX_KERNEL_VERSION", "LINUX_HAS_BPF_COOKIE",
				"LINUX_HAS_SYSCALL_WRAPPER"}))
		}
	}
}

// kconfigValue is the part of the .kconfig map that holds an extern.
func (l *loader) kconfigValue(e *extern) []byte {
	for _, m := range l.maps {
		if m.role == mapKconfig {
			return m.Contents[e.off:][:e.size]
		}
	}
	return nil
}

// parse stores a value written as in a configuration.
//
// kernel: bpf_object__process_kconfig_line
func (e *extern) parse(to []byte, value string) bool {
	switch {
	case value == "":
		return false
	case strings.ContainsRune("ynm", rune(value[0])):
		return e.setTristate(to, value[0])
	case value[0] == '"':
		if e.typ != kconfigChars || len(value) < 2 || value[len(value)-1] != '"' {
			return false
		}
		n := copy(to[:len(to)-1], value[1:len(value)-1])
		clear(to[n:])
		return true
	}
	n, err := strconv.ParseInt(value, 0, 64)
	num := uint64(n)
	if err != nil {
		if num, err = strconv.ParseUint(value, 0, 64); err != nil {
			return false
		}
	}
	return (e.typ == kconfigInt || e.typ == kconfigChar) && e.setNumber(to, num)
}

func (e *extern) setTristate(to []byte, value byte) bool {
	switch e.typ {
	case kconfigBool:
		if value == 'm' {
			return false
		}
		to[0] = 0
		if value == 'y' {
			to[0] = 1
		}
	case kconfigTristate:
		n := byte(tristateNo)
		switch value {
		case 'y':
			n = tristateYes
		case 'm':
			n = tristateModule
		}
		to[0] = n
	case kconfigChar:
		to[0] = value
	default:
		return false
	}
	return true
}

// setNumber stores a number that the extern's type can hold.
func (e *extern) setNumber(to []byte, n uint64) bool {
	bits := 8 * e.size
	switch {
	case e.typ != kconfigInt && e.typ != kconfigChar && e.typ != kconfigBool, e.typ == kconfigBool && n > 1:
		return false
	case e.size == 8:
	case e.signed && n+1<<(bits-1) >= 1<<bits, !e.signed && n>>bits != 0:
		return false
	}
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	copy(to, b[:])
	return true
}

// ReadKconfig reads a kernel configuration, such as /boot/config-*, into what
// Options.Kconfig takes.
func ReadKconfig(r io.Reader) (map[string]string, error) {
	values := make(map[string]string)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		key, value, ok := strings.Cut(lines.Text(), "=")
		if ok && strings.HasPrefix(key, "CONFIG_") {
			values[key] = value
		}
	}
	return values, lines.Err()
}
