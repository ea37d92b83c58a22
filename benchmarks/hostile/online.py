"""Over the websocket of a running server, as a signed-in person with every role: addresses, and whatever stands in a widget.

Addresses are a screen with one to four parameters. Widgets are those that the screen itself has sent: texts typed into them (and SQL into
自助查询), and forged states that no browser would send (choices not on the list, numbers out of range, another type, broken JSON).

A case fails when the script does not end, when the browser is sent an exception or a library's own words, when Markdown or HTML of a value
comes through as such, or (addresses and typed texts) when an incident number is shown. A forged state may be answered with one.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from benchmarks.hostile.queries import NAMES
from benchmarks.hostile.tally import Family, timed
from benchmarks.hostile.words import INSIDE, RAW, mixed
from benchmarks.sessions import INCIDENT, LONGEST_RUN, Counted, Visitor, visit
from fundwatch.access import PAGES, Entry, entry_at
from tests.analyst.hostile import HOSTILE

#: widgets that take what a person types
TYPED = ("text_input", "text_area")
#: kind of widget → the state that a browser sends for it
STATES = {
    "text_input": "string_value", "text_area": "string_value", "selectbox": "string_value", "radio": "string_value",
    "multiselect": "string_array_value", "button_group": "string_array_value", "date_input": "string_array_value",
    "number_input": "double_value", "slider": "double_array_value", "checkbox": "bool_value", "dataframe": "string_value",
    "vega_lite_chart": "string_value", "deck_gl_json_chart": "string_value", "pagination": "int_value",
    "bidi_component": "json_value", "component_instance": "json_value", "button": "trigger_value",
}  # fmt: skip
#: what would end the session or publish a version
NOT_CLICKED = ("退出", "生成新版本", "确认载入")
SHOWN = ("label", "body", "help", "caption", "text", "placeholder")
JSON = (
    "{",
    "null",
    "[]",
    '{"selection": {"rows": [999999], "columns": [7]}}',
    '{"selection": null}',
    "[" * 2000,
    '{"x": 1e999}',
    "true",
)
#: cases of one session of addresses; of widgets, where what was sent stays with the session
PER_SESSION, PER_TAB = 100, 10
WAYS = ("typed", "forged", "SQL")
#: what is tried here
FAMILIES = ("addresses", "widgets")


class Attacker(Visitor):
    """A tab that keeps the widgets of its screen and looks at every text it is sent."""

    def listen(self) -> None:
        self.widgets: dict[str, tuple[str, Message]] = {}
        self.faults: list[str] = []
        self.incidents: list[str] = []
        self._known: dict[str, ForwardMsg] = {}

    async def open(self, screen: Entry, query: str) -> float:
        """As a visitor does; a missing title is a fault, unless an incident number stands in its place."""
        seconds = await super().open(screen, query)
        if not self.incidents:
            self.faults += self._counted.errors
        self._counted.errors.clear()
        return seconds

    def _finished(self, screen: str, content: bytes | str) -> bool:
        assert isinstance(content, bytes)
        message = ForwardMsg.FromString(content)
        if message.WhichOneof("type") == "ref_hash":
            message = self._known.get(message.ref_hash, message)
        elif message.hash:
            self._known[message.hash] = message
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._look(screen, message.delta.new_element)
        if message.WhichOneof("type") == "parent_message" or message.WhichOneof("type") == "session_event":
            return False
        before = len(self._counted.errors)
        ended = super()._finished(screen, message.SerializeToString())
        self.incidents += [error for error in self._counted.errors[before:] if INCIDENT in error]
        self.faults += [error for error in self._counted.errors[before:] if INCIDENT not in error]
        del self._counted.errors[before:]
        return ended

    def _look(self, screen: str, element: Element) -> None:
        kind = element.WhichOneof("type")
        inner = getattr(element, kind) if kind else element
        if kind in STATES and getattr(inner, "id", ""):
            self.widgets[inner.id] = (kind, inner)
        texts = [getattr(inner, name, "") for name in SHOWN]
        for text in (text for text in texts if isinstance(text, str)):
            # code is shown as it is, and so is what a text field holds
            if kind != "code" and any(raw in text for raw in RAW):
                self.faults.append(f"{screen}: a value came through as it is: {text[:120]}")
            if kind in ("alert", "toast", "exception", "text") and (inside := INSIDE.search(text)):
                self.faults.append(f"{screen}: a library's own words: {inside[0]} in {text[:200]}")

    async def send(self, screen: Entry, query: str, states: list[WidgetState]) -> None:
        """Run the screen again with these widgets, and wait for its end."""
        message = BackMsg()
        message.rerun_script.page_name = "" if screen is PAGES[0] else screen.url_path
        message.rerun_script.query_string = query
        message.rerun_script.widget_states.CopyFrom(WidgetStates(widgets=states))
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(LONGEST_RUN):
            while not self._finished(screen.title, await self._socket.recv()):
                pass


def addresses(server: str, cookies: list[str], cases: int, seed: int) -> Family:
    """Screens with hostile parameters."""
    family, chance = Family("addresses"), random.Random(seed)

    async def work(visitor: Attacker, share: int, _session: int) -> None:
        for _ in range(share):
            pairs = [(chance.choice(NAMES), mixed(chance)) for _ in range(chance.randint(1, 4))]
            query, screen = urlencode(pairs, errors="replace"), chance.choice(PAGES)
            await visitor.open(screen, query)
            _judge(family, visitor, "shown", query)

    return _all(family, server, cookies, _shares(cases, PER_SESSION), seed, work)


def widgets(server: str, cookies: list[str], cases: int, seed: int) -> Family:
    """A third typed texts, a third forged states, a third SQL statements; each tab tries one of them.

    The last forged state of a tab is of another type, which the session cannot get rid of: that tab is lost to its forger.
    """
    family, chance = Family("widgets"), random.Random(seed)
    screens = [entry for entry in PAGES if entry.in_menu]
    console = entry_at("sql")
    assert console is not None

    async def work(visitor: Attacker, share: int, session: int) -> None:
        way, screen = WAYS[session % len(WAYS)], console
        for number in range(share):
            if number % 3 == 0:
                screen = console if way == "SQL" else chance.choice(screens)
                visitor.widgets.clear()
                await visitor.open(screen, "")
            states = _states(chance, visitor.widgets, way, wrong_type=number == PER_TAB - 1)
            await visitor.send(screen, "", states)
            _judge(family, visitor, way, " ".join(str(state) for state in states))

    return _all(family, server, cookies, _shares(cases, PER_TAB), seed, work)


def _shares(cases: int, most: int) -> list[int]:
    """Cases of each session."""
    return [min(most, cases - done) for done in range(0, cases, most)]


def _all(  # noqa: PLR0917
    family: Family,
    server: str,
    cookies: list[str],
    shares: list[int],
    seed: int,
    work: Callable[[Attacker, int, int], Awaitable[None]],
) -> Family:
    async def sessions() -> None:
        for number, share in enumerate(shares):
            counted = Counted()

            async def attack(
                visitor: Visitor, counted: Counted = counted, share: int = share, number: int = number
            ) -> None:
                attacker = Attacker(visitor._socket, counted, random.Random(seed + number))
                attacker.listen()
                await work(attacker, share, number)

            await visit(server, cookies[number % len(cookies)], counted, seed + number, attack)
            for error in counted.errors:
                family.fail(error)

    with timed(family):
        asyncio.run(sessions())
    return family


def _judge(family: Family, visitor: Attacker, way: str, sent: str) -> None:
    if visitor.incidents and way != "forged":
        family.fail(f"{visitor.incidents[0]} | {way} {sent[:300]}")
    family.ended(f"{way}, incident number" if visitor.incidents else way)
    for fault in visitor.faults:
        family.fail(f"{fault} | {way} {sent[:300]}")
    visitor.incidents.clear()
    visitor.faults.clear()


def _states(
    chance: random.Random, there: dict[str, tuple[str, Message]], way: str, *, wrong_type: bool
) -> list[WidgetState]:
    """One to four widgets with a state, and more often than not a button."""
    buttons = [
        i
        for i, (kind, inner) in there.items()
        if kind == "button" and not any(word in inner.label for word in NOT_CLICKED)
    ]  # type: ignore[attr-defined]
    others = [i for i, (kind, _) in there.items() if kind in TYPED or (way == "forged" and kind != "button")]
    states = []
    for identifier in chance.sample(others, min(len(others), chance.randint(1, 4))):
        kind = there[identifier][0]
        states.append(_state(chance, identifier, kind, way, wrong_type=wrong_type and way == "forged"))
    if way == "SQL":
        runs = [i for i in buttons if "运行" in there[i][1].label]  # type: ignore[attr-defined]
        buttons = runs or buttons
    if buttons and (way == "SQL" or chance.randrange(3)):
        states.append(WidgetState(id=chance.choice(buttons), trigger_value=True))
    return states


def _state(chance: random.Random, identifier: str, kind: str, way: str, *, wrong_type: bool) -> WidgetState:
    state = WidgetState(id=identifier)
    if way == "SQL" and kind == "text_area":
        state.string_value = chance.choice(HOSTILE).replace("\x00", "")[:100_000]
        return state
    field = STATES[kind]
    if wrong_type:
        field = chance.choice(sorted(set(STATES.values()) - {"trigger_value"}))
    text = mixed(chance)
    match field:
        case "string_value" | "json_value":
            clicked = kind in (
                "dataframe",
                "vega_lite_chart",
                "deck_gl_json_chart",
                "bidi_component",
                "component_instance",
            )
            setattr(
                state,
                field,
                chance.choice(JSON)
                if clicked and chance.randrange(4)
                else json.dumps(text)
                if clicked
                else text,
            )
        case "string_array_value":
            state.string_array_value.data.extend([text] * chance.randrange(3))
        case "double_value":
            state.double_value = chance.choice((1e308, -1.0, float("nan"), float("inf"), 0.1, 1e15, -0.0))
        case "double_array_value":
            state.double_array_value.data.extend(
                [chance.choice((1e308, float("nan"), -1.0))] * chance.randrange(3)
            )
        case "int_value":
            state.int_value = chance.choice((-1, 0, 2**31 - 1))
        case _:
            state.bool_value = True
    return state
