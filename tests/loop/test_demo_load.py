"""Loading the demo company into a database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from servoloop.accounts.models import User
from servoloop.kernel.engine.codec import state_to_data
from servoloop.kernel.events.event import CaseId
from servoloop.loop.conform_live import conform_live
from servoloop.loop.demo.load import PROCESSES, load_demo
from servoloop.loop.demo.seed import CASES
from servoloop.loop.diagnose_live import live_event_log
from servoloop.storage.models import Case, EventRow
from servoloop.storage.queries.my_work import my_work
from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.rebuild import replay

AT = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)  # a Wednesday, two in the afternoon in Shanghai


@pytest.fixture(scope="module")
def demo(migrated_database: None, django_db_blocker: Any) -> Any:
    """The demo company, loaded once for this module inside a transaction that is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(at=AT)
        transaction.set_rollback(True)


def test_everybody_of_the_first_page_can_log_in(demo: Any) -> None:
    for login in demo:
        person = User.objects.get(username=login.username)
        assert person.check_password(login.password)
    assert {"ada", "bo", "cy", "fei", "mo"} <= {login.username for login in demo}


def test_loading_again_changes_nothing(demo: Any) -> None:
    events = EventRow.objects.count()
    assert load_demo(at=AT) == demo
    assert (Case.objects.count(), EventRow.objects.count()) == (CASES, events)


def test_there_is_work_to_be_found_at_once(demo: Any) -> None:
    ada = Viewer(person="ada", roles=frozenset({"agent"}), is_colleague=True)
    assert my_work(ada).rows


def test_every_stored_case_is_what_its_events_lead_to(demo: Any) -> None:
    for row in Case.objects.order_by("id")[::16]:
        state, _ = replay(CaseId(row.pk))
        assert state_to_data(state) == row.state, row.number


def test_the_past_shows_every_process_to_the_diagnosis(demo: Any) -> None:
    sizes = {process: live_event_log(process=process).cases for process in PROCESSES}
    assert all(size > 40 for size in sizes.values()), sizes


def test_the_past_conforms_wholly_to_the_definitions_that_the_engine_ran(demo: Any) -> None:
    found = {each.definition: each for each in conform_live()}
    assert set(PROCESSES) <= set(found)
    for key, each in found.items():
        told = [deviation.sentence for deviation in each.conformance.deviations]
        assert told == [], key
        assert each.conformance.method == "alignment", key
        assert (each.conforming_share, each.conformance.fitness) == (1.0, 1.0), key
        assert each.standard_times, key
