// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Bits of a log level.
const (
	logPaths = 1 | 2
	logStats = 4
)

// firstLog is the size of log that most programs fit into, in bytes.
const firstLog = 1 << 20

// runningKernel asks the kernel this runs on.
type runningKernel struct {
	askOptions
	build   string
	types   *program.Kernel
	kconfig map[string]string
	symbols map[string]uint64
}

// newKernel reads what libbpf reads of the running kernel before it links.
func newKernel(o askOptions) (*runningKernel, error) {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(runningTypes)
	if err != nil {
		return nil, fmt.Errorf("the kernel's types: %w", err)
	}
	release := unix.ByteSliceToString(uts.Release[:])
	k := &runningKernel{askOptions: o, build: buildName(release, unix.ByteSliceToString(uts.Version[:]), data)}
	if k.types, err = program.NewKernel(data, release); err != nil {
		return nil, err
	}
	if k.kconfig, err = readKconfig(release); err != nil {
		return nil, fmt.Errorf("the kernel's configuration: %w", err)
	}
	k.symbols, err = readSymbols()
	return k, err
}

// readKconfig is nil if the kernel does not show its configuration.
func readKconfig(release string) (map[string]string, error) {
	if f, err := os.Open("/boot/config-" + release); err == nil {
		defer f.Close()
		return program.ReadKconfig(f)
	}
	f, err := os.Open("/proc/config.gz")
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return program.ReadKconfig(z)
}

// readSymbols reads the addresses of the kernel's symbols; the first of a name
// counts, as for libbpf.
func readSymbols() (map[string]uint64, error) {
	data, err := os.ReadFile("/proc/kallsyms")
	if err != nil {
		return nil, err
	}
	symbols := make(map[string]uint64)
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		addr, err := strconv.ParseUint(f[0], 16, 64)
		if _, ok := symbols[f[2]]; err == nil && !ok {
			symbols[f[2]] = addr
		}
	}
	return symbols, nil
}

// askFile asks about the programs of one object. What cannot be asked about is
// a record that says so.
func (k *runningKernel) askFile(path string) []render.Record {
	name := filepath.Base(path)
	elf, err := os.ReadFile(path)
	var obj *program.Object
	if err == nil {
		obj, err = program.Load(elf, program.Options{Name: name, Kernel: k.types, Kconfig: k.kconfig,
			Symbols: k.symbols})
	}
	if err != nil {
		return []render.Record{{Object: name, Verdict: render.VerdictSkip, Reason: err.Error()}}
	}
	types := liveTypes{fd: -1, raw: obj.KernelReadyBTF()}
	if types.raw != nil {
		// Types that the kernel refuses are left out, as libbpf does.
		if types.fd, err = loadBTF(types.raw); err == nil {
			defer unix.Close(types.fd)
		}
	}
	var records []render.Record
	for _, p := range obj.Programs {
		if k.program == "" || k.program == p.Name {
			records = append(records, k.ask(name, obj, p, types))
		}
	}
	return records
}

// liveTypes is an object's BTF as the kernel was given it.
type liveTypes struct {
	raw []byte
	fd  int // -1 where the kernel refused it
}

// ask asks about one program, twice: for the time of a verification that
// writes no log, and for the log.
func (k *runningKernel) ask(object string, obj *program.Object, p *program.Program, types liveTypes) render.Record {
	run := &diag.Run{Object: object, Program: p, TimeUS: -1, Flags: p.Flags | k.flags, Skip: p.Unloadable()}
	if run.Skip != "" {
		return render.NewRecord(run, false)
	}
	maps := &liveMaps{btf: types.fd, fds: make(map[int]int)}
	defer maps.close()
	insns, err := placeMaps(p, maps)
	if err != nil {
		run.Skip = "not loaded: " + err.Error()
		return render.NewRecord(run, false)
	}
	load := &progLoad{obj: obj, prog: p, insns: insns, types: types, flags: run.Flags, maxLog: k.maxLog}
	if r := p.Replaces; r != nil {
		target, err := k.loadReplaced(obj, r.Program, types, maps)
		if err != nil {
			run.Skip = "what it replaces is not loaded: " + err.Error()
			return render.NewRecord(run, false)
		}
		defer unix.Close(target)
		load.target = target
	}
	level := max((k.logLevel|p.LogLevel)&logPaths, 1) | logStats
	log, err := load.try(level)
	brief, _ := load.try(logStats)
	run.Result.Log, run.Result.Stats = log, readStats(log).Stats
	switch {
	case err == nil:
		run.Result.Verdict = verifier.Accepted
	case len(log) == 0:
		run.Skip = fmt.Sprintf("the kernel refused before verification: %s", errnoName(err))
	default:
		run.Result.Verdict = verifier.Rejected
		run.Skip = p.Poisoned(kernellog.End(string(log)).PC)
	}
	if !k.noTime {
		run.TimeUS = readStats(brief).timeUS
	}
	return render.NewRecord(run, k.fullLog)
}

// loadReplaced loads the program of an object that another one of it extends.
func (k *runningKernel) loadReplaced(obj *program.Object, p *program.Program, types liveTypes, maps *liveMaps) (fd int,
	err error) {
	insns, err := placeMaps(p, maps)
	if err != nil {
		return -1, err
	}
	load := &progLoad{obj: obj, prog: p, insns: insns, types: types, flags: p.Flags, maxLog: k.maxLog, keep: &fd}
	if p.Replaces != nil {
		if load.target, err = k.loadReplaced(obj, p.Replaces.Program, types, maps); err != nil {
			return -1, err
		}
		defer unix.Close(load.target)
	}
	_, err = load.try(logStats)
	return fd, err
}

