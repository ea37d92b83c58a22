# Fundwatch: `make run` and `make test` do all set-up on a fresh Debian with Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?=
LAB_ARGS ?=
PORT ?= 8501
HOME_NAME := $(if $(DATA),$(notdir $(patsubst %/,%,$(DATA))),default)
RUN_HOME := data/homes/$(HOME_NAME)

.PHONY: help env run test check demo lab lock clean bench
help:
	@echo "make run            准备环境,生成或载入数据,打开驾驶舱 (make run DATA=目录 载入该目录)"
	@echo "make test           准备环境,运行全部测试(含浏览器)"
	@echo "make check          静态检查: ruff, sqlfluff"
	@echo "make demo           只生成演示县数据到 data/homes/demo-files"
	@echo "make lab            在同一份数据上打开 JupyterLab (notebooks/ 的分析笔记;make lab DATA=目录 用该目录的数据)"
	@echo "make bench          本项目的性能比率 (benchmarks/RESULTS.md)"
	@echo "make lock           重新锁定依赖版本"

env: $(VENV)/.ready
$(VENV)/.ready: requirements.txt pyproject.toml
	@sh scripts/system.sh python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --requirement requirements.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.ready requirements-dev.txt
	$(BIN)/pip install --quiet --requirement requirements-dev.txt
	@touch $@

$(VENV)/.lab: $(VENV)/.ready requirements-lab.txt
	$(BIN)/pip install --quiet --requirement requirements-lab.txt
	@touch $@

run: env
	@sh scripts/system.sh font
	$(BIN)/python -m fundwatch.first_run --home $(RUN_HOME) $(if $(DATA),--data $(DATA))
	$(BIN)/python -m fundwatch serve --home $(RUN_HOME) --port $(PORT)

# Nothing leaves the machine: no look for updates, no news. LAB_ARGS adds options (for example --no-browser).
lab: $(VENV)/.lab
	@sh scripts/system.sh font
	$(BIN)/python -m fundwatch.first_run --home $(RUN_HOME) $(if $(DATA),--data $(DATA))
	FUNDWATCH_HOME=$(abspath $(RUN_HOME)) $(BIN)/jupyter lab --notebook-dir notebooks \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url=None $(LAB_ARGS)

demo: env
	$(BIN)/python -m fundwatch demo --out data/homes/demo-files --scale small

test: $(VENV)/.dev
	@sh scripts/system.sh font chromium
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(TESTS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --quiet queries

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

lock:
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements-dev.txt requirements-dev.in
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements-spark.txt requirements-spark.in
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements-lab.txt requirements-lab.in

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
