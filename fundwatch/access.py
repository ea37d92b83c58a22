"""Who may open what: roles, the page table, abilities, and how much of a row a role sees.

To add a screen: one page file and one line in ``PAGES``. ``docs/permissions.zh-CN.md`` is made from this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fundwatch.home import PROJECT


class Role(StrEnum):
    """The roles of the bureau; the value is the word on screen and in the database."""

    LEADER = "局领导"
    GROUP_MEMBER = "领导小组成员"
    FIRST_REVIEWER = "初审岗"
    RECHECKER = "复核岗"
    FINAL_REVIEWER = "复审岗"
    INSPECTOR = "稽核岗"
    AGREEMENTS = "协议管理"
    ANALYST = "分析员"
    ADMIN = "系统管理员"


EVERYONE = frozenset(Role)
#: everyone who works on the business; administrators keep accounts and see no cases
STAFF = EVERYONE - {Role.ADMIN}
ANALYSTS, ADMINS = frozenset({Role.ANALYST}), frozenset({Role.ADMIN})
REVIEWERS = frozenset({Role.FIRST_REVIEWER, Role.RECHECKER, Role.FINAL_REVIEWER})


class Text(StrEnum):
    """How much a role reads of what people wrote on cases, complaints, appeals and reminders; the value is the word in the matrix."""

    ALL = "全部可见"
    TITLES = "仅案件标题"
    NONE = "不显示"


@dataclass(frozen=True)
class Level:
    """What a role sees of single persons and claims, of doctors, and of free text. False: only what cannot be recognised."""

    persons: bool
    doctors: bool
    text: Text


_SINGLE = Level(persons=True, doctors=True, text=Text.ALL)
_SUMS = Level(persons=False, doctors=False, text=Text.TITLES)
#: the one place where masking is declared; ``fundwatch.masking`` enforces it in every query of a screen
LEVELS: dict[Role, Level] = {
    Role.LEADER: _SINGLE,
    Role.GROUP_MEMBER: _SUMS,
    Role.FIRST_REVIEWER: _SINGLE,
    Role.RECHECKER: _SINGLE,
    Role.FINAL_REVIEWER: _SINGLE,
    Role.INSPECTOR: _SINGLE,
    Role.AGREEMENTS: _SUMS,
    Role.ANALYST: _SINGLE,
    Role.ADMIN: Level(persons=False, doctors=False, text=Text.NONE),
}
#: those whose work needs a single person's claims; the leading group sees institutions and sums
CASE_ROLES = frozenset(role for role, level in LEVELS.items() if level.persons)


class Ability(StrEnum):
    """What a role may do beyond opening a screen."""

    EXPORT = "export"
    UPLOAD = "upload"
    PERSONAL = "personal"
    MANAGE_USERS = "manage_users"
    #: draw samples and inspections, enter what the second review found
    DRAW = "draw"
    #: make a meeting, comment on red indicators, write decisions and what became of them; see it before it is closed
    PREPARE_MEETING = "prepare_meeting"
    #: close or cancel a meeting
    CLOSE_MEETING = "close_meeting"
    #: hand in the monthly six-item report
    SUBMIT = "submit"


ABILITIES: dict[Ability, frozenset[Role]] = {
    Ability.EXPORT: STAFF,
    Ability.UPLOAD: frozenset({Role.ANALYST, Role.AGREEMENTS}),
    Ability.PERSONAL: CASE_ROLES,
    Ability.MANAGE_USERS: frozenset({Role.ADMIN}),
    Ability.DRAW: frozenset({Role.FINAL_REVIEWER, Role.INSPECTOR}),
    Ability.PREPARE_MEETING: frozenset({Role.LEADER, Role.GROUP_MEMBER, Role.ANALYST}),
    Ability.CLOSE_MEETING: frozenset({Role.LEADER, Role.GROUP_MEMBER}),
    Ability.SUBMIT: frozenset({Role.ANALYST, Role.AGREEMENTS}),
}

#: ids of one insured person, visit, settlement, document, line, reminder or screening hit (whose ids hold the settlement's)
PERSON_IDS = frozenset({
    "psn_no", "setl_id", "mdtrt_id", "doc_id", "doc_suspt_id", "bkkp_sn", "warn_rslt_id", "init_setl_id", "init_feedetl_sn",
    "setl_list_diag_id", "setl_list_oprn_id", "link_id", "hit_id", "line_id", "related_id",
})  # fmt: skip
#: what is known of the person; a hit's evidence may be a diagnosis, a doctor or the days of a stay
PERSON_FACTS = frozenset({
    "gend", "age", "brdy", "diag_code", "diag_name", "dscg_maindiag_code", "dscg_maindiag_name", "dise_no", "oprn_oprt_code",
    "oprn_oprt_name", "oprn_oprt_date", "found_text", "limit_text",
})  # fmt: skip
DOCTOR_IDS = frozenset({"person_code", "dr_code", "bilg_dr_code", "chfpdr_code"})
#: columns at the level of one insured person, doctor or claim
PERSONAL_COLUMNS = PERSON_IDS | PERSON_FACTS | DOCTOR_IDS
#: free text, by column; a case's title by table, because other tables have titles too
FREE_TEXT = frozenset({"text", "subject", "appl_rea", "warn_dspo_way_dscr"})
CASE_TITLES = frozenset({("clue_case", "title"), ("fct_case", "title")})


@dataclass(frozen=True)
class Sight:
    """What a person may see of the rows: their roles' most open level, and the rows of ``town``, ``county`` and ``group`` only (None: all).

    Warehouses are opened per sight and shared by all who have the same.
    """

    persons: bool = True
    doctors: bool = True
    text: Text = Text.ALL
    town: str | None = None
    group: str | None = None
    county: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether only the rows of some institutions are seen: those of a town or a county."""
        return bool(self.town or self.county)

    @property
    def is_whole(self) -> bool:
        return self == EVERYTHING

    @property
    def rows_only(self) -> Sight:
        """The same rows with nothing masked: what numbers are counted on."""
        return Sight(town=self.town, group=self.group, county=self.county)

    @property
    def hidden(self) -> frozenset[str]:
        """Column names that are left out of lists and exports; the queries give nothing recognisable for them anyway."""
        persons = frozenset() if self.persons else PERSON_IDS | PERSON_FACTS
        return persons if self.doctors else persons | DOCTOR_IDS

    @property
    def unread(self) -> frozenset[str]:
        """Names of columns of free text that the role does not read, for rows that no view masks (rows that did not load)."""
        if self.text is Text.ALL:
            return frozenset()
        return FREE_TEXT if self.text is Text.TITLES else FREE_TEXT | {"title"}


