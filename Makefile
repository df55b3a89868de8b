# `make help` lists the targets. Every target sets up first what it needs (scripts/setup.sh).

VENV ?= .venv
# Options for pytest, e.g. make test ARGS="-k book -x"
ARGS ?=
# Where test windows appear: nowhere. To watch them: make test TEST_PLATFORM=xcb
TEST_PLATFORM ?= offscreen

PYTHON = $(VENV)/bin/python
SETUP = scripts/setup.sh --venv $(VENV)
EXPLORED = $(shell grep -rl "^@given" tests)
PYTEST = QT_QPA_PLATFORM=$(TEST_PLATFORM) $(PYTHON) -m pytest

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo run test explore test-all check format bench interop soak screenshots translations upgrade clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

demo: ## the window on simulated exchanges, no network needed; without a display, a picture of it
	@$(SETUP) --gui
	@VENV=$(VENV) scripts/demo.sh

run: ## the window on the real exchanges
	@$(SETUP) --gui
	@$(VENV)/bin/tickglass

test: ## all tests, without a display
	@$(SETUP) --extras test --desktop
	$(PYTEST) $(ARGS)

explore: ## the property tests with new examples, again and again until one fails
	@$(SETUP) --extras test
	while $(PYTEST) -q --hypothesis-profile=explore $(EXPLORED) $(ARGS); do :; done; exit 1

test-all: ## all tests on the oldest and the newest suitable Python of this machine
	@pythons=$$(scripts/setup.sh --pythons | sed -n '1p;$$p' | sort -u); \
	[ -n "$$pythons" ] || { echo "no suitable Python found" >&2; exit 1; }; \
	failed=; \
	for version in $$(echo "$$pythons" | cut -d ' ' -f 1); do \
		path=$$(echo "$$pythons" | sed -n "s/^$$version //p"); \
		venv=.venv-$$(echo "$$version" | cut -d . -f 1,2); \
		echo "== Python $$version"; \
		{ scripts/setup.sh --extras test --desktop --python "$$path" --venv "$$venv" && \
			QT_QPA_PLATFORM=$(TEST_PLATFORM) "$$venv/bin/python" -m pytest $(ARGS); \
		} || failed="$$failed $$version"; \
	done; \
	[ -z "$$failed" ] || { echo "failed on Python$$failed" >&2; exit 1; }

check: ## formatting, lint, types and the import rules
	@$(SETUP) --extras test,check
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTEST) -q tests/test_imports.py

format: ## format the code and mend what lint can mend
	@$(SETUP) --extras check
	$(PYTHON) -m ruff check --fix-only .
	$(PYTHON) -m ruff format .

bench: ## the measurements in tests/benchmarks
	@$(SETUP) --extras test,bench
	QT_QPA_PLATFORM=$(TEST_PLATFORM) $(PYTHON) -m tests.benchmarks

interop: ## the simulated exchanges against other clients' libraries
	@$(SETUP) --extras test,interop
	$(PYTEST) -m interop $(ARGS)

soak: ## the run of all faults on all exchanges in real time: ten minutes
	@$(SETUP) --extras test
	FAULT_RUN_SPEED=1 $(PYTEST) tests/feed/test_fault_run.py $(ARGS)

screenshots: ## the pictures of docs/, from the running program
	@$(SETUP) --gui
	$(PYTHON) scripts/screenshots.py

translations: ## bring the catalogues up to date with the texts of the code
	@$(SETUP) --extras check
	$(PYTHON) scripts/translations.py

upgrade: ## the newest version of every dependency into constraints.txt
	@$(SETUP)
	$(PYTHON) -m pip install -qq --upgrade uv
	$(PYTHON) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
		--no-header --no-annotate pyproject.toml --output-file constraints.txt

clean: ## remove everything that was made here
	rm -rf .venv .venv-3.* build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
