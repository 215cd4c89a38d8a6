# One word for each thing that is done often. What each does stands in tools/ and in portal/management/commands/.
.DEFAULT_GOAL := help
.PHONY: help run dev test proof bench soak test-fast check fmt lock messages pictures clean runtime developer

PY := .venv/bin/python

help:            ## this list
	@grep -E '^[a-z-]+: .*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 20

run: runtime     ## the portal on this machine, with a demo in an empty database
	@$(PY) manage.py prepare
	@exec $(PY) manage.py serve

dev: developer   ## Django's development server, reloading, DEBUG on
	@DEBUG=true $(PY) manage.py migrate --verbosity 0
	@DEBUG=true $(PY) manage.py runserver 127.0.0.1:$(or $(PORT),8000)

test: developer  ## on SQLite and on PostgreSQL, the browser included
	@$(PY) -m tools.run_tests all

proof: developer ## what takes long: every form against every attack, what is killed in the middle, the second database
	@$(PY) -m tools.run_tests proof

bench: developer ## how fast the pages are beside bare ones, on both databases; ARGS=--quick for a small run
	@$(PY) -m tests.bench $(ARGS)

soak: developer  ## by hand: the portal under a crowd for an hour (MINUTES=60), its memory and open files watched
	@$(PY) -m tests.processes.soak --minutes $(or $(MINUTES),60)

test-fast: developer ## the quick loop: what needs no database, and the tests beside what is changed
	@$(PY) -m tools.run_tests fast

check: developer ## lint, format, types, layers, dependencies, migrations, catalogues, deployment
	@$(PY) -m tools.run_checks

fmt: developer   ## format what can be formatted
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

lock: developer  ## lock the newest versions that the .in files allow
	@tools/lock --upgrade

messages: developer ## collect what is to be translated (needs gettext) and compile the catalogues
	@$(PY) -m tools.messages

pictures: developer ## the pictures of the README, from the demo of a fixed day
	@$(PY) -m tools.pictures

clean:           ## remove what can be made again; var/ with its data stays
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage htmlcov .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

runtime:
	@python=$$(tools/find-python) && "$$python" -m tools.install runtime

developer:
	@python=$$(tools/find-python) && "$$python" -m tools.install dev
