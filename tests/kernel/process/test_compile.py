import hashlib

import pytest

from servoloop.kernel.process.check import NotExecutable, check, load_program
from servoloop.kernel.process.compile import compile
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.program import Op, Program, TimerKind
from tests.kernel.process.drawing import (
    TINY,
    document,
    end,
    flow,
    flows,
    gateway,
    only,
    process,
    rules,
    start,
    tasks,
    verdict,
)

MESSAGE = '<bpmn:message id="m" name="paid" servoloop:correlationKey="order"/>'
ERROR = '<bpmn:error id="e" name="Broken" errorCode="E1"/>'


def program(*parts: str, declarations: str = "") -> Program:
    compiled = compile(document(declarations, process(*parts)))
    assert compiled.program is not None, compiled.findings
    return compiled.program


def timer(kind: str, text: str, attributes: str = "") -> str:
    return (
        f"<bpmn:timerEventDefinition {attributes}><bpmn:{kind}>{text}</bpmn:{kind}>"
        "</bpmn:timerEventDefinition>"
    )


def catch(id: str, inside: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{id}">{inside}</bpmn:intermediateCatchEvent>\n'


def boundary(id: str, host: str, inside: str, attributes: str = "") -> str:
    return (
        f'<bpmn:boundaryEvent id="{id}" attachedToRef="{host}" {attributes}>{inside}'
        "</bpmn:boundaryEvent>\n"
    )


def sub(id: str, *parts: str, attributes: str = "") -> str:
    return f'<bpmn:subProcess id="{id}" {attributes}>{"".join(parts)}</bpmn:subProcess>\n'


def call(id: str, called: str) -> str:
    return f'<bpmn:callActivity id="{id}" calledElement="{called}"/>\n'


def one_task(name: str, *, id: str) -> Document:
    return document(process(start(), tasks(name), end(), flows(f"start > {name} > end"), id=id))


def test_the_smallest_example_becomes_a_table() -> None:
    tiny = load_program(TINY.read_bytes())
    assert tiny.key == "tiny"
    assert [(each.id, each.op) for each in tiny.nodes] == [
        ("asked", Op.START),
        ("triage", Op.HUMAN),
        ("who_answers", Op.EXCLUSIVE),
        ("study", Op.HUMAN),
        ("too_slow", Op.BOUNDARY_TIMER),
        ("answered", Op.END),
        ("given_up", Op.END),
    ]
    assert tiny.start == tiny.by_id["asked"]
    assert tiny.version == read_document(TINY.read_bytes()).version()
    gate = tiny.node("who_answers")
    ways = [tiny.flows[each] for each in gate.outgoing]
    assert [each.id for each in ways] == ["to_answered", "to_study"]
    assert gate.default == ways[1].index and ways[1].condition is None
    assert ways[0].condition is not None
    assert ways[0].condition.evaluate({"outcome": "answered"}) is True
    assert tiny.node("study").boundary == (tiny.by_id["too_slow"],)
    assert tiny.node("too_slow").attached_to == tiny.by_id["study"]
    study = tiny.node("study")
    assert (study.lane, study.step.role) == ("Specialists", "specialist")  # the role of its lane


def test_every_flow_ends_where_its_nodes_say() -> None:
    tiny = load_program(TINY.read_bytes())
    for each in tiny.flows:
        assert each.index in tiny.nodes[each.source].outgoing
        assert each.index in tiny.nodes[each.target].incoming
    assert [each.index for each in tiny.nodes] == list(range(len(tiny.nodes)))
    assert {each.id: each.index for each in tiny.nodes} == dict(tiny.by_id)


@pytest.mark.parametrize(
    ("element", "op"),
    [
        ('<bpmn:task id="x"/>', Op.HUMAN),
        ('<bpmn:manualTask id="x"/>', Op.HUMAN),
        ('<bpmn:userTask id="x"/>', Op.HUMAN),
        ('<bpmn:receiveTask id="x" messageRef="m"/>', Op.RECEIVE),
        ('<bpmn:sendTask id="x" messageRef="m"/>', Op.SEND),
        ('<bpmn:intermediateThrowEvent id="x"/>', Op.THROW_NONE),
        (catch("x", '<bpmn:messageEventDefinition messageRef="m"/>'), Op.RECEIVE),
        (catch("x", timer("timeDuration", "PT1H")), Op.WAIT),
        (gateway("x"), Op.EXCLUSIVE),
        (gateway("x", "parallel"), Op.PARALLEL),
        (sub("x", start("in"), end("out"), flows("in > out")), Op.SCOPE),
        (
            '<bpmn:serviceTask id="x"><bpmn:extensionElements>'
            '<zeebe:taskDefinition type="mail"/></bpmn:extensionElements></bpmn:serviceTask>',
            Op.SERVICE,
        ),
        (
            '<bpmn:scriptTask id="x" scriptFormat="feel" servoloop:resultVariable="v">'
            "<bpmn:script>1 + 1</bpmn:script></bpmn:scriptTask>",
            Op.SCRIPT,
        ),
        (
            '<bpmn:businessRuleTask id="x"><bpmn:extensionElements><servoloop:assign variable="v">'
            "=1 + 1</servoloop:assign></bpmn:extensionElements></bpmn:businessRuleTask>",
            Op.RULE,
        ),
    ],
)
def test_each_element_has_its_operation(element: str, op: Op) -> None:
    built = program(start(), element, end(), flows("start > x > end"), declarations=MESSAGE)
    node = built.node("x")
    assert node.op is op
    if op in (Op.SCRIPT, Op.RULE):
        assert node.assign is not None
        assert (node.assign.variable, node.assign.expression.evaluate({})) == ("v", 2)
    if op is Op.SERVICE:
        assert node.step.topic == "mail"


@pytest.mark.parametrize(
    ("inside", "op"),
    [
        ("", Op.END),
        ("<bpmn:terminateEventDefinition/>", Op.TERMINATE),
        ('<bpmn:errorEventDefinition errorRef="e"/>', Op.ERROR_END),
        ('<bpmn:messageEventDefinition messageRef="m"/>', Op.MESSAGE_END),
    ],
)
def test_each_end_has_its_operation(inside: str, op: Op) -> None:
    built = program(start(), end("x", inside), flows("start > x"), declarations=MESSAGE + ERROR)
    assert built.node("x").op is op
    assert built.node("x").error == ("E1" if op is Op.ERROR_END else None)


def test_boundary_events_know_their_host_and_whether_they_interrupt() -> None:
    built = program(
        start(),
        tasks("work"),
        boundary("late", "work", timer("timeDuration", "PT1H"), 'cancelActivity="false"'),
        boundary("told", "work", '<bpmn:messageEventDefinition messageRef="m"/>'),
        end(),
        end("end2"),
        end("end3"),
        flows("start > work > end", "late > end2", "told > end3"),
        declarations=MESSAGE,
    )
    late, told = built.node("late"), built.node("told")
    assert (late.op, late.is_interrupting) == (Op.BOUNDARY_TIMER, False)
    assert (told.op, told.is_interrupting) == (Op.BOUNDARY_MESSAGE, True)
    assert built.node("work").boundary == (late.index, told.index)
    assert told.message is not None and told.message.key is not None
    assert (told.message.name, told.message.key.evaluate({"order": 7})) == ("paid", 7)


@pytest.mark.parametrize(
    ("kind", "text", "rule", "value"),
    [
        ("timeDuration", "PT1H", TimerKind.DURATION, "PT1H"),
        ("timeDate", "2026-03-01T09:00:00+08:00", TimerKind.DATE, "2026-03-01T09:00:00+08:00"),
        ("timeCycle", "R3/PT10M", TimerKind.CYCLE, "R3/PT10M"),
        ("timeDuration", "=wait", TimerKind.DURATION, "PT5M"),
        ("timeDuration", "${wait}", TimerKind.DURATION, "PT5M"),
    ],
)
def test_a_timer_is_a_text_or_an_expression(
    kind: str, text: str, rule: TimerKind, value: str
) -> None:
    event = catch("x", timer(kind, text, 'servoloop:isWorkingTime="true"'))
    built = program(start(), event, end(), flows("start > x > end"))
    found = built.node("x").timer
    assert found is not None
    assert (found.kind, found.is_working_time) == (rule, True)
    assert found.expression.evaluate({"wait": "PT5M"}) == value


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("timeDate", "2026-02-30T09:00:00Z", "not a possible date"),
        ("timeDate", "2026-02-03", "no time zone"),
        ("timeDuration", "P1M", "varies"),
        ("timeDuration", "soon", "ISO 8601"),
        ("timeDuration", "", "exactly one"),
        ("timeCycle", "0 9 * * *", "repetition"),
    ],
)
def test_an_impossible_timer_is_found_before_it_is_armed(kind: str, text: str, says: str) -> None:
    found = verdict(start(), catch("x", timer(kind, text)), end(), flows("start > x > end"))
    assert not found.is_executable
    assert says in only(found, "bad-timer").words


