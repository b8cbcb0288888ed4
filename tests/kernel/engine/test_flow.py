"""How tokens move."""

from datetime import timedelta

import pytest

from servoloop.kernel.engine.commands import (
    Cancel,
    Claim,
    Complete,
    JobDone,
    JobFailed,
    Message,
    Reopen,
    ResolveIncident,
    TimerDue,
)
from servoloop.kernel.engine.decide import decide
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import CaseStatus
from servoloop.kernel.process.program import Op, TimerKind
from servoloop.kernel.process.step import Field, FieldType, Option
from servoloop.kernel.process.words import Words
from tests.kernel.engine.cast import (
    ADA,
    BO,
    EVE,
    MO,
    WORKPLACE,
    Case,
    after,
    human,
    message,
    node,
    program,
    sets,
)

START, END = node("start", Op.START), node("end", Op.END)
HOUR = timedelta(hours=1)


def one_step(**step):
    return program(START, human("work", **step), END, flows=["start>work", "work>end"])


def test_a_case_runs_from_start_to_end():
    case = Case(one_step()).open()
    assert case.open_nodes() == {"work"}
    case.finish("work")
    assert case.state.status is CaseStatus.CLOSED
    assert case.state.outcome == "end"
    assert case.kinds() == [
        "case.opened",
        "node.passed",
        "task.opened",
        "case.owned",
        "task.claimed",
        "task.completed",
        "node.passed",
        "node.passed",
        "case.closed",
    ]


def test_completing_twice_is_refused():
    case = Case(
        program(START, human("a"), human("b"), END, flows=["start>a", "a>b", "b>end"])
    ).open()
    task = case.task("a").id
    case.finish("a")
    with pytest.raises(CommandRefused, match="not open") as refusal:
        case.do(Complete(task=task, outputs={}, actor=ADA))
    assert refusal.value.code == "no_task"


def test_a_task_taken_by_one_cannot_be_taken_by_another():
    case = Case(one_step()).open()
    task = case.task("work").id
    case.do(Claim(task=task, actor=ADA))
    with pytest.raises(CommandRefused, match="is with ada"):
        case.do(Claim(task=task, actor=EVE))
    assert case.do(Claim(task=task, actor=ADA)).events == ()


def test_only_the_role_of_the_step_may_take_it():
    case = Case(one_step(role="manager")).open()
    with pytest.raises(CommandRefused, match="does not hold the role 'manager'"):
        case.do(Claim(task=case.task("work").id, actor=ADA))


def test_outputs_are_checked_against_the_form():
    outcome = Field(
        name="verdict",
        type=FieldType.CHOICE,
        is_required=True,
        is_outcome=True,
        options=(Option(value="yes", label=Words(default="Yes")), Option(value="no")),
    )
    amount = Field(name="amount", type=FieldType.MONEY, minimum=0)
    case = Case(one_step(outputs=(outcome, amount))).open()
    task = case.task("work").id
    case.do(Claim(task=task, actor=ADA))
    with pytest.raises(CommandRefused) as refusal:
        case.do(Complete(task=task, outputs={"verdict": "maybe", "amount": -1, "x": 1}, actor=ADA))
    assert refusal.value.problems == {
        "verdict": "not_an_option",
        "amount": "too_small",
        "x": "unknown_field",
    }
    case.do(Complete(task=task, outputs={"verdict": "yes"}, actor=ADA))
    assert case.state.variables == {"verdict": "yes", "amount": None}


def fork(condition_a="x > 1", condition_b="x <= 1", defaults=()):
    return program(
        START,
        node("gate", Op.EXCLUSIVE),
        human("a"),
        human("b"),
        END,
        flows=[
            "start>gate",
            f"gate>a if {condition_a}",
            f"gate>b if {condition_b}",
            "a>end",
            "b>end",
        ],
        defaults=defaults,
    )


@pytest.mark.parametrize(("x", "expected"), [(2, "a"), (1, "b")])
def test_an_exclusive_gateway_takes_the_branch_that_holds(x, expected):
    case = Case(fork()).open(x=x)
    assert case.open_nodes() == {expected}
    results = next(e.data["results"] for e in case.events if e.activity == "gate")
    assert results[f"gate>{expected}"] is True


@pytest.mark.parametrize("x", [None, "text"])
def test_a_condition_that_is_neither_true_nor_false_is_an_incident_and_can_be_mended(x):
    case = Case(
        fork(),
    ).open(x=x)
    (incident,) = case.state.incidents.values()
    assert incident.cause == "condition"
    assert "needs true or false" in incident.words
    case.do(ResolveIncident(incident=incident.id, variables={"x": 5}, actor=BO))
    assert case.open_nodes() == {"a"}
    assert not case.state.incidents


def test_no_branch_and_no_default_is_an_incident():
    case = Case(fork(condition_b="x < 0")).open(x=1)
    assert [i.cause for i in case.state.incidents.values()] == ["no_branch"]


