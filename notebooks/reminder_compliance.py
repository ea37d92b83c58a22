# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 事前提醒:哪些规则没人听
#
# 提醒发出后,医师返回修改的算遵从。遵从率低的规则可能是规则不准,也可能是提醒没起作用,需要分开看。
# 数据目录由环境变量 FUNDWATCH_HOME 指定(`make lab` 已设好)。

# %%
import datetime as dt
from decimal import Decimal

import altair as alt
import pandas as pd

import fundwatch

# 图在本机画成矢量图:默认的画法要从外网取脚本
alt.renderers.enable("svg")
county = fundwatch.open()
KPIS = ["reminder_compliance", "reminder_feedback_rate", "override_reason_rate"]

# %%
today = dt.date.today()
through = county.kpi("reminder_compliance", today, today).arrow()["data_through"][0].as_py() or today
start, end = dt.date(through.year, 1, 1), through
print(f"版本 {county.version},期间 {start} 至 {end}")

# %% [markdown]
# ## 全县

# %%
whole = county.kpi(KPIS, start, end).pandas()
whole[["label", "numerator", "denominator", "value", "unit"]]

# %% [markdown]
# ## 按规则
# 规则名称取自分析表。提醒次数少的规则,遵从率会大起大落,下图用点的大小表示次数。

# %%
rules = county.kpi("reminder_compliance", start, end, by="rule_id").pandas()
names = county.sql(
    "select rule_id, any_value(rule_name) as rule_name from fct_reminder_month group by rule_id"
).pandas()
rules = rules.merge(names, left_on="key", right_on="rule_id", how="left")
rules = rules.sort_values("denominator", ascending=False)
rules[["rule_name", "numerator", "denominator", "value"]].head(15)

# %%
drawn = pd.DataFrame({
    "规则": rules["rule_name"], "提醒次数": rules["denominator"].astype(float), "遵从率": rules["value"].astype(float),
})  # fmt: skip
alt.Chart(drawn, title="遵从率与提醒次数,一点一条规则").mark_circle(color="#1F5FA8", opacity=0.75).encode(
    x=alt.X("提醒次数:Q"),
    y=alt.Y("遵从率:Q", title="遵从率(%)"),
    size=alt.Size("提醒次数:Q", legend=None),
    tooltip=["规则:N", "提醒次数:Q", alt.Tooltip("遵从率:Q", format=".1f")],
).properties(width=520)

# %% [markdown]
# ## 未遵从的有没有人看
# 未遵从的提醒要由人工重点审核(罗医保发〔2024〕2号 二(三))。这里按规则看已审核的比例。

# %%
unheeded = county.sql(
    """
    select
        rule_name as 规则,
        sum(warn_cnt) as 未遵从次数,
        sum(warn_cnt) filter (where is_reviewed = 1) as 已审核次数,
        100 * sum(warn_cnt) filter (where is_reviewed = 1) / sum(warn_cnt) as 已审核比例
    from fct_reminder_unheeded_month
    where ym between $first and $last
    group by rule_name
    order by 未遵从次数 desc
    """,
    {"first": f"{start:%Y-%m}", "last": f"{end:%Y-%m}"},
).pandas()
unheeded.head(15)

# %% [markdown]
# ## 逐月

# %%
months = county.kpi("reminder_compliance", start, end, by="month").pandas()
drawn = months[["key"]].assign(遵从率=months["value"].astype(float))
alt.Chart(drawn, title="事前提醒遵从率(%)").mark_line(point=True, color="#1F5FA8").encode(
    x=alt.X("key:N", title=None), y=alt.Y("遵从率:Q", title="%")
).properties(width=520)

# %% [markdown]
# ## 本笔记的数字

# %%
counted = (
    county.sql(
        """
    select
        sum(warn_cnt) as warned,
        sum(warn_cnt) filter (where warn_dspo_way = '2') as complied
    from fct_reminder_day
    where crte_date between $first and $last
    """,
        {"first": start, "last": end},
    )
    .arrow()
    .to_pylist()[0]
)
figures = {
    "reminder_compliance": whole["value"].iloc[0],
    "complied_by_rule": sum(rules["numerator"], Decimal(0)),
    "warned_by_rule": sum(rules["denominator"], Decimal(0)),
    "complied_by_sql": Decimal(counted["complied"] or 0),
    "warned_by_sql": Decimal(counted["warned"] or 0),
}
pd.Series({name: str(value) for name, value in figures.items()}, name="数值").to_frame()
