"""Statistics on top of the KPIs: pure functions on plain numbers, no files, no SQL, no screen.

``xmr`` (monthly series), ``funnel`` (institutions side by side), ``cusum`` (drift against peers),
``sampling``, ``attribute`` and ``sample_size`` (extrapolation of a review sample), ``forecast`` (year end),
``words`` (what the screens say). Estimates are floats: they are statistics, never amounts to be booked.
"""
