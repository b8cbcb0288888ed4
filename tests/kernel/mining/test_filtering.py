"""Filters against a naive reading of their words, and the law of the smaller log.

Longer than others: the naive reading of every filter stands beside its test.
"""

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.mining.event_log import EventLog, encode
from servoloop.kernel.mining.features import DAYPARTS, WEEKDAYS
from servoloop.kernel.mining.filter_words import said
from servoloop.kernel.mining.filtering import filtered, kept_cases, variant_key, variant_keys
from servoloop.kernel.mining.filters import (
    Contains,
    CycleTime,
    Filter,
    Follows,
    HandsOver,
    Happened,
    HasValue,
    InFinding,
    NumberBetween,
    OfVariant,
    Period,
    Repeats,
    UnreadableFilter,
    joined,
    read_filter,
    text_of,
)
from servoloop.kernel.mining.handover_summary import passed_work
from servoloop.kernel.mining.kpis import measure_log
from servoloop.kernel.mining.process_map import process_map
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.rework import rework
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.variants import variants
from tests.kernel.mining.cast import read_bytes, shared_log

ZONE = "Asia/Shanghai"
START = datetime(2025, 3, 3, tzinfo=UTC)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    case: str
    activity: str
    at: datetime
    team: str | None
    topic: str
    amount: int


EVENTS = st.lists(
    st.builds(
        Event,
        case=st.sampled_from("1234"),
        activity=st.sampled_from("abcd"),
        at=st.integers(0, 200).map(lambda n: START + timedelta(minutes=47 * n)),
        team=st.sampled_from(["x", "y", "z", None]),
        topic=st.sampled_from(["lamp", "chair"]),
        amount=st.integers(0, 5),
    ),
    min_size=1,
    max_size=30,
)
SPANS = st.integers(0, 40).map(lambda n: timedelta(minutes=47 * n))
DAYS = st.integers(0, 6).map(lambda n: date(2025, 3, 2) + timedelta(days=n))
FOUND = {"one": ("1", "3", "gone")}
NAMES = st.sampled_from("abcde")  # e never occurs
FILTERS: st.SearchStrategy[Filter] = st.one_of(
    st.builds(
        Period,
        by=st.sampled_from(["started", "ended", "active", "within"]),
        first=DAYS,
        last=st.none() | DAYS,
    ),
    st.builds(Period, by=st.just("started"), first=st.none(), last=DAYS),
    st.builds(
        HasValue,
        column=st.sampled_from(
            (
                *("@team", "@first_team", "topic", "case:kind", "nothing"),
                *("@first:topic", "@first:case:kind", "@first:nothing"),
            )
        ),
        values=st.lists(st.sampled_from(["x", "y", "lamp", "odd"]), min_size=1).map(tuple),
        is_excluded=st.booleans(),
    ),
    st.builds(
        HasValue,
        column=st.sampled_from(["@weekday", "@daypart"]),
        values=st.lists(st.sampled_from([*WEEKDAYS, *DAYPARTS]), min_size=1).map(tuple),
    ),
    st.builds(
        NumberBetween,
        column=st.sampled_from(["amount", "topic"]),
        low=st.none() | st.floats(0, 5),
        high=st.none() | st.floats(0, 5),
    ),
    st.builds(Contains, activity=NAMES, is_excluded=st.booleans()),
    st.builds(
        Follows,
        source=st.none() | NAMES,
        target=st.none() | NAMES,
        is_direct=st.booleans(),
        is_excluded=st.booleans(),
        waited=st.none() | SPANS,
    ),
    st.builds(HandsOver, source=st.sampled_from("xyw"), target=st.sampled_from("xyz")),
    st.builds(
        OfVariant,
        keys=st.lists(st.text("abcd", min_size=1, max_size=3).map(variant_key), min_size=1).map(
            tuple
        ),
        is_excluded=st.booleans(),
    ),
    st.builds(CycleTime, at_least=st.none() | SPANS, below=st.none() | SPANS),
    st.builds(Repeats, activity=st.none() | NAMES, is_excluded=st.booleans()),
    st.builds(
        Happened,
        what=st.sampled_from(["reopened", "ping_pong", "transferred", "owned"]),
        is_excluded=st.booleans(),
    ),
    st.builds(
        InFinding, rule=st.sampled_from(["loops", "~!"]), key=st.sampled_from(["one", "two"])
    ),
)


