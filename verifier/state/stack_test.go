// SPDX-License-Identifier: GPL-2.0-only

package state

import (
	"math/rand/v2"
	"testing"
)

// Stacks that share chunks must look as if each had its own: the test compares
// them with arrays while states are copied, changed and freed at random.
func TestStacksAreApart(t *testing.T) {
	const slots = MaxStack / SlotBytes
	type model struct {
		st    *State
		ids   [slots]uint32
		slots int
	}
	rng := rand.New(rand.NewPCG(6, 18))
	var p Pool
	first := &model{st: p.NewState()}
	first.st.Frames[0] = p.NewFrame()
	models := []*model{first}
	for step := range 20000 {
		i := rng.IntN(len(models))
		m := models[i]
		switch n := rng.IntN(10); {
		case n == 0 && len(models) < 50:
			c := &model{st: p.NewState(), ids: m.ids, slots: m.slots}
			p.Copy(c.st, m.st)
			models = append(models, c)
		case n == 1 && len(models) > 1:
			p.Free(m.st)
			models = append(models[:i], models[i+1:]...)
		case n == 2 && len(models) > 1:
			to := models[(i+1)%len(models)]
			p.Copy(to.st, m.st)
			to.ids, to.slots = m.ids, m.slots
		case n == 3:
			m.slots = max(m.slots, rng.IntN(slots+1))
			m.st.Frame().GrowStack(m.slots * SlotBytes)
		case m.slots > 0:
			spi := rng.IntN(m.slots)
			m.ids[spi] = uint32(step)
			m.st.Frame().Stack.Own(spi).Spilled.ID = uint32(step)
		}
		for _, m := range models {
			s := &m.st.Frame().Stack
			if s.Len() != m.slots {
				t.Fatalf("step %d: %d slots, want %d", step, s.Len(), m.slots)
			}
			for spi := range s.Len() {
				if id := s.At(spi).Spilled.ID; id != m.ids[spi] {
					t.Fatalf("step %d: slot %d is %d, want %d", step, spi, id, m.ids[spi])
				}
			}
		}
	}
}

func TestStep(t *testing.T) {
	s := NewStep(7, -1, StepStackAccess|StepDstStack|63<<StepSlotShift|5, 9)
	if frame, spi := s.Slot(); frame != 5 || spi != 63 {
		t.Errorf("slot %d of frame %d", spi, frame)
	}
	if s.PC != 7 || s.PrevPC() != 1<<20-1 || s.Linked != 9 || s.Has(StepSrcStack) || !s.Has(StepDstStack) {
		t.Errorf("%+v", s)
	}
	if s.AddFlags(StepSrcStack); !s.Has(StepSrcStack) || s.PrevPC() != 1<<20-1 {
		t.Errorf("%+v", s)
	}
}
