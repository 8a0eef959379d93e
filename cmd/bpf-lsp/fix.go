// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// fixMode is the value of --fix: what happens to the changes that are proven to make faults go away.
type fixMode string

const (
	fixNone  fixMode = ""
	fixWrite fixMode = "write"
	fixDiff  fixMode = "diff"
)

func (m *fixMode) String() string { return string(*m) }

// IsBoolFlag allows --fix without a value.
func (m *fixMode) IsBoolFlag() bool { return true }

func (m *fixMode) Set(s string) error {
	switch s {
	case "true", string(fixWrite):
		*m = fixWrite
	case string(fixDiff):
		*m = fixDiff
	default:
		return errors.New("must be write or diff")
	}
	return nil
}

// checked is a checked file, with its changes if --fix asks for some.
type checked struct {
	check.Report
	repair *check.Repair
}

// fix finds the changes for a file. With --fix=write the report is that of the changed file.
func (c *checker) fix(ctx context.Context, req check.Request, u *check.Report) (*check.Repair, error) {
	if c.fixes == fixNone || u.Command.File == "" {
		return nil, nil
	}
	repair, err := c.units.Repair(ctx, req, u)
	if err != nil {
		return nil, err
	}
	return &repair, nil
}

// emitFixes writes the changes of a file, or shows them.
func (c *checker) emitFixes(stdout, stderr io.Writer, u *checked) error {
	if u.repair == nil {
		return nil
	}
	for _, file := range slices.Sorted(maps.Keys(u.repair.Texts)) {
		old, ok := u.Source.Read(file)
		if !ok {
			continue
		}
		if c.fixes == fixDiff {
			name := shown(file)
			if _, err := io.WriteString(stdout, unified(name, string(old), u.repair.Texts[file])); err != nil {
				return err
			}
			continue
		}
		if err := replaceFile(file, old, []byte(u.repair.Texts[file])); err != nil {
			fmt.Fprintf(stderr, "bpf-lsp: %s was not changed: %v\n", shown(file), reason(err))
			return nil
		}
	}
	if c.fixes == fixDiff {
		return nil
	}
	to := stdout
	if c.format != "text" {
		to = stderr
	}
	for _, done := range u.repair.Done {
		if _, err := fmt.Fprintf(to, "changed %s: %s\n", shown(done.Fix.File()), done.Fix.Title); err != nil {
			return err
		}
	}
	u.Report = u.repair.After
	return nil
}

// replaceFile writes a file that still has its old content.
func replaceFile(file string, old, text []byte) error {
	now, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, old) {
		return errors.New("it was written while it was checked")
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
