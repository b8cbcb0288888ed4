from datetime import UTC, datetime
from random import Random
from time import perf_counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.readiness.people import Organisation, Worker
from servoloop.kernel.process.readiness.readiness import Readiness, assess
from servoloop.kernel.process.readiness.rules import QUESTIONS, RULES, WEIGHTS, Question
from servoloop.kernel.process.readiness.waivers import BadWaiver, Waiver, write_waiver
from tests.kernel.process.blocks import Block, blocks
from tests.kernel.process.complete import (
    SHEET,
    STEP,
    choice,
    completely_drawn,
    form,
    judged,
    rules,
    step,
)
from tests.kernel.process.drawing import ROOT, TINY, document, end, flows, gateway, tasks

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DEMO = ROOT / "src" / "servoloop" / "loop" / "demo" / "processes"
LAW = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
LINE = flows("start > a > b > end")
OFFICE = Calendar(name="office", zone="UTC", weekly=weekly_hours("mon-fri 09:00-17:00"))
MORNINGS = Calendar(name="mornings", zone="UTC", weekly=weekly_hours("mon-fri 08:00-12:00"))
AFTERNOONS = Calendar(name="afternoons", zone="UTC", weekly=weekly_hours("mon-fri 12:00-18:00"))


def line(*, a: str = step("a"), b: str = step("b"), sheet: str = SHEET) -> Readiness:
    body = f'<bpmn:process id="p" isExecutable="true">{sheet}{form()}{a}{b}{end()}{LINE}'
    return assess(document(f"{body}</bpmn:process>"))


def cast(**calendars: Calendar | None) -> Organisation:
    """Ada the agent, Bo the supervisor, Cy the manager; calendars by user name."""
    roles = {"ada": "agent", "bo": "supervisor", "cy": "manager"}
    workers = tuple(
        Worker(person=name, roles=frozenset({role}), calendar=calendars.get(name))
        for name, role in roles.items()
    )
    return Organisation(workers=workers, at=MONDAY, calendars={"office": OFFICE})


@settings(LAW, max_examples=1000)
@given(block=blocks())
def test_no_sound_and_complete_process_is_refused(block: Block) -> None:
    readiness = assess(document(completely_drawn(block).text()), organisation=cast())
    assert readiness.findings == ()
    assert readiness.is_ready and readiness.score == 100


def spoilt_step(old: str, new: str) -> str:
    assert old in STEP
    return STEP.format(outputs="").replace(old, new)


SOP = "<servoloop:sop>Do it well.</servoloop:sop>"
DEFECTS = {
    "no-method": spoilt_step(SOP, "<servoloop:sop> </servoloop:sop>"),
    "no-standard-time": spoilt_step('standardTime="PT5M" ', ""),
    "time-contradiction": spoilt_step("PT5M", "PT2H"),
    "no-response-time": spoilt_step('responseTime="PT1H" ', ""),
    "no-role": spoilt_step(' role="agent"', ""),
    "nobody-in-role": spoilt_step('role="agent"', 'role="wizard"'),
    "escalation-in-circle": spoilt_step('role="supervisor"', 'role="agent"'),
    "flow-sound": spoilt_step('within="PT30M"', 'within="soon"'),
}
DEFECTS["no-escalation"] = DEFECTS["no-method"].replace("<servoloop:sop> </servoloop:sop>", SOP)
for _level in ('supervisor" within="PT30M', 'manager" within="PT1H'):
    DEFECTS["no-escalation"] = DEFECTS["no-escalation"].replace(
        f'<servoloop:escalation role="{_level}"/>', ""
    )


@settings(LAW, max_examples=300)
@given(block=blocks(), defect=st.sampled_from(sorted(DEFECTS)), seed=st.integers(0, 999))
def test_a_step_that_leaves_something_out_is_always_caught(
    block: Block, defect: str, seed: int
) -> None:
    drawing = completely_drawn(block)
    text = drawing.text()
    parts = text.split(STEP.format(outputs=""))
    place = Random(seed).randrange(len(parts) - 1)
    whole = STEP.format(outputs="")
    spoilt = whole.join(parts[: place + 1]) + DEFECTS[defect] + whole.join(parts[place + 1 :])

    readiness = assess(document(spoilt), organisation=cast())

    assert not readiness.is_ready and readiness.score < 100
    assert defect in rules(readiness)


@settings(LAW, max_examples=200)
@given(block=blocks(), seed=st.integers(0, 999), kind=st.sampled_from(["swap", "overlap", "gap"]))
def test_a_spoilt_decision_is_always_caught(block: Block, seed: int, kind: str) -> None:
    drawing = completely_drawn(block)
    decisions = sorted(name for name in drawing.gateways if f'at_{name} = "way1"' in drawing.text())
    assume(decisions)
    name = Random(seed).choice(decisions)
    text = drawing.text()
    old = f'<bpmn:conditionExpression>at_{name} = "way1"</bpmn:conditionExpression>'
    new = {
        "overlap": old.replace("way1", "way0"),
        "gap": old.replace('= "way1"', '= "way1" and false'),
        "swap": "<bpmn:conditionExpression>)</bpmn:conditionExpression>",
    }[kind]

    readiness = assess(document(text.replace(old, new)))

    expected = {"overlap": "decision-overlap", "gap": "decision-gap", "swap": "flow-sound"}[kind]
    assert expected in rules(readiness)
    assert not readiness.is_ready


