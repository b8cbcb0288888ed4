"""Start and complete events become one event with a start."""

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.mining.event_log import NO_TIME
from servoloop.kernel.mining.instances import has_instances, joined_instances
from tests.kernel.mining.cast import log_of, read_text


def log_of_lifecycles(*rows: str):
    text = "case,activity,timestamp,lifecycle\n" + "\n".join(rows) + "\n"
    return read_text(text, ReadOptions(delimiter=",", lifecycle="lifecycle")).log


def at(minute: int) -> str:
    return f"2026-03-02 09:{minute:02d}:00"


def test_a_completion_takes_the_earliest_open_start_of_its_activity():
    log = log_of_lifecycles(
        f"1,answer,{at(0)},start",
        f"1,check,{at(1)},START",
        f"1,answer,{at(2)},start",
        f"1,answer,{at(5)},COMPLETE",
        f"1,check,{at(6)},complete",
        f"1,answer,{at(9)},complete",
    )
    joined = joined_instances(log)
    minute = 60_000_000
    assert joined.activity.values() == ["answer", "check", "answer"]
    assert ((joined.ts - joined.start) // minute).tolist() == [5, 5, 7]
    assert joined.offsets.tolist() == [0, 3]


def test_a_completion_without_a_start_stays_and_a_start_without_completion_goes():
    log = log_of_lifecycles(
        f"1,ask,{at(0)},complete",
        f"1,answer,{at(1)},start",
        f"2,answer,{at(2)},start",
        f"3,answer,{at(3)},start",
        f"3,answer,{at(4)},complete",
    )
    joined = joined_instances(log)
    assert joined.case.names == ("1", "3")
    assert joined.activity.values() == ["ask", "answer"]
    assert joined.start[0] == NO_TIME


def test_a_log_without_start_events_stays_as_it_is():
    log = log_of([("1", "a", "2026-03-02 09:00:00")])
    assert not has_instances(log)
    assert joined_instances(log) is log
