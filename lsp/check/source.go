// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bytes"
	"debug/elf"
	"os"
	"sync"
)

// maxSourceBytes bounds the files that excerpts are taken from; a generated vmlinux.h has about four million bytes.
const maxSourceBytes = 16 << 20

// Source reads and caches source files, preferring the editor's text. It is safe for concurrent use.
type Source struct {
	overlay func(file string) ([]byte, bool)

	mu    sync.Mutex
	files map[string]func() []byte
}

// NewSource returns a Source that asks overlay first; overlay may be nil.
func NewSource(overlay func(file string) ([]byte, bool)) *Source {
	return &Source{overlay: overlay, files: map[string]func() []byte{}}
}

// Read returns the text of a file; ok is false if it cannot be read. Each file is read once, and reads of different
// files do not wait for each other.
func (s *Source) Read(file string) (text []byte, ok bool) {
	s.mu.Lock()
	read, known := s.files[file]
	if !known {
		read = sync.OnceValue(func() []byte { return s.read(file) })
		s.files[file] = read
	}
	s.mu.Unlock()
	text = read()
	return text, text != nil
}

func (s *Source) read(file string) []byte {
	if s.overlay != nil {
		if text, ok := s.overlay(file); ok {
			return text
		}
	}
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSourceBytes {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil || bytes.HasPrefix(text, []byte(elf.ELFMAG)) {
		return nil // an object has no lines to show
	}
	return text
}