def test_a_scope_holds_its_nodes() -> None:
    built = program(
        start(),
        sub("box", start("in"), tasks("work"), end("out"), flows("in > work > out")),
        end(),
        flows("start > box > end"),
    )
    box = built.node("box")
    assert (box.op, box.inner_start) == (Op.SCOPE, built.by_id["in"])
    inside = [each.id for each in built.nodes if each.scope == box.index]
    assert inside == ["in", "work", "out"]


def test_a_called_process_is_written_out_in_place() -> None:
    inner = document(
        process(start(), call("deeper", "third"), end(), flows("start > deeper > end"), id="second")
    )
    third = document(
        process(start(), tasks("work"), end(), flows("start > work > end"), id="third")
    )
    outer = document(process(start(), call("c", "second"), end(), flows("start > c > end")))
    library = {"second": inner, "third": third}
    built = compile(outer, library=library).program
    assert built is not None
    assert built.node("c/deeper/work").scope == built.by_id["c/deeper"]
    assert built.node("c").inner_start == built.by_id["c/start"]
    assert built.start == built.by_id["start"]
    assert built.version != outer.version()
    changed = document(
        process(start(), tasks("other"), end(), flows("start > other > end"), id="third")
    )
    again = compile(outer, library={**library, "third": changed}).program
    assert again is not None and again.version != built.version


