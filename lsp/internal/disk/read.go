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

// A project may hold anything under the names read here: pipes without a writer, links to endless devices, files of any
// size. Reading one of those would not notice that the check is cancelled, and the server could not exit.

const (
	// MaxBuildFile is for files written by people. A generated makefile may be larger, but then the input of its
	// generator is there too.
	MaxBuildFile = 1 << 20
	MaxSource    = 16 << 20 // C files and headers; a generated vmlinux.h has four million bytes
	MaxGraph     = 64 << 20 // build.ninja
	MaxDatabase  = 256 << 20
)

// OpenRegular opens a regular file for reading. It rejects pipes and devices without opening them, as opening or
// reading one may block forever.
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

// ReadText reads a regular file of at most the given size.
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

// TooLarge is the error for a file above the size limit.
func TooLarge(name string, most int64) error {
	return &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it is larger than %d MB", most>>20)}
}

// cancelable is a reader that fails when its context ends.
type cancelable struct {
	ctx context.Context
	io.Reader
}

// Cancelable returns a reader that fails when the context ends.
func Cancelable(ctx context.Context, r io.Reader) io.Reader { return cancelable{ctx, r} }

func (c cancelable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}
