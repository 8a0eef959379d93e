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

// Files of the cache outlive the server. They may be cut short by a crash, changed, or written by two servers at once.
// So each is written under a temporary name and renamed, and its content is checked before use.

// temporarySuffix ends the names of files of the cache while they are written.
const temporarySuffix = ".tmp"

// abandonedAfter is how long such a file may stay unchanged before it counts as left behind by a killed server.
const abandonedAfter = time.Hour

// WriteCached ensures that a file of the cache has exactly this text.
func WriteCached(name string, text []byte) error {
	if have, err := ReadText(name, int64(len(text))); err == nil && bytes.Equal(have, text) {
		return nil
	}
	return ReplaceFile(name, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// ReplaceFile writes a file and creates the directories above it. Readers see either the old content or all of the new.
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
	// Without the sync a crash of the machine may leave the new name with empty content.
	err = errors.Join(err, w.Flush(), f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// removeAbandoned removes the temporary files of killed servers.
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