def test_a_process_that_calls_itself_is_refused() -> None:
    first = document(process(start(), call("c", "q"), end(), flows("start > c > end")))
    second = document(process(start(), call("d", "p"), end(), flows("start > d > end"), id="q"))
    found = check(first, library={"p": first, "q": second})
    assert only(found, "recursive-call").parameters["path"] == "p → q → p"
    assert only(found, "recursive-call").element_id == "c/d"


def test_calls_that_double_at_each_level_are_stopped_early() -> None:
    library = {}
    for level in range(40):
        library[f"p{level}"] = document(
            process(
                start(),
                call("a", f"p{level + 1}"),
                call("b", f"p{level + 1}"),
                end(),
                flows("start > a > b > end"),
                id=f"p{level}",
            )
        )
    found = check(library["p0"], library=library)
    assert "too-many-elements" in rules(found) and not found.is_executable


def test_an_unknown_called_process_is_named() -> None:
    found = verdict(start(), call("c", "nowhere"), end(), flows("start > c > end"))
    assert "'nowhere'" in only(found, "unknown-call").words
    assert rules(found) == {"unknown-call"}


NOT_T1 = [
    ('<bpmn:inclusiveGateway id="x"/>', "an inclusive gateway"),
    ('<bpmn:complexGateway id="x"/>', "a complex gateway"),
    ('<bpmn:transaction id="x"/>', "a transaction"),
    ('<bpmn:adHocSubProcess id="x"/>', "an ad-hoc sub-process"),
    ('<bpmn:subProcess id="x" triggeredByEvent="true"/>', "an event sub-process"),
    ('<bpmn:task id="x" isForCompensation="true"/>', "a compensation activity"),
    (
        '<bpmn:task id="x"><bpmn:standardLoopCharacteristics/></bpmn:task>',
        "a loop activity",
    ),
    (
        '<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics/></bpmn:task>',
        "a parallel multi-instance activity",
    ),
    (
        '<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'
        "</bpmn:task>",
        "a sequential multi-instance activity",
    ),
    ('<bpmn:task id="x" startQuantity="2"/>', "an activity that takes or gives several tokens"),
    ('<bpmn:receiveTask id="x" instantiate="true"/>', "a receive task that starts cases"),
    (
        '<bpmn:eventBasedGateway id="x" eventGatewayType="Parallel"/>',
        "a parallel event-based gateway",
    ),
    (catch("x", "<bpmn:signalEventDefinition/>"), "a signal catching event"),
    (catch("x", "<bpmn:conditionalEventDefinition/>"), "a conditional catching event"),
    (catch("x", '<bpmn:linkEventDefinition name="l"/>'), "a link catching event"),
    (
        catch("x", "<bpmn:signalEventDefinition/><bpmn:messageEventDefinition/>"),
        "a multiple catching event",
    ),
    (
        '<bpmn:intermediateThrowEvent id="x"><bpmn:escalationEventDefinition/>'
        "</bpmn:intermediateThrowEvent>",
        "an escalation throwing event",
    ),
    (
        '<bpmn:intermediateThrowEvent id="x"><bpmn:compensateEventDefinition/>'
        "</bpmn:intermediateThrowEvent>",
        "a compensation throwing event",
    ),
    (end("x", "<bpmn:signalEventDefinition/>"), "a signal end event"),
    (end("x", "<bpmn:cancelEventDefinition/>"), "a cancel end event"),
    (start("x", "<bpmn:signalEventDefinition/>"), "a signal start event"),
    (start("x", "<bpmn:conditionalEventDefinition/>"), "a conditional start event"),
    (boundary("x", "work", "<bpmn:signalEventDefinition/>"), "a signal boundary event"),
    (boundary("x", "work", "<bpmn:escalationEventDefinition/>"), "an escalation boundary event"),
]