def test_the_default_is_taken_when_nothing_holds():
    case = Case(fork(condition_b="x < 0", defaults=["gate>b"])).open(x=1)
    assert case.open_nodes() == {"b"}


def test_a_parallel_join_waits_for_every_branch():
    p = program(
        START,
        node("fork", Op.PARALLEL),
        human("a"),
        human("b"),
        node("join", Op.PARALLEL),
        human("c"),
        END,
        flows=["start>fork", "fork>a", "fork>b", "a>join", "b>join", "join>c", "c>end"],
    )
    case = Case(p).open()
    case.finish("a")
    assert case.open_nodes() == {"b", "join"}
    case.finish("b")
    assert case.open_nodes() == {"c"}


def waiting():
    return program(
        START,
        node("first", Op.EVENT_GATEWAY),
        node("reply", Op.RECEIVE, message=message("customer.reply")),
        node("late", Op.WAIT, timer=after("PT2H")),
        human("answer"),
        human("remind"),
        END,
        flows=[
            "start>first",
            "first>reply",
            "first>late",
            "reply>answer",
            "late>remind",
            "answer>end",
            "remind>end",
        ],
    )


def test_the_first_event_after_an_event_gateway_takes_the_token():
    case = Case(waiting()).open()
    case.do(Message(name="customer.reply", payload={"text": "hi"}, message_id="m1"))
    assert case.open_nodes() == {"answer"}
    assert case.state.variables["text"] == "hi"
    assert not case.state.timers and not case.state.subscriptions
    late = Case(waiting()).open()
    late.wait(3 * HOUR)
    assert late.open_nodes() == {"remind"}


def test_a_stale_timer_does_nothing():
    case = Case(waiting()).open()
    (timer,) = case.state.timers.values()
    case.do(Message(name="customer.reply"))
    decision = case.do(TimerDue(timer=timer.id), later=5 * HOUR)
    assert decision.events == ()


def test_a_timer_never_fires_early():
    case = Case(waiting()).open()
    (timer,) = case.state.timers.values()
    with pytest.raises(CommandRefused, match="not due before"):
        case.do(TimerDue(timer=timer.id), later=HOUR)


def test_the_same_message_is_taken_once():
    p = program(
        START,
        node("one", Op.RECEIVE, message=message("paid")),
        node("two", Op.RECEIVE, message=message("paid")),
        END,
        flows=["start>one", "one>two", "two>end"],
    )
    case = Case(p).open()
    case.do(Message(name="paid", message_id="m1"))
    assert case.do(Message(name="paid", message_id="m1")).events == ()
    assert case.open_nodes() == {"two"}
    with pytest.raises(CommandRefused, match="It waits for: paid"):
        case.do(Message(name="unknown"))


def bounded(**boundary):
    return program(
        START,
        human("work"),
        node("alarm", Op.BOUNDARY_TIMER, timer=boundary.pop("timer", after("PT1H")), **boundary),
        human("rescue"),
        END,
        flows=["start>work", "work>end", "alarm>rescue", "rescue>end"],
        attached={"alarm": "work"},
    )


def test_an_interrupting_boundary_timer_takes_the_work_away():
    case = Case(bounded()).open()
    case.wait(2 * HOUR)
    assert case.open_nodes() == {"rescue"}
    assert "task.withdrawn" in case.kinds()


def test_a_non_interrupting_boundary_timer_adds_a_token_and_repeats():
    timer = after("R3/PT1H", kind=TimerKind.CYCLE)
    case = Case(bounded(timer=timer, is_interrupting=False)).open()
    case.wait(10 * HOUR)
    assert len([t for t in case.state.tokens.values() if t.node == "rescue"]) == 3
    assert "work" in case.open_nodes()
    case.finish("work")
    for _ in range(3):
        case.finish("rescue")
    assert case.state.status is CaseStatus.CLOSED


def scoped(*inner, flows, **more):
    return program(
        START,
        node("scope", Op.SCOPE),
        node("in", Op.START),
        *inner,
        human("next"),
        END,
        flows=["start>scope", "scope>next", "next>end", *flows],
        scopes={"in": "scope", **{n.id: "scope" for n in inner if not n.id.startswith("b_")}},
        attached={n.id: "scope" for n in inner if n.id.startswith("b_")},
        **more,
    )


def test_a_sub_process_is_left_when_its_last_token_ends():
    p = scoped(
        node("fork", Op.PARALLEL),
        human("a"),
        human("b"),
        node("out", Op.END),
        flows=["in>fork", "fork>a", "fork>b", "a>out", "b>out"],
    )
    case = Case(p).open()
    assert case.open_nodes() == {"scope", "a", "b"}
    case.finish("a")
    assert case.open_nodes() == {"scope", "b"}
    case.finish("b")
    assert case.open_nodes() == {"next"}


