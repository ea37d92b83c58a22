"""Filters in words, what emptied a screen, and what an address carries from level to level."""

from __future__ import annotations

from fundwatch.access import PAGES
from fundwatch.kpi import declarations
from fundwatch.ui import address
from fundwatch.ui.filters import Filters, loosening, options_of, read_filters

OPTIONS = options_of(
    [
        {"dimension": "fixmedins_type", "code": "1", "label": None},
        {"dimension": "fixmedins_type", "code": "2", "label": None},
        {"dimension": "level_class", "code": "一级", "label": None},
        {"dimension": "level_class", "code": "三级", "label": None},
        {"dimension": "town_code", "code": "999001101", "label": "甲镇"},
    ]
)


def test_codes_are_offered_with_their_words_and_levels_from_the_highest():
    assert OPTIONS["fixmedins_type"] == {"1": "定点医疗机构", "2": "定点零售药店"}
    assert list(OPTIONS["level_class"]) == ["三级", "一级"]
    assert OPTIONS["town_code"] == {"999001101": "甲镇"}
    assert OPTIONS["insutype"] == {}


def test_choice_is_described_in_words():
    filters = read_filters({"fixmedins_type": ["2"], "town_code": ["999001101"], "kpi": ["x"]}, OPTIONS)
    assert filters.words == "机构类别:定点零售药店;乡镇:甲镇"
    assert filters.for_kpi == {"fixmedins_type": ["2"], "town_code": ["999001101"]}
    assert read_filters({}, OPTIONS).words == "全部"


def test_unknown_code_of_a_link_is_kept_and_shown_as_it_is():
    assert read_filters({"town_code": ["123"]}, OPTIONS).words == "乡镇:123"


def test_empty_screen_names_the_filters_whose_loosening_helps():
    filters = Filters({"fixmedins_type": ("2",), "level_class": ("三级",)}, OPTIONS)

    def pharmacies_have_no_third_level(tried: Filters) -> bool:
        return len(tried.chosen) < 2

    assert loosening(filters, pharmacies_have_no_third_level) == ["fixmedins_type", "level_class"]
    assert loosening(filters, lambda tried: "level_class" not in tried.chosen) == ["level_class"]
    assert loosening(filters, lambda tried: False) == []


def test_kpi_without_a_dimension_says_which_filter_it_ignores():
    filters = Filters({"insutype": ("310",), "town_code": ("1",)}, OPTIONS)
    assert filters.ignored_by(declarations()["inspection_coverage"]) == ["险种"]


def test_next_level_keeps_the_choices_and_adds_this_screen_to_the_way_back():
    start = PAGES[0].url_path
    query = address.onward({"from": ["2024-01-01"], "town_code": ["1", "2"]}, start, {"kpi": "recovery_rate"})
    assert query == {
        "from": ["2024-01-01"],
        "town_code": ["1", "2"],
        "kpi": ["recovery_rate"],
        "via": [start],
    }
    further = address.onward(query, start, {"kpi": None})
    assert "kpi" not in further
    assert address.trail_of(further) == [start, start]
    assert address.back_to(further, 0) == {"from": ["2024-01-01"], "town_code": ["1", "2"]}


def test_way_back_in_an_address_takes_known_screens_only():
    assert address.trail_of({"via": ["nowhere.overview.http://x"]}) == ["overview"]
