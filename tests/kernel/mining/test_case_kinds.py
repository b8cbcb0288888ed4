"""Live cases as outcomes and attributes."""

from datetime import timedelta
from random import Random

import numpy as np
import pytest

from servoloop.kernel.mining.case_kinds import (
    breached,
    features_of_cases,
    hours_to_resolution,
    reopened,
)
from servoloop.kernel.mining.root_causes import root_causes
from tests.kernel.metrics.cast import (
    MONDAY,
    clock,
    closed,
    facts,
    opened,
    promised,
)
from tests.kernel.metrics.cast import reopened as again

AT = MONDAY + timedelta(days=9)


def test_how_cases_fared():
    cases = [
        facts(opened(), promised(0, "resolution", due=4), clock(3, "met"), closed(3)),
        facts(opened(), promised(0, "resolution", due=4), clock(4, "breached"), closed(9)),
        facts(opened(), promised(0, "resolution", due=4)),  # overdue
        facts(opened(), promised(0, "resolution", due=4000)),  # may still be kept
        facts(opened(), closed(1), again(2), closed(5)),
    ]
    np.testing.assert_array_equal(
        breached(cases, "resolution", at=AT), [0.0, 1.0, 1.0, np.nan, np.nan]
    )
    np.testing.assert_array_equal(
        hours_to_resolution(cases, at=AT), [3.0, 9.0, np.nan, np.nan, 5.0]
    )
    np.testing.assert_array_equal(reopened(cases, at=AT), [0.0, 0.0, np.nan, np.nan, 1.0])


def test_a_channel_that_breaks_promises_is_named():
    random = Random(1)
    cases = []
    for number in range(300):
        is_late = random.random() < (0.5 if number % 2 else 0.1)
        lines = [opened(), promised(0, "first_response", due=4)]
        lines.append(clock(4, "breached" if is_late else "met"))
        kind, when, actor, data = lines[0][1], lines[0][0], lines[0][2], dict(lines[0][3])
        data["channel"] = "email" if number % 2 else "phone"
        cases.append(facts((when, kind, actor, data), *lines[1:], case=number))
    features = features_of_cases(cases, zone="Asia/Shanghai")
    assert {each.name for each in features} >= {"channel", "weekday of the beginning"}
    found = root_causes(breached(cases, "first_response", at=AT), features, random=random)
    (cause,) = found.causes
    assert cause.conditions[0].value == "email"
    assert cause.effect == pytest.approx(0.4, abs=0.12)


def test_the_hour_of_the_beginning_is_local():
    (case,) = [facts(opened(9))]  # 18:00 UTC on Monday is Tuesday, 02:00 in Shanghai
    features = {each.name: each for each in features_of_cases([case], zone="Asia/Shanghai")}
    weekday, part = features["weekday of the beginning"], features["hour of the beginning"]
    assert weekday.values[weekday.codes[0]] == "Tuesday"
    assert part.values[part.codes[0]] == "00-06"
