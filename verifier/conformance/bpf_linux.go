// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// wordBits is the size of a word of a signal set.
const wordBits = 8 * int(unsafe.Sizeof(unix.Sigset_t{}.Val[0]))

// The attributes of the bpf system call, where they are used here. Every
// 64-bit member falls on a multiple of eight by itself.

type mapCreateAttr struct {
	mapType, keySize, valueSize, maxEntries uint32
	flags                                   uint32
	innerFD                                 uint32
	numaNode                                uint32
	name                                    [unix.BPF_OBJ_NAME_LEN]byte
	ifindex                                 uint32
	btfFD, keyTypeID, valueTypeID           uint32
	kernelValueTypeID                       uint32
	extra                                   uint64
}

type mapElemAttr struct {
	fd         uint32
	_          uint32
	key, value uint64
	flags      uint64
}

type btfLoadAttr struct {
	btf, log                uint64
	size, logSize, logLevel uint32
	_                       uint32
}

type progLoadAttr struct {
	progType, insnCount        uint32
	insns, license             uint64
	logLevel, logSize          uint32
	log                        uint64
	kernVersion, flags         uint32
	name                       [unix.BPF_OBJ_NAME_LEN]byte
	ifindex, attach            uint32
	btfFD, funcInfoSize        uint32
	funcInfo                   uint64
	funcInfoCount              uint32
	lineInfoSize               uint32
	lineInfo                   uint64
	lineInfoCount, attachBTFID uint32
	attachFD, coreCount        uint32
	fdArray, core              uint64
	coreSize, logTrueSize      uint32
}

// loadTries is how often a load is tried that a signal ended early.
const loadTries = 5

// bpf makes the system call. What the pointers inside attr lead to must be kept
// alive by the caller.
//
// The kernel gives up a verification when a signal waits for the thread, and the
// Go runtime signals its threads all the time: those signals wait meanwhile.
func bpf[T any](cmd uintptr, attr *T) (int, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var block, before unix.Sigset_t
	for _, s := range []int{int(unix.SIGURG), int(unix.SIGPROF)} {
		block.Val[(s-1)/wordBits] |= 1 << ((s - 1) % wordBits)
	}
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &block, &before); err != nil {
		return -1, err
	}
	defer unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil)
	for try := 1; ; try++ {
		fd, _, errno := unix.Syscall(unix.SYS_BPF, cmd, uintptr(unsafe.Pointer(attr)), unsafe.Sizeof(*attr))
		runtime.KeepAlive(attr)
		switch {
		case errno == 0:
			return int(fd), nil
		case errno != unix.EINTR && errno != unix.EAGAIN || try == loadTries:
			return -1, errno
		}
	}
}

// pointer is the address of a slice's bytes, 0 if it has none.
func pointer[T any](s []T) uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(s))))
}

// objName is a name as the kernel takes it: cut, and ended by a zero byte.
func objName(s string) (name [unix.BPF_OBJ_NAME_LEN]byte) {
	copy(name[:len(name)-1], s)
	return name
}

func loadBTF(data []byte) (int, error) {
	attr := btfLoadAttr{btf: pointer(data), size: uint32(len(data))}
	fd, err := bpf(unix.BPF_BTF_LOAD, &attr)
	runtime.KeepAlive(data)
	return fd, err
}

func updateElem(fd int, key uint32, value []byte) error {
	keyBytes := []uint32{key}
	attr := mapElemAttr{fd: uint32(fd), key: pointer(keyBytes), value: pointer(value)}
	_, err := bpf(unix.BPF_MAP_UPDATE_ELEM, &attr)
	runtime.KeepAlive(keyBytes)
	runtime.KeepAlive(value)
	return err
}

func freezeMap(fd int) error {
	_, err := bpf(unix.BPF_MAP_FREEZE, &mapElemAttr{fd: uint32(fd)})
	return err
}
