# make demo   two simulated calls on embedded defaults, then a desk and a browser telephone to try
# make test   everything that must hold before a change is taken
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_ARGS ?=

.PHONY: demo test format prompts screenshots demo-models clean

$(VENV)/simulator: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[simulator]'
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/simulator

demo: $(VENV)/simulator
	$(BIN)/voicebot demo $(DEMO_ARGS)

test: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(BIN)/voicebot dialplan check
	$(BIN)/voicebot dialplan test

format: $(VENV)/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The synthetic recordings of the demo dialplans' prompts, and the music between them.
prompts: $(VENV)/dev
	$(BIN)/python tools/render_prompts.py
	$(BIN)/python tools/render_music.py

# The pictures in README. Needs Chromium.
screenshots: $(VENV)/dev
	$(BIN)/python -m tools.pictures docs

# The small speech models for synthetic voices; see models/README.md. Needs espeak-ng, flite and OpenFst's tools.
BUILDER := .cache/demo-model-venv
demo-models: $(BUILDER)/ready
	$(BUILDER)/bin/python -m tools.demo_model $(DEMO_MODEL_ARGS)

$(BUILDER)/ready: tools/demo_model/requirements.txt
	@test -x $(BUILDER)/bin/python || $(PYTHON) -m venv $(BUILDER)
	$(BUILDER)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

clean:
	rm -rf $(VENV) .cache .voicebot .mypy_cache .ruff_cache .pytest_cache