EVERYTHING = Sight()


class Kind(StrEnum):
    """Values that not every role sees; the value is the word in the matrix."""

    PERSONS = "个人与单据"
    DOCTORS = "医师"
    TEXT = "案件文字"


NO_KIND = frozenset[Kind]()
EVERY_KIND = frozenset(Kind)
CLAIMS, SINGLE, WORDS = (
    frozenset({Kind.PERSONS}),
    frozenset({Kind.PERSONS, Kind.DOCTORS}),
    frozenset({Kind.TEXT}),
)


@dataclass(frozen=True)
class Entry:
    """One screen: file below the checkout, title, navigation group, bundled icon, address, roles."""

    path: str
    title: str
    group: str
    icon: str
    url_path: str
    roles: frozenset[Role]
    #: a screen that needs an object (an institution, a case) is reached by clicking, not from the menu
    in_menu: bool = True
    #: shows records of the whole county that have no town (meetings, reports, draws): not for accounts limited to a town
    by_town: bool = True
    #: one county of several has rows here; else the screen is of the whole installation and not for accounts limited to a county
    by_county: bool = True
    #: kinds of values of single persons, doctors and free text that the screen shows to roles that see them
    shows: frozenset[Kind] = NO_KIND

    @property
    def file(self) -> Path:
        return PROJECT / self.path

    @property
    def has_counties(self) -> bool:
        """Whether the screen can show one county of several; what has no town has none either."""
        return self.by_town and self.by_county

    def open_to(self, roles: Iterable[str]) -> bool:
        """Whether one of ``roles`` may open the screen."""
        return not self.roles.isdisjoint(roles)


