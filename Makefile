# Parley needs Go, make and git. `make run` builds and starts it, `make test` tests it.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# Tools run from here, so that go.mod holds the product only.
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOFUMPT  := mvdan.cc/gofumpt@v0.12.0
DEADCODE := golang.org/x/tools/cmd/deadcode@v0.52.0

# A tool that looks at the browser's half: built for this machine, run for that target.
ON_JS := -exec 'env GOOS=js GOARCH=wasm'
JS    := ./app/... ./shared/...

# What the two halves are made of. Tests and what is built do not count.
sources = $(shell find $(1) -name '*.go' ! -name '*_test.go')
CLIENT := go.mod go.sum $(call sources,app shared static) $(shell find static -type f ! -name '*.go' ! -path 'static/web/built/*')
SERVER := go.mod go.sum $(call sources,server shared static) $(shell find server -type f ! -name '*.go' ! -path '*/testdata/*')
BUILT  := static/web/built/assets.json

# make DEV=1: a development build. It has the page /design, and is compressed quickly instead of well.
DEV  ?=
TAGS := $(if $(DEV),-tags dev)

# The commit's name and the commit. They are asked for at every call and written down when they have moved.
VERSION = $(shell git describe --tags --always 2>/dev/null || echo dev) $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

##@ Using it
.PHONY: run build
run: build ## build Parley and start it on http://localhost:8080, data in ./data
	@exec ./parley serve

build: parley ## build ./parley: one static binary with everything inside

parley: $(SERVER) $(BUILT) bin/version bin/mode
	read -r version commit <bin/version && CGO_ENABLED=0 go build -buildvcs=false -trimpath $(TAGS) -o $@ \
		-ldflags "-s -w -X main.version=$$version -X main.commit=$$commit" ./server

# The client as WASM, its compressed forms, and the table of what is served under which name.
$(BUILT): $(CLIENT) bin/mode
	go run ./static/build $(if $(DEV),-dev)

bin/version: FORCE
	@mkdir -p bin
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

bin/mode: FORCE
	@mkdir -p bin
	@echo '$(if $(DEV),dev,release)' | cmp -s - $@ || echo '$(if $(DEV),dev,release)' >$@

FORCE:

##@ Working on it
.PHONY: test lint fmt bench transports weigh screenshots clean help
test: $(BUILT) ## run every test, with the race detector and a real Chromium (installs Chromium if it may)
	@.ci/need
	go test -race -count=1 -timeout 15m $$(go list ./... | grep -v '^parley/e2e')
	go test -race -count=1 -timeout 60m ./e2e/...

lint: $(BUILT) ## check style, mistakes, dead code and go.mod
	@echo 'gofumpt'; out=$$(go run $(GOFUMPT) -l .) && { [ -z "$$out" ] || { echo "make fmt would change:"; echo "$$out"; exit 1; }; }
	go mod tidy -diff
	go vet ./...
	GOOS=js GOARCH=wasm go vet $(JS)
	go run $(GOLANGCI) run ./...
	go run $(ON_JS) $(GOLANGCI) run $(JS)
	@.ci/deadcode $(DEADCODE)

fmt: ## format the code
	go run $(GOFUMPT) -w .

bench: $(BUILT) ## measure appends, fan-out, catching up and memory, and print the ratios
	@.ci/bench

transports: $(BUILT) ## measure the four transports and note the figures in docs/transports.md
	PARLEY_WRITE=1 go test -count=1 -run '^TestTransports$$' ./docs

weigh: build ## measure size and speed against their budgets, say what the app is made of, and note it in docs/weight.md
	@.ci/need
	go run ./static/build -weigh >bin/made-of.md
	PARLEY_WEIGH=$(CURDIR)/docs/weight.md PARLEY_MADE_OF=$(CURDIR)/bin/made-of.md \
		go test -count=1 -v -run '^TestWeight$$' ./e2e

screenshots: build ## take the pictures of the docs, the README and the manifest anew, and draw the icons
	@.ci/need pictures
	rm -rf docs/screenshots
	PARLEY_PICTURES=$(CURDIR)/bin/pictures PARLEY_WRITE=1 PARLEY_BIN=$(CURDIR)/parley \
		go test -count=1 -run '^(TestIcons|TestPictures)$$' ./e2e

clean: ## remove what was built; the data stay
	rm -rf parley bin
	find static/web/built -type f ! -name .gitkeep -delete

help: ## show this
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
