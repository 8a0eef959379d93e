// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/bpf-lsp/bpf-lsp/cmd/bpf-lsp/report"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

var update = flag.Bool("update", false, "rewrite golden files")

// docs is the directory of the format documents.
func docs(t *testing.T, name string) []byte {
	t.Helper()
	return read(t, filepath.Join(rootDir, "docs", name))
}

// rootDir is the module's root; tests change the current directory.
var rootDir, _ = filepath.Abs(root)

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// project creates a directory with committed objects and their sources, and further files, and changes to it.
func project(t *testing.T, objects []string, more map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, o := range objects {
		write(t, o+".bpf.o", string(read(t, filepath.Join(rootDir, "testdata", "objects", o+".bpf.o"))))
		write(t, o+".bpf.c", string(read(t, filepath.Join(rootDir, "testdata", "programs", o+".bpf.c"))))
	}
	for name, text := range more {
		write(t, name, text)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// command runs the command, which must not write to standard error.
func command(t *testing.T, args ...string) (stdout []byte, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	deadline.Do(t, strings.Join(args, " "), func() { status = run(args, &out, &errs) })
	if errs.Len() > 0 {
		t.Errorf("%q: %s", args, errs.String())
	}
	return out.Bytes(), status
}

// golden compares with a file in testdata. It replaces the version, which changes with every commit.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = regexp.MustCompile(`"version": "0[^"]*"`).ReplaceAll(got, []byte(`"version": "VERSION"`))
	file := filepath.Join(rootDir, "cmd", "bpf-lsp", "testdata", name)
	if *update {
		write(t, file, string(got))
	}
	if d := cmp.Diff(string(read(t, file)), string(got)); d != "" {
		t.Errorf("%s: %s", name, d)
	}
}

// sample is a project with an example of everything that needs no compiler.
func sample(t *testing.T) {
	project(t, []string{"leak_ringbuf", "null_map_value", "tc_session"},
		map[string]string{"no object.o": "This is text."})
}

func TestJSON(t *testing.T) {
	sample(t)
	args := []string{"check", "--format", "json", "leak_ringbuf.bpf.o", "null_map_value.bpf.o", "tc_session.bpf.o",
		"no object.o"}
	got, status := command(t, args...)
	if status != exitRejected {
		t.Errorf("status %d", status)
	}
	golden(t, "report.json", got)
	for range 5 {
		if again, _ := command(t, append(args, "--jobs", "3")...); !bytes.Equal(got, again) {
			t.Fatal("two runs differ")
		}
	}
}

func TestSARIF(t *testing.T) {
	sample(t)
	got, status := command(t, "check", "--format", "sarif", "leak_ringbuf.bpf.o", "null_map_value.bpf.o",
		"tc_session.bpf.o", "no object.o")
	if status != exitRejected {
		t.Errorf("status %d", status)
	}
	golden(t, "report.sarif", got)
}

// TestSARIFIsStable moves a fault, checks it twice under two names, and runs in a subdirectory of the repository.
func TestSARIFIsStable(t *testing.T) {
	sample(t)
	write(t, ".git/HEAD", "")
	write(t, "sub/dir/x", "")
	copied := string(read(t, "leak_ringbuf.bpf.o"))
	write(t, "again.bpf.o", copied)
	results := func(args ...string) (out []map[string]any) {
		t.Helper()
		text, _ := command(t, append([]string{"check", "--format", "sarif"}, args...)...)
		var log struct {
			Runs []struct {
				Tool struct {
					Driver struct{ Rules []struct{ ID string } }
				}
				Results []map[string]any
			}
		}
		if err := json.Unmarshal(text, &log); err != nil {
			t.Fatal(err)
		}
		for _, r := range log.Runs[0].Results {
			if rules := log.Runs[0].Tool.Driver.Rules; rules[int(r["ruleIndex"].(float64))].ID != r["ruleId"] {
				t.Errorf("%v is not rule %v of %v", r["ruleId"], r["ruleIndex"], rules)
			}
		}
		return log.Runs[0].Results
	}
	first := results("null_map_value.bpf.o", "leak_ringbuf.bpf.o")
	if len(first) != 2 {
		t.Fatalf("%d results", len(first))
	}
	if both := results("null_map_value.bpf.o", "leak_ringbuf.bpf.o", "again.bpf.o"); !reflect.DeepEqual(both, first) {
		t.Error("one fault in two objects is not one result")
	}
	t.Chdir("sub/dir")
	if below := results("../../null_map_value.bpf.o", "../../leak_ringbuf.bpf.o"); !reflect.DeepEqual(below, first) {
		t.Error("addresses depend on the directory that the command runs in")
	}
}

// TestJSONSchema validates the documents for all committed objects, and rejects fields that the schema does not have.
func TestJSONSchema(t *testing.T) {
	var strict any
	if err := json.Unmarshal(docs(t, "check.schema.json"), &strict); err != nil {
		t.Fatal(err)
	}
	forbidMore(strict)
	text, err := json.Marshal(strict)
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(rootDir)
	for _, flags := range [][]string{{"--full-log", "--prog-flags", "0x80"}, {"--unprivileged", "--cpus", "4"},
		{"-v", "testdata/several/lookups.o", "testdata/several/functions.o"}} {
		out, _ := command(t, append([]string{"check", "--format", "json", "testdata/objects",
			"testdata/loader/sections.o", "go.mod"}, flags...)...)
		var doc any
		if err := json.Unmarshal(out, &doc); err != nil {
			t.Fatal(err)
		}
		if err := resolved.Validate(doc); err != nil {
			t.Error(err)
		}
		doc.(map[string]any)["files"].([]any)[0].(map[string]any)["more"] = 1
		if resolved.Validate(doc) == nil {
			t.Error("the schema takes what it does not know")
		}
	}
}

// forbidMore makes every object of a schema reject fields it does not list.
func forbidMore(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		for _, child := range s {
			forbidMore(child)
		}
		if _, isObject := s["properties"].(map[string]any); isObject && s["type"] == "object" {
			s["additionalProperties"] = false
		}
	case []any:
		for _, child := range s {
			forbidMore(child)
		}
	}
}

