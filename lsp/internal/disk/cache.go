// SPDX-License-Identifier: GPL-2.0-only

package disk

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Files of the cache outlive the server, so they can be cut short by a crash of the machine, changed, or written by two servers at once.
// Each is written under another name first, and its content is checked before it is used.

// temporarySuffix ends the names that files of the cache have while they are written.
const temporarySuffix = ".tmp"

// abandonedAfter is how long such a file may be unchanged before it counts as left behind by a server that was killed.
const abandonedAfter = time.Hour

// WriteCached makes sure that a file of the cache has just this text.
func WriteCached(name string, text []byte) error {
	if have, err := ReadText(name, int64(len(text))); err == nil && bytes.Equal(have, text) {
		return nil
	}
	return ReplaceFile(name, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// ReplaceFile writes a file, and the directories above it, so that others see either what was there before or the whole new content.
func ReplaceFile(name string, write func(io.Writer) error) error {
	dir, base := filepath.Split(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	removeAbandoned(dir, base)
	f, err := os.CreateTemp(dir, base+".*"+temporarySuffix)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = write(w)
	// Without the sync a crash of the machine may leave the new name with none of the content.
	err = errors.Join(err, w.Flush(), f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// removeAbandoned removes what killed servers were writing when they ended.
func removeAbandoned(dir, base string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), base+".") || !strings.HasSuffix(e.Name(), temporarySuffix) {
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > abandonedAfter {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
