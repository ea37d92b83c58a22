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
# # 基金年末展望
#
# 年末支出会到多少?两种做法:照搬去年同月(基准),或在去年同月上加今年的平均增减(趋势)。
# 只有过去一段时间里误差确实比基准小,才用趋势。与“收支结余”页面是同一套算法。
# 数据目录由环境变量 FUNDWATCH_HOME 指定(`make lab` 已设好)。

# %%
import datetime as dt
from decimal import Decimal

import altair as alt
import pandas as pd

import fundwatch
from fundwatch.stats.forecast import compare

# 图在本机画成矢量图:默认的画法要从外网取脚本
alt.renderers.enable("svg")
county = fundwatch.open()
WAN = 10_000

# %%
today = dt.date.today()
found = [day for day in county.kpi("fund_outlay", today, today).arrow()["data_through"].to_pylist() if day]
ledger = (
    county.sql("select min(month_begn) as first_day, max(month_end) as last_day from fct_fund_ledger")
    .arrow()
    .to_pylist()[0]
)
end = min([ledger["last_day"] or today, *found])
# 最后一个完整的月
end = end if (end + dt.timedelta(days=1)).day == 1 else end.replace(day=1) - dt.timedelta(days=1)
first, start = ledger["first_day"] or dt.date(end.year, 1, 1), dt.date(end.year, 1, 1)
print(f"版本 {county.version},台账 {first} 至 {end}")

# %% [markdown]
# ## 逐月支出
# 每个险种一条线;两个基金分开核算,从不相加。

# %%
months = county.kpi("fund_outlay", first, end, by="month").pandas()
months["险种"] = [key.split(",")[0] for key in months["key"]]
months["月份"] = [key[-7:] for key in months["key"]]
words = (
    county.sql("select code, label from dim_code where list = 'insutype'").pandas().set_index("code")["label"]
)
months["险种名"] = months["险种"].map(words)
drawn = months[["月份", "险种名"]].assign(万元=months["value"].astype(float) / WAN)
alt.Chart(drawn, title="基金支出,逐月").mark_line(point=True).encode(
    x=alt.X("月份:N", title=None), y=alt.Y("万元:Q", title="万元"), color=alt.Color("险种名:N", title=None)
).properties(width=560)

# %% [markdown]
# ## 年末展望

# %%
lines, figures = [], {}
for insutype, part in months.groupby("险种"):
    series = part.sort_values("月份")
    known = dict(zip(series["月份"], series["value"], strict=True))
    whole = [f"{day:%Y-%m}" for day in pd.date_range(f"{min(known)}-01", end, freq="MS")]
    outlook = compare([known.get(month) for month in whole], end.month)
    this_year = [known[month] for month in whole if month.startswith(f"{end.year}-") and month in known]
    figures[f"outlay_{insutype}"] = sum(this_year, Decimal(0))
    if outlook is None:
        print(f"{words.get(insutype, insutype)}:逐月数据不全,不作预测")
        continue
    chosen, band = outlook.chosen, outlook.chosen.band(80)
    lines.append({
        "险种": words.get(insutype, insutype), "年初至今": chosen.year_to_date / WAN, "年末": chosen.year_end / WAN,
        "下限": (band.lower if band else chosen.year_end) / WAN, "上限": (band.upper if band else chosen.year_end) / WAN,
        "基准年末": outlook.benchmark.year_end / WAN, "做法": "趋势" if outlook.beats else "去年同月",
        "回看次数": outlook.spans, "基准误差": (outlook.benchmark_error or 0) / WAN, "趋势误差": (outlook.trend_error or 0) / WAN,
    })  # fmt: skip
    figures[f"year_end_{insutype}"] = Decimal(str(chosen.year_end))
    figures[f"benchmark_{insutype}"] = Decimal(str(outlook.benchmark.year_end))
outlooks = pd.DataFrame(lines)
outlooks.round(0)

# %% [markdown]
# 区间来自同样做法在过去同样长的时间里错了多少(80%),历史短时区间宽,或没有区间。竖线是基准。

# %%
if len(outlooks):
    base = alt.Chart(outlooks).encode(y=alt.Y("险种:N", title=None))
    chart = (
        base.mark_bar(color="#1F5FA8", height=14).encode(x=alt.X("年初至今:Q", title="万元"))
        + base.mark_rule(color="#1B2733", strokeWidth=2).encode(x="下限:Q", x2="上限:Q")
        + base.mark_point(color="#1B2733", filled=True, size=80).encode(x="年末:Q")
        + base.mark_tick(color="#9DB4CC", thickness=3).encode(x="基准年末:Q")
    ).properties(width=560, height=140, title="年初至今(柱)、年末展望与 80% 区间(点、线)、基准(浅色竖线)")
else:
    chart = "没有可以展望的险种"
chart

# %% [markdown]
# ## 本笔记的数字

# %%
pd.Series({name: str(value) for name, value in figures.items()}, name="数值").to_frame()