// TestJSONDocument compares the tables of docs/json.md with the code.
func TestJSONDocument(t *testing.T) {
	text := string(docs(t, "json.md"))
	for heading, of := range map[string]reflect.Type{
		"Document": reflect.TypeFor[report.Document](), "Target": reflect.TypeFor[report.Target](),
		"File":    reflect.TypeFor[report.File](),
		"Program": reflect.TypeFor[report.Program](), "Diagnostic": reflect.TypeFor[report.Diagnostic](),
		"Summary": reflect.TypeFor[report.Summary](),
		"Budget":  reflect.TypeFor[report.Budget](),
	} {
		_, table, ok := strings.Cut(text, "\n| "+heading+" | Type | Meaning |\n")
		if !ok {
			t.Errorf("no table %s", heading)
			continue
		}
		table, _, _ = strings.Cut(table, "\n\n")
		var documented []string
		for _, m := range regexp.MustCompile("(?m)^\\| (`[^|]*) \\|").FindAllStringSubmatch(table, -1) {
			for name := range strings.SplitSeq(m[1], ", ") {
				documented = append(documented, strings.Trim(name, "`"))
			}
		}
		slices.Sort(documented)
		if d := cmp.Diff(jsonNames(of), documented); d != "" {
			t.Errorf("%s: %s", heading, d)
		}
	}
	for _, of := range []reflect.Type{
		reflect.TypeFor[report.Stats](), reflect.TypeFor[render.RecordSpan](),
		reflect.TypeFor[report.LineCost](), reflect.TypeFor[report.ForkCost](), reflect.TypeFor[report.StackCost](),
	} {
		for _, name := range jsonNames(of) {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("%s is not documented", name)
			}
		}
	}
}

func jsonNames(of reflect.Type) []string {
	var names []string
	for field := range of.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
