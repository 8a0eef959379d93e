// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// maxKconfig bounds an unpacked kernel configuration in bytes; a real one has 0.3 MB.
const maxKconfig = 16 << 20

// kernelConfig reads the target kernel's configuration, once per version of its file.
type kernelConfig struct {
	file string // empty if the configuration is unknown

	mu       sync.Mutex
	modified time.Time
	values   map[string]string
}

// load returns the values of the configuration, nil if there is none.
func (k *kernelConfig) load() (map[string]string, error) {
	if k.file == "" {
		return nil, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(k.file)
	if err != nil {
		return nil, fmt.Errorf("the kernel configuration cannot be read: %w", err)
	}
	if k.values != nil && k.modified.Equal(info.ModTime()) {
		return k.values, nil
	}
	values, err := readKconfig(k.file)
	if err != nil {
		return nil, fmt.Errorf("%s is not a kernel configuration: %w", k.file, err)
	}
	k.values, k.modified = values, info.ModTime()
	return values, nil
}

// readKconfig reads a .config file, which may be compressed with gzip.
func readKconfig(name string) (map[string]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := bufio.NewReader(f)
	var r io.Reader = text
	if magic, _ := text.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if r, err = gzip.NewReader(text); err != nil {
			return nil, err
		}
	}
	return program.ReadKconfig(io.LimitReader(r, maxKconfig))
}
