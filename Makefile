# The commands of ntmtasks. `make run` is the whole product on the sample plan; see README.md.
PYTHON ?= python3
PORT ?= 8000
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: help install install-test run test slow check bench faults lock

help:
	@echo "make run | test | slow | check | bench | faults | install | lock   (see README.md)"

install: .venv/.installed

install-test: .venv/.installed-test

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "ntmtasks needs python3 3.11 or newer; '$(PYTHON)' is missing or older." >&2; exit 1; }
	@[ -w . ] || { echo "This folder is read-only; clone ntmtasks into a folder that you may write to." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "python3-venv is missing; install it (Debian, Ubuntu: apt install python3-venv) and call make again." >&2; exit 1; }
	@echo "[1/3] Building .venv from requirements.lock (first time only) …"
	@rm -rf .venv && $(PYTHON) -m venv .venv
	@$(PIP) --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-test: .venv/.installed requirements-test.lock
	@echo "Adding what the tests need …"
	@$(PIP) --no-deps --require-hashes -r requirements-test.lock
	@touch $@

run: install
	@.venv/bin/ntmtasks run --port $(PORT)

test: install-test
	.venv/bin/python -m pytest -n 2 --dist worksteal -m "not slow" $(ARGS)

slow: install-test
	.venv/bin/python -m pytest -n 0 -m slow $(ARGS)

check: install-test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/bandit -q -ll -r ntmtasks

bench: install-test
	.venv/bin/python -m benchmarks

faults: install-test
	.venv/bin/python -m benchmarks.faults

# uv.lock names registries, so only its export is kept; uv itself is needed for this one command alone.
lock:
	uv lock --upgrade
	uv export -q --no-header --no-emit-project --no-default-groups --no-annotate -o requirements.lock
	uv export -q --no-header --no-emit-project --only-group test --no-annotate -o requirements-test.lock
