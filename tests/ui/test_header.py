"""The top of a screen: how fresh the data are, said in words."""

from __future__ import annotations

import datetime as dt

from fundwatch.quality import Completeness
from fundwatch.ui.header import freshness_words, old_data_words

COMPLETE = Completeness("2024-06", loaded=55, expected=56, missing=(), never_loaded=())


def test_freshness_names_day_version_and_completeness():
    words = freshness_words(dt.date(2024, 6, 30), "20240701-1", COMPLETE)
    assert words == "数据截至 2024-06-30 · 版本 20240701-1 · 完整度 98.2%"


def test_nothing_dated_is_a_dash():
    empty = Completeness(None, 0, 0, (), ())
    assert freshness_words(None, "v", empty) == "数据截至 — · 版本 v · 完整度 —"


def test_a_screen_without_numbers_says_so_instead_of_a_date():
    words = freshness_words(None, "v", COMPLETE, dt.date(2024, 6, 30))
    assert words == "本页指标无数据 · 版本 v · 完整度 98.2%"


def test_band_appears_when_data_are_older_than_seven_days():
    assert old_data_words(dt.date(2024, 6, 30), dt.date(2024, 7, 7)) == ""
    assert "距今已 8 天" in old_data_words(dt.date(2024, 6, 30), dt.date(2024, 7, 8))
    assert old_data_words(None, dt.date(2024, 7, 8)) == ""
