"""Findings of live cases, read from the database."""

from datetime import timedelta

import pytest

from servoloop.loop.live_findings import live_findings
from servoloop.storage.queries.viewer import ANONYMOUS
from tests.desk import ADA_SEES, MONDAY, furnish, play_errand, play_tiny

pytestmark = pytest.mark.django_db


def test_few_cases_say_nothing_and_strangers_see_none():
    furnish()
    play_tiny()
    list(play_errand())
    found = live_findings(ADA_SEES, at=MONDAY + timedelta(days=3), zone="UTC")
    assert found.cases == 2
    assert found.findings == ()
    assert {name: causes.causes for name, causes in found.causes.items()} == {
        "slow": (),
        "reopened": (),
        "late_first_response": (),
        "late_resolution": (),
    }
    assert found.causes["slow"].cases == 2
    assert live_findings(ANONYMOUS, at=MONDAY, zone="UTC").cases == 0
