# Targets for people; CI calls "make test". Everything that is installed is pinned here.
GOLANGCI_VERSION := v2.15.0
GOVULNCHECK_VERSION := v1.8.0
TOOLS := $(CURDIR)/.tools
GO ?= go

.PHONY: help demo build test lint vuln unit race golden api bench soak fuzz ui

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: ## build and start the demo; needs Go alone
	$(GO) run ./cmd/cartwheel demo

build: ## build the binary into bin/
	$(GO) build -trimpath -o bin/cartwheel ./cmd/cartwheel

test: ## everything that CI runs: lint, vet, race tests, generated files
	@./.ci/test

lint: ## golangci-lint and govulncheck
	@./.ci/lint $(GOLANGCI_VERSION) $(GOVULNCHECK_VERSION) $(TOOLS)

golden: ## rewrite the golden files; read the diff
	$(GO) test ./merge ./triggers/bigcommerce ./actions/... -update

api: ## rewrite web/openapi.json and the types of the web UI; read the diff
	$(GO) test ./web -run OpenAPI -update
	cd web/ui && npm run -s types

bench: ## Go benchmarks, then what this machine does: cartwheel bench
	$(GO) test -run '^$$' -bench . -benchmem ./...
	$(GO) run ./cmd/cartwheel bench

soak: ## the long forms of the fault tests; hours
	@./.ci/soak

fuzz: ## every fuzz target for a minute
	@./.ci/fuzz 60s

ui: ## build the web UI into web/ui/dist, which is committed; needs Node
	cd web/ui && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund && npm run -s types && npm run build
