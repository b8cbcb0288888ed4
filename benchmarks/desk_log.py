"""A desk as rich as real ones: starts, people, teams, attributes, and departures from its rules.

Its definition is ``processes/nine_steps.bpmn``.
"""

import numpy as np
import polars as pl

from servoloop.kernel.mining.event_log import Coded, EventLog

DEFINITION = "nine_steps.bpmn"
STEPS = tuple(f"Step {number}" for number in range(1, 10))
PEOPLE, TEAMS = 120, 8
DEPARTS = 0.03
"""The chance of a step to be skipped, and again to be done twice."""
DAY = 86_400_000_000


def desk_log(events: int) -> EventLog:
    """About so many events, nine steps a case; seeded."""
    random = np.random.default_rng(17)
    cases = events // len(STEPS)
    times = (random.random((cases, len(STEPS))) > DEPARTS).astype(np.int64)
    times += random.random(times.shape) < DEPARTS
    times[:, 0] = 1
    activity = np.repeat(np.tile(np.arange(len(STEPS)), cases), times.ravel()).astype(np.int32)
    lengths = times.sum(axis=1)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    case = np.repeat(np.arange(cases, dtype=np.int32), lengths)
    team = ((activity + case % 3) % TEAMS).astype(np.int32)
    person = (team * (PEOPLE // TEAMS) + random.integers(0, PEOPLE // TEAMS, len(case))).astype(
        np.int32
    )
    topic = random.integers(0, 6, cases)
    opened = np.sort(random.integers(0, 180 * DAY, cases)) + 1_700_000_000_000_000
    waits = random.exponential(5 * 3600e6, len(case)) * (1 + (topic == 2))[case]
    works = random.exponential(900e6, len(case))
    ended = np.cumsum(waits + works)
    before = np.concatenate(([0.0], ended))[offsets[:-1]]
    ts = (opened[case] + ended - before[case]).astype(np.int64)
    return EventLog(
        case=Coded(codes=case, names=tuple(f"ticket {number}" for number in range(cases))),
        activity=_in_order(activity, STEPS),
        ts=ts,
        seq=np.arange(len(case), dtype=np.int64),
        offsets=offsets,
        start=(ts - works).astype(np.int64),
        resource=_in_order(person, tuple(f"agent {number}" for number in range(PEOPLE))),
        team=_in_order(team, tuple(f"team {number}" for number in range(TEAMS))),
        attributes=pl.DataFrame({"channel": _words(random, len(case), ("mail", "phone", "chat"))}),
        case_attributes=pl.DataFrame(
            {
                "case:topic": pl.Series([f"topic {number}" for number in topic.tolist()]),
                "case:tier": _words(random, cases, ("gold", "silver", "bronze")),
                "case:region": _words(random, cases, ("north", "south", "east", "west")),
            }
        ),
    )


def _words(random: np.random.Generator, count: int, words: tuple[str, ...]) -> pl.Series:
    return pl.Series(words).gather(random.integers(0, len(words), count))


def _in_order(codes: np.ndarray, names: tuple[str, ...]) -> Coded:
    """Numbered by first occurrence, as readers do."""
    found, first = np.unique(codes, return_index=True)
    order = found[np.argsort(first)]
    place = np.zeros(len(names), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Coded(codes=place[codes], names=tuple(names[code] for code in order))
