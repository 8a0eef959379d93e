// SPDX-License-Identifier: GPL-2.0-only

// Package editors tests that the editor extensions say the same as the server about its settings and commands.
package editors

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/lsp"
)

// ofClient are the settings of the VS Code extension that the server never sees.
var ofClient = []string{"server.path", "trace.server"}

// serverSettings lists the names under which clients send the server's settings. Trust is no setting: the
// editor knows it.
func serverSettings() []string {
	names := settingsIn(reflect.TypeFor[lsp.Settings](), "")
	names = slices.DeleteFunc(names, func(name string) bool { return name == "trusted" })
	slices.Sort(names)
	return names
}

// settingsIn lists the settings of a structure, those of a structure in it behind a dot.
func settingsIn(of reflect.Type, prefix string) (names []string) {
	for field := range of.Fields() {
		name := prefix + strings.ToLower(field.Name[:1]) + field.Name[1:]
		if field.Type.Kind() == reflect.Struct {
			names = append(names, settingsIn(field.Type, name+".")...)
			continue
		}
		names = append(names, name)
	}
	return names
}

// manifest is what the tests read of the extension's package.json.
type manifest struct {
	Contributes struct {
		Commands []struct {
			Command string
			Title   string
		}
		Configuration struct {
			Properties map[string]struct {
				Default any
			}
		}
	}
}

func readManifest(t *testing.T) manifest {
	t.Helper()
	var m manifest
	if err := json.Unmarshal([]byte(read(t, "vscode/package.json")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestVSCodeOffersTheServersSettings(t *testing.T) {
	var names []string
	for key := range readManifest(t).Contributes.Configuration.Properties {
		name, ok := strings.CutPrefix(key, "bpfLsp.")
		if !ok {
			t.Errorf("setting %s does not begin with bpfLsp.", key)
		}
		if !slices.Contains(ofClient, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(serverSettings(), names); diff != "" {
		t.Errorf("settings of package.json (-server +package.json):\n%s", diff)
	}
}

func TestVSCodeDefaultsAreTheServers(t *testing.T) {
	properties := readManifest(t).Contributes.Configuration.Properties
	defaults := reflect.ValueOf(lsp.DefaultSettings())
	hints := lsp.DefaultSettings().InlayHints
	for name, want := range map[string]bool{"loops": hints.Loops, "packets": hints.Packets, "nulls": hints.Nulls} {
		if got := properties["bpfLsp.inlayHints."+name].Default; got != want {
			t.Errorf("default of inlayHints.%s is %v, the server's is %v", name, got, want)
		}
	}
	for _, name := range []string{"checkOn", "clangDiagnostics", "codeLens", "clangPath", "kernelBTF", "targetKernel", "arch"} {
		want := defaults.FieldByName(strings.ToUpper(name[:1]) + name[1:]).Interface()
		if got := properties["bpfLsp."+name].Default; got != want {
			t.Errorf("default of %s is %v, the server's is %v", name, got, want)
		}
	}
}

func TestReadmeListsSettingsAndCommands(t *testing.T) {
	readme, m := read(t, "vscode/README.md"), readManifest(t)
	for key := range m.Contributes.Configuration.Properties {
		if !strings.Contains(readme, "| `"+key+"` |") {
			t.Errorf("vscode/README.md has no row for the setting %s", key)
		}
	}
	for _, c := range m.Contributes.Commands {
		if !strings.Contains(readme, "| bpf-lsp: "+c.Title+" |") {
			t.Errorf("vscode/README.md has no row for the command %s", c.Title)
		}
	}
}

func TestNeovimHelpListsSettingsAndCommands(t *testing.T) {
	help, plugin := read(t, "nvim/doc/bpf-lsp.txt"), read(t, "nvim/plugin/bpf_lsp.lua")
	for _, name := range serverSettings() {
		if !regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(name) + `( |$)`).MatchString(help) {
			t.Errorf("nvim/doc/bpf-lsp.txt lacks the setting %s", name)
		}
	}
	for _, c := range regexp.MustCompile(`command\('(\w+)'`).FindAllStringSubmatch(plugin, -1) {
		if !strings.Contains(help, "*:"+c[1]+"*") {
			t.Errorf("nvim/doc/bpf-lsp.txt lacks the command %s", c[1])
		}
	}
}

// block is a fenced block of docs/editors.md.
var block = regexp.MustCompile("(?ms)^```(\\w+)(?: recipe=(\\S+))?\n(.*?)^```$")

func TestRecipesAreTried(t *testing.T) {
	scripts, err := filepath.Glob("test/*/run.sh")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	var tests string
	for _, script := range scripts {
		tests += read(t, script)
	}
	recipes := 0
	for _, b := range block.FindAllStringSubmatch(read(t, "../docs/editors.md"), -1) {
		language, recipe, text := b[1], b[2], b[3]
		if language == "json" && !json.Valid([]byte(text)) {
			t.Errorf("docs/editors.md has invalid JSON:\n%s", text)
		}
		if recipe == "" {
			continue
		}
		recipes++
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(recipe) + `(\s|;)`).MatchString(tests) {
			t.Errorf("no script below editors/test tries the recipe %s", recipe)
		}
		if !strings.Contains(text, "bpf-lsp") && !strings.Contains(text, "bpf_lsp") {
			t.Errorf("the recipe %s starts no server:\n%s", recipe, text)
		}
	}
	if recipes == 0 {
		t.Error("docs/editors.md has no recipes")
	}
}

// Registries differ from user to user, so the lock file names packages by version and hash only.
func TestLockFileNamesNoRegistry(t *testing.T) {
	if lock := read(t, "vscode/package-lock.json"); strings.Contains(lock, `"resolved"`) {
		t.Error("vscode/package-lock.json has download addresses; install with npm install --omit-lockfile-registry-resolved")
	}
}
