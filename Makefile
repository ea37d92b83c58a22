# Fundwatch: `make run` and `make test` do all set-up on a fresh Debian with Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?=
LAB_ARGS ?=
PORT ?= 8501
# `make test` compares the engines too, and installs pyspark and Java for it; no leaves that out (decision 304)
export TEST_SPARK ?= yes
HOME_NAME := $(if $(DATA),$(notdir $(patsubst %/,%,$(DATA))),default)
# where `make wheelhouse` has filled the folder, nothing is asked of any registry
OFFLINE := $(if $(wildcard wheelhouse/*.whl),--no-index --find-links wheelhouse)
RUN_HOME := data/homes/$(HOME_NAME)

.PHONY: help env run test test-postgres test-deploy test-spark check demo lab lock clean bench wheelhouse licences sessions hostile kills privacy
help:
	@echo "make run            准备环境,生成或载入数据,打开驾驶舱 (make run DATA=目录 载入该目录)"
	@echo "make test           准备环境,运行全部测试(含浏览器和两种引擎的核对;make test TEST_SPARK=no 不核对,也不需 Java)"
	@echo "make test-postgres  在自带的 PostgreSQL 服务器上运行应用状态的测试"
	@echo "make test-deploy    deploy/ 中的 nginx 配置放在两个真实进程前面测试(含浏览器);系统调用中没有对外连接"
	@echo "make test-spark     在本机启动真实的 Spark 集群,逐行核对两种引擎的结果 (需 Java 17)"
	@echo "make wheelhouse     下载全部依赖到 wheelhouse/,供没有互联网的机器安装"
	@echo "make licences       重新生成依赖许可证清单 docs/licences.md"
	@echo "make check          静态检查: ruff, sqlfluff"
	@echo "make demo           只生成演示县数据到 data/homes/demo-files"
	@echo "make lab            在同一份数据上打开 JupyterLab (notebooks/ 的分析笔记;make lab DATA=目录 用该目录的数据)"
	@echo "make bench          本项目的性能比率 (benchmarks/RESULTS.md)"
	@echo "make sessions       50 人同时使用:响应时间、每会话内存、长会话是否泄漏"
	@echo "make hostile        3 万多个恶意输入(网址、控件、上传、单元格、导出),不出错、不泄漏"
	@echo "make kills          载入、构建、发布、导出、备份中随机 kill -9 共 200 次"
	@echo "make privacy        载入满是(虚构)个人信息的文件,逐字节查找数据目录中有没有留下"
	@echo "make lock           重新锁定依赖版本"

env: $(VENV)/.ready
$(VENV)/.ready: requirements.txt pyproject.toml
	@sh scripts/system.sh python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet $(OFFLINE) --requirement requirements.txt
	$(BIN)/pip install --quiet $(OFFLINE) --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.ready requirements-dev.txt
	$(BIN)/pip install --quiet --requirement requirements-dev.txt
	@touch $@

$(VENV)/.lab: $(VENV)/.ready requirements-lab.txt
	$(BIN)/pip install --quiet --requirement requirements-lab.txt
	@touch $@

# tests only: nothing of it is in requirements.txt
$(VENV)/.spark: $(VENV)/.ready requirements-spark.txt
	@sh scripts/system.sh java
	$(BIN)/pip install --quiet --no-compile --requirement requirements-spark.txt
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

test: $(VENV)/.dev $(if $(filter no,$(TEST_SPARK)),,$(VENV)/.spark)
	@sh scripts/system.sh font chromium
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(TESTS)

# Files whose modules keep app state; every home of the run keeps it in a PostgreSQL server of the run's own.
STATE_TESTS := tests/auth/test_accounts.py tests/auth/test_audit_chain.py tests/auth/test_audit_copy.py \
	tests/auth/test_sessions.py tests/auth/test_single_sign_on.py tests/auth/test_user_command.py tests/test_settings.py \
	tests/bureau tests/rules/test_hit_verdicts.py tests/analyst/test_kept_queries.py tests/alerts tests/meetings/test_meeting_state.py \
	tests/draws/test_inspect_cli.py tests/draws/test_sample_replay.py tests/draws/test_sample_results.py \
	tests/reports/test_monthly_submissions.py tests/ui/test_users_screen.py tests/operations/test_state_database.py \
	tests/operations/on_postgres.py
test-postgres: $(VENV)/.dev
	@sh scripts/system.sh postgres
	$(BIN)/python -m pytest -p tests.operations.postgres -m "not browser" $(STATE_TESTS)

test-deploy: $(VENV)/.dev
	@sh scripts/system.sh font chromium nginx strace
	$(BIN)/python -m pytest tests/operations/nginx_front.py tests/operations/connections.py tests/operations/test_deploy.py

# A master and two workers on loopback, Spark Connect before them; every table compared row for row with DuckDB's.
test-spark: $(VENV)/.dev $(VENV)/.spark
	TEST_SPARK=yes $(BIN)/python -m pytest tests/spark/parity.py tests/spark/lost_worker.py tests/spark/test_small_parity.py

# For the same processor and Python as this machine's; setuptools builds the command itself.
wheelhouse: env
	$(BIN)/pip download --quiet --only-binary :all: --dest wheelhouse --requirement requirements.txt "setuptools>=75" wheel
	cd wheelhouse && sha256sum *.whl > SHA256SUMS
	@echo "wheelhouse/ 已就绪,连同本目录一起复制到目标机器后运行 make env。"

licences: $(VENV)/.dev
	$(BIN)/python scripts/licences.py

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --quiet queries

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

sessions: $(VENV)/.dev
	PYTHONPATH=. $(BIN)/python benchmarks/sessions.py --publish --reruns 2000

hostile: $(VENV)/.dev
	$(BIN)/python -m benchmarks.hostile

kills: $(VENV)/.dev
	PYTHONPATH=. $(BIN)/python benchmarks/kills.py --kills 200

privacy: $(VENV)/.dev
	PYTHONPATH=. $(BIN)/python benchmarks/privacy.py --persons 5000

lock:
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements-dev.txt requirements-dev.in
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements-spark.txt requirements-spark.in
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements-lab.txt requirements-lab.in

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
