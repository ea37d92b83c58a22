"""The Chinese words: every outcome has one, none of them blames."""

from __future__ import annotations

import pytest

from fundwatch.stats import words
from fundwatch.stats.funnel import Position
from fundwatch.stats.sample_size import Caution
from fundwatch.stats.special_causes import Rule
from fundwatch.stats.xmr import Assurance, Variation, xmr

CALM = [9, 11] * 7
TABLES = [
    (words.VARIATION, Variation),
    (words.ASSURANCE, Assurance),
    (words.RULE, Rule),
    (words.POSITION, Position),
    (words.CAUTION, Caution),
]


@pytest.mark.parametrize(("table", "outcomes"), TABLES)
def test_every_outcome_has_its_word(table, outcomes):
    assert set(table) == set(outcomes)


@pytest.mark.parametrize("blame", ["违规", "违法", "骗保", "最差", "!", "！"])
def test_no_word_blames(blame):
    assert not any(blame in word for table, _ in TABLES for word in table.values())


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (CALM, "正常波动"),
        ([*CALM, 40], "改善:超出控制限"),
        ([*CALM, -40], "关注:超出控制限"),
        (CALM[:6], "正常波动,点数不足(试用限)"),
        ([*CALM, None], "本月无数值"),
        ([9], "点数不足"),
        ([], "点数不足"),
    ],
)
def test_variation_column(values, said):
    assert words.variation_words(xmr(values, better="higher")) == said


@pytest.mark.parametrize(
    ("values", "target", "said"),
    [
        (CALM, 1, "稳定达标"),
        (CALM, 10, "时达时不达"),
        (CALM, 100, "稳定不达标"),
        (CALM[:6], 100, "稳定不达标,点数不足(试用限)"),
        (CALM, None, "—"),
    ],
)
def test_assurance_column(values, target, said):
    assert words.assurance_words(xmr(values, better="higher", target=target)) == said
