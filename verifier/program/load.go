// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// Options says what to load an object for.
type Options struct {
	// Name is the object's file name. The kernel's log calls the maps of data
	// sections after it, up to its first dot: "probe.rodata".
	Name string
	// Kernel is the kernel to resolve against; nil is the built-in one.
	Kernel *Kernel
	// Kconfig gives CONFIG_* externs their values, written as in a .config
	// file: y, m, n, a number, or a quoted string. nil means that the
	// configuration is not known: the externs are 0, and none is missing.
	Kconfig map[string]string
	// Built is how the kernel is built, beside what Kconfig says, and locked down. The zero value is a kernel with
	// every option and without lockdown.
	Built facts.Kernel
	// License finds that of the object which this one is a part of, "" if it is
	// none. It is asked for objects without a license of their own; nil for never.
	License func() string
	// Extends are loaded objects whose functions the object's extensions replace, besides its own.
	Extends []Extended
	// Symbols are the addresses of kernel symbols, as in /proc/kallsyms. nil
	// gives __ksym externs without a type made-up addresses.
	Symbols map[string]uint64
}

// built is how the kernel is built and locked down, by all that is known.
func (o *Options) built() facts.Kernel { return o.Built.And(facts.Built(o.Kconfig)) }

// objectName is what libbpf calls the object.
func (o *Options) objectName() string {
	name := filepath.Base(o.Name)
	if o.Name == "" {
		return ""
	}
	name = name[:min(len(name), mapNameMax)]
	name, _, _ = strings.Cut(name, ".")
	return name
}

// Load links the programs of an object file. An error is about the object as a
// whole and wraps one of the Err values; what concerns a single program is in
// its LoadErrors.
func Load(elf []byte, o Options) (*Object, error) {
	file, err := parseELF(elf)
	if err != nil {
		return nil, err
	}
	return loadFile(file, o, nil)
}

// loadFile is Load of an object that is read, with what is known to be wrong with it.
func loadFile(file *elfFile, o Options, known []Fault) (*Object, error) {
	if o.Kernel == nil {
		k, err := EmbeddedKernel()
		if err != nil {
			return nil, err
		}
		o.Kernel = k
	}
	l := &loader{
		opts: o, kernel: o.Kernel, elf: file, strings: make(map[uint32]string),
		obj: &Object{KernelBTF: o.Kernel.BTF},
	}
	for _, f := range known {
		l.fault(f)
	}
	steps := [...]func() error{
		l.collect, l.collectExterns, l.fixDatasecs, l.defineMaps, l.defineDataMaps, l.defineStructOps, l.collectRelocs,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if l.obj.License == "" && o.License != nil {
		l.obj.License = o.License()
	}
	if l.obj.License == "" && len(l.legacy) > 0 {
		l.obj.License = assumedLicense
	}
	return l.finish()
}

// assumedLicense is that of an object without one whose maps only another
// loader than libbpf creates. Such loaders give it one.
const assumedLicense = "GPL"

// finish resolves the object against the kernel and links its programs.
//
// kernel: bpf_object_prepare
func (l *loader) finish() (*Object, error) {
	l.obj.Part = l.isPart()
	l.licenseElsewhere = l.obj.License == "" && l.obj.Part
	l.resolveKsyms()
	l.resolveKconfig()
	l.bindStructOps()
	l.findTargets()
	if err := l.relocateCORE(); err != nil {
		return nil, err
	}
	l.hideFunctions()
	l.readTags()
	if l.btf != nil {
		spec, err := btf.LoadSpecFromReader(bytes.NewReader(l.raw))
		if err != nil {
			return nil, formatError("section .BTF: %v", err)
		}
		l.obj.BTF, l.obj.rawBTF = spec, l.raw
		l.refuseTypes(spec)
	}
	l.reportFields()
	for _, m := range l.maps {
		l.obj.Maps = append(l.obj.Maps, &m.Map)
	}
	l.obj.tags = l.tags
	l.debug = &Debug{file: l.elf}
	l.obj.Debug = l.debug
	l.obj.CompDir = l.debug.compDir()
	for _, fn := range l.functions {
		if l.isSubprog(fn) {
			continue
		}
		l.bindException(fn)
		l.obj.Programs = append(l.obj.Programs, l.link(fn))
	}
	l.bindExtensions()
	l.obj.reportSharing()
	l.reportMemory()
	if len(l.obj.Programs) == 0 && len(l.functions) > 0 && len(l.obj.Faults) == 0 {
		return nil, &loadFailure{ErrNoPrograms, "the object has only functions, which are checked in the programs that they are linked to"}
	}
	l.reportUnused()
	l.reportTypes()
	if len(l.obj.Programs) > 0 || len(l.obj.Faults) > 0 {
		return l.obj, nil
	}
	return nil, &loadFailure{ErrNoPrograms, "the object has no programs"}
}

// readBTF reads the object's types and what belongs to its instructions.
//
// kernel: bpf_object__init_btf
func (l *loader) readBTF(btfData, extData []byte) error {
	if btfData == nil {
		return nil
	}
	// A copy, since the loader patches it.
	l.raw = slices.Clone(btfData)
	view, err := newBTFView(l.raw)
	if err != nil {
		return err
	}
	l.btf = view
	if extData == nil {
		return nil
	}
	return l.parseBTFExt(extData)
}

// gplLicenses are the licenses that open GPL-only helpers and functions.
//
// kernel: license_is_gpl_compatible
var gplLicenses = []string{
	"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
}
