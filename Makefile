# Two commands do all set-up: `make run` and `make test`. Needs Python 3.11+ and a package index.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
# An environment of its own: what audits and lists the product is no part of it.
TOOLS := .venv/tools

.PHONY: run test slow torture drill bench check audit sbom format lock clean

run: $(READY)  ## the main job, once; exit code 3 (a feed or alert is not through) is told, not an error
	@$(BIN)/peninsula run $(ARGS) || [ $$? -eq 3 ]

test: $(READY)  ## the tests of the product, on both databases: two minutes
	@$(BIN)/python -m pytest -m "not slow"

slow: $(READY)  ## the tests with real servers, kills, full disks and hostile farms
	@$(BIN)/python -m pytest -m slow -n 2

torture: $(READY)  ## kill -9 at every step, KILLS times at random; the last line is the figures
	@cd tests && KILLS=$(or $(KILLS),200) ../$(BIN)/python -W ignore -m torture

bench: $(READY)  ## beside other feed readers, as far as they are installed: table and picture in tests/bench/results
	@cd tests && ../$(BIN)/python -m bench.bench_peers $(ARGS)

drill: $(READY)  ## the scheduled watch's parts killed, one by one and together; DOWN=600 keeps the server away for ten minutes
	@cd tests && ../$(BIN)/python -W ignore -m drill

check: $(READY)  ## the whole gate
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(MAKE) --no-print-directory test slow
	rm -f .check.db && DATABASE_URL=sqlite:///.check.db $(BIN)/python -m alembic upgrade head
	DATABASE_URL=sqlite:///.check.db $(BIN)/python -m alembic check && rm -f .check.db

audit: $(TOOLS)/ready  ## known vulnerabilities of the lock; says so if no advisory source answers
	@$(TOOLS)/bin/python .ci/audit.py

sbom: $(READY) $(TOOLS)/ready  ## what is installed, as CycloneDX: sbom.cdx.json
	@$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --output-format JSON --output-file sbom.cdx.json $(BIN)/python
	@echo "sbom.cdx.json is written."

$(TOOLS)/ready: .ci/tools.lock
	@test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .ci/tools.lock
	@touch $(TOOLS)/ready

format: $(READY)
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

lock:  ## resolve anew; needs uv
	uv pip compile pyproject.toml --extra dev --extra fulltext --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade -o requirements.lock
	echo "pip-audit cyclonedx-bom" | tr ' ' '\n' | uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade -o .ci/tools.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# --no-deps: the lock is whole, and pip would otherwise look again for what it holds with extras.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 run")'
	@echo "Setting up .venv (about a minute, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
