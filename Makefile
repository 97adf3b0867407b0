# Paperglot: see README.md. Needs Python 3.11 or newer with venv and pip; `make check` needs Node.js too.

# The first Python that is new enough; a version manager may offer names it has nothing behind.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
BIN := .venv/bin

.PHONY: run test test-together test-alone check package bench lock clean

run: .venv/run.done
	@exec $(BIN)/python -m backend

test:
	@$(MAKE) --no-print-directory test-together
	@$(MAKE) --no-print-directory test-alone

# One worker for each browser, whose tests wait more than they compute, and one for the rest.
test-together: .venv/test.done
	@$(BIN)/python scripts/browsers.py
	@$(BIN)/python -m pytest -n 3 -m "not alone"

# What measures time in a browser, with nothing of ours beside it.
test-alone: .venv/test.done
	@$(BIN)/python -m pytest -m alone tests/browser

check: .venv/test.done node_modules/.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	npm run --silent check:types
	npm run --silent lint
	$(BIN)/python scripts/lint_extension.py

package: .venv/run.done
	@$(BIN)/python scripts/package.py

bench: .venv/test.done
	@$(BIN)/python -m benchmarks.llm_stream
	@$(BIN)/python -m benchmarks.translation_stream
	@$(BIN)/python -m benchmarks.list_bytes

# For those who change requirements*.in; the results name no package index.
lock: .venv/test.done
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header -o requirements.txt requirements.in
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header -o requirements-dev.txt requirements-dev.in

clean:
	rm -rf .venv node_modules dist

.venv/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Paperglot needs Python 3.11 or newer; name one with: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run.done: requirements.txt | .venv/bin/python
	@echo "Installing what the server needs (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/test.done: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run.done

node_modules/.done: package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@
