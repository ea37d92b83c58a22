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
# # 一条新规则的想法:住院次均费用偏高
#
# 想法:同级机构中,住院次均费用明显偏高的机构值得调阅病历。写成规则之前先看三件事:
# 会指向多少家机构;它们是不是已经被现有规则指出;有多少是人次太少的偶然。
# 这里得到的是**疑点线索**,不是结论。数据目录由环境变量 FUNDWATCH_HOME 指定(`make lab` 已设好)。

# %%
import datetime as dt
from decimal import Decimal

import altair as alt
import pandas as pd

import fundwatch

# 图在本机画成矢量图:默认的画法要从外网取脚本
alt.renderers.enable("svg")
county = fundwatch.open()
#: 想法的两个参数:高出同级中位数多少倍;至少多少人次
TIMES, LEAST_VISITS = Decimal("1.3"), 3

# %%
today = dt.date.today()
through = county.kpi("avg_inpatient_fee", today, today).arrow()["data_through"][0].as_py() or today
# 到最后一个完整的月,这样与按月汇总的疑点表同期
end = through if (through + dt.timedelta(days=1)).day == 1 else through.replace(day=1) - dt.timedelta(days=1)
start = dt.date(end.year, 1, 1)
print(f"版本 {county.version},期间 {start} 至 {end}")

# %% [markdown]
# ## 各机构的次均费用
# 指标引擎给出每家机构的费用(分子)和住院人次(分母);机构名称和级别取自分析表。

# %%
fees = county.kpi("avg_inpatient_fee", start, end, by="fixmedins_code").pandas()
places = county.sql("select fixmedins_code, fixmedins_name, level_class from dim_institution").pandas()
fees = fees.merge(places, left_on="key", right_on="fixmedins_code", how="left")
fees["level_class"] = fees["level_class"].fillna("未登记")
fees = fees[fees["value"].notna()]
fees["次均"] = fees["value"].astype(float)
middle = fees.groupby("level_class")["次均"].median()
middle.rename("同级中位数(元)").round(2).to_frame()

# %% [markdown]
# ## 想法会指向谁

# %%
fees["同级中位数"] = fees["level_class"].map(middle).astype(float)
fees["倍数"] = fees["次均"] / fees["同级中位数"]
fees["人次"] = fees["denominator"].astype(int)
high = fees[fees["倍数"] >= float(TIMES)]
candidates = high[high["人次"] >= LEAST_VISITS].sort_values("倍数", ascending=False)
print(f"高于 {TIMES} 倍的机构 {len(high)} 家,其中不少于 {LEAST_VISITS} 人次的 {len(candidates)} 家")
candidates[["fixmedins_name", "level_class", "人次", "value", "倍数"]]

# %%
drawn = fees[["fixmedins_name", "level_class", "人次", "倍数"]]
alt.Chart(drawn, title="次均费用与人次,一点一家机构").mark_circle(color="#1F5FA8").encode(
    x=alt.X("人次:Q"),
    y=alt.Y("倍数:Q", title="同级中位数的倍数"),
    tooltip=["fixmedins_name:N", "level_class:N", "人次:Q", alt.Tooltip("倍数:Q", format=".2f")],
).properties(width=520)

# %% [markdown]
# 左侧的点离散得多:人次少,一两位重症就能把次均拉高。这正是需要“至少多少人次”这个参数的原因。

# %% [markdown]
# ## 现有规则是否已经指出

# %%
hits = county.sql(
    """
    select
        fixmedins_code,
        sum(hit_cnt) as 疑点数,
        sum(amount_at_issue) as 涉及金额
    from fct_rule_hit_month
    where ym between $first and $last
    group by fixmedins_code
    """,
    {"first": f"{start:%Y-%m}", "last": f"{end:%Y-%m}"},
).pandas()
beside = candidates.merge(hits, on="fixmedins_code", how="left")
beside["疑点数"] = beside["疑点数"].fillna(0).astype(int)
new = beside[beside["疑点数"] == 0]
print(f"{len(candidates)} 家中,现有规则没有任何疑点的 {len(new)} 家")
beside[["fixmedins_name", "倍数", "疑点数", "涉及金额"]]

# %% [markdown]
# ## 下一步
# 值得写成规则时,在 `queries/rules` 加一个文件(含依据、参数、“不属于违规的情形”)和一个算例,再用“疑点筛查”的试算看人工能否核实得过来。
#
# ## 本笔记的数字

# %%
figures = {
    "fee": sum(fees["numerator"], Decimal(0)),
    "visits": sum(fees["denominator"], Decimal(0)),
    "rule_hit_amount": sum(hits["涉及金额"].dropna(), Decimal(0)),
    "candidates": Decimal(len(candidates)),
}
pd.Series({name: str(value) for name, value in figures.items()}, name="数值").to_frame()
