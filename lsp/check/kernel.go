// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// kernelTypes reads the target kernel's types, once per version of their file.
type kernelTypes struct {
	file    string // empty for the built-in kernel
	release string // of the file's kernel; empty for the built-in one's

	mu       sync.Mutex
	modified time.Time
	kernel   *program.Kernel
	key      string // identifies the kernel and the version of the header
}

func (k *kernelTypes) load() (*program.Kernel, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == "" {
		if k.kernel == nil {
			kernel, err := program.EmbeddedKernel()
			if err != nil {
				return nil, err
			}
			k.kernel, k.key = kernel, program.DistributionRelease+"+"+program.EmbeddedRelease
		}
		return k.kernel, nil
	}
	info, err := os.Stat(k.file)
	if err != nil {
		return nil, fmt.Errorf("the types of the target kernel cannot be read: %w", err)
	}
	if k.kernel != nil && k.modified.Equal(info.ModTime()) {
		return k.kernel, nil
	}
	data, err := readTypes(k.file)
	if err != nil {
		return nil, fmt.Errorf("the types of the target kernel cannot be read: %w", err)
	}
	kernel, err := newKernel(data, k.release)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.file, err)
	}
	sum := sha256.Sum256(data)
	k.kernel, k.modified, k.key = kernel, info.ModTime(), hex.EncodeToString(sum[:8])
	return kernel, nil
}

// writeHeader writes the kernel's types as a C header. For the built-in kernels there is one header, as each has what
// the other lacks.
func (k *kernelTypes) writeHeader(kernel *program.Kernel, w io.Writer) error {
	if k.file == "" {
		return program.WriteBuiltInHeader(w)
	}
	return kernel.WriteHeader(w)
}

// newKernel turns a panic on unexpected types into an error: it may run in a goroutine without another recover.
func newKernel(data []byte, release string) (kernel *program.Kernel, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			kernel, err = nil, fmt.Errorf("internal fault: %s", panicReason(cause))
		}
	}()
	return program.NewKernel(data, release)
}

// maxTypesBytes bounds a file with kernel types; a kernel with debug information is the largest one.
const maxTypesBytes = 1 << 30

func readTypes(name string) ([]byte, error) {
	f, err := disk.OpenRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxTypesBytes+1))
	if err == nil && len(data) > maxTypesBytes {
		err = fmt.Errorf("%s is larger than %d GB", name, maxTypesBytes>>30)
	}
	return data, err
}
