"""What the administrator's screen shows: accounts and the log, as tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa

from fundwatch.access import Text, entry_at
from fundwatch.clock import china_time
from fundwatch.contracts import contracts
from fundwatch.kpi import declarations
from fundwatch.masking import masking_key, opaque
from fundwatch.parameters import parameters
from fundwatch.settings import TARGET_PREFIX
from fundwatch.state import scopes
from fundwatch.state.audit import Event, verify
from fundwatch.state.db import engine
from fundwatch.state.users import Users
from fundwatch.state.verdicts import ACTION as VERDICT
from fundwatch.ui.filters import DIMENSION_LABELS
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field

ACCOUNT_FIELDS = (
    Field("username", "账号"),
    Field("post", "岗位"),
    Field("roles", "角色"),
    Field("scope", "数据范围"),
    Field("state", "状态"),
    Field("password", "密码"),
    Field("last_sign_in", "最近登录"),
)
EVENT_FIELDS = (
    Field("at", "时间"),
    Field("user", "账号"),
    Field("action", "操作"),
    Field("object", "对象"),
    Field("detail", "详情"),
)
DETAIL_WORDS = {
    "rows": "行数", "sha256": "文件指纹", "format": "格式", "version": "数据版本", "filters": "筛选", "from": "起始日",
    "to": "截止日", "screen": "页面", "columns": "列", "failures": "连续失败次数", "locked": "已暂停登录",
    "post": "岗位", "roles": "角色", "before": "变更前", "after": "变更后", "since": "生效日", "why": "理由",
    "table": "数据表", "status": "结果", "loaded": "新载入", "replaced": "替换", "duplicates": "重复", "quarantined": "隔离",
    "changed": "有变化", "months": "重建月数", "issue": "期号", "rate": "抽检比例", "certainty": "必抽金额", "least": "每层最少件数",
    "seed": "种子", "algorithm": "算法", "frame": "抽样框", "frame_hash": "抽样框指纹", "items_hash": "结果指纹", "drawn": "抽中",
    "n": "抽取数", "classes": "级别", "team_size": "每组人数", "sound": "重放一致", "differences": "不一致处", "amount": "金额",
    "source": "来源", "refused": "未接受", "verdict": "结论", "reason": "理由", "params": "参数指纹", "areas": "区域",
    "avoids": "回避", "enabled": "启用", "action": "操作", "user": "账号", "text": "内容",
    "outside": "对外提供", "county": "县区", "town": "乡镇", "group": "工作组",
    "act": "办理", "facts_sha256": "数字指纹", "held_on": "会议日期", "title": "名称",
    "settings_version": "设置版本", "kpi": "指标", "decision": "决定编号", "state": "状态", "note": "说明", "due": "完成时限",
    "done_on": "完成日期", "month": "月份", "report_id": "月报编号", "statement": "查询语句", "ms": "毫秒", "more": "还有更多行",
    "key": "参数", "file": "文件", "files": "文件数", "outcome": "结果", "group_name": "工作组", "cause": "原因",
    "measure": "措施", "comment": "说明", "owner": "责任人(岗位)",
}  # fmt: skip
NOTHING = "无"
#: the log names one settlement or visit after these words
CLAIM_WORDS = frozenset({"结算", "就诊"})
CODE_LENGTH = 12


def accounts(page: Page) -> pa.Table:
    """One row per account."""
    rows = [
        {
            "username": user.username,
            "post": user.post,
            "roles": "、".join(user.roles),
            "scope": scopes.words(user.town, user.group, user.county),
            "state": "启用" if user.enabled else "停用",
            "password": "初始密码,未更换" if user.password_is_initial else "本人设置",
            "last_sign_in": f"{china_time(user.last_sign_in):%Y-%m-%d %H:%M}" if user.last_sign_in else None,
        }
        for user in Users.of(page.home).listing()
    ]
    return pa.Table.from_pylist(rows, schema=_texts(field.name for field in ACCOUNT_FIELDS))


def seen_object(page: Page, event: Event) -> str:
    """What was acted on, as this person may see it: a settlement's or visit's id is one code, the same wherever it stands."""
    lead, space, rest = event.object.rpartition(" ")
    is_one_claim = lead in CLAIM_WORDS or event.action == VERDICT
    if page.sight.persons or not is_one_claim:
        return object_words(event.object)
    return f"{lead}{space}代号 {opaque(masking_key(page.home), rest)[:CODE_LENGTH]}"


def seen_detail(page: Page, event: Event) -> str:
    """The detail without what people wrote about a claim, for roles that do not read it."""
    if page.sight.text is Text.ALL or event.action != VERDICT:
        return detail_words(event)
    kept = {name: value for name, value in event.detail.items() if name != "reason"}
    return detail_words(replace(event, detail=kept))


def detail_words(event: Event) -> str:
    """行数 3;格式 csv;页面 个案详情 — the detail with Chinese names and values."""
    return ";".join(
        f"{DETAIL_WORDS.get(name, name)} {_said(name, value)}" for name, value in event.detail.items()
    )


def object_words(name: str) -> str:
    """What was acted on; a setting is named for people: county_name → 本县名称."""
    kpi = declarations().get(name.removeprefix(TARGET_PREFIX))
    if kpi is not None:
        return f"{kpi.label}的目标"
    known = parameters().get(name)
    return known.label if known else name


def _said(name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return ",".join(f"{DIMENSION_LABELS.get(key, key)}:{_said('', one)}" for key, one in value.items())
    if isinstance(value, list):
        return f"{len(value)} 个" if name == "columns" else "、".join(_said("", one) for one in value)
    return _named(name, str(value))


def _named(name: str, value: str) -> str:
    """A screen, a table or an indicator by its title, anything else as it is."""
    if name == "kpi":
        return value if (kpi := declarations().get(value)) is None else kpi.label
    entry, table = entry_at(value), contracts().get(value)
    if name == "screen" and entry is not None:
        return entry.title
    return table.title if name == "table" and table is not None else value


def chain_words(page: Page) -> str:
    """Whether the log is whole."""
    return verify(engine(page.home)).words


def _texts(names) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])
