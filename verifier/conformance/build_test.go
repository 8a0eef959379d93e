// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var namesBuild = regexp.MustCompile(`^6\.18\.\d+\S* #.+, types [0-9a-f]{16}$`)

// Two kernels of one release do not always agree, so an answer without its
// build cannot be asked for again.
func TestRecordedAnswersNameTheBuild(t *testing.T) {
	files, err := filepath.Glob("../../testdata/*/kernel-*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files of answers, %v", len(files), err)
	}
	walks, err := filepath.Glob("../../testdata/walk/*.jsonl")
	if err != nil || len(walks) == 0 {
		t.Fatalf("%d files of answers, %v", len(walks), err)
	}
	for _, name := range slices.Concat(files, walks) {
		as, err := readAnswers(name)
		if err != nil {
			t.Fatal(err)
		}
		if !namesBuild.MatchString(as.kernel) || len(as.keys) == 0 {
			t.Errorf("%s: %d answers of the build %q", name, len(as.keys), as.kernel)
		}
	}
}

func TestReadHeadedAnswers(t *testing.T) {
	var file bytes.Buffer
	asked := buildName("6.18.1", "#1 SMP", []byte("types"))
	if err := writeBuild(&file, asked); err != nil {
		t.Fatal(err)
	}
	file.WriteString(`{"object":"a.o","program":"p","verdict":"accept"}` + "\n")
	name := filepath.Join(t.TempDir(), "answers")
	if err := os.WriteFile(name, file.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	as, err := readAnswers(name)
	if err != nil || as.kernel != asked || len(as.keys) != 1 {
		t.Errorf("%v, %v", as, err)
	}
	if other := buildName("6.18.1", "#1 SMP", []byte("other types")); other == asked || !namesBuild.MatchString(other) {
		t.Errorf("builds with other types are %q and %q", asked, other)
	}
}
