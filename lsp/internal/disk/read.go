// SPDX-License-Identifier: GPL-2.0-only

package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A project can hold anything under the names that are read here: pipes that nobody writes to, links to devices that never end, files
// of any size. A read of one of those would not notice that its check is cancelled, and the server could not end.

const (
	MaxBuildFile = 1 << 20  // what people write; a generated makefile can be larger, but then its generator's input is there too
	MaxSource    = 16 << 20 // C files and headers; a generated vmlinux.h has four million bytes
	MaxGraph     = 64 << 20 // build.ninja
	MaxDatabase  = 256 << 20
)

// OpenRegular opens a file to read. Pipes and devices are refused before, as opening or reading one may never end.
func OpenRegular(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("it is not a regular file")}
	}
	return os.Open(name)
}

// ReadText reads a regular file that has no more than some bytes.
func ReadText(name string, most int64) ([]byte, error) {
	f, err := OpenRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		return nil, TooLarge(name, most)
	}
	return text, err
}

// TooLarge is the error for a file that has more bytes than are read.
func TooLarge(name string, most int64) error {
	return &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it is larger than %d MB", most>>20)}
}

// cancelable is a reader that fails when its context ends.
type cancelable struct {
	ctx context.Context
	io.Reader
}

// Cancelable returns a reader whose reading ends with the context.
func Cancelable(ctx context.Context, r io.Reader) io.Reader { return cancelable{ctx, r} }

func (c cancelable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}
