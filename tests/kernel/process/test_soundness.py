import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from servoloop.kernel.process.check import check
from servoloop.kernel.process.compile import compile
from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.net import Nets
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reduction import reduced
from servoloop.kernel.process.soundness import find_unsoundness
from tests.kernel.process.blocks import ERROR, TERMINATE, Block, Drawing, blocks, drawn, wild
from tests.kernel.process.drawing import (
    document,
    end,
    flow,
    flows,
    gateway,
    only,
    rules,
    start,
    tasks,
    verdict,
)
from tests.kernel.process.token_game import Game, TooLarge

SLOW = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def way(source: str, *targets: str) -> str:
    return "".join(flow(source, target, "true") for target in targets)


def timer(id: str, *, on: str, interrupting: bool) -> str:
    return (
        f'<bpmn:boundaryEvent id="{id}" attachedToRef="{on}"'
        f' cancelActivity="{str(interrupting).lower()}"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )


def program(drawing: Drawing) -> Program:
    compiled = compile(document(drawing.text()))
    assert compiled.program is not None, [each.words for each in compiled.findings]
    return compiled.program


def is_called_sound(checked: Program) -> bool:
    findings = find_unsoundness(checked)
    assert "too-large" not in {each.rule for each in findings}
    return not any(each.severity is Severity.ERROR for each in findings)


def test_a_choice_into_a_join_is_a_deadlock_told_with_its_path() -> None:
    found = verdict(
        start(),
        gateway("which"),
        tasks("pay", "ship"),
        gateway("both", "parallel"),
        end(),
        flows("start > which", "pay > both", "ship > both", "both > end"),
        way("which", "pay", "ship"),
    )
    stuck = only(found, "deadlock")
    assert not found.is_executable
    assert stuck.element_id == "both"
    assert stuck.parameters["path"] == "start → which → Pay"
    assert stuck.parameters["missing"] == "'Ship' (ship)"
    assert rules(found) == {"deadlock", "no-default"}


def test_a_fork_into_a_merge_runs_what_follows_twice() -> None:
    found = verdict(
        start(),
        gateway("fork", "parallel"),
        tasks("a", "b", "c"),
        gateway("merge"),
        end(),
        flows("start > fork > a > merge > c > end", "fork > b > merge"),
    )
    doubled = only(found, "lack-of-synchronisation")
    assert doubled.element_id in ("c", "merge")
    assert doubled.parameters["path"].startswith("start → fork → ")
    assert not found.is_executable


def test_a_circle_without_a_way_out_is_a_livelock() -> None:
    found = verdict(start(), gateway("m"), tasks("a", "b"), flows("start > m > a > b > m"), end())
    assert only(found, "livelock").parameters["path"].startswith("start")


def test_a_join_that_waits_for_its_own_successor_is_a_deadlock() -> None:
    found = verdict(
        start(),
        gateway("join", "parallel"),
        tasks("a"),
        gateway("split"),
        end(),
        flows("start > join > a > split"),
        way("split", "join", "end"),
    )
    assert only(found, "deadlock").element_id == "join"


def test_two_ends_that_are_both_reached_are_sound() -> None:
    found = verdict(
        start(),
        gateway("fork", "parallel"),
        tasks("a", "b"),
        end("end1"),
        end("end2"),
        flows("start > fork > a > end1", "fork > b > end2"),
    )
    assert found.findings == () and found.is_executable


def test_an_early_plain_end_starves_the_join_and_a_terminate_end_does_not() -> None:
    def race(inside: str) -> set[str]:
        return rules(
            verdict(
                start(),
                gateway("fork", "parallel"),
                tasks("a", "b"),
                gateway("ok", default="ok-join"),
                gateway("join", "parallel"),
                end("stop", inside),
                end(),
                flows("start > fork > a > ok > join > end", "fork > b > join"),
                way("ok", "stop"),
            )
        )

    assert race("") == {"deadlock"}
    assert race("<bpmn:terminateEventDefinition/>") == set()


def test_an_error_that_nobody_catches_is_a_warning() -> None:
    found = verdict(start(), end("stop", "<bpmn:errorEventDefinition/>"), flows("start > stop"))
    assert only(found, "uncaught-error").severity is Severity.WARNING
    assert found.is_executable


def test_a_scope_that_always_fails_never_goes_on() -> None:
    inner = (
        '<bpmn:subProcess id="box"><bpmn:startEvent id="in"/>'
        f'<bpmn:endEvent id="out">{ERROR}</bpmn:endEvent>{flows("in > out")}</bpmn:subProcess>'
        f'<bpmn:boundaryEvent id="caught" attachedToRef="box">{ERROR}</bpmn:boundaryEvent>'
    )
    found = check(
        document(
            '<bpmn:error id="e" errorCode="E1"/><bpmn:process id="p" isExecutable="true">',
            start(),
            inner,
            tasks("next"),
            end(),
            end("end2"),
            flows("start > box > next > end", "caught > end2"),
            "</bpmn:process>",
        )
    )
    assert only(found, "never-runs").element_id == "next"


def test_an_error_boundary_on_a_persons_task_is_never_used() -> None:
    found = check(
        document(
            '<bpmn:error id="e" errorCode="E1"/><bpmn:process id="p" isExecutable="true">',
            start(),
            tasks("work"),
            f'<bpmn:boundaryEvent id="b" attachedToRef="work">{ERROR}</bpmn:boundaryEvent>',
            end(),
            end("end2"),
            flows("start > work > end", "b > end2"),
            "</bpmn:process>",
        )
    )
    assert rules(found) == {"never-caught"} and found.is_executable


def test_twenty_parallel_branches_of_ten_tasks_are_checked_at_once() -> None:
    branch = Block("sequence", (Block("task"),) * 10)
    wide = program(drawn(Block("parallel", (branch,) * 20)))
    net = Nets(wide).net(-1, start=wide.start, never_completing=frozenset())
    assert net is not None
    assert len(reduced(net).transitions) <= 2
    assert find_unsoundness(wide) == ()


def test_a_reminder_that_may_come_twice_is_no_doubled_token() -> None:
    # The wait is repeated while the reminder of the first wait may still be on its way.
    found = verdict(
        start(),
        gateway("again"),
        tasks("wait", "remind"),
        gateway("enough", default="enough-end"),
        end(),
        end("reminded"),
        timer("late", on="wait", interrupting=False),
        flows("start > again > wait > enough > end", "late > remind > reminded"),
        way("enough", "again"),
    )
    assert found.is_executable, [each.words for each in found.findings]


def test_what_is_too_large_is_said_to_be_too_large() -> None:
    # Seven alarms beside one task, each of which may end everything: they cannot be told apart.
    alarms = [timer(f"alarm{n}", on="work", interrupting=False) for n in range(7)]
    stops = [end(f"stop{n}", inside="<bpmn:terminateEventDefinition/>") for n in range(7)]
    ways = [f"alarm{n} > stop{n}" for n in range(7)]
    found = verdict(
        start(), tasks("work"), end(), *alarms, *stops, flows("start > work > end", *ways)
    )
    assert only(found, "too-large").severity is Severity.WARNING
    assert found.is_executable


@SLOW
@given(block=blocks())
def test_a_block_structured_process_is_never_refused(block: Block) -> None:
    assert find_unsoundness(program(drawn(block))) == ()
    found = check(document(drawn(block).text()))
    assert found.is_executable, [each.words for each in found.findings]


@SLOW
@given(block=blocks(max_leaves=6), data=st.data())
def test_a_mutated_process_is_judged_as_by_playing_every_run(
    block: Block, data: st.DataObject
) -> None:
    drawing = drawn(block)
    terminating = [each for each, inside in drawing.ends.items() if inside == TERMINATE]
    changeable = [*drawing.gateways, *terminating]
    assume(changeable)
    for name in data.draw(st.lists(st.sampled_from(changeable), min_size=1, max_size=2)):
        if name in drawing.ends:
            drawing.ends[name] = ""
        else:
            kind = drawing.gateways[name]
            drawing.gateways[name] = "parallel" if kind == "exclusive" else "exclusive"
    checked = program(drawing)
    try:
        expected = Game(checked).is_sound()
    except TooLarge:
        assume(False)
    assert is_called_sound(checked) == expected, drawing.text()


@SLOW
@given(drawing=wild())
def test_a_wild_process_is_judged_as_by_playing_every_run(drawing: Drawing) -> None:
    checked = program(drawing)
    try:
        expected = Game(checked).is_sound()
    except TooLarge:
        assume(False)
    assert is_called_sound(checked) == expected, drawing.text()


@pytest.mark.parametrize("kind", ["choice", "parallel", "loop", "timed scope", "reminded"])
def test_the_oracle_itself_plays_blocks_to_their_end(kind: str) -> None:
    parts = (Block("task"),) * (2 if kind in ("choice", "parallel") else 1)
    assert Game(program(drawn(Block(kind, parts)))).is_sound()
