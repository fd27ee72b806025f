# Every task of the project. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 30s

# pinned, so that a new release of a tool cannot fail an unchanged project
GOFUMPT := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# the packages that share memory between requests
CONCURRENT := ./store/... ./app ./app/facets ./handlers ./cmd/qunxian
# the packages whose tests open a database, which may be a MongoDB
MONGO := ./store/mongo ./app ./handlers ./cmd/qunxian

.PHONY: help
help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Serve from data/qunxian.db
	go run ./cmd/qunxian serve

.PHONY: demo
demo: ## Serve a generated city from data/demo.db
	go run ./cmd/qunxian serve --demo

.PHONY: build
build: ## Build the static program build/qunxian
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o build/qunxian ./cmd/qunxian

.PHONY: test
test: ## Run every test
	go test ./...

.PHONY: race
race: ## Run the tests of the concurrent packages under the race detector (needs gcc)
	go test -race $(CONCURRENT)

.PHONY: check
check: fmt lint mod test race ## Everything that must hold before a change goes in

.PHONY: fmt
fmt: ## Fail where a file is not formatted as gofumpt writes it
	@bad=$$(go run $(GOFUMPT) -l .); \
	if [ -n "$$bad" ]; then echo "not formatted; run make format:"; echo "$$bad"; exit 1; fi

.PHONY: format
format: ## Format every file
	go run $(GOFUMPT) -w .

.PHONY: lint
lint: ## Run vet and staticcheck
	go vet ./...
	go run $(STATICCHECK) ./...

.PHONY: lint-more
lint-more: ## Run golangci-lint with .golangci.yml; it must be installed
	golangci-lint run ./...

.PHONY: mod
mod: ## Fail where go.mod is not tidy or a module is not what go.sum says
	go mod tidy -diff
	go mod verify

.PHONY: test-mongo
test-mongo: ## Run the tests on a real MongoDB: the replica set of TEST_MONGO_URI, or a mongod on the PATH
	QUNXIAN_TEST_STORE=mongodb QUNXIAN_REQUIRE_MONGO=1 go test -count=1 -timeout 30m $(MONGO)

.PHONY: bench
bench: ## Measure the speed figures on 100,000 talents and print them as one table
	go run ./cmd/bench

.PHONY: bench-scale
bench-scale: ## Measure on 10,000, 100,000 and 1,000,000 talents
	go run ./cmd/bench -scale

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (30s)
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9]*' . | sort | while IFS=: read -r file target; do \
		echo "== $$(dirname "$$file") $${target#func }"; \
		go test -run '^$$' -fuzz "^$${target#func }$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" </dev/null; \
	done

.PHONY: shots
shots: ## Write pictures of the pages into build/shots (needs a headless Chromium)
	mkdir -p build/shots
	QUNXIAN_SHOTS=$(CURDIR)/build/shots go test -count=1 -run Browser ./handlers/...

.PHONY: cover
cover: ## Write what the tests cover to build/cover.html
	mkdir -p build
	go test -coverpkg=./... -coverprofile=build/cover.out ./...
	go tool cover -html=build/cover.out -o build/cover.html
	go tool cover -func=build/cover.out | tail -n 1

.PHONY: clean
clean: ## Remove build/
	rm -rf build
