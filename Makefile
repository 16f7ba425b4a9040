# make demo and make test are all a newcomer needs: each does its own set-up (scripts/setup) and is safe to run twice.
#
# No faster linker is chosen here. A RUSTFLAGS of our own would differ from that of a plain `cargo build`, and each
# change between the two would rebuild everything; rustc already links with its own lld on x86_64 Linux.

# What scripts/setup installs is found before what is on the machine, and only if something was missing.
export PATH := $(CURDIR)/.tools/bin:$(PATH)

CARGO ?= cargo
# CI passes --locked.
CARGO_FLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup build dev demo test bench docs lint fmt

help: ## Show this list
	@echo "usage: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Find or install what the build, the demo and the tests need
	@scripts/setup test

build: ## Build the provider and the sweeper into target/debug
	@scripts/setup build
	$(CARGO) build $(CARGO_FLAGS) --workspace --bins

dev: build ## Build, and say how terraform finds this build of the provider
	@echo "export TF_CLI_CONFIG_FILE=$$(scripts/install-provider target/debug .tools/dev)"

demo: ## Show the point in under two minutes after the build
	@scripts/setup demo
	$(CARGO) build $(CARGO_FLAGS) --workspace --bins
	@scripts/demo

# Binaries and tests are built in one go: built apart, they would want two feature sets of the crates that proptest
# shares with us. The runner comes last, so that its summary closes the output; the documentation's examples run before
# it, because nextest does not run them.
test: ## Build everything and run every test
	@scripts/setup test
	$(CARGO) build $(CARGO_FLAGS) --workspace --bins --tests
	$(CARGO) test $(CARGO_FLAGS) --workspace --doc
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  set -x; $(CARGO) nextest run $(CARGO_FLAGS) --workspace; \
	else \
	  set -x; $(CARGO) test $(CARGO_FLAGS) --workspace --no-fail-fast --lib --bins --tests; \
	fi

bench: ## Measure the provider and the sweeper beside plain terraform
	@scripts/setup demo
	$(CARGO) build $(CARGO_FLAGS) --release --workspace --bins
	@scripts/bench

docs: ## Write the generated documentation anew
	@scripts/setup build
	@scripts/docs

lint: ## Formatting, spelling, workflows, clippy and the dependency rules
	@scripts/setup ci
	typos
	actionlint -shellcheck= -pyflakes= .github/workflows/*.yml
	$(CARGO) fmt --all --check
	$(CARGO) clippy $(CARGO_FLAGS) --workspace --all-targets -- -D warnings
	$(CARGO) deny $(CARGO_FLAGS) --workspace check -D unmatched-skip -D unnecessary-skip bans licenses sources

fmt: ## Format the Rust code and the examples
	$(CARGO) fmt --all
	@"$$(scripts/find-terraform)" fmt -recursive examples
