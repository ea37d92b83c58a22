"""疑点筛查: what the rules found, by rule, institution, month, doctor and person, and the hits themselves."""

from __future__ import annotations

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.screens import screening as view
from fundwatch.state.verdicts import Verdicts
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Chart, Part, kpi_part

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
KPIS = ("rule_hit_amount",)
#: more hits than this are taken as a list from 指标明细, piece by piece
MOST_HITS = 20_000
LEAD = "疑点是按规则筛出的线索,未经核实不是违规认定;同一结算可被多条规则命中。"


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters; single claims only for those who may see them."""
    words = view.words_of(Verdicts.of(ask.home).all_standing())
    asked = {
        "first_day": ask.period.start, "last_day": ask.period.end, "level": ask.choices.get("level"),
        "rule_id": ask.choices.get("rule"), "verdict": ask.choices.get("verdict"), "code": ask.choices.get("code"),
        "psn_no": None, "dr_code": None, "true_hits": list(words.true_hits), "excluded_hits": list(words.excluded_hits),
        **ask.lists(BAR),
    }  # fmt: skip
    (of_rules, rule_values), (of_months, month_values) = (
        view.query_of(part, asked) for part in ("rules", "months")
    )
    rules = view.rules(ask.query(of_rules, **rule_values))
    months = ask.query(of_months, **month_values)
    chart = Chart("line", "ym", ("hit_cnt",), "各月疑点")
    found = [
        kpi_part(ask, KPIS),
        Part(
            "分规则",
            rules,
            view.RULE_FIELDS,
            f"{LEAD}{view.runs(rules).words};未运行的规则没有数值,不是0。",
            money="元",
        ),
        Part(
            "分机构",
            view.institutions(ask.query("screening_institutions", **asked)),
            view.INSTITUTION_FIELDS,
            "按机构编号排列,不排名次。",
            money="元",
        ),
        Part("分月", months, view.MONTH_FIELDS, "按结算日期归月。", (chart,), money="元"),
    ]
    if ask.hidden_columns & PERSONAL_COLUMNS:
        return found
    page = {"row_cnt": MOST_HITS, "skip_cnt": 0}
    people = {**page, "rule_ids": None}
    hits = view.with_evidence(ask.query("screening_hits", **asked, **page))
    doctors, persons = (
        ask.query(name, **asked, **people) for name in ("screening_doctors", "screening_persons")
    )
    return [
        *found,
        Part(
            "分医师",
            doctors,
            view.DOCTOR_FIELDS,
            f"{view.cut_words(doctors, MOST_HITS, '人')}医师只以代码出现,不排名次。",
            money="元",
        ),
        Part(
            "分参保人",
            persons,
            view.PERSON_FIELDS,
            f"{view.cut_words(persons, MOST_HITS, '人')}参保人只以化名出现。",
            money="元",
        ),
        Part("疑点清单", hits, view.HIT_FIELDS, f"{view.cut_words(hits, MOST_HITS, '件')}{LEAD}", money="元"),
    ]


BOOK = Book(BAR, lambda _: KPIS, parts, personal=True, follows=("verdicts",))
