from hypothesis import HealthCheck, given, settings

from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.diff import Audience, Change, Difference, Kind, compare
from servoloop.kernel.process.diff_values import text_diff
from servoloop.kernel.process.diff_words import ASPECTS, SENTENCES, Aspect
from servoloop.kernel.process.words import Words
from tests.kernel.process.blocks import Block, blocks, drawn
from tests.kernel.process.drawing import TINY, document

TEXT = TINY.read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str]) -> Difference:
    """The tiny process against itself with these replacements."""
    new = TEXT
    for old_text, new_text in pairs:
        assert old_text in new
        new = new.replace(old_text, new_text, 1)
    return compare(load_program(TEXT.encode()), load_program(new.encode()))


def only(difference: Difference) -> Change:
    (change,) = difference.changes
    return change


def test_the_same_content_has_no_difference_however_it_is_drawn() -> None:
    assert changed().is_empty
    assert changed(('standardTime="PT10M"', 'standardTime="PT600S"')).is_empty


def test_times_are_told_to_the_role_that_works_by_them() -> None:
    change = only(changed(('standardTime="PT10M"', 'standardTime="PT8M"')))
    assert (change.aspect, change.audience, change.role) == (
        Aspect.STANDARD_TIME,
        Audience.ROLE,
        "agent",
    )
    assert change.words("en") == "“Answer or pass on”: 10 min → 8 min"
    assert change.words("zh-hans") == "“答复或转交”：10 分钟 → 8 分钟"


def test_promises_and_form_fields_are_told_to_the_customer() -> None:
    difference = changed(
        ('metric="resolution" within="PT8H"', 'metric="resolution" within="PT6H"'),
        (
            '<servoloop:field name="question"',
            '<servoloop:field name="since" type="date"/><servoloop:field name="question"',
        ),
    )
    assert [each.aspect for each in difference.changes] == [Aspect.RESOLUTION, Aspect.FORM]
    assert {each.audience for each in difference.changes} == {Audience.CUSTOMER}
    assert difference.changes[0].words("zh-hans") == "8 小时 → 6 小时"
    assert difference.changes[1].words("en") == "– → since (date)"


def test_a_method_is_compared_line_by_line_in_both_languages() -> None:
    change = only(changed(("2. Search the handbook.", "2. Ask the handbook.")))
    assert change.aspect is Aspect.SOP
    assert change.lines is not None
    assert [each.sign for each in change.lines["en"]] == ["-", "+"]
    assert change.lines["zh-hans"] == ()


def test_only_the_neighbours_of_a_changed_line_are_kept() -> None:
    before = "\n".join("abcdefg")
    signs = "".join(each.sign + each.text for each in text_diff(before, before.replace("d", "x")))
    assert signs == " c-d+x e"


def test_escalation_roles_and_owners_are_said_with_their_labels() -> None:
    old = load_program(TEXT.encode())
    new = load_program(
        TEXT.replace('role="manager" within="PT1H"', 'role="director" within="PT2H"').encode()
    )
    roles = {"director": Words(default="Director", translations={"zh": "总监"})}
    change = only(compare(old, new, roles=roles))
    assert change.words("zh-hans").endswith("→ supervisor (30 分钟) › 总监 (2 小时)")


def test_a_step_that_is_gone_takes_its_ways_with_it() -> None:
    start = TEXT.index('<bpmn:userTask id="study"')
    stop = TEXT.index("</bpmn:boundaryEvent>") + len("</bpmn:boundaryEvent>")
    new = TEXT[:start] + TEXT[stop:]
    for gone in ("studied", "to_given_up"):
        line = next(each for each in new.splitlines() if f'sequenceFlow id="{gone}"' in each)
        new = new.replace(line, "")
    for gone in ("study", "too_slow", "given_up"):
        new = new.replace(f"<bpmn:flowNodeRef>{gone}</bpmn:flowNodeRef>", "")
    new = new.replace('targetRef="study"', 'targetRef="given_up"')

    difference = compare(load_program(TEXT.encode()), load_program(new.encode()))

    told = {(each.kind, each.aspect, each.old_element) for each in difference.changes}
    assert (Kind.REMOVED, Aspect.STEP, "study") in told
    assert (Kind.REMOVED, Aspect.FLOW, "studied") in told
    assert difference.old_marks()["study"] == "removed"
    assert difference.marks() == {"to_study": "added"}
    assert "取消“研究问题”。" in [each.words("zh-hans") for each in difference.changes]


