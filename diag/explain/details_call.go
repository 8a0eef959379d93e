// SPDX-License-Identifier: GPL-2.0-only

package explain

import "github.com/bpf-lsp/bpf-lsp/diag/catalog"

// addCallDetails adds what is known of calls, their arguments, and hooks.
func (f *finding) addCallDetails() {
	switch f.entry.Code {
	case catalog.MapArgument:
		f.addMapArgument()
	case catalog.ContextArgument:
		f.addContextArgument()
	case catalog.ReadOnlyArgument:
		f.addReadOnlyArgument()
	case catalog.ModifiedPointerDereference:
		f.addMovedArgument()
	case catalog.SpecialStackRead:
		f.addReadObject()
	case catalog.MapHelperMismatch, catalog.TailCallMap:
		f.addMapType()
		f.addSuitableMap()
	case catalog.MapNotAllowed:
		f.addForbiddenField()
	case catalog.SpecialFieldArgument:
		f.addUntypedMap()
		f.addFieldOfMap()
		f.addMisplacedField()
	case catalog.WrongArgumentKind:
		f.addMisplacedField()
		f.addConstantString()
		f.addTrusted()
		if f.facts["onstack"] == "" && f.facts["string"] == "" && f.facts["typed"] == "" {
			f.addExchanged()
			f.addReserver()
		}
	case catalog.SleepableHelper, catalog.SleepableKfunc:
		f.addAwake()
	case catalog.PacketWrite:
		f.addStorer()
	case catalog.UntrustedArgument, catalog.RCUArgument:
		f.addTrusted()
		f.addGetters()
	case catalog.GlobalFunctionArgument:
		f.addGlobalArgument()
	case catalog.GlobalFunctionSignature:
		f.addParameter()
	case catalog.ContextAccess:
		f.addMissingArgument()
		f.addContextMember()
	case catalog.SocketAccess:
		f.addSocketMember()
	case catalog.BTFWrite:
		f.addWritable()
		f.addTracedWrite()
	case catalog.HelperNotAllowed, catalog.HelperGate, catalog.KfuncNotAllowed:
		f.addOffered()
	case catalog.PacketArgument:
		f.addLoader()
	}
}
