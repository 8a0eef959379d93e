// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"bytes"
	"compress/gzip"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

const someConfig = "# Linux\nCONFIG_HZ=250\nCONFIG_IPV6=y\n# CONFIG_SMC is not set\n"

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKernelConfiguration(t *testing.T) {
	want := map[string]string{"CONFIG_HZ": "250", "CONFIG_IPV6": "y"}
	for name, data := range map[string][]byte{"plain": []byte(someConfig), "packed": packed(t, someConfig)} {
		c, req := unit(t, func(*program.Program, verifier.Options) verifier.Result { return verifier.Result{} }, "p")
		c.config.file = filepath.Join(t.TempDir(), "config")
		if err := os.WriteFile(c.config.file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		load := c.Load
		c.Load = func(elf []byte, o program.Options) (*program.Object, error) {
			got = o.Kconfig
			return load(elf, o)
		}
		if run(t, c, req); !maps.Equal(got, want) {
			t.Errorf("%s: loaded with %v, want %v", name, got, want)
		}
	}
}

func TestWrongKernelConfiguration(t *testing.T) {
	cut := packed(t, strings.Repeat(someConfig, 100))
	for name, data := range map[string][]byte{"missing": nil, "truncated": cut[:len(cut)-9],
		"broken": {0x1f, 0x8b, 0, 0}} {
		c, req := unit(t, nil, "p")
		c.config.file = filepath.Join(t.TempDir(), "config.gz")
		if data != nil {
			if err := os.WriteFile(c.config.file, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		ds := run(t, c, req).Diagnostics()
		if len(ds) != 1 || !strings.Contains(ds[0].Reason, "config.gz") {
			t.Errorf("%s: %+v", name, ds)
		}
	}
}