@pytest.mark.parametrize(("element", "what"), NOT_T1)
def test_what_is_not_executed_is_named(element: str, what: str) -> None:
    found = verdict(start(), tasks("work"), element, end(), flows("start > work > end"))
    assert not found.is_executable and found.program is None
    named = only(found, "not-executable")
    assert (named.element_id, named.parameters["what"]) == ("x", what)
    assert named.words == f"'x' is {what}, which Servoloop does not execute."


def test_a_choreography_is_named_too() -> None:
    found = check(
        document('<bpmn:choreography id="c"><bpmn:choreographyTask id="x"/></bpmn:choreography>')
    )
    whats = {each.parameters.get("what") for each in found.findings}
    assert {"a choreography", "a choreography task"} <= whats


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ((tasks("a"), end(), flows("a > end")), "no-start"),
        ((start(), start("start2"), end(), flows("start > end", "start2 > end")), "several-starts"),
        ((start(), end(), flows("start > end > start")), "start-incoming"),
        ((start(), tasks("a"), end(), flows("start > end > a")), "end-outgoing"),
        ((start(), end(), flows("start > end", "start > gone")), "broken-reference"),
        ((start(), '<bpmn:serviceTask id="a"/>', end(), flows("start > a > end")), "no-topic"),
        ((start(), '<bpmn:sendTask id="a"/>', end(), flows("start > a > end")), "no-message"),
        ((start(), '<bpmn:receiveTask id="a"/>', end(), flows("start > a > end")), "no-message"),
        (
            (start(), '<bpmn:receiveTask id="a" messageRef="x"/>', end(), flows("start > a > end")),
            "broken-reference",
        ),
        ((start(), '<bpmn:scriptTask id="a"/>', end(), flows("start > a > end")), "no-assignment"),
        (
            (
                start(),
                '<bpmn:scriptTask id="a" scriptFormat="groovy" servoloop:resultVariable="v">'
                "<bpmn:script>x</bpmn:script></bpmn:scriptTask>",
                end(),
                flows("start > a > end"),
            ),
            "script-format",
        ),
        (
            (start(), tasks("a"), boundary("b", "start", timer("timeDuration", "PT1H")), end()),
            "bad-attachment",
        ),
        (
            (
                start(),
                tasks("a"),
                boundary("b", "a", timer("timeDuration", "PT1H")),
                end(),
                flows("start > a > b > end"),
            ),
            "boundary-incoming",
        ),
        (
            (
                start(),
                sub("box", start("in"), tasks("a"), end("out"), flows("in > a > out")),
                end(),
                flows("start > box > end", "a > end"),
            ),
            "crossing-flow",
        ),
        (
            (
                start(),
                sub("box", start("in", timer("timeDuration", "PT1H")), end("out"), flows("in>out")),
                end(),
                flows("start > box > end"),
            ),
            "misplaced-start",
        ),
        (
            (start(), gateway("g", "eventBased"), tasks("a"), end(), flows("start > g > a > end")),
            "event-gateway-target",
        ),
        ((start(), tasks("a"), tasks("a"), end(), flows("start > a > end")), "duplicate-id"),
        ((start(), "<bpmn:userTask/>", end(), flows("start > end")), "no-id"),
    ],
)
def test_what_bpmn_forbids_is_an_error(parts: tuple[str, ...], rule: str) -> None:
    found = verdict(*parts)
    assert rule in rules(found)
    assert not found.is_executable and found.program is None


def split(*ways: str, default: str = "") -> tuple[str, ...]:
    return (
        start(),
        gateway("g", default=default),
        tasks("a", "b"),
        end(),
        flows("start > g", "a > end", "b > end"),
        *ways,
    )


def test_an_exclusive_way_without_condition_is_an_error() -> None:
    found = verdict(*split(flow("g", "a", "x = 1"), flows("g > b")))
    assert only(found, "no-condition").element_id == "g-b"


def test_a_condition_that_cannot_be_read_says_where() -> None:
    found = verdict(*split(flow("g", "a", "x = "), flows("g > b"), default="g-b"))
    broken = only(found, "condition-syntax")
    assert broken.element_id == "g-a" and broken.parameters["position"] == "3"


