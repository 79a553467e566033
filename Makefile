# Every command of the project. Each target installs what it needs first; `make help` lists them.

# Python 3.11 or later is needed. The first of these that is one is used; override with `make PYTHON=/path/to/python ...`.
CANDIDATES := python3 python3.13 python3.12 python3.11 python
IS_RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for candidate in $(CANDIDATES); do \
	if $$candidate -c '$(IS_RECENT)' >/dev/null 2>&1; then echo $$candidate; break; fi; done)

VENV := .venv
RUN := $(VENV)/bin/python
# The sources of the pipeline; the comparisons and maintenance programs stand beside it.
export PYTHONPATH := $(CURDIR)/scripts
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test test-browser test-pythons check format lint layers types regenerate check-generated \
	compare-official compare-servers audit docs docs-serve test-docs bench bench-check bench-frames soak fuzz lock build clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

install: $(INSTALLED) ## Create the environment and install everything into it

$(INSTALLED): requirements/development.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; none of these is one: $(CANDIDATES)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(RUN) -m pip install --quiet --require-hashes --requirement requirements/development.txt
	$(RUN) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED) regenerate ## Regenerate the client and run it against the embedded server
	$(RUN) examples/demo.py

# Compiled once; else each process of the tests compiles the 1,400 generated modules again.
unexport PYTHONDONTWRITEBYTECODE
test: $(INSTALLED) ## Run all tests
	$(RUN) -m compileall -q -j 2 dqops_client scripts
	$(RUN) -m pytest --numprocesses 3 --dist worksteal

test-browser: $(INSTALLED) ## Test the page of `dqopsctl report` in Chromium
	$(RUN) -m pytest tests/reports/browser.py

# Each orchestrator has an environment of its own, in which its integration's types are checked, too.
BASE_PYTHON = $$($(RUN) -c 'import sys; print(sys._base_executable)')
.venvs/%/.installed: requirements/%.txt pyproject.toml $(INSTALLED)
	$(RUN) -m uv venv --quiet --clear --no-python-downloads --python "$(BASE_PYTHON)" .venvs/$*
	$(RUN) -m uv pip install --quiet --python .venvs/$*/bin/python --require-hashes --requirement $<
	$(RUN) -m uv pip install --quiet --python .venvs/$*/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: test-airflow
test-airflow: .venvs/airflow/.installed ## Test the operators in Apache Airflow, with its real processes
	.venvs/airflow/bin/python -m mypy --config-file tests/orchestrators/mypy.ini --package dqops.airflow
	.venvs/airflow/bin/python -m pytest -c tests/orchestrators/pytest.ini tests/orchestrators/airflow

.PHONY: test-airflow-2
test-airflow-2: .venvs/airflow2/.installed ## Test the operators in the oldest Airflow that is supported
	.venvs/airflow2/bin/python -m pytest -c tests/orchestrators/pytest.ini \
		tests/orchestrators/airflow/test_operators.py tests/orchestrators/airflow/test_dag.py

.PHONY: test-dagster test-prefect
test-dagster: .venvs/dagster/.installed ## Test the asset checks in Dagster, with its page
	.venvs/dagster/bin/python -m mypy --config-file tests/orchestrators/mypy.ini --package dqops.dagster
	.venvs/dagster/bin/python -m pytest -c tests/orchestrators/pytest.ini tests/orchestrators/dagster

test-prefect: .venvs/prefect/.installed ## Test the tasks in Prefect, with an ephemeral server
	.venvs/prefect/bin/python -m mypy --config-file tests/orchestrators/mypy.ini --package dqops.prefect
	.venvs/prefect/bin/python -m pytest -c tests/orchestrators/pytest.ini tests/orchestrators/prefect

.PHONY: bench-triggerer
bench-triggerer: .venvs/airflow/.installed ## A thousand tasks that wait in one triggerer: memory and requests
	PYTHONPATH=tests .venvs/airflow/bin/python -m orchestrators.airflow.waits.measure

.PHONY: scenarios
scenarios: .venvs/airflow/.installed .venvs/dagster/.installed .venvs/prefect/.installed ## What becomes of tasks and jobs in all three, as a table; see tests/orchestrators/scenarios
	for name in airflow dagster prefect; do \
		PYTHONPATH=tests .venvs/$$name/bin/python -m orchestrators.scenarios.with_$$name || exit 1; \
	done

.PHONY: test-recipes
test-recipes: .venvs/recipes/.installed ## Test the recipes with dbt and Celery
	.venvs/recipes/bin/python -m pytest -c tests/orchestrators/pytest.ini \
		tests/recipes/with_dbt.py tests/recipes/with_celery.py

