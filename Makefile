# Two commands: `make demo` and `make test`. `make help` lists the others.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo

.PHONY: help demo test test-full lint audit schema needs-build needs-lint needs-run

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: needs-build needs-run ## Build what is missing, start everything with a simulated Telesign
	@$(CARGO) build --bin centralino
	@exec target/debug/centralino demo

test: needs-build needs-run lint ## The checks that gate a change
	$(CARGO) test

test-full: test audit ## Everything in `make test`, and the advisories of all dependencies

lint: needs-lint
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

audit: needs-build ## Advisories, licences and sources of all dependencies
	@command -v cargo-deny >/dev/null || $(CARGO) install cargo-deny --locked
	$(CARGO) deny check

schema: needs-build ## Write schema.graphql anew from the code
	$(CARGO) run --quiet --bin centralino -- schema > schema.graphql

needs-build:
	@scripts/need cc gcc libc6-dev

needs-lint:
	@$(CARGO) fmt --version >/dev/null 2>&1 || rustup component add rustfmt
	@$(CARGO) clippy --version >/dev/null 2>&1 || rustup component add clippy

needs-run:
	@scripts/need setpriv util-linux
	@scripts/need postgres postgresql
