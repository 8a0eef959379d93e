// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// loadWhole loads one object and closes all of it.
func (k *runningKernel) loadWhole(path string) wholeAnswer {
	a := wholeAnswer{Object: filepath.Base(path)}
	elf, err := os.ReadFile(path)
	if err != nil {
		a.Skip = err.Error()
		return a
	}
	obj, err := program.Load(elf, program.Options{Name: a.Object, Kernel: k.types, Kconfig: k.kconfig,
		Symbols: k.symbols})
	if err != nil {
		a.Skip = err.Error()
		return a
	}
	types := liveTypes{fd: -1, raw: obj.KernelReadyBTF()}
	if types.raw != nil {
		if types.fd, err = loadBTF(types.raw); err == nil {
			defer unix.Close(types.fd)
		}
	}
	w := &wholeLoad{k: k, obj: obj, types: types, maps: &liveMaps{btf: types.fd, fds: make(map[int]int)},
		progs: make(map[string]int)}
	defer w.close()
	for _, step := range [...]func(*wholeAnswer){w.createMaps, w.fillOuter, w.loadPrograms, w.fillArrays} {
		if step(&a); a.Refused != "" || a.Skip != "" {
			break
		}
	}
	return a
}

// wholeLoad is an object that is being loaded.
type wholeLoad struct {
	k     *runningKernel
	obj   *program.Object
	types liveTypes
	maps  *liveMaps
	progs map[string]int // file descriptors by name
}

func (w *wholeLoad) close() {
	w.maps.close()
	for _, fd := range w.progs {
		unix.Close(fd)
	}
}

func (w *wholeLoad) createMaps(a *wholeAnswer) {
	for i, m := range w.obj.Maps {
		if m.Type == facts.MapStructOpsMap {
			continue
		}
		if _, err := w.maps.create(w.obj.Maps, i); err != nil {
			a.Refused, a.Errno = m.FullName, errnoName(err)
			return
		}
	}
}

// fillOuter puts inner maps into maps of maps.
func (w *wholeLoad) fillOuter(a *wholeAnswer) {
	for i, m := range w.obj.Maps {
		for _, s := range m.Slots {
			for j, inner := range w.obj.Maps {
				if inner == s.Map {
					w.put(a, i, s.Index, w.maps.fds[j])
				}
			}
		}
	}
}

// fillArrays puts programs into program arrays; one that is not loaded has the
// descriptor -1.
func (w *wholeLoad) fillArrays(a *wholeAnswer) {
	for i, m := range w.obj.Maps {
		for _, s := range m.Slots {
			if s.Program == "" {
				continue
			}
			fd, ok := w.progs[s.Program]
			if !ok {
				fd = -1
			}
			w.put(a, i, s.Index, fd)
		}
	}
}

func (w *wholeLoad) put(a *wholeAnswer, mapIndex int, slot uint32, fd int) {
	if a.Refused != "" {
		return
	}
	if err := updateElem(w.maps.fds[mapIndex], slot, binary.LittleEndian.AppendUint32(nil, uint32(fd))); err != nil {
		a.Refused, a.Errno, a.Silent = fmt.Sprintf("%s[%d]", w.obj.Maps[mapIndex].FullName, slot), errnoName(err), true
	}
}

func (w *wholeLoad) loadPrograms(a *wholeAnswer) {
	for _, p := range w.obj.Programs {
		if !p.Autoload {
			continue
		}
		if a.Skip = p.Unloadable(); a.Skip != "" {
			return
		}
		insns, err := placeMaps(p, w.maps)
		if err != nil {
			a.Skip = err.Error()
			return
		}
		var fd int
		load := &progLoad{obj: w.obj, prog: p, insns: insns, types: w.types, flags: p.Flags, maxLog: w.k.maxLog,
			keep: &fd}
		log, err := load.try(logPaths&1 | logStats)
		if err != nil {
			silent := len(log) == 0 || strings.HasPrefix(string(log), "verification time")
			if len(log) == 0 && errnoName(err) == "EPERM" {
				a.Skip = p.Name + ": the kernel refused before verification: EPERM"
				return
			}
			a.Refused, a.Errno, a.Silent = p.Name, errnoName(err), silent
			return
		}
		w.progs[p.Name] = fd
	}
}
