// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// headerName is the usual name of the header generated from a kernel's types.
const headerName = "vmlinux.h"

// headerSource generates a vmlinux.h from these types for projects without one. It is kept below the cache directory
// (the user's, if cache is empty), in a directory per kernel.
func (k *kernelTypes) headerSource(cache string) compile.HeaderSource {
	var header cachedHeader
	return func(ctx context.Context) (string, error) {
		kernel, err := k.load()
		if err != nil {
			return "", err
		}
		if cache == "" {
			base, err := os.UserCacheDir()
			if err != nil {
				return "", err
			}
			cache = filepath.Join(base, "bpf-lsp")
		}
		dir := filepath.Join(cache, fmt.Sprintf("vmlinux-%s-v%d", k.key, program.HeaderVersion))
		types := func(w io.Writer) error { return k.writeHeader(kernel, w) }
		return dir, header.ensure(ctx, filepath.Join(dir, headerName), types)
	}
}

// cachedHeader is a header of the cache. It is validated once per version on disk: a header written by a server that
// has ended, or changed since, may be damaged.
type cachedHeader struct {
	mu     sync.Mutex
	name   string
	intact fs.FileInfo // of the version found to be complete
}

func (h *cachedHeader) ensure(ctx context.Context, name string, types func(io.Writer) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	info, err := os.Stat(name)
	if err == nil && h.name == name && sameVersion(info, h.intact) {
		return nil
	}
	if err != nil || !whole(name) {
		if err := disk.ReplaceFile(name, func(w io.Writer) error { return writeHeader(ctx, types, w) }); err != nil {
			return err
		}
		if info, err = os.Stat(name); err != nil {
			return err
		}
	}
	h.name, h.intact = name, info
	return nil
}

func sameVersion(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// trailer is the last line of a header: a checksum of everything before it.
func trailer(text []byte) []byte {
	return fmt.Appendf(nil, "/* sha256 of the above: %x */\n", sha256.Sum256(text))
}

func writeHeader(ctx context.Context, types func(io.Writer) error, w io.Writer) error {
	var text bytes.Buffer
	if err := types(&text); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	last := trailer(text.Bytes())
	text.Write(last)
	_, err := text.WriteTo(w)
	return err
}

// whole reports whether a header is as it was written.
func whole(name string) bool {
	f, err := disk.OpenRegular(name)
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxTypesBytes))
	if err != nil {
		return false
	}
	length := len(trailer(nil))
	if len(text) < length {
		return false
	}
	body, last := text[:len(text)-length], text[len(text)-length:]
	return bytes.Equal(last, trailer(body))
}
