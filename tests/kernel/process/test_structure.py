import pytest

from servoloop.kernel.process.check import check
from tests.kernel.process.drawing import (
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

CHOICE = (
    '<servoloop:output name="answer" type="choice" required="true">'
    '<servoloop:option value="yes"/><servoloop:option value="no"/></servoloop:output>'
)


def test_what_no_flow_leads_to_is_unreachable() -> None:
    found = verdict(start(), tasks("a", "island"), end(), flows("start > a > end", "island > end"))
    assert only(found, "unreachable").element_id == "island"
    assert not found.is_executable


def test_where_the_flow_just_stops_is_a_dead_end() -> None:
    found = verdict(start(), tasks("a", "b"), end(), flows("start > a > end", "start > b"))
    assert only(found, "dead-end").element_id == "b"
    assert not found.is_executable


def test_a_boundary_event_makes_what_follows_reachable_and_needs_a_way_on() -> None:
    boundary = (
        '<bpmn:boundaryEvent id="late" attachedToRef="a"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )
    parts = (start(), tasks("a", "b"), end(), boundary, flows("start > a > end", "b > end"))
    assert only(verdict(*parts), "dead-end").element_id == "late"
    assert verdict(*parts, flows("late > b")).findings == ()


def test_the_shape_is_judged_even_where_elements_cannot_be_executed() -> None:
    found = verdict(
        start(), gateway("g", "inclusive"), tasks("a"), end(), flows("start > g > end", "g > a")
    )
    assert {"not-executable", "dead-end"} <= rules(found)


def test_link_event_subprocess_and_compensation_stand_alone_rightly() -> None:
    found = check(
        document(
            process(
                start(),
                '<bpmn:intermediateThrowEvent id="out"><bpmn:linkEventDefinition name="l"/>'
                '</bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent id="in">'
                '<bpmn:linkEventDefinition name="l"/></bpmn:intermediateCatchEvent>'
                '<bpmn:subProcess id="aside" triggeredByEvent="true">'
                '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'
                f"{flows('s > e')}</bpmn:subProcess>"
                '<bpmn:task id="undo" isForCompensation="true"/>',
                end(),
                flows("start > out", "in > end"),
            )
        )
    )
    assert rules(found) == {"not-executable"}


def split(*conditions: str, form: str = "", default: str = "") -> set[str]:
    """What is found about a start form and an exclusive split with these conditions."""
    names = [f"t{each}" for each in range(len(conditions))]
    return rules(
        verdict(
            start(inside=f"<bpmn:extensionElements>{form}</bpmn:extensionElements>"),
            '<bpmn:userTask id="ask"><bpmn:extensionElements><servoloop:step>'
            f"{CHOICE}</servoloop:step></bpmn:extensionElements></bpmn:userTask>",
            gateway("g", default=default),
            tasks(*names),
            end(),
            flows("start > ask > g", *(f"{each} > end" for each in names)),
            *(flow("g", name, text) for name, text in zip(names, conditions, strict=True)),
        )
    )


def test_a_split_that_may_find_no_way_is_a_warning() -> None:
    assert split("amount = 1", "amount = 2") == {"no-default"}
    assert split("amount = 1", "amount = 2", default="g-t1") == set()


@pytest.mark.parametrize(
    "conditions",
    [
        ("amount &gt; 500", "amount &lt;= 500"),
        ("amount  &lt;  500", "amount &gt;= 500"),
        ("vip = true", "vip != true"),
        ("vip", "not(vip)"),
        ('answer = "yes"', 'answer = "no"'),
    ],
)
def test_conditions_that_plainly_cover_everything_need_no_default(
    conditions: tuple[str, str],
) -> None:
    assert split(*conditions) == set()


@pytest.mark.parametrize(
    "conditions",
    [
        ("amount &gt; 500", "amount &lt; 500"),
        ("a &gt; 5 and b", "a &lt;= 5 and b"),
        ('answer = "yes"', 'answer = "maybe"'),
        ('other = "yes"', 'other = "no"'),
    ],
)
def test_conditions_that_leave_a_gap_want_a_default(conditions: tuple[str, str]) -> None:
    assert split(*conditions) == {"no-default"}


def test_a_choice_that_may_stay_empty_wants_a_default() -> None:
    form = (
        '<servoloop:form><servoloop:field name="answer" type="choice">'
        '<servoloop:option value="yes"/></servoloop:field></servoloop:form>'
    )
    assert split('answer = "yes"', 'answer = "no"', form=form) == {"no-default"}
