// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"debug/elf"
	_ "embed"
	"fmt"
	"io"
	"sync"

	"github.com/cilium/ebpf/btf"
	"github.com/klauspost/compress/zstd"
)

// EmbeddedRelease is the release of the kernel whose types are built in.
const EmbeddedRelease = "6.18.44"

// DistributionRelease is the release of a distribution's kernel whose types are
// built in as well: it has what the other is built without, such as schedulers,
// queueing disciplines and HID drivers that are programs.
const DistributionRelease = "6.18.15"

//go:embed vmlinux-6.18-x86_64.btf.zst
var embeddedBTF []byte

// distributionBTF is of Debian's linux-image-6.18.15+deb13-cloud-amd64: its /sys/kernel/btf/vmlinux,
// made smaller by
//
//	go run ./gen vmlinux vmlinux-6.18-debian-x86_64.btf.zst
//
//go:embed vmlinux-6.18-debian-x86_64.btf.zst
var distributionBTF []byte

// maxKernelBTF bounds a decompressed kernel BTF, in bytes.
const maxKernelBTF = 64 << 20

// Kernel is the types of a target kernel, ready for lookups. It never changes
// and may be used by any number of loads at once.
type Kernel struct {
	BTF *btf.Spec
	// Version is what LINUX_KERNEL_VERSION is: major<<16 | minor<<8 | patch.
	Version uint32

	types *btfView
}

// NewKernel reads a kernel's BTF: the content of /sys/kernel/btf/vmlinux or of
// an ELF file with a .BTF section. release is as uname -r prints it; "" stands
// for the built-in kernel's.
func NewKernel(data []byte, release string) (*Kernel, error) {
	if release == "" {
		release = EmbeddedRelease
	}
	if bytes.HasPrefix(data, []byte(elf.ELFMAG)) {
		var err error
		if data, err = btfOfELF(data); err != nil {
			return nil, err
		}
	}
	types, err := newBTFView(data)
	if err != nil {
		return nil, &loadFailure{ErrKernelBTF, "kernel BTF: " + err.Error()}
	}
	spec, err := btf.LoadSpecFromReader(bytes.NewReader(data))
	if err != nil {
		return nil, &loadFailure{ErrKernelBTF, "kernel BTF: " + err.Error()}
	}
	types.index()
	return &Kernel{BTF: spec, Version: parseRelease(release), types: types}, nil
}

// btfOfELF is the .BTF section of an ELF file of any machine.
func btfOfELF(data []byte) (section []byte, err error) {
	defer func() {
		if recover() != nil {
			err = &loadFailure{ErrKernelBTF, "kernel BTF: the ELF file is damaged"}
		}
	}()
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, &loadFailure{ErrKernelBTF, "kernel BTF: " + err.Error()}
	}
	sec := f.Section(secBTF)
	if sec == nil || sec.Size > maxKernelBTF {
		return nil, &loadFailure{ErrKernelBTF, "kernel BTF: the ELF file has no .BTF section"}
	}
	if section, err = sec.Data(); err != nil {
		return nil, &loadFailure{ErrKernelBTF, "kernel BTF: " + err.Error()}
	}
	return section, nil
}

// parseRelease is the version number of a release such as 6.18.44-amd64.
func parseRelease(release string) uint32 {
	var major, minor, patch uint32
	fmt.Sscanf(release, "%d.%d.%d", &major, &minor, &patch)
	return major<<16 | minor<<8 | min(patch, 255)
}

// EmbeddedKernel is the built-in kernel, decompressed on first use.
var EmbeddedKernel = builtIn(&embeddedBTF, EmbeddedRelease)

// DistributionKernel is the distribution's kernel, decompressed on first use.
var DistributionKernel = builtIn(&distributionBTF, DistributionRelease)

func builtIn(compressed *[]byte, release string) func() (*Kernel, error) {
	return sync.OnceValues(func() (*Kernel, error) {
		data, err := decompress(*compressed)
		if err != nil {
			return nil, &loadFailure{ErrKernelBTF, "built-in kernel BTF: " + err.Error()}
		}
		return NewKernel(data, release)
	})
}

func decompress(b []byte) ([]byte, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxKernelBTF))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.DecodeAll(b, nil)
}

// WriteBuiltInHeader writes the types of both built-in kernels as a C header: the
// distribution's, which has more, and what only the other one has.
func WriteBuiltInHeader(w io.Writer) error {
	first, err := DistributionKernel()
	if err != nil {
		return err
	}
	second, err := EmbeddedKernel()
	if err != nil {
		return err
	}
	return first.WriteHeader(w, second)
}

// Lacks is how much of what the programs of an object ask for its kernel does not
// have: targets, members of struct_ops, functions, variables, types and members.
func (o *Object) Lacks() int {
	n := 0
	for _, p := range o.Programs {
		for _, e := range p.LoadErrors {
			switch e.Kind {
			case MissingTarget, MissingSymbol, MissingKfunc, CORERelocation:
				if !p.IsExtension() {
					n++
				}
			}
		}
	}
	for _, f := range o.Faults {
		if f.Kind == UnresolvedExtern {
			n++
		}
	}
	return n
}
