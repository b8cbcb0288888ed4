"""The value stream of a process: work, waiting, and what it is worth."""

from datetime import timedelta

import pytest

from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.step import ValueClass
from servoloop.kernel.process.value_stream import Measured, stream_as_measured, stream_by_standard
from tests.desk import HOUR, MONDAY, furnish, play_tiny, process
from tests.web.test_pages import browser

PAGE = "/design/processes/tiny/value-stream/"
MINUTE = timedelta(minutes=1)


def test_by_the_standards_every_step_counts_once_and_in_its_order() -> None:
    stream = stream_by_standard(load_program(process("tiny")))
    assert [step.node.id for step in stream.steps] == ["triage", "study"]
    standards = [step.node.step.standard_time for step in stream.steps]
    assert [step.work for step in stream.steps] == standards
    assert stream.wait == timedelta(0)


def test_measured_steps_count_by_the_share_of_cases_that_come_through() -> None:
    program = load_program(process("tiny"))
    stream = stream_as_measured(
        program,
        {
            "triage": Measured(per_case=1.0, wait=10 * MINUTE, work=20 * MINUTE),
            "study": Measured(per_case=0.5, wait=40 * MINUTE, work=60 * MINUTE),
        },
    )
    assert stream.wait == 30 * MINUTE
    assert stream.work == 50 * MINUTE
    valued = stream.work_of(ValueClass.CUSTOMER)
    assert stream.efficiency == valued / (80 * MINUTE)


def test_no_time_at_all_has_no_efficiency() -> None:
    assert stream_as_measured(load_program(process("tiny")), {}).efficiency is None


@pytest.mark.django_db
def test_the_page_tells_how_the_cases_went() -> None:
    furnish()
    play_tiny()
    play_tiny(at=MONDAY + 3 * HOUR)
    html = browser("ada").get(PAGE).content.decode()
    assert "As 2 cases went" in html
    assert "A case takes 1 h in the mean; 45 min of it is work" in html
    assert "By the standard times" in html


@pytest.mark.django_db
def test_without_cases_the_standards_are_shown() -> None:
    furnish()
    html = browser("ada", "zh-hans").get(PAGE).content.decode()
    assert "每一步" in html
    assert browser("ada").get("/design/processes/nothing/value-stream/").status_code == 404
