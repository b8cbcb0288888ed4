"""What each page reads: complete, only for whom it is meant, in a pinned number of queries.

Longer than others: the pinned numbers of all pages stand in one place.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servoloop.kernel.events.event import CaseId
from servoloop.loop import design
from servoloop.loop.run.batch import fire_due_timers
from servoloop.loop.run.conversation import say
from servoloop.loop.run.escalations import escalate_task
from servoloop.loop.run.jobs import fail_job
from servoloop.loop.run.tasks import assign_task, claim_task, release_task
from servoloop.loop.versions import retire_process
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.case_page import case_list, case_page
from servoloop.storage.queries.escalations import all_open_escalations, waiting_escalations
from servoloop.storage.queries.incidents import open_incidents
from servoloop.storage.queries.letters import addressee
from servoloop.storage.queries.live_log import live_log
from servoloop.storage.queries.my_work import my_work
from servoloop.storage.queries.navigation import NavigationCounts, navigation_counts
from servoloop.storage.queries.portal import (
    portal_case,
    portal_case_by_secret,
    portal_cases,
    portal_service,
    portal_services,
)
from servoloop.storage.queries.processes import definition_xml, process_list, process_page
from servoloop.storage.queries.task_page import task_page
from servoloop.storage.queries.viewer import ANONYMOUS, Viewer
from tests.desk import (
    ADA,
    ADA_SEES,
    BO,
    BO_SEES,
    EVE,
    HOUR,
    MONDAY,
    ask,
    furnish,
    open_job,
    open_task,
    play_errand,
    play_tiny,
    process,
    state_of,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def queries_of(question: Callable[[], Any]) -> int:
    """How many queries the question costs once the programs are compiled."""
    question()
    with CaptureQueriesContext(connection) as asked:
        question()
    return len(asked)


def in_queue(at: Any = MONDAY) -> CaseId:
    """A case whose first task is in the queue of the agents."""
    case = ask(at=at).id
    task = open_task(case)
    assign_task(case, task, "eve", actor=BO, at=at)
    claim_task(case, task, actor=EVE, at=at)
    release_task(case, task, actor=EVE, at=at)
    return case


def test_my_work_holds_the_queues_of_my_roles_and_what_i_hold_oldest_deadline_first() -> None:
    furnish()
    late, early, mine = in_queue(MONDAY + HOUR), in_queue(MONDAY), in_queue(MONDAY + 2 * HOUR)
    claim_task(mine, open_task(mine), actor=ADA, at=MONDAY + 2 * HOUR)
    elses = in_queue(MONDAY)
    claim_task(elses, open_task(elses), actor=EVE, at=MONDAY)

    page = my_work(ADA_SEES)

    assert [row.case for row in page.rows] == [early, late, mine]
    assert [row.status for row in page.rows] == ["open", "open", "claimed"]
    assert page.rows[0].due_at == MONDAY + HOUR
    assert page.rows[0].step.in_language("zh-hans") == "答复或转交"
    assert page.rows[0].process.in_language("en") == "A question is answered"
    assert [(total.role, total.waiting) for total in page.totals] == [("agent", 2)]
    assert (page.held, page.next) == (1, None)


def test_my_work_is_paged_without_a_gap_or_a_repetition() -> None:
    furnish()
    cases = [in_queue(MONDAY + n % 3 * MINUTE) for n in range(7)]

    seen, after = [], None
    while True:
        page = my_work(ADA_SEES, after=after, limit=2)
        seen += [row.case for row in page.rows]
        if page.next is None:
            break
        after = page.next

    assert sorted(seen) == sorted(cases)
    assert seen == [row.case for row in my_work(ADA_SEES).rows]


@pytest.mark.parametrize(
    "after", ["", "x", "_1_1", "2026_1_1_1", "infinity_x_1", f"infinity_{2**70}_1"]
)
def test_a_mark_that_is_none_begins_at_the_start(after: str) -> None:
    furnish()
    case = in_queue()

    assert [row.case for row in my_work(ADA_SEES, after=after).rows] == [case]


def test_my_work_can_be_narrowed_to_a_role_or_to_me() -> None:
    furnish()
    queued, mine = in_queue(), in_queue()
    claim_task(mine, open_task(mine), actor=BO, at=MONDAY)

    assert [row.case for row in my_work(BO_SEES, role="agent").rows] == [queued]
    assert my_work(BO_SEES, role="supervisor").rows == ()
    assert my_work(BO_SEES, role="manager").rows == ()
    assert [row.case for row in my_work(BO_SEES, is_mine=True).rows] == [mine]


def test_my_work_shows_what_is_escalated() -> None:
    furnish()
    case = in_queue()
    escalate_task(case, open_task(case), reason="?", actor=ADA, at=MONDAY)

    assert [row.is_escalated for row in my_work(ADA_SEES).rows] == [True]


def test_work_is_for_colleagues_with_the_role() -> None:
    furnish()
    in_queue()

    cy = Viewer(person="cy", roles=frozenset({"manager"}), is_colleague=True)
    assert my_work(cy).rows == ()
    assert my_work(ANONYMOUS).rows == ()
    assert my_work(Viewer(roles=frozenset({"agent"}), customer=1)).rows == ()


def test_the_task_page_offers_what_the_viewer_may_do() -> None:
    furnish()
    case = in_queue()
    task = open_task(case)

    page = task_page(ADA_SEES, case, task)
    assert (page.may_claim, page.may_complete, page.may_escalate) == (True, False, True)
    assert [option.value for option in page.outcomes] == ["answered", "passed_on"]
    assert (page.outcome_field, page.variables["question"]) == ("outcome", "Where is it?")
    assert [clock.metric for clock in page.clocks] == [
        "step_response",
        "first_response",
        "resolution",
    ]

    claim_task(case, task, actor=ADA, at=MONDAY)
    page = task_page(ADA_SEES, case, task)
    assert (page.may_claim, page.may_release, page.may_complete) == (False, True, True)
    assert page.standard_ends_at == MONDAY + 10 * MINUTE
    assert not task_page(BO_SEES, case, task).may_complete

    escalate_task(case, task, reason="How?", actor=ADA, at=MONDAY)
    assert not task_page(ADA_SEES, case, task).may_answer
    asked = task_page(BO_SEES, case, task)
    assert asked.may_answer
    assert asked.escalation is not None
    assert (asked.escalation.reason, asked.escalation.levels) == ("How?", 2)


def test_the_task_page_of_a_finished_task_offers_nothing() -> None:
    furnish()
    case = play_tiny()

    page = task_page(ADA_SEES, case, 7)

    assert page.task.status == "completed"
    assert not (page.may_claim or page.may_release or page.may_complete or page.may_escalate)


def test_the_case_page_tells_the_whole_story() -> None:
    furnish()
    *_, case = play_errand()

    page = case_page(ADA_SEES, case)

    assert page.case.status == "closed"
    assert page.case.customer is not None
    assert page.case.customer.name == "Mo"
    assert [turn.kind for turn in page.conversation] == ["sent", "received"]
    assert [entry.seq for entry in page.timeline] == list(range(1, len(page.timeline) + 1))
    assert {clock.status for clock in page.clocks} <= {"met", "breached"}
    assert [task.person for task in page.tasks] == ["eve", "bo"]
    assert [escalation.status for escalation in page.escalations] == ["answered"]
    assert page.active == ()
    assert page.passed[0] == "asked"
    assert page.passed[-1] == "done"
    assert page.case.outcome_words.in_language("en") == "Done"
    assert page.variables["note"] == "红色"


def test_a_waiting_case_shows_where_its_tokens_stand() -> None:
    furnish()
    *_, case = islice(play_errand(), 7)

    page = case_page(ADA_SEES, case)

    assert page.active == ("reply",)
    assert page.case.waits_for_customer
    assert [c.status for c in page.clocks if c.metric == "resolution"] == ["paused"]


def test_cases_are_listed_newest_first_in_pages() -> None:
    furnish()
    cases = [ask().id for _ in range(5)]
    play_tiny()

    first = case_list(ADA_SEES, status="open", limit=3)
    second = case_list(ADA_SEES, status="open", after=first.next, limit=3)

    assert [row.id for row in first.rows + second.rows] == cases[::-1]
    assert second.next is None
    assert case_list(ADA_SEES, process="errand").rows == ()


def test_nobody_but_a_colleague_reads_a_case_a_task_or_a_definition() -> None:
    mo = furnish()
    case = ask().id
    task = open_task(case)

    for viewer in (ANONYMOUS, Viewer(customer=mo.id)):
        with pytest.raises(NotFound):
            case_page(viewer, case)
        with pytest.raises(NotFound):
            task_page(viewer, case, task)
        with pytest.raises(NotFound):
            process_page(viewer, "tiny")
        with pytest.raises(NotFound):
            definition_xml(viewer, 1)
        assert case_list(viewer).rows == ()
        assert process_list(viewer) == ()
        assert open_incidents(viewer) == ()
        assert waiting_escalations(viewer) == all_open_escalations(viewer) == ()
        assert navigation_counts(viewer) == NavigationCounts()
    with pytest.raises(NotFound):
        case_page(ADA_SEES, 10**12)
    with pytest.raises(NotFound):
        task_page(ADA_SEES, case, 999)


def test_a_customer_sees_their_own_cases_without_what_is_internal() -> None:
    mo = furnish()
    opened = ask("My lamp")
    say(opened.id, text="He calls every day.", is_internal=True, actor=ADA, at=MONDAY)
    say(opened.id, text="We look into it.", actor=ADA, at=MONDAY)
    ask("A case of nobody", customer="")
    viewer = Viewer(customer=mo.id)

    assert [row.number for row in portal_cases(viewer)] == [opened.number]
    page = portal_case(viewer, opened.number)
    assert [turn.text for turn in page.conversation] == ["We look into it."]
    assert (page.status, page.customer_key, page.may_reply) == ("in_progress", "mo", True)
    assert [step.name.in_language("en") for step in page.steps] == ["Answer or pass on"]
    assert page.due_at == MONDAY + 8 * HOUR


def test_backstage_steps_are_not_shown_to_the_customer() -> None:
    mo = furnish()
    play_tiny()
    [row] = portal_cases(Viewer(customer=mo.id))

    page = portal_case(Viewer(customer=mo.id), row.number)

    assert [step.name.in_language("en") for step in page.steps] == ["Answer or pass on"]
    assert (page.status, page.due_at) == ("closed", None)
    assert page.steps[0].ended_at is not None


def test_a_case_that_waits_for_its_customer_says_so() -> None:
    mo = furnish()
    *_, _case = islice(play_errand(), 7)

    [row] = portal_cases(Viewer(customer=mo.id))

    assert row.status == "waiting_for_you"


def test_a_customer_cannot_see_somebody_elses_case_but_a_link_shows_its_own() -> None:
    mo = furnish()
    opened = ask()
    other = Viewer(customer=mo.id + 1)

    with pytest.raises(NotFound):
        portal_case(other, opened.number)
    with pytest.raises(NotFound):
        portal_case(ANONYMOUS, opened.number)
    with pytest.raises(NotFound):
        portal_case_by_secret("guessed")
    assert portal_case_by_secret(opened.secret).number == opened.number


def test_services_are_the_current_processes_with_a_form() -> None:
    furnish()

    assert [service.key for service in portal_services()] == ["tiny"]
    assert [field.name for field in portal_service("tiny").form] == ["question"]
    with pytest.raises(NotFound):
        portal_service("errand")
    retire_process("tiny", person="cy", at=MONDAY, reason="Replaced.")
    assert portal_services() == ()


def test_an_internal_process_is_no_service_although_it_has_a_form() -> None:
    furnish()
    xml = process("tiny").decode().replace("<servoloop:sheet ", '<servoloop:sheet internal="true" ')
    design.publish_ungated(xml.encode(), at=MONDAY)

    assert portal_services() == ()
    with pytest.raises(NotFound):
        portal_service("tiny")


def test_the_process_page_counts_where_open_cases_stand() -> None:
    furnish()
    ask()
    ask()
    play_tiny()

    rows = {row.key: row for row in process_list(ADA_SEES)}
    page = process_page(ADA_SEES, "tiny")

    assert (rows["tiny"].open_cases, rows["tiny"].closed_cases) == (2, 1)
    assert page.open_at == {"triage": 2}
    assert [node.id for node in page.steps] == ["triage", "study"]
    assert page.xml == definition_xml(ADA_SEES, page.definition)
    assert "<bpmn:definitions" in page.xml
    assert [version.is_current for version in page.versions] == [True]


def test_escalations_wait_for_who_is_asked_now() -> None:
    furnish()
    case = in_queue()
    escalate_task(case, open_task(case), reason="?", actor=ADA, at=MONDAY)
    cy = Viewer(person="cy", roles=frozenset({"manager"}), is_colleague=True)

    assert [e.case for e in waiting_escalations(BO_SEES)] == [case]
    assert waiting_escalations(cy) == ()
    fire_due_timers(at=MONDAY + HOUR / 2)
    assert waiting_escalations(BO_SEES) == ()
    assert [e.level for e in waiting_escalations(cy)] == [1]
    assert [e.case for e in all_open_escalations(ADA_SEES)] == [case]


def test_incidents_wait_until_somebody_mends_them() -> None:
    furnish()
    case = next(play_errand())
    fail_job(case, open_job(case), words="The stock is silent.", at=MONDAY)

    [incident] = open_incidents(ADA_SEES)

    assert (incident.case, incident.cause, incident.words) == (case, "job", "The stock is silent.")
    assert incident.step.in_language("en") == "Look it up"


def test_the_navigation_counts_what_waits_for_me() -> None:
    furnish()
    in_queue()
    case = in_queue()
    claim_task(case, open_task(case), actor=BO, at=MONDAY)
    escalate_task(case, open_task(case), reason="?", actor=BO, at=MONDAY)

    assert navigation_counts(BO_SEES) == NavigationCounts(queue=1, held=1, escalations=1)


def test_a_letter_knows_where_to_go() -> None:
    furnish()
    opened = ask()

    found = addressee(opened.id)

    assert found is not None
    assert (found.email, found.number) == ("mo@customer.example", opened.number)
    assert addressee(ask(customer="").id) is None


def test_the_live_log_is_columns_of_what_people_and_machines_did() -> None:
    furnish()
    case = play_tiny()
    *_, _errand = play_errand()

    chunks = list(live_log(language="zh-hans", process="tiny"))

    [columns] = chunks
    assert set(columns.case) == {f"SL-{case:06d}"}
    assert columns.activity[0] == "答复或转交"
    assert columns.lifecycle == (
        "schedule", "assign", "start", "complete", "schedule", "start", "complete",
    )  # fmt: skip
    assert columns.resource[2] == "ada"
    assert list(columns.seq) == sorted(columns.seq)
    assert sum(len(chunk) for chunk in live_log()) > len(columns)


def test_the_number_of_queries_of_each_page_is_pinned() -> None:
    mo = furnish()
    for _ in range(3):
        in_queue()
    case = in_queue()
    task = open_task(case)
    claim_task(case, task, actor=ADA, at=MONDAY)
    escalate_task(case, task, reason="?", actor=ADA, at=MONDAY)
    number = f"SL-{case:06d}"
    viewer = Viewer(customer=mo.id)

    counted = {
        "my_work": queries_of(lambda: my_work(ADA_SEES)),
        "task_page": queries_of(lambda: task_page(ADA_SEES, case, task)),
        "case_page": queries_of(lambda: case_page(ADA_SEES, case)),
        "case_list": queries_of(lambda: case_list(ADA_SEES)),
        "portal_services": queries_of(portal_services),
        "portal_service": queries_of(lambda: portal_service("tiny")),
        "portal_cases": queries_of(lambda: portal_cases(viewer)),
        "portal_case": queries_of(lambda: portal_case(viewer, number)),
        "process_list": queries_of(lambda: process_list(ADA_SEES)),
        "process_page": queries_of(lambda: process_page(ADA_SEES, "tiny")),
        "escalations": queries_of(lambda: waiting_escalations(BO_SEES)),
        "incidents": queries_of(lambda: open_incidents(BO_SEES)),
        "navigation": queries_of(lambda: navigation_counts(BO_SEES)),
    }

    assert counted == {
        "my_work": 2,
        "task_page": 6,
        "case_page": 6,
        "case_list": 1,
        "portal_services": 1,
        "portal_service": 1,
        "portal_cases": 1,
        "portal_case": 3,
        "process_list": 1,
        "process_page": 3,
        "escalations": 1,
        "incidents": 1,
        "navigation": 1,
    }


def test_a_command_costs_two_statements_and_a_hint() -> None:
    """Lock, write; the savepoint is the test's own, the hint to browsers follows the commit."""
    furnish()
    case = in_queue()
    task = open_task(case)
    claim_task(case, task, actor=ADA, at=MONDAY)

    with CaptureQueriesContext(connection) as asked:
        release_task(case, task, actor=ADA, at=MONDAY)

    statements = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 3  # with the load of everybody, as a step is assigned by load
    assert state_of(case)["tasks"][0]["status"] == "open"