@pytest.mark.parametrize("text", ["x = 1", "=x = 1", "= x = 1 ", "${x = 1}"])
def test_the_marks_of_other_tools_are_left_out_of_a_condition(text: str) -> None:
    built = program(*split(flow("g", "a", text), flows("g > b"), default="g-b"))
    condition = built.flows[built.node("g").outgoing[0]].condition
    assert condition is not None and condition.evaluate({"x": 1}) is True


def test_a_condition_in_another_language_is_an_error() -> None:
    way = flow("g", "a", "x").replace(
        "conditionExpression>", 'conditionExpression language="XPath">', 1
    )
    found = verdict(*split(way, flows("g > b"), default="g-b"))
    assert only(found, "expression-language").parameters["language"] == "XPath"


def test_a_condition_behind_a_task_is_an_error_and_behind_a_fork_is_ignored() -> None:
    behind_task = verdict(start(), tasks("a"), end(), flows("start > a"), flow("a", "end", "x"))
    assert only(behind_task, "conditional-flow").severity is Severity.ERROR
    behind_fork = verdict(
        start(), gateway("g", "parallel"), end(), flows("start > g"), flow("g", "end", "x")
    )
    assert only(behind_fork, "condition-ignored").severity is Severity.WARNING
    assert behind_fork.is_executable


def test_implicit_splits_and_merges_are_warnings_and_run() -> None:
    found = verdict(
        start(),
        tasks("a", "b", "c"),
        end(),
        end("end2"),
        flows("start > a > b > end", "a > c > end2"),
    )
    assert only(found, "implicit-split").element_id == "a"
    assert found.is_executable and found.program is not None
    assert len(found.program.node("a").outgoing) == 2


def test_the_executable_process_is_chosen_among_pools() -> None:
    body = (start(), tasks("a"), end(), flows("start > a > end"))
    two = (
        process(*body, id="ours"),
        process(start("x"), end("y"), flows("x > y"), id="theirs", attributes=""),
    )
    chosen = check(document(*two))
    assert chosen.program is not None and chosen.program.key == "ours"
    named = check(document(*two), process="theirs")
    assert named.program is not None and named.program.key == "theirs"
    unknown = check(document(*two), process="nobody")
    assert "Known: ours, theirs" in only(unknown, "unknown-process").words


def test_several_candidates_are_an_error_and_a_black_box_is_none() -> None:
    unmarked = [
        process(start(f"s{i}"), end(f"e{i}"), flows(f"s{i} > e{i}"), id=f"p{i}", attributes="")
        for i in (1, 2)
    ]
    assert "p1, p2" in only(check(document(*unmarked)), "which-process").words
    single = check(document(unmarked[0], process(id="empty")))
    assert single.is_executable
    assert only(single, "not-marked-executable").severity is Severity.WARNING
    assert rules(check(document())) == {"no-process"}


def test_message_and_timer_starts_are_listed() -> None:
    built = program(
        start("portal"),
        start("mail", '<bpmn:messageEventDefinition messageRef="m"/>'),
        start("nightly", timer("timeCycle", "R/PT24H")),
        end(),
        flows("portal > end", "mail > end", "nightly > end"),
        declarations=MESSAGE,
    )
    assert built.start == built.by_id["portal"]
    assert built.message_starts == {"paid": built.by_id["mail"]}
    assert built.timer_starts == (built.by_id["nightly"],)


def test_loading_what_cannot_run_raises_with_all_findings() -> None:
    broken = document(process(start(), '<bpmn:inclusiveGateway id="x"/>', end()))
    with pytest.raises(NotExecutable, match="'x' is an inclusive gateway") as caught:
        load_program(broken.to_bytes())
    assert any(each.element_id == "x" for each in caught.value.findings)


def test_a_version_is_a_sha_256() -> None:
    assert len(load_program(TINY.read_bytes()).version) == hashlib.sha256().digest_size * 2


def test_two_starts_for_one_message_are_an_error() -> None:
    mail = '<bpmn:messageEventDefinition messageRef="m"/>'
    body = (start("a", mail), start("b", mail), end(), flows("a > end", "b > end"))
    found = check(document(MESSAGE, process(*body)))
    assert only(found, "same-message-start").parameters["message"] == "paid"


def test_a_default_that_means_nothing_and_a_task_with_two_ways_in_are_warnings() -> None:
    found = verdict(
        start(),
        gateway("g", "parallel", default="g-a"),
        gateway("h", default="h-a"),
        tasks("a", "b"),
        end(),
        flows("start > g > a > h", "b > end", "h > a"),
        flow("h", "b", "true"),
    )
    assert found.is_executable
    assert only(found, "default-ignored").element_id == "g"
    assert "a" in {each.element_id for each in found.findings if each.rule == "implicit-merge"}
