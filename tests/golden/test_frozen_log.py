"""Logs of every released catalogue version still lead to the states that they led to."""

import json
from pathlib import Path

import pytest

from servoloop.kernel.engine.codec import event_from_data, state_to_data
from servoloop.kernel.engine.evolve import fold
from servoloop.kernel.events.catalogue import CATALOGUE, CATALOGUE_VERSION

FOLDER = Path(__file__).parent / "frozen"


def rows(version: int) -> list[dict]:
    text = (FOLDER / f"catalogue_{version}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("version", range(1, CATALOGUE_VERSION + 1))
def test_an_old_log_is_read_as_it_was_written(version):
    for row in rows(version):
        events = [event_from_data(data) for data in row["events"]]
        state = fold(events[0].case, events)
        assert json.dumps(state_to_data(state)) == json.dumps(row["state"])


@pytest.mark.parametrize("version", range(1, CATALOGUE_VERSION + 1))
def test_the_frozen_logs_show_every_type_of_their_version(version):
    shown = {event["kind"] for row in rows(version) for event in row["events"]}
    assert shown == {t.kind for t in CATALOGUE.values() if t.since <= version}
