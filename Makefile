# One command for each thing one does here. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run test test-long bench lint format bundle bundle-check lock clean
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
PIP_INSTALL := $(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes
COMPILE := .venv/bin/uv pip compile -q --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

# A stamp is as old as the lock file it was installed from.
RUNTIME := .venv/.installed-runtime
DEV := .venv/.installed-dev
NODE := .venv/.node
PEERS := .venv/.installed-bench
BENCH := matching deciding serving timers replaying backtesting memory slopes till coupons balance expiry proving

title = @printf '\n== %s\n' '$(1)'

help:
	@echo 'make run        start Regulars with the demonstration data'
	@echo 'make test       everything CI checks: lint, types, imports, bundle, tests'
	@echo 'make test-long  the full-size tests'
	@echo 'make bench      every bench of bench/, for hours; BENCH=deciding for one'
	@echo 'make lint       ruff, mypy, import law'
	@echo 'make format     let ruff rewrite'
	@echo 'make bundle     build the editor into editor/static/assets'
	@echo 'make lock       resolve pyproject.toml into the lock files (UPGRADE=--upgrade for newer)'
	@echo 'make clean      remove the environment and every cache; data stays'

# ---- environment

$(PYTHON):
	$(call title,environment)
	@python=$$(sh .ci/provision python) && echo "creating .venv with $$python" \
		&& "$$python" -m venv .venv || { rm -rf .venv; exit 1; }

$(RUNTIME): requirements.txt | $(PYTHON)
	$(call title,packages)
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

# The development lock holds all of the runtime one, at the same versions.
$(DEV): requirements-dev.txt requirements.txt | $(PYTHON)
	$(call title,packages)
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@ $(RUNTIME)

# Node builds the editor and is never needed to run it. Where the system has none, or one below 20,
# a pinned one is put into .venv. The file holds the folder to search first, or nothing.
$(NODE): requirements-node.txt | $(PYTHON)
	@if command -v npm >/dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' \
		2>/dev/null; then : > $@; else \
		echo 'no Node 20 or newer here: installing the pinned one into .venv' \
		&& $(PIP_INSTALL) -r requirements-node.txt && echo '$(CURDIR)/.venv/bin:' > $@; fi

# ---- run

run: $(RUNTIME)
	@$(PYTHON) main.py migrate
	@$(PYTHON) main.py demo --if-empty
	@$(PYTHON) main.py serve

# ---- check

lint: $(DEV)
	$(call title,lint)
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	$(call title,types)
	@.venv/bin/mypy
	$(call title,imports)
	@.venv/bin/lint-imports --no-logo

bundle-check: $(NODE)
	$(call title,editor bundle)
	@PATH="$$(cat $(NODE))$$PATH" sh editor/check_bundle.sh

# What needs no other is checked on two cores at once.
test: $(DEV) $(NODE)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint bundle-check
	@sh .ci/provision test
	$(call title,tests)
	@.venv/bin/pytest

test-long: $(DEV)
	@sh .ci/provision test
	$(call title,full-size tests)
	@.venv/bin/pytest -m long

# ---- measure

# The engines that the matcher is measured beside.
$(PEERS): requirements-bench.txt bench/peers/package-lock.json $(DEV) $(NODE)
	$(call title,peers)
	@$(PIP_INSTALL) -r requirements-bench.txt
	@PATH="$$(cat $(NODE))$$PATH" npm ci --prefix bench/peers --no-audit --no-fund
	@touch $@

bench: $(PEERS)
	@for one in $(BENCH); do printf '\n== %s\n' $$one \
		&& PATH="$$(cat $(NODE))$$PATH" $(PYTHON) -m bench.$$one || exit 1; done

# ---- change

format: $(DEV)
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format .

bundle: $(NODE)
	@cd editor && PATH="$$(cat ../$(NODE))$$PATH" && npm ci --no-audit --no-fund && npm run build

lock: $(DEV)
	@$(COMPILE) $(UPGRADE) pyproject.toml -o requirements.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@$(COMPILE) $(UPGRADE) --group node -o requirements-node.txt
	@$(COMPILE) $(UPGRADE) --group bench -o requirements-bench.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	rm -rf editor/node_modules bench/peers/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
