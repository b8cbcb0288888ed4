"""Cases that begin by themselves: timer start events of published processes."""

from datetime import timedelta

import pytest

from servoloop.kernel.events.event import CaseId
from servoloop.loop.design import publish_ungated
from servoloop.loop.run.starts import open_due_cases
from servoloop.loop.versions import retire_process
from servoloop.storage.event_reader import events_of
from servoloop.storage.models import Case
from tests.desk import HOUR, MONDAY, furnish
from tests.kernel.process.drawing import HEAD

pytestmark = pytest.mark.django_db

ROUND = f"""{HEAD}
<bpmn:process id="round" name="Weekly round" isExecutable="true">
  <bpmn:startEvent id="every_hour"><bpmn:timerEventDefinition>
    <bpmn:timeCycle>R3/PT1H</bpmn:timeCycle>
  </bpmn:timerEventDefinition></bpmn:startEvent>
  <bpmn:userTask id="look" name="Look round">
    <bpmn:extensionElements><servoloop:step role="agent"/></bpmn:extensionElements>
  </bpmn:userTask>
  <bpmn:endEvent id="done"/>
  <bpmn:sequenceFlow id="a" sourceRef="every_hour" targetRef="look"/>
  <bpmn:sequenceFlow id="b" sourceRef="look" targetRef="done"/>
</bpmn:process></bpmn:definitions>""".encode()


def opened_between(first: float, last: float) -> int:
    """How many cases a worker opens that looks every ten minutes between two hours."""
    looks = range(round(first * 6), round(last * 6) + 1)
    return sum(open_due_cases(at=MONDAY + look * HOUR / 6) for look in looks)


def test_a_repeating_start_opens_its_cases_and_then_no_more() -> None:
    furnish()
    publish_ungated(ROUND, at=MONDAY)
    assert opened_between(0, 0.8) == 0
    assert opened_between(1, 1.8) == 1
    assert opened_between(2, 10) == 2
    assert opened_between(10, 20) == 0


def test_the_case_begins_at_its_timer() -> None:
    furnish()
    publish_ungated(ROUND, at=MONDAY)
    open_due_cases(at=MONDAY + timedelta(hours=1))
    case = Case.objects.get()
    kinds = [event.kind for event in events_of(CaseId(case.pk))]
    assert kinds[:3] == ["case.opened", "node.passed", "task.opened"]
    assert case.channel == "timer"


def test_a_worker_that_was_away_opens_what_it_missed_one_by_one() -> None:
    furnish()
    publish_ungated(ROUND, at=MONDAY)
    late = MONDAY + timedelta(hours=9)
    assert [open_due_cases(at=late) for _ in range(4)] == [1, 1, 1, 0]


def test_publishing_again_does_not_start_the_old_version_and_retiring_stops_it() -> None:
    furnish()
    publish_ungated(ROUND, at=MONDAY)
    publish_ungated(ROUND.replace(b"Look round", b"Look around"), at=MONDAY + 5 * HOUR)
    assert opened_between(5, 5.8) == 0
    assert opened_between(6, 6.5) == 1
    retire_process("round", person="cy", at=MONDAY + 6.6 * HOUR, reason="Done.")
    assert opened_between(7, 12) == 0