def test_a_step_with_a_new_id_but_the_same_name_and_role_is_the_same_step() -> None:
    new = TEXT.replace('"triage"', '"Activity_1x"').replace(">triage<", ">Activity_1x<")
    assert compare(load_program(TEXT.encode()), load_program(new.encode())).is_empty


def test_a_renamed_step_and_a_changed_condition_are_told_to_who_needs_them() -> None:
    difference = changed(
        ('name="Study the question"', 'name="Research it"'),
        ('outcome = "answered"', 'outcome != "passed_on"'),
    )
    name, condition = difference.changes
    assert name.words("en") == "“Study the question” is now called “Research it”."
    assert name.role == "specialist"
    assert condition.audience is Audience.OWNER
    assert 'outcome != "passed_on"（原为：outcome = "answered"）' in condition.words("zh")
    assert difference.marks() == {"study": "changed", "to_answered": "changed"}


def test_every_aspect_can_be_said() -> None:
    assert set(ASPECTS) == set(Aspect)
    for aspect in Aspect:
        assert ("changed", aspect) in SENTENCES


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=blocks(max_leaves=5), other=blocks(max_leaves=5))
def test_there_and_back_are_mirror_images(one: Block, other: Block) -> None:
    first, second = (load_program(document(drawn(each).text()).to_bytes()) for each in (one, other))
    assert compare(first, first).is_empty
    there, back = compare(first, second), compare(second, first)
    for aspect in (Aspect.STEP, Aspect.FLOW):
        added = [e.element for e in there.changes if (e.kind, e.aspect) == (Kind.ADDED, aspect)]
        gone = [e.old_element for e in back.changes if (e.kind, e.aspect) == (Kind.REMOVED, aspect)]
        assert sorted(added) == sorted(gone)


def test_what_a_step_asks_of_people_is_compared_too() -> None:
    added = (
        "<servoloop:check><servoloop:label>Photo compared</servoloop:label></servoloop:check>"
        '<servoloop:attachment href="/rules.pdf"/><servoloop:skill name="refunds"/>'
    )
    difference = changed(
        (
            '<servoloop:step standardTime="PT10M"',
            '<servoloop:step authorityLimit="200" standardTime="PT10M"',
        ),
        ("<servoloop:sop>1. Read", f"{added}<servoloop:sop>1. Read"),
        (
            '<servoloop:escalation role="supervisor" within="PT30M"/>',
            '<servoloop:escalation role="supervisor" within="PT30M" calendar="always"/>',
        ),
    )
    said = {each.aspect: each.words("en") for each in difference.changes}
    assert set(said) == {
        Aspect.CHECKLIST,
        Aspect.ATTACHMENTS,
        Aspect.SKILLS,
        Aspect.AUTHORITY,
        Aspect.ESCALATION,
    }
    assert said[Aspect.CHECKLIST] == "“Answer or pass on”: – → Photo compared"
    assert "(30 min (always))" in said[Aspect.ESCALATION]


def test_what_the_process_aims_at_is_compared_too() -> None:
    difference = changed(
        (
            '<servoloop:sheet owner="bo"',
            '<servoloop:sheet internal="true" approval="owner" owner="bo"',
        ),
        (
            '<servoloop:serviceLevel metric="first_response"',
            '<servoloop:goal>Calm.</servoloop:goal><servoloop:kpi name="resolution" target="PT2H"/>'
            '<servoloop:serviceLevel metric="first_response"',
        ),
    )
    said = {each.aspect: each.words("zh-hans") for each in difference.changes}
    assert said == {
        Aspect.GOAL: "– → Calm.",
        Aspect.KPI_GOALS: "– → resolution 2 小时",
        Aspect.PORTAL: "是 → 否",
        Aspect.APPROVAL: "无需审批 → 流程负责人",
    }
