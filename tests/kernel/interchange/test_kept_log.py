"""A log written as Parquet and read again is the same log."""

import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.interchange.kept_log import read_kept_log
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.parquet_writer import write_parquet
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.mining.event_log import EventLog

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "logs"
FULL = """\
case,activity,timestamp,start,agent,team,lifecycle,case:tier,owner,count
B,Open,2026-01-05 09:00,2026-01-05 08:00,Ada,Front,start,gold,x,1
A,Close,2026-01-05 10:00,,,Back,complete,,y,
B,Close,2026-01-05 08:00,2026-01-05 07:00,Bo,,complete,gold,,3
A,Open,2026-01-05 09:30,2026-01-05 09:00,Ada,Front,,silver,z,4
"""


def kept(log: EventLog) -> EventLog:
    stream = io.BytesIO()
    write_parquet(log, stream)
    stream.seek(0)
    return read_kept_log(stream)


def assert_same(one: EventLog, other: EventLog) -> None:
    for role in ("case", "activity", "resource", "team", "lifecycle"):
        column, again = getattr(one, role), getattr(other, role)
        assert (column is None) == (again is None), role
        if column is not None:
            assert column.names == again.names, role
            assert np.array_equal(column.codes, again.codes), role
    assert np.array_equal(one.ts, other.ts)
    assert np.array_equal(one.offsets, other.offsets)
    assert (one.start is None) == (other.start is None)
    assert one.start is None or other.start is None or np.array_equal(one.start, other.start)
    assert one.attributes.equals(other.attributes)
    assert one.case_attributes.equals(other.case_attributes)


def test_every_column_survives_with_its_gaps() -> None:
    log = read_log(io.BytesIO(FULL.encode()), name="log.csv").log
    assert log.start is not None
    assert log.case_attributes.columns == ["case:tier"]
    assert log.attributes.columns == ["owner", "count"]
    assert_same(log, kept(log))


@pytest.mark.parametrize(
    "name", ["complaints.csv", "工单.csv", "service-orders.ocel.json", "complaints.xlsx"]
)
def test_the_examples_survive(name: str) -> None:
    with (EXAMPLES / name).open("rb") as stream:
        log = read_log(stream, name=name).log
    assert_same(log, kept(log))


def test_an_attribute_that_sounds_like_a_role_stays_an_attribute() -> None:
    text = FULL.replace("owner", "resource id")
    options = ReadOptions(resource="", team="")
    log = read_log(io.BytesIO(text.encode()), name="log.csv", options=options).log
    again = kept(log)
    assert again.resource is None
    assert again.team is None
    assert {"agent", "team", "resource id"} <= set(again.attributes.columns)


def test_an_attribute_with_the_name_of_a_role_is_kept_beside_it() -> None:
    text = "case:concept:name,concept:name,time:timestamp,step\n1,Open,2026-01-05 09:00,First\n"
    options = ReadOptions(activity="step")
    log = read_log(io.BytesIO(text.encode()), name="log.csv", options=options).log
    again = kept(log)
    assert again.activity.names == ("First",)
    assert again.attributes["concept:name (as read)"].to_list() == ["Open"]


def test_another_file_is_refused_in_one_sentence() -> None:
    stream = io.BytesIO()
    pl.DataFrame({"a": [1]}).write_parquet(stream)
    stream.seek(0)
    with pytest.raises(UnreadableLog, match="A kept log has the columns"):
        read_kept_log(stream)
    with pytest.raises(UnreadableLog, match="damaged"):
        read_kept_log(io.BytesIO(b"PAR1 nothing"))


ROWS = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["Open", "Close", "Wait, then"]),
        st.integers(0, 50),
        st.sampled_from(["", "Ada", "Bo"]),
        st.sampled_from(["", "gold", "1"]),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_whatever_the_log_it_is_the_same_afterwards(
    rows: list[tuple[str, str, int, str, str]],
) -> None:
    lines = ["case,activity,timestamp,resource,case:tier"]
    for case, activity, minute, who, tier in rows:
        lines.append(f'{case},"{activity}",2026-01-05 09:{minute:02d},{who},{tier}')
    log = read_log(io.BytesIO("\n".join(lines).encode()), name="log.csv").log
    assert_same(log, kept(log))