# PYTHONS="3.11 3.13" for some of them only.
PYTHONS ?=
test-pythons: $(INSTALLED) ## Test the built wheel under every supported Python that is installed
	$(RUN) -m maintenance.test_pythons $(PYTHONS)

.PHONY: test-lowest
test-lowest: $(INSTALLED) ## Test the built wheel with the oldest versions of dependencies that it allows
	$(RUN) -m maintenance.test_pythons --lowest 3.11

check: format lint layers types check-generated versions workflows ## Formatting, lint, imports, types, generated code, version

format: $(INSTALLED)
	$(RUN) -m ruff format --check .

lint: $(INSTALLED)
	$(RUN) -m ruff check .

.PHONY: workflows
workflows: $(INSTALLED) ## Look for weaknesses in the workflows for GitHub
	$(VENV)/bin/zizmor --offline --quiet --no-progress .

# Needs Go. It knows the syntax of workflows and what is in them, where zizmor looks for weaknesses.
ACTIONLINT := go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
.PHONY: lint-workflows
lint-workflows: $(INSTALLED) ## Check the workflows for GitHub with zizmor and actionlint
	$(VENV)/bin/zizmor --offline --persona pedantic .
	$(ACTIONLINT)

layers: $(INSTALLED) ## Fail where a module imports what is above it
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

types: $(INSTALLED)
	$(RUN) -m mypy --package dqops
	$(RUN) -m mypy scripts tests examples benchmarks
	$(RUN) -m releasing.downstream
	$(RUN) -m basedpyright --pythonpath $(RUN) --level error

.PHONY: types-platforms
types-platforms: $(INSTALLED) ## Check types as they are on Windows and macOS
	for platform in win32 darwin; do \
		$(RUN) -m mypy --platform $$platform --cache-dir .mypy_cache/$$platform --package dqops && \
		$(RUN) -m mypy --platform $$platform --cache-dir .mypy_cache/$$platform scripts || exit 1; \
	done

SIMULATED_OPERATIONS := dqops.testing docs/simulated-operations.md
SHORT_NAMES := dqops.client.groups docs/short-names.md
# Packages whose `blocking` is written from their `aio`.
TWINS := $(addprefix dqops_client/dqops/,checks integrations/healthchecks_io versions)
regenerate: $(INSTALLED) ## Generate the client from the specifications
	$(RUN) -m clientsmith regenerate
	$(RUN) -m maintenance.compatibility
	$(RUN) -m releasing.sbom
	$(RUN) -m maintenance.simulated_operations $(SIMULATED_OPERATIONS)
	$(RUN) -m maintenance.short_names $(SHORT_NAMES)
	for each in $(TWINS); do $(RUN) -m maintenance.blocking_twin $$each/aio $$each/blocking || exit 1; done

check-generated: $(INSTALLED) ## Fail where the generated code is not what would be generated
	$(RUN) -m clientsmith check
	$(RUN) -m maintenance.compatibility --check
	$(RUN) -m releasing.sbom --check
	$(RUN) -m maintenance.simulated_operations --check $(SIMULATED_OPERATIONS)
	$(RUN) -m maintenance.short_names --check $(SHORT_NAMES)
	for each in $(TWINS); do \
		$(RUN) -m maintenance.blocking_twin --check $$each/aio $$each/blocking || exit 1; \
	done

versions: $(INSTALLED) ## Fail where the version promises less than has changed, or news/ is wrong
	$(RUN) -m releasing.api_diff --check
	$(RUN) -m releasing.news

.PHONY: versions api-diff baseline
api-diff: $(INSTALLED) ## Tell what has changed since the last release, and which version it asks for
	$(RUN) -m releasing.api_diff

baseline: $(INSTALLED) ## Make this tree what later versions are compared with (a release does it)
	$(RUN) -m releasing.api_diff --write

OFFICIAL := .venvs/official/bin/python
compare-official: $(INSTALLED) ## Compare with the official client, in an environment of its own
	$(PYTHON) -m venv --clear .venvs/official
	$(OFFICIAL) -m pip install --quiet httpx attrs python-dateutil
	$(OFFICIAL) -m pip install --quiet --no-deps dqops==1.13.1
	$(RUN) -m comparing.official --target dqops "$$($(OFFICIAL) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

# DOCUMENTS: a folder with what servers give at /v2/api-docs, a file for each version.
compare-servers: $(INSTALLED) ## Learn which version of the server has what (DOCUMENTS=folder)
	$(RUN) -m comparing.servers --target dqops "$(DOCUMENTS)"