func errnoName(err error) string {
	var errno unix.Errno
	if errors.As(err, &errno) {
		return unix.ErrnoName(errno)
	}
	return err.Error()
}

// placeMaps is a program's code with file descriptors for its maps.
func placeMaps(p *program.Program, maps *liveMaps) ([]byte, error) {
	var code bytes.Buffer
	for i := 0; i < len(p.Insns); i++ {
		in := p.Insns[i]
		if in.Op != isa.ClassLD|isa.SizeDW|isa.ModeIMM {
			appendInsn(&code, in)
			continue
		}
		if in.Src == isa.PseudoMapIdx || in.Src == isa.PseudoMapIdxValue {
			fd, err := maps.create(p.Maps, int(in.Imm))
			if err != nil {
				return nil, err
			}
			in.Src -= isa.PseudoMapIdx - isa.PseudoMapFD
			in.Imm = int32(fd)
		}
		appendInsn(&code, in)
		// The second slot is data, whatever it looks like.
		if i++; i < len(p.Insns) {
			appendInsn(&code, p.Insns[i])
		}
	}
	return code.Bytes(), nil
}

func appendInsn(to *bytes.Buffer, in isa.Insn) {
	var b [8]byte
	b[0], b[1] = in.Op, in.Dst|in.Src<<4
	binary.LittleEndian.PutUint16(b[2:], uint16(in.Off))
	binary.LittleEndian.PutUint32(b[4:], uint32(in.Imm))
	to.Write(b[:])
}

// progLoad loads one program, and closes it at once unless it is to be kept.
type progLoad struct {
	obj    *program.Object
	prog   *program.Program
	insns  []byte
	types  liveTypes
	flags  uint32
	maxLog int
	target int  // descriptor of the program that an extension extends
	keep   *int // gets the descriptor of what was loaded, if it is not nil
}

// try loads with a log level and returns the log without its zero bytes. A log
// is given more room until it fits; of one beyond maxLog the end is kept.
func (l *progLoad) try(level uint32) (log []byte, err error) {
	license := append([]byte(l.obj.License), 0)
	attr := progLoadAttr{
		progType: uint32(l.prog.Type), insnCount: uint32(len(l.insns) / 8), insns: pointer(l.insns),
		license:  pointer(license),
		logLevel: level, kernVersion: l.obj.KernelVersion, flags: l.flags, name: objName(l.prog.Name),
		attach: uint32(l.prog.Attach), attachBTFID: l.prog.AttachBTFID,
	}
	if r := l.prog.Replaces; r != nil {
		attr.progType, attr.attach = uint32(facts.ProgExtension), 0
		attr.attachBTFID, attr.attachFD = uint32(r.Program.Funcs[r.Func].TypeID), uint32(l.target)
	}
	var funcs, lines []uint32
	if l.types.fd >= 0 {
		funcs, lines = l.info()
		attr.btfFD = uint32(l.types.fd)
		attr.funcInfo, attr.funcInfoSize, attr.funcInfoCount = pointer(funcs), 8, uint32(len(funcs)/2)
		attr.lineInfo, attr.lineInfoSize, attr.lineInfoCount = pointer(lines), 16, uint32(len(lines)/4)
	}
	var buf []byte
	for size := min(firstLog, l.maxLog); ; {
		buf = make([]byte, size)
		attr.log, attr.logSize, attr.logTrueSize = pointer(buf), uint32(len(buf)), 0
		var fd int
		if fd, err = bpf(unix.BPF_PROG_LOAD, &attr); err == nil && l.keep != nil {
			*l.keep = fd
		} else if err == nil {
			unix.Close(fd)
		}
		if !errors.Is(err, unix.ENOSPC) || int(attr.logTrueSize) <= size || size == l.maxLog {
			break
		}
		size = min(int(attr.logTrueSize), l.maxLog)
	}
	runtime.KeepAlive([]any{l.insns, license, funcs, lines, buf})
	if errors.Is(err, unix.ENOSPC) && int(attr.logTrueSize) > len(buf) && level != logStats {
		// Only the log was too long: the verdict is that of a short one.
		_, err = l.try(logStats)
	}
	log, _, _ = bytes.Cut(buf, []byte{0})
	return bytes.TrimSpace(log), err
}

// info is func_info and line_info as the kernel reads them. A program whose
// first function is not described has neither.
func (l *progLoad) info() (funcs, lines []uint32) {
	for _, f := range l.prog.Funcs {
		funcs = append(funcs, f.InsnOff, uint32(f.TypeID))
	}
	strs := newStrings(l.types.raw)
	for _, n := range l.prog.Lines {
		lines = append(lines, n.InsnOff, strs.find(n.File), strs.find(n.Text), n.Line<<10|n.Col)
	}
	return funcs, lines
}

// stringOffsets finds the offsets of strings in BTF.
type stringOffsets struct {
	data []byte
	seen map[string]uint32
}

func newStrings(btf []byte) *stringOffsets {
	le := binary.LittleEndian
	const fixedHeader = 24 // bytes up to the length of the strings
	s := &stringOffsets{seen: make(map[string]uint32)}
	if len(btf) < fixedHeader {
		return s
	}
	off := uint64(le.Uint32(btf[4:])) + uint64(le.Uint32(btf[16:]))
	if end := off + uint64(le.Uint32(btf[20:])); end <= uint64(len(btf)) {
		s.data = btf[off:end]
	}
	return s
}

// find is the offset of a string, 0 (which is the empty string's) if there is
// none.
func (s *stringOffsets) find(text string) uint32 {
	at, ok := s.seen[text]
	if !ok && text != "" {
		if i := bytes.Index(s.data, []byte("\x00"+text+"\x00")); i >= 0 {
			at = uint32(i + 1)
		}
		s.seen[text] = at
	}
	return at
}
