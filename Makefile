# SPDX-License-Identifier: Apache-2.0
#
# Two commands are enough on a fresh Debian 12 with Swift 6.3: `make run` and `make test`.
# Each first installs, with apt-get, what is missing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
# How many compiler jobs at once; more than memory allows is slower, not faster.
JOBS ?= $(shell nproc)
# Seconds that each fuzzer runs.
FUZZ_SECONDS ?= 60
# Passed to the demonstration, such as `make run ARGS=--once`.
ARGS ?=

BUILD := $(SWIFT) build -j $(JOBS)
LOG := .build/test.log

## run: build, then twelve simulated cameras, seven of which go wrong, and a node that watches them
.PHONY: run
run: setup-demo release
	packaging/demo "$$($(SWIFT) build -c release --show-bin-path)/kuzet" $(ARGS)

## test: lint, build, all tests, captures against tshark's figures, live peers and a node (quick)
.PHONY: test
test: setup-test lint
	$(BUILD) --build-tests
	mkdir -p .build
	$(SWIFT) test --skip-build 2>&1 | tee $(LOG) || \
		{ echo "What failed:"; grep -a "recorded an issue" $(LOG); exit 1; }
	packaging/check-skipped $(LOG)
	packaging/check-oracles
	packaging/check-report-schema
	packaging/check-unit
	packaging/check-peers --quick
	packaging/check-node --quick

## test-long: as test, with a million random histories, 300 kills, all peers, a node under load
.PHONY: test-long
test-long: test release
	KUZET_LONG=1 $(SWIFT) test --skip-build --filter 'AgreementsTests|LedgerTests|ReportsTests'
	packaging/check-peers
	packaging/check-node
	packaging/check-load --short

## bench: packets a second, memory a stream
.PHONY: bench
bench: release
	packaging/run-if-present Benchmarks "$(SWIFT)" $(JOBS)

## fuzz: every fuzzer for FUZZ_SECONDS (60)
.PHONY: fuzz
fuzz: setup-build
	packaging/run-if-present Fuzz $(FUZZ_SECONDS)

## lint: swift format, strict; a warning is an error
.PHONY: lint
lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

## format: rewrite the sources as lint wants them
.PHONY: format
format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

## build: a debug build
.PHONY: build
build: setup-build
	$(BUILD)

## release: an optimised build; the binary is .build/release/kuzet
.PHONY: release
release: setup-build
	$(BUILD) -c release --static-swift-stdlib --product kuzet

## deb: a Debian package of the optimised build, in .build/deb
.PHONY: deb
deb: setup-deb release
	package=$$(packaging/make-deb "$$($(SWIFT) build -c release --show-bin-path)/kuzet" .build/deb) && \
	lintian --fail-on error,warning "$$package" && echo "$$package"

## docs: the documentation of the rooms, as web pages in .build/docs
.PHONY: docs
docs: setup-build
	packaging/make-docs

## clean: remove what was built
.PHONY: clean
clean:
	rm -rf .build Benchmarks/.build Fuzz/.build

## help: this list
.PHONY: help
help:
	@sed -n 's/^## \([a-z-]*\): \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | column -t -s "$$(printf '\t')"

.PHONY: setup-build setup-test setup-demo setup-deb
setup-build:
	@packaging/setup build
setup-test:
	@packaging/setup build peers
setup-demo:
	@packaging/setup build demo
setup-deb:
	@packaging/setup build deb
