"""The matrix of roles, screens and fields as a document, made from ``fundwatch.access``: ``fundwatch permissions > docs/…``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fundwatch.access import (
    ABILITIES,
    DOCTOR_IDS,
    FREE_TEXT,
    LEVELS,
    PAGES,
    PERSON_FACTS,
    PERSON_IDS,
    Ability,
    Entry,
    Kind,
    Role,
    Text,
)
from fundwatch.alerts.store import may_acknowledge
from fundwatch.contracts import contracts
from fundwatch.masking import WITHHELD
from fundwatch.screens.settings import BUSINESS_ROLES, SYSTEM_ROLES
from fundwatch.state.verdicts import JUDGES

YES, NO = "●", "—"
ABILITY_WORDS = {
    Ability.EXPORT: "导出", Ability.UPLOAD: "上传和生成版本", Ability.PERSONAL: "查看个人级明细", Ability.MANAGE_USERS: "管理账号",
    Ability.DRAW: "抽样、抽取检查、录入复审结果", Ability.PREPARE_MEETING: "准备会议、写议定事项", Ability.CLOSE_MEETING: "结束或取消会议",
    Ability.SUBMIT: "提交月报",
}  # fmt: skip


MADE = (
    "本文由程序生成(`fundwatch permissions`),与程序不符时测试不通过;请勿手工修改。"
    "权限在查询层执行:页面拿到的数据连接本身就不含看不到的行和值。"
)


def document() -> str:
    """The whole of docs/permissions.zh-CN.md."""
    parts = [
        "# 权限矩阵", MADE,
                "## 能力", _abilities(), "## 遮盖级别", _levels(), _meaning(), "## 页面与字段", PAGES_WORDS, _pages(),
        "## 数据范围", SCOPE_WORDS, _whole_county(), COUNTY_WORDS, _whole_city(),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


PAGES_WORDS = (
    "一行一个页面,其下各行是该页面出现的受控字段。● 可打开 / 可见;"
    "遮 = 可打开,该类值以不可辨认的代号、空值或“(按角色不显示)”代替;— 不可打开。"
)
SCOPE_WORDS = (
    "账号可以限定到一个乡镇(`--town`)、一个工作组(`--group`),由系统管理员"
    "用 `fundwatch user add`、`fundwatch user scope` 或“用户与审计”页面设定。"
    "限定乡镇后,所有查询只含该乡镇的定点机构;没有机构归属的全县数(基金收支、待遇、参保、任务、宣传、报送)保持全县口径,页面顶部写明;"
    "分子有机构、分母是全县数的指标(住院率)不显示。限定工作组只影响任务台账。下列页面是全县记录,限定乡镇的账号不能打开:"
)

COUNTY_WORDS = (
    "一个数据目录里有几个县区时(载入“县区”表,两行以上),账号还可以限定到一个县区(`--county`)。限定县区后,所有查询只含该县区:"
    "机构和由机构归属的行按定点归属区划(空白时取机构编号第 2 至 7 位),待遇类指标"
    "(实际报销比例、政策范围内报销比例、次均住院费用、县外就医基金占比)按参保地;没有县区归属的记录(基金收支、待遇统计、参保、任务、专项、培训、报送、没有机构的举报和案件)不显示,相应指标写明“没有分县区的数据”,"
    "不以全部县区的数代替。未限定县区的账号可在每个页面顶部选“县区”,看到的与限定该县区的账号相同。下列页面是全部县区的记录,限定县区的账号不能打开:"
)


def seen(role: Role, entry: Entry, kind: Kind) -> str:
    """How one role sees one kind of value on one screen."""
    if not entry.open_to([role]):
        return NO
    level = LEVELS[role]
    if kind is Kind.TEXT:
        return {Text.ALL: YES, Text.TITLES: "仅标题", Text.NONE: "遮"}[level.text]
    return YES if (level.persons if kind is Kind.PERSONS else level.doctors) else "遮"


def _pages() -> str:
    rows = []
    for entry in PAGES:
        rows.append(
            [f"**{entry.group} / {entry.title}**", *[YES if entry.open_to([role]) else NO for role in Role]]
        )
        rows += [
            [f"  {kind}", *[seen(role, entry, kind) for role in Role]] for kind in Kind if kind in entry.shows
        ]
    return _table(["页面 / 字段", *Role], rows)


def _abilities() -> str:
    rows = [[ABILITY_WORDS[one], *_marks(ABILITIES[one])] for one in Ability]
    rows += [
        ["核实筛查疑点", *_marks(JUDGES)], ["确认预警", *_marks(role for role in Role if may_acknowledge([role]))],
        ["修改业务参数和目标", *_marks(BUSINESS_ROLES)],
        ["修改登录与安全参数", *_marks(SYSTEM_ROLES)],
        ["自助查询(SQL,不含个人级表)", *_marks(next(e.roles for e in PAGES if e.url_path == "sql"))],
    ]  # fmt: skip
    return _table(["能力", *Role], rows)


def _levels() -> str:
    rows = [
        ["个人与单据", *["可见" if LEVELS[role].persons else "不可辨认" for role in Role]],
        ["医师", *["可见" if LEVELS[role].doctors else "不可辨认" for role in Role]],
        ["案件文字", *[str(LEVELS[role].text) for role in Role]],
    ]  # fmt: skip
    return _table(["级别", *Role], rows)


def _meaning() -> str:
    return "\n".join([
        f"- 个人与单据:{_labelled(PERSON_IDS)}——不可辨认时换成带密钥的代号(同一值处处相同,计数和关联不变,但认不出是谁);"
        f"{_labelled(PERSON_FACTS)}——不可辨认时为空。",
        f"- 医师:{_labelled(DOCTOR_IDS)}——同上,换成代号。",
        f"- 案件文字:{_labelled(FREE_TEXT)}——不显示时以“{WITHHELD}”代替;案件标题单列一级。证件号码和电话在载入时已遮盖。",
        "- 数字(指标值、合计)不含个人值,各角色相同;清单另按列删去看不到的列,两道防线各自独立。",
    ])  # fmt: skip


def _labelled(names: Iterable[str]) -> str:
    """The columns by their contract labels; those of marts, which have no contract, by name."""
    labels = {column.name: column.label for contract in contracts().values() for column in contract.columns}
    return "、".join(dict.fromkeys(labels.get(name, name) for name in sorted(names)))


def _whole_county() -> str:
    return "\n".join(f"- {entry.group} / {entry.title}" for entry in PAGES if not entry.by_town)


def _whole_city() -> str:
    return "\n".join(f"- {entry.group} / {entry.title}" for entry in PAGES if not entry.has_counties)


def _marks(roles: Iterable[str]) -> list[str]:
    own = set(roles)
    return [YES if role in own else NO for role in Role]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
