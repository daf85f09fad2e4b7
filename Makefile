# The verbs of the house. `make run` and `make test` need nothing but Python 3.11+, pip and network.
PYTHON ?= python3
VENV := .venv/bin

.PHONY: run install test check fix figures bench screenshots lock

run:
	@$(PYTHON) start.py run

install:
	@$(PYTHON) start.py install

test:
	@$(PYTHON) start.py test

check:
	@$(PYTHON) start.py check

fix:
	@$(PYTHON) start.py install
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

figures:
	@$(PYTHON) start.py figures

bench:
	@$(PYTHON) start.py bench

screenshots:
	@$(PYTHON) start.py screenshots

lock:
	@$(VENV)/uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	@$(VENV)/uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
