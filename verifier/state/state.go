// SPDX-License-Identifier: GPL-2.0-only

package state

// RefKind is what a held resource is.
type RefKind uint8

// Kinds of held resources.
const (
	RefPtr        RefKind = 1 << 1
	RefIRQ        RefKind = 1 << 2
	RefLock       RefKind = 1 << 3
	RefResLock    RefKind = 1 << 4
	RefResLockIRQ RefKind = 1 << 5
	RefAnyLock            = RefLock | RefResLock | RefResLockIRQ
)

// LockObject identifies the object that a lock lives in: a map or a BTF.
// It takes the place of the kernel's pointer, so equal objects compare equal.
type LockObject struct {
	Map MapRef
	BTF BTFRef
}

// Ref is a resource held: a pointer reference, a lock or a saved IRQ state.
type Ref struct {
	Kind RefKind
	ID   uint32
	// Parent is the reference of the object that this one was made of, 0 for
	// none.
	Parent uint32
	// PC is the instruction that acquired it.
	PC   int
	Lock LockObject
}

// Flags and fields of Step.Flags.
const (
	stepFrameMask   = 0x7
	stepSlotMask    = 0x3f
	StepSlotShift   = 3
	StepStackAccess = 1 << 9
	StepDstStack    = 1 << 10
	StepSrcStack    = 1 << 11
	stepFlagBits    = 12
)

// Step is one entry of the path since the last checkpoint, kept for tracing
// precision backwards.
type Step struct {
	PC uint32
	// from is the PC before this one in its upper bits, and the flags below.
	from uint32
	// Linked packs the scalars that this conditional jump refined together.
	Linked uint64
}

// NewStep is the step to pc. Of prev, as many bits are kept as the kernel does.
func NewStep(pc, prev int, flags uint32, linked uint64) Step {
	return Step{PC: uint32(pc), from: uint32(prev)<<stepFlagBits | flags, Linked: linked}
}

// PrevPC is the instruction that ran before.
func (s *Step) PrevPC() int { return int(s.from >> stepFlagBits) }

// AddFlags adds to the flags.
func (s *Step) AddFlags(flags uint32) { s.from |= flags }

// Has reports whether one of the flags is set.
func (s *Step) Has(flags uint32) bool { return s.from&flags != 0 }

// Slot is the frame and the stack slot that was accessed.
func (s *Step) Slot() (frame, spi int) {
	return int(s.from & stepFrameMask), int(s.from >> StepSlotShift & stepSlotMask)
}

// State is all the verifier knows at one point of one path.
type State struct {
	Frames [MaxFrames]*Frame
	// Cur is the index of the active frame.
	Cur    int
	Parent *State
	Refs   []Ref

	// Branches is the number of paths from here still to be explored.
	Branches uint32
	// PC is the instruction about to be checked.
	PC int

	ActiveLocks   uint32
	ActivePreempt uint32
	ActiveIRQ     uint32
	ActiveLockID  uint32
	ActiveLock    LockObject
	ActiveRCU     uint32

	Speculative bool
	InSleepable bool
	Cleaned     bool

	// Checkpoint is the number of the cached state that this is, among those
	// of the walk.
	Checkpoint int

	// FirstPC and LastPC bound the path that History describes.
	FirstPC, LastPC int
	History         []Step

	// Equal is the cached state that this loop back-edge was found equal to.
	Equal *State

	DFSDepth       uint32
	CallbackUnroll uint32
	MayGotoDepth   uint32
}

// Frame is the active frame.
func (s *State) Frame() *Frame { return s.Frames[s.Cur] }

// FindRef reports whether something with this id is held.
//
// kernel: find_reference_state
func (s *State) FindRef(id uint32) bool {
	for i := range s.Refs {
		if s.Refs[i].ID == id {
			return true
		}
	}
	return false
}

// RemoveRef forgets the i-th resource; the others keep their order, since
// locks and IRQ states nest.
//
// kernel: release_reference_state
func (s *State) RemoveRef(i int) { s.Refs = append(s.Refs[:i], s.Refs[i+1:]...) }

// Each calls change for those registers and spilled registers of all frames
// that which picks. A slot counts as spilled when the type of its top byte is
// in mask, a set of 1<<SlotType.
//
// kernel: bpf_for_each_reg_in_vstate_mask
func (s *State) Each(mask uint32, which func(r *Reg) bool, change func(r *Reg)) {
	for i := 0; i <= s.Cur; i++ {
		f := s.Frames[i]
		for j := range f.Regs {
			if r := &f.Regs[j]; which(r) {
				change(r)
			}
		}
		for j := range f.Stack.Len() {
			slot := f.Stack.At(j)
			if 1<<slot.Bytes[SlotBytes-1]&mask != 0 && which(&slot.Spilled) {
				change(&f.Stack.Own(j).Spilled)
			}
		}
	}
}
