// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// liveMaps are the maps of one program in the kernel, by their index in
// Object.Maps. They are made anew for each program, since a map may remember
// which kind of program used it first.
type liveMaps struct {
	btf    int // file descriptor of the object's types, -1 without
	fds    map[int]int
	arenas [][]byte
}

func (l *liveMaps) close() {
	for _, fd := range l.fds {
		unix.Close(fd)
	}
	for _, m := range l.arenas {
		unix.Munmap(m)
	}
}

// create makes the map of an index, unless it is there, and gives it the
// contents that the verifier may look at.
func (l *liveMaps) create(maps []*program.Map, i int) (fd int, err error) {
	if fd, ok := l.fds[i]; ok {
		return fd, nil
	}
	if i < 0 || i >= len(maps) {
		return -1, fmt.Errorf("the object has no map %d", i)
	}
	m := maps[i]
	if fd, err = l.createMap(m); err != nil {
		return -1, fmt.Errorf("map %s: %w", m.FullName, err)
	}
	l.fds[i] = fd
	if m.Data && m.Contents != nil {
		if err := updateElem(fd, 0, m.Contents); err != nil {
			return -1, fmt.Errorf("map %s: its contents: %w", m.FullName, err)
		}
	}
	if m.Frozen {
		if err := freezeMap(fd); err != nil {
			return -1, fmt.Errorf("map %s: freezing it: %w", m.FullName, err)
		}
	}
	return fd, l.placeArena(m, fd)
}

// placeArena maps an arena that names no address, which is how it gets one.
func (l *liveMaps) placeArena(m *program.Map, fd int) error {
	if m.Type != facts.MapArena || m.Extra != 0 {
		return nil
	}
	mem, err := unix.Mmap(fd, 0, int(m.MaxEntries)*os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("map %s: mapping the arena: %w", m.FullName, err)
	}
	l.arenas = append(l.arenas, mem)
	return nil
}

// createMap makes one map and its template of an inner map, which is of no use
// once the map exists.
func (l *liveMaps) createMap(m *program.Map) (int, error) {
	attr := mapCreateAttr{
		mapType: uint32(m.Type), keySize: m.KeySize, valueSize: m.ValueSize, maxEntries: m.MaxEntries,
		flags: m.Flags, name: objName(m.Name), extra: m.Extra,
	}
	if m.Inner != nil {
		inner, err := l.createMap(m.Inner)
		if err != nil {
			return -1, fmt.Errorf("inner map: %w", err)
		}
		defer unix.Close(inner)
		attr.innerFD = uint32(inner)
	}
	if l.btf >= 0 && m.KeyTypeID|m.ValueTypeID != 0 {
		attr.btfFD, attr.keyTypeID, attr.valueTypeID = uint32(l.btf), m.KeyTypeID, m.ValueTypeID
		fd, err := bpf(unix.BPF_MAP_CREATE, &attr)
		if err == nil {
			return fd, nil
		}
		// libbpf does without the types then.
		attr.btfFD, attr.keyTypeID, attr.valueTypeID = 0, 0, 0
	}
	return bpf(unix.BPF_MAP_CREATE, &attr)
}
