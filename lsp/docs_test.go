// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestServerDocument compares the tables of docs/server.md with the code.
func TestServerDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "server.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := func(heading string) []string {
		_, after, ok := strings.Cut(string(text), "\n## "+heading+"\n")
		if !ok {
			t.Fatalf("no section %q", heading)
		}
		section, _, _ := strings.Cut(after, "\n## ")
		var names []string
		for _, m := range regexp.MustCompile("(?m)^\\| (`[^|]*) \\|").FindAllStringSubmatch(section, -1) {
			for _, name := range strings.Split(m[1], ", ") {
				names = append(names, strings.Trim(name, "`"))
			}
		}
		slices.Sort(names)
		return names
	}
	var jsonNames func(of reflect.Type) []string
	jsonNames = func(of reflect.Type) (names []string) {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if to := field.Type; to.Kind() == reflect.Pointer && to.Elem().Kind() == reflect.Struct {
				for _, inner := range jsonNames(to.Elem()) {
					names = append(names, name+"."+inner)
				}
				continue
			}
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}
	if d := cmp.Diff(jsonNames(reflect.TypeFor[wireSettings]()), rows("Settings")); d != "" {
		t.Errorf("settings: %s", d)
	}
	if d := cmp.Diff(jsonNames(reflect.TypeFor[statusParams]()), rows("bpf-lsp/status")); d != "" {
		t.Errorf("status: %s", d)
	}
	if d := cmp.Diff(commands, rows("Commands")); d != "" {
		t.Errorf("commands: %s", d)
	}
}
