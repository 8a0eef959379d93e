// SPDX-License-Identifier: GPL-2.0-only

package facts

import "testing"

func TestMapHelper(t *testing.T) {
	for _, c := range []struct {
		m            MapType
		id           int32
		fromMap, fun bool
	}{
		{MapArray, FuncMapLookupElem, true, true},
		{MapRingBuf, FuncMapLookupElem, false, true},
		{MapRingBuf, FuncRingbufReserve, true, true},
		{MapHash, FuncRingbufReserve, true, false},
		{MapProgramArray, FuncTailCall, true, true},
		{MapArray, FuncTailCall, true, false},
		{MapSockMap, FuncMapUpdateElem, false, true},
		{MapCgrpStorage, FuncKptrXchg, true, true},
		{MapQueue, FuncMapPopElem, true, true},
		{MapBloomFilter, FuncMapPopElem, false, false},
		{MapArray, NumHelpers, true, false},
		{MapRingBuf, -1, false, false},
		{MapType(99), FuncMapLookupElem, true, true},
	} {
		if got := c.m.TakesHelper(c.id); got != c.fromMap {
			t.Errorf("%v takes %s: %t", c.m, HelperName(c.id), got)
		}
		if got := HelperTakesMap(c.id, c.m); got != c.fun {
			t.Errorf("%s takes %v: %t", HelperName(c.id), c.m, got)
		}
	}
}

func TestMapShape(t *testing.T) {
	for _, c := range []struct {
		rule SizeRule
		size uint32
		want bool
	}{
		{MapArray.Info().Key, 4, true},
		{MapArray.Info().Key, 8, false},
		{MapHash.Info().Key, 0, false},
		{MapHash.Info().Value, 1 << 20, true},
		{MapRingBuf.Info().Value, 0, true},
		{MapRingBuf.Info().Value, 8, false},
		{MapDevMap.Info().Value, 8, true},
		{MapDevMap.Info().Value, 6, false},
		{MapStackTrace.Info().Value, 12, false},
		{MapLPMTrie.Info().Key, 261, false},
	} {
		if got := c.rule.Allows(c.size); got != c.want {
			t.Errorf("%+v, %d: %t", c.rule, c.size, got)
		}
	}
}

func TestSpecialFields(t *testing.T) {
	f, ok := SpecialStruct("bpf_timer")
	if !ok || f.Field != FieldTimer || f.Size != 16 || !f.InMap(MapLRUHash) || f.InMap(MapPerCPUArray) || !f.Once {
		t.Errorf("bpf_timer: %+v", f)
	}
	if _, ok := SpecialStruct("kptr"); ok {
		t.Error("a type tag is no struct")
	}
	if i := FieldKptrRef.Info(); i == nil || i.Name != "kptr" || !i.InMap(MapPerCPUHash) {
		t.Errorf("kptr: %+v", i)
	}
	if FieldsKptr.Info() != nil {
		t.Error("a set of fields has no facts of one field")
	}
}

func TestReturns(t *testing.T) {
	for _, c := range []struct {
		prog   ProgType
		attach AttachType
		want   Returns
	}{
		{ProgCGroupSKB, AttachCGroupInetEgress, Returns{ReturnRange, 0, 3}},
		{ProgCGroupSKB, AttachCGroupInetIngress, Returns{ReturnRange, 0, 1}},
		{ProgCGroupSockAddr, AttachCgroupUnixRecvmsg, Returns{ReturnRange, 1, 1}},
		{ProgCGroupSockAddr, AttachCGroupInet4Bind, Returns{ReturnRange, 0, 3}},
		{ProgCGroupSockAddr, AttachCGroupInet4Connect, Returns{ReturnRange, 0, 1}},
		{ProgTracing, AttachTraceFExit, Returns{ReturnRange, 0, 0}},
		{ProgTracing, AttachTraceRawTp, Returns{Rule: ReturnAny}},
		{ProgTracing, AttachXDP, Returns{Rule: ReturnUnsupported}},
		{ProgKprobe, AttachTraceUprobeSession, Returns{ReturnRange, 0, 1}},
		{ProgLSM, AttachLSMMac, Returns{Rule: ReturnLSMHook}},
		{ProgNetfilter, AttachNetfilter, Returns{ReturnRange, 0, 1}},
	} {
		if got := ReturnsOf(c.prog, c.attach); got != c.want {
			t.Errorf("%v/%v: %+v", c.prog, c.attach, got)
		}
	}
	if r := ReturnsOf(ProgXDP, AttachXDP); r.Rule != ReturnAny {
		t.Errorf("XDP: %+v", r)
	}
	if c := CallbackOf(FuncLoop); c == nil || *c != (Callback{Min: 0, Max: 1}) {
		t.Errorf("bpf_loop: %+v", c)
	}
	if c := CallbackOf(FuncTimerSetCallback); c == nil || *c != (Callback{Async: true}) {
		t.Errorf("bpf_timer_set_callback: %+v", c)
	}
	if c := CallbackOf(FuncMapLookupElem); c != nil {
		t.Errorf("bpf_map_lookup_elem: %+v", c)
	}
}
