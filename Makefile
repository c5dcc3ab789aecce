# One obvious way for each job. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
BOT := .venv/bin/bot
HOST ?= 127.0.0.1
PORT ?= 5080
export RASA_TELEMETRY_ENABLED := false

.PHONY: help setup run test check train bench lint types layers unit widget lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  \033[1m%-8s\033[0m %s\n", $$1, $$2}'

setup: ## build the environment in .venv/ (run, test and the rest call it themselves)
	@tools/bootstrap.sh dev

run: ## start everything and print the page's address (HOST=…, PORT=… to change it)
	@tools/bootstrap.sh run
	@$(BOT) serve --host $(HOST) --port $(PORT)

test: setup train ## run every test (a browser test is skipped where there is no Chromium)
	@$(PY) -m pytest $(ARGS)

check: setup lint types layers unit ## style, types, layers and the quick tests, without a model: a minute and a half

lint:
	@.venv/bin/ruff check . && .venv/bin/ruff format --check --quiet . || (echo "fix with: .venv/bin/ruff check --fix . && .venv/bin/ruff format ."; exit 1)

types:
	@.venv/bin/mypy bot actions

layers:
	@.venv/bin/lint-imports --no-cache > /tmp/.layers.$$$$ 2>&1 && rm -f /tmp/.layers.$$$$ || (cat /tmp/.layers.$$$$; rm -f /tmp/.layers.$$$$; exit 1)

# What loads Rasa (10 s in each worker), starts commands and processes, or plays whole handoffs on a database waits
# for `make test`.
unit:
	@$(PY) -m pytest -q -n 2 --dist loadfile -m "not model and not browser and not faults and not postgres" --ignore=tests/rasa \
		--ignore=tests/channels --ignore=tests/cli --ignore=tests/handoff $(ARGS)

train: ## train the model when its data changed
	@tools/bootstrap.sh run
	@$(BOT) train

bench: setup train ## measure start, memory, parse and turn times; writes docs/benchmarks.md
	@$(PY) tools/bench.py

widget: ## rebuild the web page from widget/ (needs Node 20)
	cd widget && npm ci && npm run build

lock: ## resolve requirements/*.in into hash-locked *.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.10 requirements/run.in -o requirements/run.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.10 requirements/run.in requirements/dev.in -o requirements/dev.txt

clean: ## remove the environment, caches and trained models (never your data in var/)
	rm -rf .venv .uv .rasa .mypy_cache .ruff_cache .pytest_cache models/*.tar.gz models/fingerprint.json
