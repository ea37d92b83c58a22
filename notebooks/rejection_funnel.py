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
# # 审核拒付:从检出到扣款
#
# 一笔疑点从规则检出到最终扣款,金额在哪一步减少?本笔记用指标引擎的数字回答,与“审核拒付”页面一致。
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
STEPS = ["flagged_amount", "first_review_amount", "confirmed_amount", "deducted_amount"]
WAN = Decimal(10_000)

# %% [markdown]
# ## 期间
# 年初至今,截到单据数据的最后一天。需要别的期间时改下面两行。

# %%
today = dt.date.today()
through = county.kpi("rejection_rate", today, today).arrow()["data_through"][0].as_py() or today
start, end = dt.date(through.year, 1, 1), through
print(f"版本 {county.version},期间 {start} 至 {end}")

# %% [markdown]
# ## 四步金额
# 四个数是同一批单据(按申报日期归期)在四步的金额,逐步减少的部分是被排除的疑点。

# %%
steps = county.kpi(STEPS, start, end).pandas()
steps["万元"] = [value / WAN for value in steps["value"]]
first = steps["value"].iloc[0]
steps["占检出"] = [f"{100 * value / first:.1f}%" if first else "—" for value in steps["value"]]
steps[["label", "value", "unit", "占检出"]]

# %%
# 图只要两列;金额到这一步才转成小数,表格和合计始终是精确的十进制数
drawn = steps[["label", "万元"]].astype({"万元": float})
alt.Chart(drawn, title=f"检出到扣款 {start} 至 {end}").mark_bar(color="#1F5FA8").encode(
    x=alt.X("万元:Q", title="万元"),
    y=alt.Y("label:N", sort=None, title=None),
    tooltip=[alt.Tooltip("label:N", title="步骤"), alt.Tooltip("万元:Q", format=",.2f")],
).properties(width=520)

# %% [markdown]
# ## 逐月拒付率
# 分母是期内申报单据的申报基金金额。近月的单据可能还没审完,最后一两个月偏低不等于好转。

# %%
months = county.kpi("rejection_rate", start, end, by="month").pandas()
drawn = months[["key"]].assign(拒付率=months["value"].astype(float))
alt.Chart(drawn, title="审核拒付率(%),按申报月份").mark_line(point=True, color="#1F5FA8").encode(
    x=alt.X("key:N", title=None), y=alt.Y("拒付率:Q", title="%")
).properties(width=520)

# %% [markdown]
# ## 扣款来自哪里
# 按机构级别拆开;各级之和等于全县(引擎的拆分与合计是同一批记录)。

# %%
levels = county.kpi("deducted_amount", start, end, by="level_class").pandas()
levels["级别"] = levels["key"].fillna("未登记")
levels.sort_values("value", ascending=False)[["级别", "value", "unit"]]

# %% [markdown]
# ## 本笔记的数字
# 供核对:每个数都能用 `fundwatch kpi` 命令重算。

# %%
figures = dict(zip(steps["kpi"], steps["value"], strict=True))
figures["deducted_by_level"] = sum(levels["value"], Decimal(0))
figures["rejection_numerator_by_month"] = sum(months["numerator"], Decimal(0))
pd.Series({name: str(value) for name, value in figures.items()}, name="数值").to_frame()
