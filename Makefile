# The first command on a fresh clone: `make demo` or `make test`. Both need Python 3.11 or later, pip and make.

PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test fast lint fmt messages schemas docs pictures lock bench bench-guard bench-micro bench-damage bench-scans bench-batch bench-review fuzz bundle clean

help:  ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/run  ## Convert the six sheets of fixtures/six to out/, and say what to look at
	@$(BIN)/python scripts/demo.py

test: $(VENV)/test  ## Run every test
	$(BIN)/python -m pytest -n auto --dist worksteal

fast: $(VENV)/test  ## Run the tests that take milliseconds
	$(BIN)/python -m pytest -n auto --dist worksteal -m 'not slow'

lint: $(VENV)/test  ## Check style, form and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fmt: $(VENV)/test  ## Bring the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(VENV)/test  ## Bring the Chinese catalogue up to the code
	$(BIN)/python scripts/messages.py

schemas: $(VENV)/test  ## Write the JSON Schema and the XSDs anew from the model and profiles
	$(BIN)/python scripts/schemas.py

docs: $(VENV)/test  ## Write the tables in the documents anew from the code
	$(BIN)/python scripts/tables.py

pictures: $(VENV)/test  ## Draw docs/images anew (needs LibreOffice, poppler and Chromium)
	$(BIN)/python scripts/pictures.py

lock: $(VENV)/test  ## Pin the newest requirements that pyproject.toml allows
	$(PIP) install pip-tools
	rm -f requirements/*.txt
	$(LOCK) -o requirements/run.txt pyproject.toml
	$(LOCK) -c requirements/run.txt -o requirements/build.txt requirements/build.in
	$(LOCK) --extra test --extra ocr --extra review --extra cluster -c requirements/run.txt \
		-c requirements/build.txt -o requirements/test.txt pyproject.toml requirements/build.in
	$(LOCK) -c requirements/run.txt -c requirements/test.txt -o requirements/fuzz.txt requirements/fuzz.in

bench: $(VENV)/test  ## Measure speed beside the peers, which it installs under build/peers, to docs/performance.md
	$(BIN)/python benchmarks/speed/run.py --write docs/performance.md

bench-guard: $(VENV)/test  ## Count instructions: fails where fixed inputs take a tenth more than recorded (needs valgrind)
	$(BIN)/python benchmarks/guard.py

bench-micro: $(VENV)/test  ## Time the functions that are called most
	$(BIN)/python -m pytest -o addopts= benchmarks/micro/hot.py --benchmark-columns=median,iqr,rounds

bench-damage: $(VENV)/test  ## Measure what is read from damaged tables and text (SHEETS=200)
	$(BIN)/python benchmarks/damage.py --sheets $(or $(SHEETS),200)

bench-scans: $(VENV)/test  ## Measure what is read from scans (SHEETS=1 for each font, SEED=unseen)
	JIXIAO_CACHE=off $(BIN)/python benchmarks/scans.py --sheets $(or $(SHEETS),1) --seed $(or $(SEED),unseen)

bench-review: $(VENV)/test  ## Measure the review desk of a large batch (SHEETS=10000)
	$(BIN)/python benchmarks/review.py --sheets $(or $(SHEETS),10000)

bench-batch: $(VENV)/test  ## Run a mixed archive, interrupted twice, and measure (FILES=2000)
	$(BIN)/python benchmarks/batch.py --files $(or $(FILES),2000)

fuzz: $(VENV)/test  ## Look for contents on which a reader breaks (SECONDS=60, all targets together)
	$(PIP) install --require-hashes -r requirements/fuzz.txt
	$(BIN)/python scripts/fuzz.py $(or $(SECONDS),60)

bundle: $(VENV)/run  ## Build one archive that installs where nothing can be fetched (EXTRAS="ocr cluster")
	$(BIN)/python scripts/bundle.py $(EXTRAS)

clean:  ## Remove all that was made
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Installed again only when pyproject.toml or what is pinned has changed.
$(VENV)/run: $(VENV)/made pyproject.toml requirements/run.txt requirements/build.txt
	$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test: $(VENV)/run requirements/test.txt
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/made:
	@test -n "$(PYTHON)" || { echo 'jixiao needs Python 3.11 or later, and none was found. Install it, or name it:' \
		'make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments." \
		'On Debian and Ubuntu install the package python3-venv, then run make again.' >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@
