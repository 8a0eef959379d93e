// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"encoding/json"
	"slices"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// clientFeatures are the capabilities of a client. Each may be missing, and is in old clients.
type clientFeatures struct {
	encoding      encoding
	related       bool // shows related places of a diagnostic
	progress      bool
	configuration bool // answers workspace/configuration
	watch         bool // registers file watchers on request
	markdown      bool // renders Markdown in hovers
	showsPages    bool // opens a page of the web on request

	push             bool // accepts diagnostics without requesting them
	pull             bool // requests diagnostics
	refresh          bool // requests them again when told to
	relatedDocuments bool // accepts diagnostics of headers with those of a document

	refreshesLenses bool // requests code lenses again when told to
	refreshesHints  bool // the same of inlay hints
	showsAnswers    bool // shows the texts that commands answer with

	actions         bool // understands code actions, not only commands
	resolveEdit     bool // asks for the edit of an action when it is chosen
	documentChanges bool // accepts edits for versions of documents
	annotations     bool // shows what an edit does
}

func featuresOf(c *protocol.ClientCapabilities) clientFeatures {
	f := clientFeatures{encoding: utf16Encoding}
	if c.General != nil {
		f.encoding = negotiate(c.General.PositionEncodings)
	}
	if t := c.TextDocument; t != nil {
		if t.PublishDiagnostics != nil {
			f.push = true
			f.related = isTrue(t.PublishDiagnostics.RelatedInformation)
		}
		if t.Hover != nil {
			f.markdown = slices.Contains(t.Hover.ContentFormat, protocol.MarkupKindMarkdown)
		}
	}
	if c.Window != nil {
		f.progress = isTrue(c.Window.WorkDoneProgress)
		f.showsPages = c.Window.ShowDocument != nil && c.Window.ShowDocument.Support
	}
	if w := c.Workspace; w != nil {
		f.configuration = isTrue(w.Configuration)
		f.refreshesLenses = w.CodeLens != nil && isTrue(w.CodeLens.RefreshSupport)
		f.refreshesHints = w.InlayHint != nil && isTrue(w.InlayHint.RefreshSupport)
		f.watch = w.DidChangeWatchedFiles != nil && isTrue(w.DidChangeWatchedFiles.DynamicRegistration)
	}
	f.pullFeatures(c)
	f.actionFeatures(c)
	return f
}

func isTrue(b *bool) bool { return b != nil && *b }

// Initialize negotiates what both sides support.
func (s *server) Initialize(_ context.Context, params *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	// From here on the client may be notified of invalid messages.
	s.phase.CompareAndSwap(int32(phaseNew), int32(phaseRunning))
	features := featuresOf(&params.Capabilities)
	mappings, err := decodeMappings(params.InitializationOptions)
	if err != nil {
		s.log.Warn("invalid initializationOptions", zap.Error(err))
	}
	features.showsAnswers = decodeShowsAnswers(params.InitializationOptions)
	named := &paths{mappings: mappings}
	folders := foldersOf(params, named)
	s.do(func() {
		s.state.client = features
		s.state.folders = folders
		s.setPaths(named.withFolders(folders))
		if len(params.InitializationOptions) > 0 {
			settings, err := decodeSettings(s.state.settings, params.InitializationOptions)
			if err != nil {
				s.log.Warn("invalid initializationOptions", zap.Error(err))
			}
			s.state.settings = settings
		}
	})
	yes, incremental := true, protocol.TextDocumentSyncKindIncremental
	result := &protocol.InitializeResult{
		Capabilities: protocol.ServerCapabilities{
			PositionEncoding: protocol.PositionEncodingKind(features.encoding),
			TextDocumentSync: &protocol.TextDocumentSyncOptions{OpenClose: &yes, Change: &incremental,
				Save: protocol.Boolean(true)},
			HoverProvider:      protocol.Boolean(true),
			CodeLensProvider:   &protocol.CodeLensOptions{},
			InlayHintProvider:  &protocol.InlayHintOptions{ResolveProvider: &yes},
			DiagnosticProvider: diagnosticProvider(features),
			CodeActionProvider: codeActionProvider(features),
			ExecuteCommandProvider: protocol.ExecuteCommandOptions{
				Commands: commands,
			},
			Workspace: &protocol.WorkspaceOptions{WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{
				Supported:           &yes,
				ChangeNotifications: protocol.Boolean(true)}, FileOperations: fileOperations()},
		},
		ServerInfo: protocol.ServerInfo{Name: "bpf-lsp"},
	}
	if s.o.Version != "" {
		result.ServerInfo.Version = protocol.NewOptional(s.o.Version)
	}
	return result, nil
}

// decodeShowsAnswers reports whether initializationOptions say that the client shows what commands answer.
func decodeShowsAnswers(raw []byte) bool {
	var options struct {
		ShowsAnswers bool `json:"showsAnswers"`
	}
	return len(raw) > 0 && json.Unmarshal(raw, &options) == nil && options.ShowsAnswers
}

// foldersOf lists the workspace folders, from the newest field that the client uses.
func foldersOf(params *protocol.InitializeParams, named *paths) []string {
	var out []string
	if folders, ok := params.WorkspaceFolders.Get(); ok {
		for _, f := range folders {
			if dir := named.file(f.URI); dir != "" {
				out = append(out, cloneString(dir))
			}
		}
		return out
	}
	if params.RootURI != nil {
		if dir := named.file(*params.RootURI); dir != "" {
			out = append(out, cloneString(dir))
		}
	}
	return out
}

// watchPatterns match the files whose change on disk matters even if no editor saved them: generated sources, and build
// files.
func watchPatterns() []string { return append([]string{"**/*.{c,h}"}, buildPatterns...) }

// Initialized asks the client to watch files. The answer arrives over this same connection, so it must not be waited
// for here.
func (s *server) Initialized(context.Context, *protocol.InitializedParams) error {
	var watch bool
	s.do(func() { watch = s.state.client.watch })
	if !watch {
		return nil
	}
	var options protocol.DidChangeWatchedFilesRegistrationOptions
	for _, pattern := range watchPatterns() {
		options.Watchers = append(options.Watchers, protocol.FileSystemWatcher{GlobPattern: protocol.Pattern(pattern)})
	}
	raw, err := protocol.Marshal(&options)
	if err != nil {
		return err
	}
	s.tasks.run(func() {
		err := s.client.RegisterCapability(s.ctx, &protocol.RegistrationParams{Registrations: []protocol.Registration{{
			ID: "bpf-lsp/watch", Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: raw}}})
		if err != nil && s.ctx.Err() == nil {
			s.log.Info("the client does not watch files", zap.Error(err))
		}
	})
	return nil
}
