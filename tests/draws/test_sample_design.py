"""Frame, strata, allocation and lots: the same draw for the same frame and seed, on any machine."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundwatch.draws.design import Cell, Design, allocation, draw, stratify
from fundwatch.draws.frame import Document, documents, frame_hash, yuan
from fundwatch.draws.lots import drawn, lot, new_seed, read_seed
from fundwatch.errors import UsageError

D = Decimal
FIVE_PERCENT = Design(D("0.05"), D(30000), 1)


def frame_of(*amounts: int, code: str = "H1", kind: str = "门诊") -> list[Document]:
    return [
        Document(f"{code}{kind}{n:05d}", code, kind, fen + 100, fen, None) for n, fen in enumerate(amounts)
    ]


@st.composite
def frames(make) -> list[Document]:
    sizes = make(st.dictionaries(st.sampled_from(["H1", "H2", "P1"]), st.integers(1, 60), min_size=1))
    found = []
    for code, size in sizes.items():
        for kind in ("住院", "门诊"):
            found += frame_of(
                *make(st.lists(st.integers(0, 5_000_000), min_size=size, max_size=size)), code=code, kind=kind
            )
    return sorted(found, key=lambda document: document.doc_id)


designs = st.builds(
    Design, st.decimals("0.01", "1", places=2), st.one_of(st.none(), st.just(D(30000))), st.integers(1, 12)
)


class TestLots:
    def test_a_lot_is_the_sha256_of_seed_and_id(self):
        # printf '20240605\nD0001' | sha256sum
        assert lot(20240605, "D0001") == "4206977548b73175898b648ad367ed812f9a281b3a076a03df6732713ab9bc7d"

    def test_order_of_the_items_does_not_matter(self):
        items = [f"D{n}" for n in range(100)]
        assert drawn(7, items, 10) == drawn(7, reversed(items), 10)

    def test_every_item_is_drawn_about_as_often_as_the_others(self):
        items = [f"D{n}" for n in range(10)]
        times = dict.fromkeys(items, 0)
        for seed in range(2000):
            for item in drawn(seed, items, 3):
                times[item] += 1
        # 600 expected each, standard deviation 20.5: five of them on either side
        assert all(500 < count < 700 for count in times.values())

    def test_seeds_are_kept_to_twelve_digits(self):
        assert 0 < new_seed() < 10**12
        assert read_seed(0) == 0
        for wrong in (-1, 10**12):
            with pytest.raises(UsageError, match="随机种子"):
                read_seed(wrong)


class TestAllocation:
    @pytest.mark.parametrize(
        ("size", "expected"), [(1, 1), (19, 1), (20, 1), (21, 2), (200, 10), (201, 11), (240, 12)]
    )
    def test_five_percent_is_rounded_up_in_each_stratum(self, size, expected):
        assert allocation(size, FIVE_PERCENT, certain=False) == expected

    def test_the_least_number_holds_unless_the_stratum_is_smaller(self):
        ten = Design(D("0.05"), None, 10)
        assert [allocation(size, ten, certain=False) for size in (4, 10, 30, 400)] == [4, 10, 10, 20]

    def test_documents_at_the_amount_are_all_drawn_and_one_fen_below_is_not_certain(self):
        found = stratify(frame_of(3_000_000, 2_999_999, 100), FIVE_PERCENT)
        assert [(one.cell.certain, one.size, one.sample) for one in found] == [(False, 2, 1), (True, 1, 1)]
        assert yuan(found[0].fund_fen) == D("30000.99")

    @pytest.mark.parametrize(
        ("rate", "certainty", "least"),
        [("0", None, 1), ("1.01", None, 1), ("0.05", "0", 1), ("0.05", None, 0)],
    )
    def test_impossible_designs_are_refused(self, rate, certainty, least):
        with pytest.raises(UsageError):
            Design(D(rate), None if certainty is None else D(certainty), least)

    def test_an_empty_frame_is_refused(self):
        with pytest.raises(UsageError, match="抽样框是空的"):
            draw([], FIVE_PERCENT, 1)


class TestDraw:
    @given(frames(), designs, st.integers(0, 10**12 - 1))
    def test_same_frame_design_and_seed_give_the_same_draw_in_any_order_of_the_frame(
        self, frame, design, seed
    ):
        first = draw(frame, design, seed)
        assert draw(list(reversed(frame)), design, seed) == first
        assert first.items_hash == draw(frame, design, seed).items_hash

    @given(frames(), designs, st.integers(0, 10**12 - 1))
    def test_each_stratum_reaches_the_rate_and_the_strata_add_up_to_the_frame(self, frame, design, seed):
        found = draw(frame, design, seed)
        ids = [document.doc_id for _, document in found.documents]
        assert len(ids) == len(set(ids)) == sum(one.sample for one in found.strata)
        assert sum(one.size for one in found.strata) == len(frame)
        assert sum(one.fund_fen for one in found.strata) == sum(document.fund_fen for document in frame)
        for one in found.strata:
            own = [document for cell, document in found.documents if cell == one.cell]
            assert len(own) == one.sample >= one.size * design.rate
            assert one.sample >= min(one.size, design.least)
            assert all((document.fixmedins_code, document.care_kind) == (one.cell.fixmedins_code, one.cell.care_kind)
                       for document in own)  # fmt: skip
            if one.cell.certain:
                assert one.sample == one.size

    @given(frames(), st.integers(0, 10**12 - 2))
    def test_a_stratum_s_draw_does_not_depend_on_the_other_strata(self, frame, seed):
        whole = draw(frame, FIVE_PERCENT, seed)
        code = frame[0].fixmedins_code
        alone = draw([d for d in frame if d.fixmedins_code == code], FIVE_PERCENT, seed)
        assert [d for c, d in whole.documents if c.fixmedins_code == code] == [d for _, d in alone.documents]

    def test_another_seed_draws_others(self):
        frame = frame_of(*range(100, 500))
        assert draw(frame, FIVE_PERCENT, 1).items_hash != draw(frame, FIVE_PERCENT, 2).items_hash


class TestHash:
    def test_rows_become_documents_in_order_with_whole_fen(self):
        row = {
            "fixmedins_code": "H1",
            "care_kind": "门诊",
            "medfee_sumamt": D("10.05"),
            "dcla_fund_amt": None,
            "chker": "初审岗01",
            "setl_id": "S1",
        }
        found = documents([{**row, "doc_id": "B"}, {**row, "doc_id": "A"}])
        assert [(one.doc_id, one.medfee_fen, one.fund_fen) for one in found] == [
            ("A", 1005, 0),
            ("B", 1005, 0),
        ]

    @given(frames(), st.data())
    def test_any_changed_amount_or_missing_document_changes_the_hash(self, frame, data):
        place = data.draw(st.integers(0, len(frame) - 1))
        before, one = frame_hash(frame), frame[place]
        for other in (
            Document(one.doc_id, one.fixmedins_code, one.care_kind, one.medfee_fen, one.fund_fen + 1, None),
            Document(one.doc_id, "H9", one.care_kind, one.medfee_fen, one.fund_fen, None),
        ):
            assert frame_hash([*frame[:place], other, *frame[place + 1 :]]) != before
        assert frame_hash([*frame[:place], *frame[place + 1 :]]) != before

    def test_cells_are_ordered_by_institution_kind_and_certainty(self):
        cells = [Cell("H2", "门诊"), Cell("H1", "门诊", True), Cell("H1", "门诊"), Cell("H1", "住院")]
        assert sorted(cells) == [
            Cell("H1", "住院"),
            Cell("H1", "门诊"),
            Cell("H1", "门诊", True),
            Cell("H2", "门诊"),
        ]
