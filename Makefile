# Two commands: `make demo` and `make test`. `make help` lists the others.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo

.PHONY: help demo console test test-console chaos bench fuzz test-full lint audit pictures schema schema-diff needs-build needs-lint needs-run needs-web needs-browser needs-clients

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

test: needs-build needs-run needs-clients console lint ## The checks that gate a change
	$(CARGO) test
	$(MAKE) test-console

test-console: console needs-browser ## The console alone: types, units, and a real browser
	cd web && npm run check && npm test
	$(CARGO) build --bin centralino
	cd web && npm run e2e

pictures: console needs-browser ## Take the pictures of the README anew
	$(CARGO) build --bin centralino
	cd web && node e2e/pictures.mjs

# Longer or shorter: CENTRALINO_CHAOS_SECONDS=3600 make chaos
chaos: export CENTRALINO_CHAOS_SECONDS ?= 600
chaos: needs-build needs-run ## Everything goes wrong for ten minutes, and an oracle judges
	$(CARGO) test --test it chaos:: -- --test-threads=1

# GOAL="G1 G4" runs those alone; LONG=1 takes more and longer repetitions, and the large stores.
bench: needs-build needs-run ## Measure speed and memory, as ratios to pgbench and Node
	@scripts/need node nodejs
	@scripts/need npm npm
	$(CARGO) bench --quiet --bench load -- $(GOAL) $(if $(LONG),--long)

test-full: test fuzz audit ## Everything in `make test`, the long runs, and the advisories of all dependencies
	$(CARGO) test --test it -- --ignored

# Longer, or with another seed: make fuzz FUZZ="all 100 7"
FUZZ ?= all
fuzz: needs-build ## What strangers send and disks give back, mutated at random for a minute
	cd fuzz && $(CARGO) run --quiet -- $(FUZZ)

lint: needs-lint
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings
	cd fuzz && $(CARGO) fmt --check && $(CARGO) clippy -- -D warnings

audit: needs-build ## Advisories, licences and sources of all dependencies
	@command -v cargo-deny >/dev/null || $(CARGO) install cargo-deny --locked
	$(CARGO) deny check

schema: needs-build ## Write schema.graphql anew from the code
	$(CARGO) run --quiet --bin centralino -- schema > schema.graphql

schema-diff: needs-clients ## Tell what has changed for clients since the last release
	@node tests/clients/schema_diff.js

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

needs-clients:
	@scripts/need node nodejs
	@scripts/need npm npm
	@cd tests/clients && cmp -s package-lock.json node_modules/.lock || { npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.lock; }
