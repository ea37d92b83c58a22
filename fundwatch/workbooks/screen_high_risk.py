"""高风险对象: institutions by independent sources, persons with frequent visits, credit points."""

from __future__ import annotations

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.kpi import declarations
from fundwatch.screens import high_risk as view
from fundwatch.screens import screening
from fundwatch.screens.drift_reads import asked as alerts_asked
from fundwatch.screens.drift_reads import drifting
from fundwatch.screens.peers import PeerView, funnel_of_kpi
from fundwatch.state.verdicts import Verdicts
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Part, kpi_part, months_part

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
REMINDERS, REJECTED, SUSPENDED = "reminder_compliance", "rejected_doc_rate", "suspended_persons"
KPIS = (REMINDERS, REJECTED, SUSPENDED)
MOST_PERSONS = 20_000


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters; persons only for those who may see them."""
    words = screening.words_of(Verdicts.of(ask.home).all_standing())
    days = {"first_day": ask.period.start, "last_day": ask.period.end}
    said = {"true_hits": list(words.true_hits), "excluded_hits": list(words.excluded_hits)}
    rows = ask.query(
        "high_risk_institutions", **days, **said, **screening.NO_CHOICE, **ask.lists(BAR)
    ).to_pylist()
    names = {row["fixmedins_code"]: row["fixmedins_name"] for row in rows}
    open_alerts = []
    if ask.newest is not None:
        open_alerts = drifting(ask.warehouse, ask.settings, **alerts_asked(ask, ask.newest)).open
    found = view.Evidence(rows, _funnel(ask, REMINDERS, names), _funnel(ask, REJECTED, names), open_alerts)
    listed = view.institutions(found)
    made = [
        kpi_part(ask, KPIS),
        months_part(ask, KPIS),
        Part("机构", listed, view.FIELDS, view.message(listed, len(rows), found.not_judged), money="元"),
    ]
    if ask.hidden_columns & PERSONAL_COLUMNS:
        return made
    objects = dict.fromkeys(("level", "rule_id", "verdict", "code", "psn_no", "dr_code"))
    page = {"row_cnt": MOST_PERSONS, "skip_cnt": 0, "rule_ids": list(view.FREQUENT)}
    persons = ask.query("screening_persons", **days, **said, **objects, **page, **ask.lists(BAR))
    line = int(ask.settings.get("suspended_points", ask.period.end))
    credit = view.credit(
        ask.query("high_risk_credit", last_day=ask.period.end, suspended_points=line, **ask.lists(BAR)), line
    )
    return [
        *made,
        Part(
            "频繁就医购药的参保人",
            persons,
            screening.PERSON_FIELDS,
            f"{screening.cut_words(persons, MOST_PERSONS, '人')}参保人只以化名出现,按涉及规则条数排列。",
            money="元",
        ),
        Part(
            "有记分的相关人员",
            credit,
            view.CREDIT_FIELDS,
            "1月1日至期末净记分;是否暂停或终止以处理决定为准。",
        ),
    ]


def _funnel(ask: Ask, kpi: str, names: dict[str, str]) -> PeerView:
    return funnel_of_kpi(declarations()[kpi], ask.values([kpi], "fixmedins_code"), names)


BOOK = Book(BAR, lambda _: KPIS, parts, personal=True, follows=("verdicts",))
