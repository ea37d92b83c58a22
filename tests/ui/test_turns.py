"""Screens take turns, and nobody waits for ever."""

from __future__ import annotations

import threading

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
        with turns.turn() as other:
            assert not other
        with turns.turn() as third:
            assert not third
    with turns.turn() as again:
        assert again


def test_an_error_gives_the_turn_back():
    turns = Turns(at_once=1, longest_wait=0)
    with pytest.raises(RuntimeError), turns.turn():
        raise RuntimeError
    with turns.turn() as held:
        assert held
