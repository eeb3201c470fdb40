# Everything from a bare machine: python3 (3.11 or newer) with venv and pip, and make. `make help` lists the commands.
#
# The first command makes .venv and installs the pinned dependencies; a stamp file says that this is done, so that it
# happens again only when pyproject.toml or constraints.txt change.

SHELL = /bin/sh
PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
OUT = runs/out
PIP = $(BIN)/python -m pip --disable-pip-version-check install -qq --constraint constraints.txt
PINS = pyproject.toml constraints.txt
PYTEST = $(BIN)/python -m pytest

.DEFAULT_GOAL = help
.PHONY: help run test test-slow claims claims-fast bench lint app mesa-page clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 18

run: $(VENV)/ready ## run `baseline` (the shipped data) and `reference`; reports and summaries under runs/out
	@$(BIN)/mesh-abm run baseline --seed 1 --out $(OUT)/baseline --overwrite
	@$(BIN)/mesh-abm run reference --seed 1 --out $(OUT)/reference --overwrite
	@echo; echo "reports: $(OUT)/baseline/report.html  $(OUT)/reference/report.html"

test: $(VENV)/ready-test ## the tests, but for the slow ones
	$(PYTEST) -m "not slow"
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		echo "The browser tests were skipped: no Chromium found (Debian: apt-get install chromium)"

test-slow: $(VENV)/ready-test ## the slow tests: long runs, many seeds
	$(PYTEST) -m slow

claims: $(VENV)/ready ## the paper's claims, tested in full (half an hour); the ledger under runs/out/claims
	$(BIN)/mesh-abm claims --overwrite --out $(OUT)/claims

claims-fast: $(VENV)/ready ## the same at reduced size; fails if a verdict is not the recorded one
	$(BIN)/mesh-abm claims --fast --overwrite --out $(OUT)/claims-fast

bench: $(VENV)/ready-test ## times and memory, side by side with the plain object-per-device model
	$(BIN)/python -m benchmarks

lint: $(VENV)/ready-dev ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

app: $(VENV)/ready ## the laboratory in the browser
	$(BIN)/mesh-abm app

mesa-page: $(VENV)/ready ## Mesa's own page for the model, in a browser
	SOLARA_TELEMETRY_MIXPANEL_ENABLE=False SOLARA_KERNEL_CULL_TIMEOUT=60s \
		$(BIN)/solara run visualization/mesa_page.py --production --no-check-version

clean: ## remove the virtual environment, caches and results
	rm -rf $(VENV) $(OUT) build dist test-artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find mesh_abm visualization tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# -- setup ------------------------------------------------------------------------------------------------------------

$(VENV)/ready: $(PINS)
	@PYTHON='$(PYTHON)' sh .ci/venv $(VENV)
	@echo "installing the pinned dependencies into $(VENV) (about a minute) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/ready-test: $(VENV)/ready
	@$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	@$(PIP) --editable '.[dev]'
	@touch $@
