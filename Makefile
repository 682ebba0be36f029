# Everything sets itself up: `make demo` or `make test` in a fresh clone is enough.
# A second run finds the stamps in .venv and .tools and starts at once.

SHELL  := /usr/bin/env bash
PYTHON := .venv/bin/python
READY  := .venv/.ready
TOOLS  := .tools/.ready

# The checks that need a corpus outside the repository skip when it is not there.
CORPUS ?= $(ARTICLE_CONVERT_CORPUS)
export ARTICLE_CONVERT_CORPUS := $(CORPUS)

.PHONY: help demo test check accept bench gate fuzz clean
.DEFAULT_GOAL := help

help:  ## Show what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY)  ## Convert examples/ into demo/ in all four formats
	@$(PYTHON) scripts/demo.py

test: $(READY) $(TOOLS)  ## Run all tests, with epubcheck, the Nu checker and poppler
	@$(PYTHON) -m pytest -n auto --dist loadgroup tests src

check: $(READY)  ## Lint, formatting and types
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy

accept: $(READY)  ## Rewrite the expected side of tests/cases; read the diff before you commit it
	@ACCEPT=1 $(PYTHON) -m pytest -n 0 tests/test_cases.py

bench: $(READY)  ## Measure against bare mistune, bare WeasyPrint and pandoc
	@$(PYTHON) benchmarks/bench.py

gate: $(READY)  ## Measure quality over a corpus; figures may only get better (CORPUS=folder)
	@$(PYTHON) scripts/gate.py

fuzz: $(READY)  ## Read 20,000 broken pages: an article or an error, and nothing lost
	@$(PYTHON) scripts/fuzz_pages.py

clean:  ## Remove everything that make has made
	rm -rf .venv .tools demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): pyproject.toml scripts/setup_python scripts/setup_native scripts/system_packages
	@scripts/setup_python
	@scripts/setup_native
	@touch $@

$(TOOLS): scripts/setup_test_tools scripts/system_packages | $(READY)
	@scripts/setup_test_tools
