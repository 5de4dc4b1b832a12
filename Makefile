# What people do with eraft. `make help` lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The seed of `make run`, and what else `eraft run` is told, such as ARGS="--set duration=90s".
SEED ?= 1
ARGS ?=
# The run directory that `make plots` draws, the formats it writes, and more options of its command line.
RUN ?= runs/quickstart-simulated-$(SEED)
LOCAL_RUN ?= runs/quickstart-local-$(SEED)
FORMATS ?= png,svg
PLOT_ARGS ?=

# The experiments that `make reproduce` runs; all when empty.
IDS ?=

# More options of `swift test`, such as SWIFT_TEST_ARGS="--filter RaftTests".
SWIFT_TEST_ARGS ?=
# The same of pytest.
PYTEST_ARGS ?= -q

ERAFT := .build/release/eraft
PYTHON := .venv/bin/python
SWIFT_SOURCES := Sources Tests Package.swift
SHELL_SOURCES := $(wildcard scripts/*.sh) scripts/demo-election scripts/demo-membership scripts/compare-etcd scripts/kill-audit \
	scripts/lib/real-group.bash .ci/run

say = @printf '\n== %s\n' "$(1)"

.PHONY: help run plots reproduce policies build test test-swift test-python bench fuzz mutants model sanitize lint clean system python

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: build python ## Run experiments/quickstart.yaml (SEED=1) simulated and with real processes, and draw both.
	$(call say,Simulating experiments/quickstart.yaml with seed $(SEED))
	@$(ERAFT) run experiments/quickstart.yaml --seed $(SEED) --out $(RUN) $(ARGS)
	@$(MAKE) plots RUN=$(RUN)
	$(call say,Running it with real processes on this machine)
	@$(ERAFT) run experiments/quickstart.yaml --world local --seed $(SEED) --out $(LOCAL_RUN) $(ARGS)
	@$(MAKE) plots RUN=$(LOCAL_RUN)
	$(call say,Holding the two runs side by side)
	@$(PYTHON) -m eraft_analysis compare $(RUN) $(LOCAL_RUN) --formats $(FORMATS)

plots: python ## Draw the figures of a run: make plots RUN=runs/quickstart-simulated-1
	$(call say,Drawing the figures of $(RUN))
	@$(PYTHON) -m eraft_analysis plot $(RUN) --formats $(FORMATS) $(PLOT_ARGS)

reproduce: build python ## Run the experiments of the paper and compare: IDS="E15 E17" for some alone.
	@scripts/reproduce.sh $(IDS)

policies: build python ## Sweep the policies over one load; a table, and a figure of cost against goodput.
	$(call say,Sweeping the policies of experiments/elastic/policies.yaml)
	@$(ERAFT) sweep experiments/elastic/policies.yaml --out runs/policies $(ARGS)
	$(call say,Drawing goodput against cost)
	@$(PYTHON) -m eraft_analysis sweep runs/policies --x cost_usd --y goodput_per_s --by policy --panels read --formats $(FORMATS)

build: system ## Build the release binary, .build/release/eraft
	$(call say,Building $(ERAFT))
	@swift build -c release --product eraft

test: test-swift test-python ## Run all tests, Swift and Python.

test-swift: system ## Run the Swift tests alone (SWIFT_TEST_ARGS="--filter ...").
	$(call say,Testing the Swift rooms)
	@swift test $(SWIFT_TEST_ARGS)

test-python: python ## Run the tests of the figures alone.
	$(call say,Testing the analysis)
	@cd analysis && ../$(PYTHON) -m pytest $(PYTEST_ARGS)

bench: system ## Measure the core, the simulator and the checker; writes runs/bench.json
	$(call say,Measuring on this machine)
	@mkdir -p runs
	@swift run -c release eraft-bench $(ARGS)

fuzz: build ## Break random groups for two minutes (ARGS="--for 10min --profile membership").
	$(call say,Fuzzing)
	@$(ERAFT) fuzz --for 2min $(ARGS)

mutants: build ## Show that the checkers find every known-bad variant (ARGS="--starts 5").
	$(call say,Trying the known-bad variants)
	@$(ERAFT) fuzz --mutants $(ARGS)

sanitize: system ## Run the Swift tests under the address and the thread sanitizer.
	@scripts/sanitize.sh $(SWIFT_TEST_ARGS)

model: ## Check the Promela models with spin.
	@scripts/setup-system.sh model
	$(call say,Checking the models)
	@scripts/check-model.sh
	$(call say,Checking that known-bad variants of the models are caught)
	@scripts/check-model.sh --mutants

lint: python ## Check the format and the style of all sources.
	$(call say,Checking Swift)
	@swift format lint --strict -r $(SWIFT_SOURCES)
	$(call say,Checking Python)
	@$(PYTHON) -m ruff check analysis
	@$(PYTHON) -m ruff format --check analysis
	$(call say,Checking shell scripts)
	@for file in $(SHELL_SOURCES); do bash -n "$$file"; done
	@if command -v shellcheck >/dev/null; then shellcheck $(SHELL_SOURCES); else echo "no shellcheck here: syntax only"; fi

clean: ## Remove what was built, and the Python environment; runs/ stays.
	$(call say,Removing .build, .venv and caches; runs/ stays)
	@rm -rf .build .build-* .venv analysis/.pytest_cache analysis/.ruff_cache .ruff_cache
	@find analysis -name __pycache__ -type d -prune -exec rm -rf {} +

system: # See to the commands that everything needs.
	@scripts/setup-system.sh

python: system # See to the Python environment.
	@scripts/setup-python.sh
