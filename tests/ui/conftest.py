from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from county import built

from fundwatch.home import Home
from fundwatch.kpi import Kpi, KpiValue
from fundwatch.kpi.declaration import Target

FIELDS = {
    "id": "coverage_rate", "label": "覆盖率", "order": 1, "group": "综合", "unit": "%", "better": "higher",
    "decimals": 2, "definition": {"numerator": "做到的", "denominator": "应做的"},
    "policy": [{"document": "本系统定义", "clause": "测试"}], "owner": "测试岗", "reviewed": "2026-11-01",
    "screen": "overview", "dimensions": [], "month_split": None, "additive": True,
    "asof": {"source": "fct_inspection", "date": "insp_date"},
    "list": {"kind": "rows", "contract": "inspection", "source": "fct_inspection", "numerator": "1",
             "denominator": "1", "columns": ["insp_id"]},
}  # fmt: skip


@pytest.fixture
def kpi() -> Callable[..., Kpi]:
    """A declared KPI; a test names only what matters. ``target`` is a value or several Target fields."""

    def made(**changes) -> Kpi:
        fields = {**FIELDS, **changes}
        if fields["unit"] != "%":
            fields["definition"] = {"numerator": "件数"}
            fields["list"] = {key: value for key, value in FIELDS["list"].items() if key != "denominator"}
        return Kpi.model_validate(fields)

    return made


@pytest.fixture
def number() -> Callable[..., KpiValue]:
    """A value of a KPI for the first half of 2024."""

    def made(kpi: Kpi, value: str | None, **changes) -> KpiValue:
        fields = {
            "kpi": kpi.id, "start": dt.date(2024, 1, 1), "end": dt.date(2024, 6, 30), "by": None, "key": None,
            "numerator": Decimal(0), "denominator": Decimal(0), "value": None if value is None else Decimal(value),
            "unit": kpi.unit, "target": kpi.targets[-1].value if kpi.targets else None,
            "data_through": dt.date(2024, 6, 30), "extra": {},
        }  # fmt: skip
        return KpiValue(**{**fields, **changes})

    return made


@pytest.fixture
def target() -> Callable[..., list[dict]]:
    """Targets of a declaration, in force since ever."""

    def made(value: str, **changes) -> list[dict]:
        Target.model_validate({"from": "first_data", "value": value, **changes})
        return [{"from": "first_data", "value": value, **changes}]

    return made


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small county of ``county.py``; its state database is shared by the tests of a run."""
    return built(tmp_path_factory.mktemp("county") / "home")
