// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"mvdan.cc/sh/v3/shell"
)

// TestExamplesOfCI reads the examples of docs/ci.md: they must be valid YAML, and every command line in them must be
// valid.
func TestExamplesOfCI(t *testing.T) {
	text := string(docs(t, "ci.md"))
	examples := regexp.MustCompile("(?s)```(yaml|sh)\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(examples) != 4 {
		t.Errorf("%d examples", len(examples))
	}
	commands := 0
	for _, e := range examples {
		var doc map[string]any
		if e[1] == "yaml" {
			if err := yaml.Unmarshal([]byte(e[2]), &doc); err != nil {
				t.Errorf("%v in\n%s", err, e[2])
			}
		}
		for _, m := range regexp.MustCompile(`bpf-lsp check( .*)?`).FindAllStringSubmatch(e[2], -1) {
			line, _, _ := strings.Cut(m[1], " > ")
			args, err := shell.Fields(line, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(args) == 0 {
				continue // pre-commit adds the files
			}
			commands++
			if _, err := parseCheck(args, discard{}); err != nil {
				t.Errorf("bpf-lsp check%s: %v", line, err)
			}
		}
	}
	if commands != 4 {
		t.Errorf("%d commands", commands)
	}
}
