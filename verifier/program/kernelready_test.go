// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"testing"

	"github.com/cilium/ebpf/btf"
)

// The kernel takes a section of variables in a row only, all of them defined.
func TestKernelReadyBTF(t *testing.T) {
	obj := loadTestObject(t, "maps", Options{})
	before := bytes.Clone(obj.rawBTF)
	spec, err := btf.LoadSpecFromReader(bytes.NewReader(obj.KernelReadyBTF()))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(obj.rawBTF, before) {
		t.Error("the object's own types were changed")
	}
	var section *btf.Datasec
	if err := spec.TypeByName(secKsyms, &section); err != nil {
		t.Fatal(err)
	}
	dummies := 0
	for i, entry := range section.Vars {
		v, ok := entry.Type.(*btf.Var)
		if !ok {
			t.Errorf("entry %d is %v", i, entry.Type)
			continue
		}
		if _, isInt := v.Type.(*btf.Int); !isInt || v.Linkage != btf.GlobalVar || entry.Offset != uint32(4*i) ||
			entry.Size != 4 {
			t.Errorf("%s is a %v of linkage %v at %d, %d bytes", v.Name, v.Type, v.Linkage, entry.Offset, entry.Size)
		}
		if v.Name == dummyKsym {
			dummies++
		}
	}
	if len(section.Vars) != 6 || dummies != 3 {
		t.Errorf("%d symbols, %d of them functions", len(section.Vars), dummies)
	}
	var fn *btf.Func
	if err := spec.TypeByName("bpf_rcu_read_lock", &fn); err != nil || fn.Linkage != btf.GlobalFunc {
		t.Errorf("kernel function %v, %v", fn, err)
	}
}

func TestKernelReadyBTFAbsent(t *testing.T) {
	if raw := new(Object).KernelReadyBTF(); raw != nil {
		t.Errorf("%d bytes of types for an object without", len(raw))
	}
}