def test_terminate_ends_its_own_scope_only():
    p = scoped(
        node("fork", Op.PARALLEL),
        human("a"),
        human("b"),
        node("stop", Op.TERMINATE),
        node("out", Op.END),
        flows=["in>fork", "fork>a", "fork>b", "a>stop", "b>out"],
    )
    case = Case(p).open()
    case.finish("a")
    assert case.open_nodes() == {"next"}
    assert not [t for t in case.state.tasks.values() if t.node == "b"]


def test_an_error_is_caught_on_the_scope_around_it():
    p = scoped(
        human("a"),
        node("fail", Op.ERROR_END, error="E1"),
        node("b_err", Op.BOUNDARY_ERROR, error="E1"),
        flows=["in>a", "a>fail", "b_err>next"],
    )
    case = Case(p).open()
    case.finish("a")
    assert case.open_nodes() == {"next"}
    assert "error.thrown" in case.kinds()


def test_an_error_that_nobody_handles_is_an_incident():
    p = scoped(
        human("a"),
        node("fail", Op.ERROR_END, error="E2"),
        node("b_err", Op.BOUNDARY_ERROR, error="E1"),
        flows=["in>a", "a>fail", "b_err>next"],
    )
    case = Case(p).open()
    case.finish("a")
    assert [i.cause for i in case.state.incidents.values()] == ["error"]


def service():
    return program(
        START,
        node("refund", Op.SERVICE),
        node("failed", Op.BOUNDARY_ERROR, error="declined"),
        human("by_hand"),
        END,
        flows=["start>refund", "refund>end", "failed>by_hand", "by_hand>end"],
        attached={"failed": "refund"},
    )


def test_a_service_step_waits_for_its_worker():
    case = Case(service()).open()
    (effect,) = case.last.effects
    assert effect.kind == "service"
    case.do(JobDone(job=effect.payload["job"], outputs={"reference": "R-1"}))
    assert case.state.status is CaseStatus.CLOSED
    assert case.state.variables == {"reference": "R-1"}
    assert case.do(JobDone(job=effect.payload["job"])).events == ()


def test_a_declined_service_takes_the_error_path_and_a_broken_one_is_an_incident():
    declined = Case(service()).open()
    job = next(iter(declined.state.jobs))
    declined.do(JobFailed(job=job, words="Card declined.", error="declined"))
    assert declined.open_nodes() == {"by_hand"}
    broken = Case(service()).open()
    job = next(iter(broken.state.jobs))
    broken.do(JobFailed(job=job, words="No route to host."))
    (incident,) = broken.state.incidents.values()
    broken.do(ResolveIncident(incident=incident.id, actor=BO))
    assert len(broken.state.jobs) == 1
    assert next(iter(broken.state.jobs)) != job


def test_a_script_sets_a_variable_and_a_broken_one_is_an_incident():
    p = program(
        START,
        node("sum", Op.SCRIPT, assign=sets("total", "price * 2")),
        END,
        flows=["start>sum", "sum>end"],
    )
    assert Case(p).open(price=21).state.variables["total"] == 42


def test_a_circle_without_a_wait_is_an_incident():
    p = program(
        START,
        node("a", Op.EXCLUSIVE),
        node("b", Op.EXCLUSIVE),
        END,
        flows=["start>a", "a>b", "b>a if true", "b>end"],
        defaults=["b>end"],
    )
    case = Case(p).open()
    assert [i.cause for i in case.state.incidents.values()] == ["endless_loop"]


def test_a_cancelled_case_leaves_nothing_behind():
    case = Case(bounded()).open()
    case.do(Cancel(reason="Duplicate.", actor=BO))
    assert case.state.status is CaseStatus.CANCELLED
    assert not case.state.tokens and not case.state.tasks and not case.state.timers
    with pytest.raises(CommandRefused, match="cancelled, not open"):
        case.do(Cancel(reason="Again.", actor=BO))


def test_a_reopened_case_begins_again():
    case = Case(one_step()).open()
    with pytest.raises(CommandRefused):
        case.do(Reopen(reason="Not solved.", actor=MO))
    case.finish("work")
    case.do(Reopen(reason="Not solved.", actor=MO))
    assert case.state.status is CaseStatus.OPEN
    assert case.open_nodes() == {"work"}


def test_the_same_input_gives_the_same_output():
    case = Case(waiting()).open()
    command = Message(name="customer.reply")
    first = decide(case.program, case.state, command, at=case.at, workplace=WORKPLACE)
    second = decide(case.program, case.state, command, at=case.at, workplace=WORKPLACE)
    assert first == second


def test_a_failing_way_out_is_retried_without_doing_the_work_again():
    p = program(
        START,
        human("work"),
        human("a"),
        END,
        flows=["start>work", "work>a if x > 1", "work>end if x <= 1", "a>end"],
    )
    case = Case(p).open()
    case.finish("work")
    (incident,) = case.state.incidents.values()
    case.do(ResolveIncident(incident=incident.id, variables={"x": 3}, actor=BO))
    assert case.open_nodes() == {"a"}
    assert case.kinds().count("task.opened") == 2
