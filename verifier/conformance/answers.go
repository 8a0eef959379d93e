// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// maxComparedLog is the longest log that is compared, in bytes: of longer ones
// each side keeps another part.
const maxComparedLog = 15 << 20

// key names a program of the corpus.
type key struct{ object, program string }

func (k key) String() string { return k.object + " " + k.program }

// answer is what one side says of a program. The log is kept as a hash.
type answer struct {
	render.Record
	log    [sha256.Size]byte
	hasLog bool
}

// verdict is "skip" also for a program that a side says nothing about.
func (a *answer) verdict() string {
	if a == nil {
		return render.VerdictSkip
	}
	return a.Verdict
}

var (
	// runDependent matches what no two runs have in common: addresses of the kernel and
	// of mappings, and times. The number of a kernel function is that of its type, which
	// differs between builds of one release; those of helpers are shorter and count.
	runDependent = regexp.MustCompile(`\bf{4}[0-9a-f]{12}\b|0xf{4}[0-9a-f]{12}\b|\b0x7[0-9a-f]{11}\b|verification time \d+ usec|#\d{4,}\b`)
	blanks       = regexp.MustCompile(`\s+`)
)

// message is the first closing line, with runs of blanks made one.
func (a *answer) message() string {
	line, _, _ := strings.Cut(strings.TrimSpace(a.Error), "\n")
	return blanks.ReplaceAllString(line, " ")
}

// hashLog puts the log's hash in its place.
func (a *answer) hashLog() {
	if a.Log != "" && len(a.Log) <= maxComparedLog {
		a.log, a.hasLog = sha256.Sum256([]byte(strings.TrimSpace(runDependent.ReplaceAllString(a.Log, "…")))), true
	}
	a.Log = ""
}

// answers are those of one side, in the order of their file.
type answers struct {
	// kernel is the build that answered, "" if the file does not say.
	kernel string
	keys   []key
	of     map[key]*answer
}

func newAnswers() *answers { return &answers{of: make(map[key]*answer)} }

func (as *answers) add(a *answer) {
	k := key{filepath.Base(a.Object), a.Program}
	if as.of[k] == nil {
		as.keys = append(as.keys, k)
	}
	as.of[k] = a
}

func readAnswers(name string) (*answers, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	as := newAnswers()
	lines := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	for n := 1; ; n++ {
		a, line := &answer{}, struct {
			buildLine
			*render.Record
		}{}
		line.Record = &a.Record
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			return as, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		if line.Kernel != "" {
			as.kernel = line.Kernel
		}
		a.hashLog()
		if a.Program != "" {
			as.add(a)
		}
	}
}