def log_of_events(events: list[Event]) -> EventLog:
    """Events in this file order, with a team, two attributes and one attribute of the case."""
    order = sorted(
        range(len(events)), key=lambda i: (first_of(events, events[i].case), events[i].at, i)
    )
    rows = [events[i] for i in order]
    case = encode(pl.Series([row.case for row in rows]))
    lengths = np.bincount(case.codes)

    def coded(values: list[str | None]) -> object:
        names = list(dict.fromkeys(v for v in values if v is not None))  # of the file
        placed = [values[i] for i in order]
        return encode(pl.Series(placed, dtype=pl.Enum(names))) if names else None

    activity, team = coded([e.activity for e in events]), coded([e.team for e in events])
    return EventLog(
        case=case,
        activity=in_file_order(activity, [e.activity for e in events]),
        ts=np.array([(row.at - datetime(1970, 1, 1, tzinfo=UTC)) // US for row in rows]),
        seq=np.array(order, dtype=np.int64),
        offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        team=None if team is None else in_file_order(team, [e.team for e in events]),
        attributes=pl.DataFrame(
            {"topic": [row.topic for row in rows], "amount": [row.amount for row in rows]}
        ),
        case_attributes=pl.DataFrame(
            {"case:kind": ["odd" if int(name) % 2 else "even" for name in case.names]}
        ),
    )


US = timedelta(microseconds=1)


def first_of(events: list[Event], case: str) -> int:
    return next(i for i, event in enumerate(events) if event.case == case)


def in_file_order(coded: object, values: list[str | None]) -> object:
    """`encode` names what it sees first in its rows; a reader names by the file."""
    names = tuple(dict.fromkeys(v for v in values if v is not None))
    place = {name: code for code, name in enumerate(names)}
    old = coded.names  # type: ignore[attr-defined]
    codes = [place[old[c]] if c >= 0 else -1 for c in coded.codes]  # type: ignore[attr-defined]
    return dataclasses.replace(coded, codes=np.array(codes, dtype=np.int32), names=names)  # type: ignore[type-var]


def cases_of(events: list[Event]) -> dict[str, list[Event]]:
    """Cases in the order of the file, their events by time; equal times as the file has them."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.case, []).append(event)
    return {case: sorted(rows, key=lambda row: row.at) for case, rows in found.items()}


def keeps(each: Filter, rows: list[Event], closing: tuple[str, ...]) -> bool:
    """What the words of the filter say, taken one case at a time."""
    began, ended = rows[0].at, rows[-1].at
    path = [row.activity for row in rows]
    match each:
        case Period():
            return in_period(each, began, ended)
        case HasValue():
            return bool(values_of(each.column, rows) & set(each.values)) != each.is_excluded
        case NumberBetween():
            low = float("-inf") if each.low is None else each.low
            high = float("inf") if each.high is None else each.high
            return each.column == "amount" and any(low <= row.amount <= high for row in rows)
        case Contains():
            return (each.activity in path) != each.is_excluded
        case Follows():
            return followed(each, rows) != each.is_excluded
        case HandsOver():
            return any((a.team, b.team) == (each.source, each.target) for a, b in pairwise(rows))
        case OfVariant():
            return (variant_key(path) in each.keys) != each.is_excluded
        case CycleTime():
            took = ended - began
            low = timedelta() if each.at_least is None else each.at_least
            return took >= low and (each.below is None or took < each.below)
        case Repeats(activity=None):
            return (len(set(path)) < len(path)) != each.is_excluded
        case Repeats():
            return (path.count(str(each.activity)) > 1) != each.is_excluded
        case Happened(what="reopened"):
            again = any(a in closing and b not in closing for a, b in pairwise(path))
            return again != each.is_excluded
        case Happened(what="transferred"):
            return any(transferred(a, b) for a, b in pairwise(rows)) != each.is_excluded
        case Happened(what="owned"):
            teams = [row.team for row in rows if row.team]
            return (bool(teams) and teams[0] == teams[-1]) != each.is_excluded
        case InFinding():
            return rows[0].case in FOUND.get(each.key, ())
        case Happened():
            return came_back([row.team for row in rows if row.team]) != each.is_excluded


def in_period(each: Period, began: datetime, ended: datetime) -> bool:
    zone = ZoneInfo(ZONE)
    first = date.min if each.first is None else each.first
    last = date.max if each.last is None else each.last
    started, closed = began.astimezone(zone).date(), ended.astimezone(zone).date()
    return {
        "started": first <= started <= last,
        "ended": first <= closed <= last,
        "active": started <= last and closed >= first,
        "within": first <= started and closed <= last,
    }[each.by]


def values_of(column: str, rows: list[Event]) -> set[str | None]:
    local = rows[0].at.astimezone(ZoneInfo(ZONE))
    read: dict[str, Callable[[], set[str | None]]] = {
        "@team": lambda: {row.team for row in rows},
        "@first_team": lambda: {rows[0].team},
        "@weekday": lambda: {WEEKDAYS[local.weekday()]},
        "@daypart": lambda: {DAYPARTS[local.hour // 6]},
        "topic": lambda: {row.topic for row in rows},
        "case:kind": lambda: {"odd" if int(rows[0].case) % 2 else "even"},
        "@first:topic": lambda: {rows[0].topic},
        "@first:case:kind": lambda: {"odd" if int(rows[0].case) % 2 else "even"},
        "nothing": set,
        "@first:nothing": set,
    }
    return read[column]()


def followed(each: Follows, rows: list[Event]) -> bool:
    if each.source is None or each.target is None:
        if each.waited is not None or (each.source is None and each.target is None):
            return False
        edge, end = (rows[0], each.target) if each.source is None else (rows[-1], each.source)
        return edge.activity == end
    at_once = [(i, i + 1) for i in range(len(rows) - 1)]
    later = [(i, j) for i in range(len(rows)) for j in range(i + 1, len(rows))]
    waited = timedelta() if each.waited is None else each.waited
    return any(
        rows[i].activity == each.source
        and rows[j].activity == each.target
        and rows[j].at - rows[i].at >= waited
        for i, j in (at_once if each.is_direct else later)
    )


def transferred(a: Event, b: Event) -> bool:
    return a.activity == b.activity and None not in (a.team, b.team) and a.team != b.team


def came_back(teams: list[str]) -> bool:
    stays = [team for i, team in enumerate(teams) if i == 0 or teams[i - 1] != team]
    return any(a == c for a, c in zip(stays, stays[2:], strict=False))


@settings(deadline=None, max_examples=150)
@given(EVENTS, st.lists(FILTERS, max_size=3))
def test_filters_keep_the_cases_that_their_words_say(events, filters):
    log = log_of_events(events)
    closing = reopenings(log, sweep(log, compiled=False)).closing
    kept = kept_cases(log, filters, zone=ZONE, findings=FOUND)
    expected = [
        case
        for case, rows in cases_of(events).items()
        if all(keeps(each, rows, closing) for each in filters)
    ]
    assert [name for name, is_kept in zip(log.case.names, kept, strict=True) if is_kept] == expected


def figures(log: EventLog) -> tuple[object, ...]:
    """Everything that is shown of a log, however its names are numbered."""
    swept = sweep(log, compiled=False)
    drawn = process_map(log, swept)
    return (
        {node.activity: node for node in drawn.nodes},
        {(edge.source, edge.target): edge for edge in drawn.edges},
        {v.activities: (v.cases, v.share, v.median_duration) for v in variants(log, swept)},
        dict(zip(log.case.names, swept.case_duration.tolist(), strict=True)),
        rework(log, swept),
        passed_on(log),
    )


def passed_on(log: EventLog) -> dict[tuple[str, str], int]:
    found = passed_work(log)
    if found is None:
        return {}
    pairs = zip(found.source, found.target, found.transitions.tolist(), strict=True)
    return {(found.names[source], found.names[target]): n for source, target, n in pairs}


@settings(deadline=None, max_examples=100)
@given(EVENTS, st.sets(st.sampled_from("1234"), min_size=1))
def test_a_filtered_log_is_the_log_of_the_kept_cases_alone(events, wanted):
    left = [event for event in events if event.case in wanted]
    if not left:
        return
    log, alone = log_of_events(events), log_of_events(left)
    smaller = filtered(log, np.array([name in wanted for name in log.case.names]))
    assert smaller.case.values() == alone.case.values()
    assert smaller.activity.values() == alone.activity.values()
    assert set(smaller.activity.names) == set(alone.activity.names)
    if alone.team is not None:
        assert smaller.team is not None
        assert smaller.team.values() == alone.team.values()
    assert smaller.ts.tolist() == alone.ts.tolist()
    assert smaller.offsets.tolist() == alone.offsets.tolist()
    assert smaller.attributes.equals(alone.attributes)
    assert smaller.case_attributes.equals(alone.case_attributes)
    assert figures(smaller) == figures(alone)


@settings(deadline=None, max_examples=100)
@given(FILTERS)
def test_a_filter_survives_its_text_and_says_something_in_both_languages(each):
    assert read_filter(text_of(each)) == each
    assert said(each).in_language("en")
    assert said(each).in_language("zh")


@settings(deadline=None, max_examples=100)
@given(st.text(min_size=1), st.none() | st.text())
def test_any_name_survives_its_text(one, other):
    for each in (Follows(source=one, target=other), HasValue(column=one, values=(one, one + "~"))):
        assert read_filter(text_of(each)) == each


@settings(deadline=None, max_examples=100)
@given(st.text("abc~!0-followsvariant", max_size=20))
def test_any_other_text_is_refused_with_a_word(text):
    try:
        each = read_filter(text)
    except UnreadableFilter as error:
        assert "is no filter" in str(error)
    else:
        assert read_filter(text_of(each)) == each


@pytest.mark.parametrize(
    "text",
    [
        "",
        "follows~a",
        "value~topic",
        "number~amount~nan~!0",
        "started~2025-02-30~!0",
        "started~!0~!0",
        "cycle~-~!0",
        "variant",
        "reopened~x",
        "cycle~99999999999999999999~!0",
    ],
)
def test_a_broken_address_is_refused(text):
    with pytest.raises(UnreadableFilter):
        read_filter(text)


def test_the_same_filter_twice_is_one_filter():
    one, other = Contains(activity="a"), Contains(activity="b")
    assert joined((one, other), one) == (one, other)


def test_words_name_at_most_three_values():
    many = HasValue(column="case:topic", values=("a", "b", "c", "d", "e"))
    assert said(many).in_language("en") == "topic: a or b or c or 2 more"
    assert said(many).in_language("zh-hans") == "topic：a、b、c 等 5 项"
    hour = Follows(source="a", target=None, waited=timedelta(hours=1, minutes=30))
    assert said(hour).in_language("en") == "a → end after 1.5 h or more"


def test_known_counts_of_a_public_log():
    """helpdesk_italy: 226 variants, of which the first holds 2,366 of 4,580 cases."""
    log = read_bytes(shared_log("helpdesk_italy.xes.gz").read_bytes()).log
    swept = sweep(log, compiled=False)
    drawn = process_map(log, swept)
    keys = variant_keys(log, swept)
    assert len(set(keys)) == 226
    top = kept_cases(log, [OfVariant(keys=keys[:1])], swept=swept)
    assert top.sum() == swept.variant_cases[0] == 2366
    for edge in drawn.edges:
        kept = kept_cases(log, [Follows(source=edge.source, target=edge.target)])
        assert kept.sum() == edge.cases
        assert kept_cases(
            log, [Follows(source=edge.source, target=edge.target, is_excluded=True)]
        ).sum() == (log.cases - edge.cases)
    for node in drawn.nodes:
        assert kept_cases(log, [Contains(activity=node.activity)]).sum() == node.cases
        assert kept_cases(log, [Repeats(activity=node.activity)]).sum() == node.repeat_cases
    assert kept_cases(log, [Repeats()]).sum() == swept.case_repeats.sum()
    kpis = {each.kpi.id: each for each in measure_log(log)}
    for what, kpi in (("transferred", "transfer"), ("owned", "first_contact_ownership")):
        told = kpis[kpi].figure("share")
        assert told is not None
        kept = kept_cases(log, [Happened(what=what)])
        assert kept.sum() == round(told.value * told.n)
    closed = reopenings(log, swept)
    assert kept_cases(log, [Happened(what="reopened")], swept=swept).sum() == closed.cases
