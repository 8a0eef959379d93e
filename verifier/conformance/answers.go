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
	// differs between builds of one release, as those of other types do; those of helpers are shorter and count.
	runDependent = regexp.MustCompile(`\bf{4}[0-9a-f]{12}\b|0xf{4}[0-9a-f]{12}\b|\b0x7[0-9a-f]{11}\b|verification time \d+ usec|` +
		`#\d{4,}\b|\bbtf_id \d+`)
	blanks = regexp.MustCompile(`\s+`)
)

// message is the first closing line, with runs of blanks made one.
func (a *answer) message() string {
	line, _, _ := strings.Cut(strings.TrimSpace(a.Error), "\n")
	return blanks.ReplaceAllString(line, " ")
}

// comparable is what is compared of a log.
func comparable(log string) string {
	return strings.TrimSpace(runDependent.ReplaceAllString(log, "…"))
}

// hashLog puts the log's hash in its place.
func (a *answer) hashLog() {
	if a.Log != "" && len(a.Log) <= maxComparedLog {
		a.log, a.hasLog = sha256.Sum256([]byte(comparable(a.Log))), true
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

func (a *answer) key() key { return key{filepath.Base(a.Object), a.Program} }

func (as *answers) add(a *answer) {
	k := a.key()
	if as.of[k] == nil {
		as.keys = append(as.keys, k)
	}
	as.of[k] = a
}

func readAnswers(name string) (*answers, error) {
	as := newAnswers()
	kernel, err := eachAnswer(name, func(a *answer) {
		a.hashLog()
		as.add(a)
	})
	as.kernel = kernel
	return as, err
}

// readLogs reads what is compared of the logs of some programs.
func readLogs(name string, of map[key]bool) (map[key]string, error) {
	logs := make(map[key]string)
	if len(of) == 0 {
		return logs, nil
	}
	_, err := eachAnswer(name, func(a *answer) {
		if k := a.key(); of[k] {
			logs[k] = comparable(a.Log)
		}
	})
	return logs, err
}

// eachAnswer calls f for each program of a file of answers. kernel is the build that answered, "" if the file does not
// say.
func eachAnswer(name string, f func(*answer)) (kernel string, err error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	lines := json.NewDecoder(bufio.NewReaderSize(file, 1<<20))
	for n := 1; ; n++ {
		a, line := &answer{}, struct {
			buildLine
			*render.Record
		}{}
		line.Record = &a.Record
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			return kernel, nil
		} else if err != nil {
			return "", fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		if line.Kernel != "" {
			kernel = line.Kernel
		}
		if a.Program != "" {
			f(a)
		}
	}
}
