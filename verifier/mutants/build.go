// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Environment variables that the built tests read.
const (
	falseEnv = "BPF_LSP_MUTANT"
	reachEnv = "BPF_LSP_MUTANT_REACH"
)

// hook is the file that is built into the package with rules. Numbers from
// 1 on are conditions; sites follow them.
const hook = `package %s

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
)

var (
	mutant, _    = strconv.Atoi(os.Getenv("` + falseEnv + `"))
	reachFile, _ = os.OpenFile(os.Getenv("` + reachEnv + `"), os.O_APPEND|os.O_WRONLY, 0)
	reachedOnce  [%d]atomic.Bool
)

func mutated(n int) bool {
	if n == mutant {
		return true
	}
	if reachFile != nil {
		reached(n)
	}
	return false
}

func reached(n int) {
	if reachFile != nil && !reachedOnce[n].Swap(true) {
		fmt.Fprintln(reachFile, n)
	}
}
`

// built is the packages' tests with all conditions in them.
type built struct {
	dir string
	src *sources
	// tests are those that reach something, the quickest first.
	tests []test
	// reach is, for each number that hook records, the tests that reach it.
	reach [][]int
}

// build compiles the tests with every condition followed by its number.
func build(root string, src *sources) (*built, error) {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	b := &built{dir: dir, src: src}
	overlay, err := b.writeOverlay()
	if err != nil {
		return nil, err
	}
	for i, pkg := range tested {
		bin := filepath.Join(dir, fmt.Sprintf("test%d", i))
		cmd := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", bin, "./"+pkg)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building the tests of %s: %w\n%s", pkg, err, out)
		}
		if err := b.listTests(bin, pkg, filepath.Join(root, pkg)); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// number is what stands for condition i in the built tests; sites come after
// all conditions.
func (b *built) number(i int) int     { return i + 1 }
func (b *built) siteNumber(i int) int { return len(b.src.conditions) + i + 1 }
func (b *built) numbers() int         { return len(b.src.conditions) + len(b.src.sites) + 1 }

// insertion is text to put into a file.
type insertion struct {
	at   int
	text string
}

// writeOverlay writes the changed files and the list of them that go reads.
func (b *built) writeOverlay() (string, error) {
	insert := map[string][]insertion{}
	for i, c := range b.src.conditions {
		insert[c.file] = append(insert[c.file], insertion{c.end, fmt.Sprintf(" && !mutated(%d)", b.number(i))})
	}
	for i, s := range b.src.sites {
		insert[s.file] = append(insert[s.file], insertion{s.start, fmt.Sprintf("reached(%d); ", b.siteNumber(i))})
	}
	replace := map[string]string{}
	put := func(file string, text []byte) error {
		original, err := filepath.Abs(filepath.Join(b.src.dir, file))
		if err != nil {
			return err
		}
		replace[original] = filepath.Join(b.dir, file)
		return os.WriteFile(replace[original], text, 0o600)
	}
	for file, list := range insert {
		if err := put(file, inserted(b.src.text[file], list)); err != nil {
			return "", err
		}
	}
	if err := put("mutants_hook.go", fmt.Appendf(nil, hook, filepath.Base(rules), b.numbers())); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(b.dir, "overlay.json")
	return name, os.WriteFile(name, list, 0o600)
}

// inserted is text with the insertions in it.
func inserted(text []byte, list []insertion) []byte {
	slices.SortStableFunc(list, func(x, y insertion) int { return cmp.Compare(x.at, y.at) })
	var out bytes.Buffer
	at := 0
	for _, in := range list {
		out.Write(text[at:in.at])
		out.WriteString(in.text)
		at = in.at
	}
	out.Write(text[at:])
	return out.Bytes()
}

// listTests adds the tests of a binary.
func (b *built) listTests(bin, pkg, dir string) error {
	cmd := exec.Command(bin, "-test.list", "^(Test|Fuzz|Example)")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("listing the tests of %s: %w", pkg, err)
	}
	for name := range strings.Lines(string(out)) {
		b.tests = append(b.tests, test{bin: bin, dir: dir, pkg: pkg, name: strings.TrimSpace(name)})
	}
	return nil
}
