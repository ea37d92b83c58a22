"""机构画像: one institution — agreement, KPIs beside its level, fund by month, everything that happened, settlements."""

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.clock import china_today
from fundwatch.screens import institution as screen
from fundwatch.screens.map import kpis_of_institutions, whole_months
from fundwatch.ui import address, numbers, profile, profile_more, start_page
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.drift import institution_alerts
from fundwatch.ui.filters import Filters
from fundwatch.ui.header import header
from fundwatch.ui.part_list import Context
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data, page_query
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

page = start_page(__file__)

code = next(iter(address.values("code")), "")
found = page_query(page, "institution_head", code=code).to_pylist()
kpis = kpis_of_institutions()
through = days_through(page, list(kpis))
earliest = min((day for day in through.values() if day is not None), default=None)
if not found:
    header(page, dated=False)
    profile.unknown(code)
    st.stop()

head = found[0]
name = head["fixmedins_name"]
newest = newest_data(page) or china_today()
header(page, title=name, data_through=earliest, newest=newest, kpis=list(kpis))
st.caption(escaped(screen.head_words(head)))
with st.columns([1, 3])[0]:
    period = period_picker(newest)
only = Filters({"fixmedins_code": (code,)}, {"fixmedins_code": {code: name}})
context = Context(f"机构画像_{name}", period, only, earliest)

months = page_query(page, "institution_fund_months", code=code, insutype=[]).to_pylist()
inside = set(whole_months(period.start, period.end))
paid = page_query(
    page,
    "institution_fund_period",
    code=code,
    first_month=min(inside, default=None),
    last_month=max(inside, default=None),
).to_pylist()[0]
level = {"level_class": [head["level_class"]], "fixmedins_type": [head["fixmedins_type"]]}
values = kpi_values(page, list(kpis), period.start, period.end, by="fixmedins_code", filters=level)
standings = [
    screen.standing(kpi, code, [value for value in values if value.kpi == kpi.id]) for kpi in kpis.values()
]
events = page_query(page, "institution_timeline", code=code).to_pylist()
interfaces = page_query(page, "institution_interfaces", code=code).to_pylist()
agreements = page_query(page, "institution_agreements", code=code, on_date=period.end).to_pylist()

is_medical = head["fixmedins_type"] == "1"
money = numbers.money(paid["fund_pay_sumamt"])
profile.facts([
    screen.agreement_fact(agreements),
    *([screen.interface_fact(interfaces, "3101", "事前提醒接口", period.end)] if is_medical else []),
    *([screen.interface_fact(interfaces, "video", "视频监控", period.end)] if is_medical else []),
    screen.Fact("本期基金支付", str(money), f"{paid['setl_cnt']:,} 笔结算,{len(inside)} 个完整月份"),
])  # fmt: skip
happened = screen.happened_between(events, period.start, period.end)
st.markdown(f"**{escaped(screen.finding(standings, happened, period.words))}**")

with guarded("持续偏离预警"):
    for alert in institution_alerts(page, newest).found:
        if alert.code == code:
            st.markdown(f":orange[:material/trending_up:] {escaped(alert.words)}")

left, right = st.columns([3, 2], gap="large")
with left:
    st.subheader(f"与同级别机构比较({head['level_class']})", anchor=False)
    shown = screen.drawn(standings)
    chart = profile.comparison(shown)
    if chart is None:
        st.caption("本期没有可以画出比较的指标,见下方清单。")
    else:
        st.altair_chart(chart, width="stretch", alt=profile.comparison_words(shown))
        st.caption(
            "圆点为本机构;竖线为同级别合计或中位;深色带为 95% 预警限或四分位,浅色带为 99.8% 控制限或最小到最大。不作排名。"
            f"图中为偏离同级别较多的 {len(shown)} 项,全部指标见下方清单。"
        )
with right:
    st.subheader("基金支付按月", anchor=False)
    profile.fund_chart(months, screen.newest_whole_month(newest))

profile_more.one_by_one(page, context, standings, values, code)
profile.compared_list(page, context, profile.compared_rows(standings), code)
rows = (
    pa.Table.from_pylist(screen.timeline_rows(events, page.can(Ability.PERSONAL))) if events else pa.table({})
)
profile.timeline(page, context, rows, code)
profile_more.show_stock(page, context, code)

if page.can(Ability.PERSONAL) and months:
    with st.columns([1, 3])[0]:
        month = profile.month_chooser(months)
    listed = page_query(page, "institution_settlements", code=code, ym=month)
    note_view(page, f"机构 {code} {month} 结算清单", listed.num_rows)
    profile.settlements(page, context, listed)
    st.caption("人员编号为假名。每月最多列出最新 1,000 笔。")
elif not page.can(Ability.PERSONAL):
    st.caption("当前角色不查看单笔结算和案件文字。")