#: one line per screen, in the order of the menu; the first is the start page at "/"
# fmt: off
PAGES: tuple[Entry, ...] = (
    Entry("pages/overview/supervision.py", "监管总览", "总览", "monitoring", "overview", EVERYONE),
    Entry("pages/overview/deadlines.py", "待办预警", "总览", "alarm", "deadlines", STAFF, shows=WORDS),
    Entry("pages/inspection/coverage.py", "检查覆盖", "协议检查", "checklist", "inspection-coverage", STAFF),
    Entry("pages/inspection/self_check.py", "自查自纠", "协议检查", "assignment_turned_in", "self-check", STAFF),
    Entry("pages/inspection/campaigns.py", "专项与文书", "协议检查", "folder_managed", "campaigns", STAFF, by_county=False),
    Entry("pages/reminder/compliance.py", "提醒遵从", "事前提醒", "notifications", "reminder-compliance", STAFF, shows=EVERY_KIND),
    Entry("pages/review/rejection.py", "审核拒付", "事中审核", "filter_alt", "review-rejection", STAFF, shows=CLAIMS),
    Entry("pages/review/appeals.py", "申诉与规则", "事中审核", "balance", "appeals-rules", STAFF),
    Entry("pages/review/second_review.py", "复审抽检", "事中审核", "playlist_add_check", "second-review", STAFF, by_town=False, shows=CLAIMS),  # noqa: E501
    Entry("pages/post/screening.py", "疑点筛查", "事后监管", "search", "screening", STAFF, shows=SINGLE),
    Entry("pages/post/high_risk.py", "高风险对象", "事后监管", "crisis_alert", "high-risk", STAFF, shows=SINGLE),
    Entry("pages/post/cases.py", "案件台账", "事后监管", "gavel", "cases", STAFF, shows=WORDS),
    Entry("pages/post/complaints.py", "举报投诉", "事后监管", "campaign", "complaints", STAFF, shows=WORDS),
    Entry("pages/map/institutions.py", "机构地图", "机构地图", "map", "institution-map", STAFF),
    Entry("pages/fund/balance.py", "收支结余", "基金运行", "account_balance", "fund-balance", STAFF, by_county=False),
    Entry("pages/fund/benefits.py", "待遇与流向", "基金运行", "payments", "benefits-flow", STAFF),
    Entry("pages/analysis/cross.py", "交叉分析", "分析", "pivot_table_chart", "cross-tab", STAFF),
    Entry("pages/analysis/sql.py", "自助查询", "分析", "terminal", "sql", ANALYSTS, by_town=False),
    Entry("pages/drill/kpi_rows.py", "指标明细", "下钻", "list", "kpi-list", STAFF, in_menu=False, shows=EVERY_KIND),
    Entry("pages/drill/institution.py", "机构画像", "下钻", "local_hospital", "institution", STAFF, in_menu=False, shows=EVERY_KIND),
    Entry("pages/drill/case.py", "个案详情", "下钻", "description", "case", CASE_ROLES, in_menu=False, shows=EVERY_KIND),
    Entry("pages/reports/monthly.py", "月报与导出", "报表", "summarize", "monthly-report", STAFF, by_town=False),
    Entry("pages/meeting/leading_group.py", "领导小组会议", "会议", "groups", "leading-group", STAFF, by_town=False, shows=WORDS),
    Entry("pages/data/quality.py", "数据质量", "数据", "fact_check", "data-quality", STAFF, by_town=False, shows=EVERY_KIND),
    Entry("pages/data/definitions.py", "口径与规则库", "数据", "menu_book", "definitions", EVERYONE),
    Entry("pages/admin/settings.py", "参数与目标", "管理", "tune", "settings", EVERYONE),
    Entry("pages/admin/users.py", "用户与审计", "管理", "manage_accounts", "users", ADMINS, by_town=False),
)
# fmt: on


def entry_of(page_file: str | Path) -> Entry:
    """The entry of a page file; KeyError for a file that is not in the table."""
    wanted = Path(page_file).resolve()
    for entry in PAGES:
        if entry.file == wanted:
            return entry
    raise KeyError(f"{wanted.name} is not in the page table")


def entry_at(url_path: str) -> Entry | None:
    """The entry with this address, or None."""
    return next((entry for entry in PAGES if entry.url_path == url_path), None)


def may(roles: Iterable[str], ability: Ability) -> bool:
    """Whether one of ``roles`` has the ability."""
    return not ABILITIES[ability].isdisjoint(roles)


def sight_of(
    roles: Iterable[str], town: str | None = None, group: str | None = None, county: str | None = None
) -> Sight:
    """The most open of the roles' levels, on the rows of the town, the work group and the county (None: all)."""
    levels = [LEVELS[Role(role)] for role in roles]
    texts = {level.text for level in levels}
    return Sight(
        persons=any(level.persons for level in levels),
        doctors=any(level.doctors for level in levels),
        text=next((text for text in Text if text in texts), Text.NONE),
        town=town,
        group=group,
        county=county,
    )


def hidden_columns(roles: Iterable[str]) -> frozenset[str]:
    """Column names that these roles see neither on screen nor in an export."""
    return sight_of(roles).hidden


def roles_in_words(roles: Iterable[str]) -> str:
    """Roles in the order of the enumeration, joined for a Chinese sentence."""
    given = set(roles)
    return "、".join(role.value for role in Role if role in given)
