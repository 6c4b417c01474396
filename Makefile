# Two commands do everything on a fresh Debian 12 machine with git and make: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
DEBIAN_PACKAGES := $(shell sed -e 's/\#.*//' debian-packages.txt)

.PHONY: setup demo run test check bench reliability flips lock clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml debian-packages.txt station/locale/id/LC_MESSAGES/station.po
	@missing=$$(dpkg-query -W -f '$${db:Status-Abbrev} $${Package}\n' $(DEBIAN_PACKAGES) 2>/dev/null | awk '$$1 == "ii" {print $$2}' | sort > $(CURDIR)/.have.tmp; \
	  printf '%s\n' $(DEBIAN_PACKAGES) | sort | comm -23 - $(CURDIR)/.have.tmp; rm -f $(CURDIR)/.have.tmp); \
	if [ -n "$$missing" ]; then \
	  $(SUDO) apt-get update -q && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; fi
# vsmartcard-vpcd opens a reader on every address for the system's own pcscd; ours runs in a namespace of its own.
	@if [ -f /etc/reader.conf.d/vpcd ]; then $(SUDO) sed -i '/^[^#]/s/^/#/' /etc/reader.conf.d/vpcd; fi
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pybabel --quiet compile --domain station --directory station/locale
	@touch $@

demo: setup
	$(BIN)/python -m simulators.demo $(if $(STAY),--stay)

run: setup
	$(BIN)/python -m simulators.demo --run

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest

# For NAME=fingers: IMAGES and RECORDS, folders of real fingers; for NAME=records: RECORDS, a number.
bench: setup
	$(if $(IMAGES),IMAGES="$(IMAGES)") $(if $(RECORDS),RECORDS="$(RECORDS)") $(BIN)/python -m tests.bench $(if $(NAME),--name $(NAME)) $(if $(JSON),--json)

reliability: setup
	$(BIN)/python -m tests.reliability --write --keep build/reliability $(if $(CARDS),--cards $(CARDS)) $(if $(JSON),--json $(JSON))

flips: setup
	$(BIN)/python -m tests.letter_flips $(if $(SEED),--seed $(SEED))

lock: setup
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --allow-unsafe --strip-extras --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) demo build *.egg-info
