"""Files of settlements for the tests of faults."""

from __future__ import annotations

from pathlib import Path

#: months that the settlements lie in, in turns
MONTHS = ("2024-06", "2024-07")
HEADER = (
    "setl_id,mdtrt_id,psn_no,insutype,med_type,fixmedins_code,insu_admdvs,begndate,setl_time,medfee_sumamt,"
    "inscp_amt,hifp_pay,fund_pay_sumamt,refd_setl_flag,vali_flag"
)


def settlements(file: Path, amount: str, first: int = 0, count: int = 3000) -> Path:
    """``count`` settlements of ``amount`` yuan each, half a month's each; their ids begin at ``first``."""
    lines = [
        f"S{n},M{n},P{n},390,21,H99900100001,999001,2024-06-01,{MONTHS[n % 2]}-03 10:00:00,{amount},90.00,60.00,60.00,0,1"
        for n in range(first, first + count)
    ]
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return file