def test_every_rule_has_words_in_both_languages() -> None:
    for rule in RULES.values():
        for words in (rule.title, rule.sentence):
            assert words.in_language("en") and words.in_language("zh-hans")
        fields = rule.sentence.default
        assert ("{element}" in fields) == ("{element}" in rule.sentence.in_language("zh"))
    assert set(QUESTIONS) == set(WEIGHTS) == set(Question)


def test_the_example_and_the_demo_processes_are_ready() -> None:
    for path in (TINY, *DEMO.glob("*.bpmn")):
        readiness = assess(read_document(path.read_bytes()))
        assert [each.words("en") for each in readiness.findings] == [], path.name
        assert readiness.score == 100


def test_a_bare_drawing_is_told_everything_that_is_missing() -> None:
    bare = assess(
        document(
            '<bpmn:process id="p" isExecutable="true">',
            form(),
            tasks("a", "b"),
            end(),
            LINE,
            "</bpmn:process>",
        )
    )
    kept = {each.question for each in bare.questions if each.is_kept}
    assert kept == {Question.FLOW, Question.PROMISE}
    assert rules(bare) == {
        "no-method",
        "no-standard-time",
        "no-response-time",
        "no-escalation",
        "no-role",
        "no-owner",
    }
    assert bare.score < 50


def test_standards_are_asked_for_even_while_the_flow_is_broken() -> None:
    broken = assess(
        document(
            f'<bpmn:process id="p" isExecutable="true">{SHEET}{form()}',
            tasks("a", "b"),
            flows("start > a > b > nowhere"),
            "</bpmn:process>",
        )
    )
    assert {"flow-sound", "no-method"} <= rules(broken)
    assert broken.program is None and not broken.is_ready


def test_findings_say_the_same_in_both_languages_with_spoken_times() -> None:
    (finding,) = line(
        a=step("a").replace('"PT5M"', '"PT90M"').replace('name="A"', 'name="登记"')
    ).findings
    assert finding.elements == ("a",)
    assert finding.words("en") == (
        "“登记” takes 1 h 30 min by standard but must be finished within 1 h."
    )
    assert finding.words("zh-hans") == "“登记”的标准时间是1 小时 30 分钟，却要求在1 小时内完成。"


def test_the_shortest_way_must_fit_into_the_promise_and_the_longest_should() -> None:
    impossible = line(sheet=SHEET.replace("P30D", "PT9M"))
    assert [each.rule.id for each in impossible.findings] == ["promise-impossible"]
    assert impossible.findings[0].severity is Severity.ERROR

    ways = flows("start > which > a > end", "b > end")
    parts = (
        form(choice("speed", "slow", "fast", tag="field")),
        gateway("which", default="which-a"),
        step("a"),
        step("b").replace("PT5M", "PT1H"),
        end(),
        ways,
        '<bpmn:sequenceFlow id="which-b" sourceRef="which" targetRef="b">'
        '<bpmn:conditionExpression>speed = "slow"</bpmn:conditionExpression></bpmn:sequenceFlow>',
    )
    sheet = SHEET.replace("P30D", "PT30M")
    body = f'<bpmn:process id="p" isExecutable="true">{sheet}{"".join(parts)}</bpmn:process>'
    tight = assess(document(body))
    assert [each.rule.id for each in tight.findings] == ["promise-tight"]


def test_a_loop_counts_once_and_a_join_waits_for_its_slowest_branch() -> None:
    looping = (
        form(choice("good", "yes", "no", tag="field")),
        gateway("merge"),
        step("a"),
        gateway("ok", default="ok-merge"),
        end(),
        flows("start > merge > a > ok", "ok > merge"),
        '<bpmn:sequenceFlow id="ok-end" sourceRef="ok" targetRef="end">'
        '<bpmn:conditionExpression>good = "yes"</bpmn:conditionExpression></bpmn:sequenceFlow>',
    )
    body = "".join(looping)
    sheet = SHEET.replace("P30D", "PT5M")
    text = f'<bpmn:process id="p" isExecutable="true">{sheet}{body}</bpmn:process>'
    assert assess(document(text)).is_ready

    beside = (
        form(),
        gateway("fork", "parallel"),
        step("a"),
        step("b").replace("PT5M", "PT20M"),
        gateway("join", "parallel"),
        end(),
        flows("start > fork > a > join > end", "fork > b > join"),
    )
    for promise, ready in (("PT20M", True), ("PT19M", False)):
        sheet = SHEET.replace("P30D", promise)
        text = f'<bpmn:process id="p" isExecutable="true">{sheet}{"".join(beside)}</bpmn:process>'
        assert assess(document(text)).is_ready is ready