AUDIT := .venvs/audit/bin/python
# ADVISORIES: an export of OSV for PyPI (its all.zip, a folder or a JSON file), for machines that cannot ask.
ADVISORIES ?=
ifneq ($(ADVISORIES),)
audit: $(INSTALLED)
	$(RUN) -m releasing.advisories "$(ADVISORIES)"
else
audit: $(INSTALLED) ## Look up the known vulnerabilities of all dependencies (ADVISORIES=file of OSV)
	$(PYTHON) -m venv --clear .venvs/audit
	$(AUDIT) -m pip install --quiet pip-audit==2.10.1
	@# --strict: a dependency that could not be looked up is no dependency without vulnerabilities.
	$(AUDIT) -m pip_audit --strict --progress-spinner off --require-hashes --disable-pip \
		--requirement requirements/testing.txt || { \
		echo "The audit failed: either a vulnerability stands above, or the database of" \
			"vulnerabilities could not be asked. In both cases nothing is shown to be safe." >&2; \
		exit 1; }
endif

ZENSICAL := .venvs/docs/bin/zensical
$(ZENSICAL): requirements/docs.txt
	$(PYTHON) -m venv --clear .venvs/docs
	.venvs/docs/bin/python -m pip install --quiet --require-hashes --requirement requirements/docs.txt
	@touch $@

docs: $(INSTALLED) $(ZENSICAL) ## Run the examples and build the documentation site into build/docs/site
	$(RUN) -m docsite --zensical $(ZENSICAL)

PORT ?= 8000
docs-serve: $(INSTALLED) $(ZENSICAL) ## Build the documentation site and show it on loopback (PORT=8000)
	$(RUN) -m docsite --zensical $(ZENSICAL) --serve $(PORT)

test-docs: docs ## Build the documentation site and test it: links, blocks, and in Chromium
	$(RUN) -m pytest tests/docs/site.py

# The interpreter to measure with; what runs the benchmarks is the environment's own.
BENCH_PYTHON ?= $(RUN)
bench: $(INSTALLED) ## Measure imports, decoding and calls beside others; writes docs/performance.md
	$(RUN) -m benchmarks --python "$(BENCH_PYTHON)"

bench-check: $(INSTALLED) ## Fail where a figure is not what it must be
	$(RUN) -m benchmarks --python "$(BENCH_PYTHON)" --check

bench-frames: $(INSTALLED) ## Fail where reading results as tables is not as fast and small as it must be
	$(RUN) -m benchmarks.frames --check

soak: $(INSTALLED) ## Make calls on one client over a bad network, many at once and for minutes
	PYTHONPATH=tests:scripts $(RUN) -m soak

fuzz: $(INSTALLED) ## Give readers random hostile input, ten minutes each (FUZZ="--seconds 60 times")
	PYTHONPATH=tests:scripts $(RUN) -m fuzz $(FUZZ)

lock: $(INSTALLED) ## Choose the newest versions of all dependencies and write them down with hashes
	for name in testing development airflow dagster prefect recipes; do \
		extra=all; \
		case $$name in airflow|dagster|prefect) extra=$$name;; recipes) extra=testing;; esac; \
		$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade \
			--quiet --no-emit-index-url --no-header pyproject.toml --extra $$extra \
			requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done
	$(RUN) -m uv pip compile --python-version 3.11 --generate-hashes --upgrade --quiet \
		--no-emit-index-url --no-header pyproject.toml --extra airflow requirements/airflow2.in \
		--output-file requirements/airflow2.txt
	$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
		--resolution lowest-direct --no-emit-index-url --no-header pyproject.toml --extra all \
		requirements/testing.in --output-file requirements/lowest.txt
	$(RUN) -m releasing.sbom
	$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
		--no-emit-index-url --no-header requirements/docs.in --output-file requirements/docs.txt

build: $(INSTALLED) ## Build the wheels and the source distribution into dist/
	$(RUN) -m releasing.building

# VERSION=1.2.3; RELEASE_OPTIONS=--without-tests to try it without its long steps.
RELEASE_OPTIONS ?=
.PHONY: release
release: $(INSTALLED) ## Make a release, up to its tag (VERSION=1.2.3)
	@$(RUN) -m releasing.release $(RELEASE_OPTIONS) "$(VERSION)"

.PHONY: test-release
test-release: $(INSTALLED) ## Make a release in a throw-away clone, build it elsewhere, and try the hook
	$(RUN) -m pytest tests/distribution/releases.py

.PHONY: build-contents
build-contents: $(INSTALLED) ## List what is in the wheels, for reviews, into distribution/
	-$(RUN) -m releasing.building --outdir build/contents 2>/dev/null
	$(RUN) -m releasing.contents --write build/contents/*.whl

clean: ## Remove environments, caches and build results
	rm -rf $(VENV) .venvs build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
