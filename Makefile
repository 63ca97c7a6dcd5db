# Two commands: `make demo` and `make test`. `make help` lists the others.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo

.PHONY: help demo console test test-console test-full lint audit schema needs-build needs-lint needs-run needs-web needs-browser

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# What the console is built from.
WEB := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*') schema.graphql

demo: needs-build needs-run console ## Build what is missing, start everything with a simulated Telesign
	@$(CARGO) build --bin centralino
	@exec target/debug/centralino demo

console: web/dist/index.html ## Build the web console, which the next cargo build embeds

web/dist/index.html: web/node_modules/.package-lock.json $(WEB)
	cd web && npm run build

web/node_modules/.package-lock.json: web/package-lock.json | needs-web
	cd web && npm ci --no-audit --no-fund

test: needs-build needs-run console lint ## The checks that gate a change
	$(CARGO) test
	$(MAKE) test-console

test-console: console needs-browser ## The console alone: types, units, and a real browser
	cd web && npm run check && npm test
	$(CARGO) build --bin centralino
	cd web && npm run e2e

test-full: test audit ## Everything in `make test`, and the advisories of all dependencies

lint: needs-lint
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

audit: needs-build ## Advisories, licences and sources of all dependencies
	@command -v cargo-deny >/dev/null || $(CARGO) install cargo-deny --locked
	$(CARGO) deny check

schema: needs-build ## Write schema.graphql anew from the code
	$(CARGO) run --quiet --bin centralino -- schema > schema.graphql

needs-web:
	@scripts/need node nodejs
	@scripts/need npm npm
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' \
		|| { echo "the console needs Node.js 20.19 or newer, this is $$(node --version): install it from https://nodejs.org" >&2; exit 1; }

needs-browser:
	@scripts/need chromium chromium

needs-build:
	@scripts/need cc gcc libc6-dev

needs-lint:
	@$(CARGO) fmt --version >/dev/null 2>&1 || rustup component add rustfmt
	@$(CARGO) clippy --version >/dev/null 2>&1 || rustup component add clippy

needs-run:
	@scripts/need setpriv util-linux
	@scripts/need postgres postgresql
