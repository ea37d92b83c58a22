"""Screens take turns, and nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fundwatch.ui.turns import Turns


def test_another_waits_for_the_turn():
    turns, order = Turns(at_once=1, longest_wait=30), []
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with turns.turn():
            inside.set()
            go_on.wait(30)
            order.append("first")

    def second() -> None:
        inside.wait(30)
        with turns.turn() as held:
            order.append("second" if held else "second without a turn")

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    inside.wait(30)
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert order == ["first", "second"]


def test_who_has_waited_too_long_goes_on_without_a_turn_and_gives_none_back():
    turns = Turns(at_once=1, longest_wait=0)
    with turns.turn() as held:
        assert held
        with ThreadPoolExecutor(1) as beside:
            assert [beside.submit(_gets_a_turn, turns).result() for _ in range(2)] == [False, False]
    assert _gets_a_turn(turns)


def test_an_error_gives_the_turn_back():
    turns = Turns(at_once=1, longest_wait=0)
    with pytest.raises(RuntimeError), turns.turn():
        raise RuntimeError
    with turns.turn() as held:
        assert held


def test_long_work_steps_aside_and_takes_a_turn_again():
    turns = Turns(at_once=1, longest_wait=0)
    with turns.turn():
        with turns.aside(), ThreadPoolExecutor(1) as beside:
            assert beside.submit(_gets_a_turn, turns).result()
        with ThreadPoolExecutor(1) as beside:
            assert beside.submit(_gets_a_turn, turns).result() is False
    assert _gets_a_turn(turns)


def test_work_without_a_turn_has_none_to_give():
    turns = Turns(at_once=1, longest_wait=0)
    with turns.aside():
        assert _gets_a_turn(turns)
    assert _gets_a_turn(turns)


def _gets_a_turn(turns: Turns) -> bool:
    with turns.turn() as held:
        return held
