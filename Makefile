# SPDX-License-Identifier: GPL-2.0-only

GO      ?= go
NPM     ?= npm
SERVER  := bin/bpf-lsp
VSCODE  := editors/vscode
VSIX    := $(VSCODE)/bpf-lsp.vsix
# A file that npm writes last: newer than the lock file means installed.
MODULES := $(VSCODE)/node_modules/.package-lock.json
DEMO    := testdata/demo/leak.bpf.c
# Tests give up waiting by themselves, and say for what. A machine that is merely busy must not end them.
PATIENT := -timeout 60m

GO_SOURCES     = $(shell find cmd diag dwarfmap lsp verifier -type f ! -name '*_test.go' 2>/dev/null) $(wildcard testdata/*.go testdata/rules/*.c) go.mod go.sum
VSCODE_SOURCES = $(wildcard $(VSCODE)/src/*.ts $(VSCODE)/images/* $(VSCODE)/walkthrough/*) $(addprefix $(VSCODE)/,package.json tsconfig.json README.md .vscodeignore)

# VS Code's name of the platform that Go builds for.
PLATFORM = $(shell $(GO) env GOOS GOARCH | sed 's/windows/win32/; s/amd64/x64/' | paste -sd-)

.DELETE_ON_ERROR:
.PHONY: help build demo test test-go test-fixes test-race test-vscode test-nvim test-emacs test-vim test-helix test-kate test-extension test-chaos chaos conformance mutants check vsix screenshots recording clean

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: $(SERVER) ## build bin/bpf-lsp
	@:

$(SERVER): $(GO_SOURCES)
	CGO_ENABLED=0 $(GO) build -o $@ ./cmd/bpf-lsp

demo: ## install what is missing, build, and show the report of a leaking program
	@scripts/install-toolchain.sh
	@$(MAKE) --no-print-directory build
	@echo "$$ bpf-lsp check $(DEMO)"
	@$(SERVER) check $(DEMO); status=$$?; echo "exit status $$status"; [ $$status = 1 ]

test: test-go test-fixes test-race test-chaos test-nvim test-emacs test-vim test-vscode ## run every test, those in the real editors included

test-go: ## run the Go tests
	@scripts/install-toolchain.sh || [ "$(CI)" != true ]
	$(GO) test $(PATIENT) ./...

test-fixes: ## try the offered changes over all broken programs of testdata/pairs
	@scripts/install-toolchain.sh || [ "$(CI)" != true ]
	BPF_LSP_PAIRS=$(CURDIR)/testdata/pairs/*.c $(GO) test $(PATIENT) ./lsp/check -run FixesOfPairs

test-race: ## run the server's tests with the race detector
	@scripts/install-toolchain.sh cc
	$(GO) test $(PATIENT) -short -race ./lsp/...

# SEED is drawn anew in every run if it is not given.
SEED     ?=
MODE     ?= both
DURATION ?= 10m
WITHOUT  ?=
CHAOS     = $(GO) run ./lsp/chaos -server $(SERVER) -mode $(MODE) $(if $(SEED),-seed $(SEED)) $(if $(LIFE),-life $(LIFE)) -without "$(WITHOUT)"

test-chaos: $(SERVER) ## mistreat the server for about half a minute
	@scripts/install-toolchain.sh || [ "$(CI)" != true ]
	@$(CHAOS) -operations 2500

chaos: $(SERVER) ## mistreat the server for DURATION (10m), in MODE push, pull or both; SEED and LIFE repeat a run
	@scripts/install-toolchain.sh || [ "$(CI)" != true ]
	@$(CHAOS) $(if $(LIFE),-lives 1,-duration $(DURATION))

test-nvim: $(SERVER) ## run the test in headless Neovim
	@scripts/real-client.sh Neovim editors/test/nvim/run.sh $(SERVER)

test-emacs: $(SERVER) ## run the recipes for Emacs
	@scripts/real-client.sh Emacs editors/test/emacs/run.sh $(SERVER)

test-vim: $(SERVER) ## run the recipe for Vim
	@scripts/real-client.sh Vim editors/test/vim/run.sh $(SERVER)

test-helix: $(SERVER) ## run the recipe for Helix, where that is installed; not in make test
	@scripts/real-client.sh Helix editors/test/helix/run.sh $(SERVER)

test-kate: $(SERVER) ## run the recipe for Kate; not in make test
	@scripts/real-client.sh Kate editors/test/kate/run.sh $(SERVER)

test-vscode: ## run the test in the real VS Code workbench
	@MAKE="$(MAKE)" scripts/real-client.sh "VS Code" editors/test/vscode/run.sh

test-extension: $(MODULES) ## run those tests of the VS Code extension that need no editor
	cd $(VSCODE) && $(NPM) run --silent test

conformance: ## compare with the running kernel over its own selftests; needs root
	scripts/conformance.sh

mutants: ## make N conditions of rules false, one at a time (FILES, SEED), and print those that no test notices
	$(GO) run ./verifier/mutants -n $(or $(N),0) $(if $(SEED),-seed $(SEED)) $(if $(FILES),-files $(FILES))

screenshots: ## take the pictures of the README in the real VS Code workbench
	@mkdir -p docs/images
	@MAKE="$(MAKE)" BPF_LSP_SCREENSHOTS=$(CURDIR)/docs/images editors/test/vscode/run.sh

recording: ## record the moving picture of the README in the real VS Code workbench
	@MAKE="$(MAKE)" BPF_LSP_RECORDING=$(CURDIR)/docs/images/save.gif editors/test/vscode/run.sh

check: $(MODULES) ## check format, vet, generated files and TypeScript types
	@unformatted=$$(gofmt -l cmd diag dwarfmap lsp verifier testdata); [ -z "$$unformatted" ] || { echo "not gofmt'ed: $$unformatted"; exit 1; }
	$(GO) vet ./...
	scripts/check-generated.sh
	cd $(VSCODE) && $(NPM) run --silent check

vsix: $(VSIX) ## package the VS Code extension with the server for this platform
	@:

$(MODULES): $(VSCODE)/package-lock.json
	cd $(VSCODE) && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VSIX): $(SERVER) $(MODULES) $(VSCODE_SOURCES) LICENSE
	@mkdir -p $(VSCODE)/bin
	cp $(SERVER) $(VSCODE)/bin/$(notdir $(SERVER))$(shell $(GO) env GOEXE)
	cp LICENSE $(VSCODE)/LICENSE
	cd $(VSCODE) && $(NPM) run --silent check && $(NPM) run --silent build -- --log-level=warning
	cd $(VSCODE) && $(NPM) run --silent package -- --target $(PLATFORM) -o $(notdir $@)

clean: ## remove what was built; the installed editors in .cache stay
	rm -rf bin $(VSCODE)/dist $(VSCODE)/bin $(VSCODE)/LICENSE $(VSCODE)/*.vsix $(VSCODE)/node_modules