def test_a_slow_first_step_is_held_against_the_promised_first_response() -> None:
    slow = line(a=step("a").replace('responseTime="PT1H"', 'responseTime="PT3H"'))
    assert rules(slow) == {"promise-late-start"}
    later = line(b=step("b").replace('responseTime="PT1H"', 'responseTime="PT3H"'))
    assert later.is_ready


def test_roles_owners_and_calendars_must_exist() -> None:
    sheet = SHEET.replace('owner="bo"', 'owner="nobody" calendar="moon"')
    body = f'<bpmn:process id="p" isExecutable="true">{sheet}{form()}{step("a")}{step("b")}{end()}'
    told = assess(document(f"{body}{LINE}</bpmn:process>"), organisation=cast())
    assert rules(told) == {"unknown-owner", "unknown-calendar"}
    assert "“p”的负责人是nobody，但这里没有这个人。" in [each.words("zh") for each in told.findings]


def test_the_calendar_of_an_escalation_level_must_exist() -> None:
    a = step("a").replace('within="PT30M"/>', 'within="PT30M" calendar="moon"/>', 1)
    body = f'<bpmn:process id="p" isExecutable="true">{SHEET}{form()}{a}{step("b")}{end()}{LINE}'
    told = assess(document(f"{body}</bpmn:process>"), organisation=cast())
    assert [(each.rule.id, each.elements) for each in told.findings] == [
        ("unknown-calendar", ("a",))
    ]


@pytest.mark.parametrize(
    ("calendar", "hole"),
    [
        (MORNINGS, "2026-03-02 12:00 UTC"),
        (AFTERNOONS, "2026-03-02 09:00 UTC"),
        (OFFICE, None),
        (None, None),
    ],
)
def test_every_promised_hour_needs_somebody(calendar: Calendar | None, hole: str | None) -> None:
    sheet = SHEET.replace("owner", 'calendar="office" owner')
    parts = f"{sheet}{form()}{step('a')}{step('b')}{end()}{LINE}"
    body = f'<bpmn:process id="p" isExecutable="true">{parts}</bpmn:process>'
    readiness = assess(document(body), organisation=cast(ada=calendar))
    told = [each.gap.parameters["start"] for each in readiness.findings]
    assert told == ([] if hole is None else [hole])
    assert rules(readiness) <= {"hours-without-people"}


def test_the_strict_profile_refuses_what_the_loose_one_allows() -> None:
    parts = (
        form(),
        gateway("fork", "parallel"),
        step("a"),
        step("b"),
        gateway("join", "parallel"),
        end(),
        flows("start > fork > a > join > end", "fork > b > join"),
    )
    assert judged(*parts).is_ready
    assert rules(judged(*parts, strict=True)) == {"strict-one-path"}
    body = "".join((SHEET, *parts))
    asked = f'<bpmn:process id="p" isExecutable="true" servoloop:profile="strict">{body}'
    assert assess(document(f"{asked}</bpmn:process>")).is_strict


def test_a_warning_is_waived_by_name_and_an_error_never() -> None:
    tight = step("a").replace('role="manager"', 'role="agent"')
    text = (
        f'<bpmn:process id="p" isExecutable="true">{SHEET}{form()}{tight}{step("b")}{end()}{LINE}'
    )
    file = document(f"{text}</bpmn:process>")
    assert not assess(file).is_ready

    waiver = Waiver(element="a", rule="escalation-in-circle", by="cy", reason="Small team.")
    write_waiver(file, waiver)
    waived = assess(read_document(file.to_bytes()))
    assert waived.is_ready and waived.score == 100
    assert [each.waiver for each in waived.findings] == [waiver]

    with pytest.raises(BadWaiver, match="an error must be mended"):
        write_waiver(file, Waiver(element="a", rule="no-method", by="cy", reason="No time."))
    with pytest.raises(BadWaiver, match="reason and a name"):
        write_waiver(file, Waiver(element="a", rule="promise-tight", by="cy", reason=" "))


def test_a_waiver_that_says_nothing_is_an_error_itself() -> None:
    silent = step("a").replace(
        "</bpmn:extensionElements>",
        '<servoloop:waiver rule="promise-tight" by="cy"/></bpmn:extensionElements>',
    )
    assert rules(line(a=silent)) == {"bad-waiver"}


def test_the_reference_lists_every_question_and_rule() -> None:
    page = (ROOT / "docs" / "reference" / "readiness.md").read_text(encoding="utf-8")
    for rule in RULES.values():
        titles = f"{rule.title.default} | {rule.title.in_language('zh')}"
        assert f"| `{rule.id}` | {rule.question} | {rule.severity} | {titles} |" in page
    for question, words in QUESTIONS.items():
        row = f"{words.default} | {words.in_language('zh')} | {WEIGHTS[question]}"
        assert f"| `{question}` | {row} |" in page


def test_a_large_process_is_judged_within_a_second() -> None:
    """Three hundred elements: forty decisions, each with three steps behind it."""
    block = Block("choice", (Block("task"),) * 3)
    text = completely_drawn(Block("sequence", (block,) * 40)).text()
    file = document(text)
    begun = perf_counter()
    readiness = assess(file)
    assert readiness.is_ready
    assert perf_counter() - begun < 1.0
