# What a person types. Needs python3 of version 3.11 or newer, and make; the rest comes by itself.
PYTHON ?= python3
BIN := .venv/bin
export PYTHON PYTEST_ARGS

.PHONY: demo serve test bench lint format lock messages environment
.DEFAULT_GOAL := demo

demo: environment  ## the sample workspace on http://127.0.0.1:8000/ (SERVE_ARGS="--port 9000")
	@$(BIN)/python manage.py serve --demo $(SERVE_ARGS)

serve: environment  ## your own workspaces
	@$(BIN)/python manage.py serve $(SERVE_ARGS)

test:  ## everything that must hold (PYTEST_ARGS="-k curve")
	@.ci/run

bench: environment  ## speed and memory, each beside its reference
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

lint: environment
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: environment
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

lock:  ## new versions within the bounds of pyproject.toml (UV_ARGS="--upgrade")
	@command -v uv >/dev/null || { echo "make lock needs uv: python3 -m pip install uv" >&2; exit 1; }
	uv pip compile --universal --python-version 3.11 --generate-hashes --group dev pyproject.toml \
		-o requirements.lock --custom-compile-command "make lock" --quiet $(UV_ARGS)

messages: environment  ## collects the texts to translate, then compiles the translations
	@command -v xgettext >/dev/null || { echo "make messages needs the package gettext" >&2; exit 1; }
	@$(BIN)/python manage.py makemessages --locale de --add-location file --no-wrap --no-obsolete \
		--ignore .venv --ignore var --ignore tests --ignore benchmarks --ignore static
	@$(BIN)/python -c 'import polib; at = "cxm/locale/de/LC_MESSAGES/django"; \
		po = polib.pofile(at + ".po", wrapwidth=0); po.metadata.pop("POT-Creation-Date", None); \
		po.save(); po.save_as_mofile(at + ".mo")'

environment: .venv/.installed

.venv/.installed: requirements.lock
	@.ci/environment
