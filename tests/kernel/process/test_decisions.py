import pytest

from servoloop.kernel.process.readiness.readiness import Readiness
from tests.kernel.process.complete import choice, form, judged, output, rules, step
from tests.kernel.process.drawing import end, flow, flows, gateway

RISK = choice("risk", "low", "high")
OPTIONAL_RISK = choice("risk", "low", "high", required=False)


def decided(outputs: str, *conditions: str, default: bool = False, before: str = "") -> Readiness:
    """A step with outputs, and a decision with a branch for each condition."""
    names = [f"t{number}" for number in range(len(conditions))]
    other = step("other") + flows("which > other", "other > end") if default else ""
    return judged(
        form(),
        step("ask", outputs),
        before,
        gateway("which", default="which-other" if default else ""),
        *(step(name) for name in names),
        other,
        end(),
        flows("start > ask > which", *(f"{name} > end" for name in names)),
        *(
            flow("which", name, condition.replace("<", "&lt;"))
            for name, condition in zip(names, conditions, strict=True)
        ),
    )


def example(readiness: Readiness, rule: str) -> str:
    (finding,) = [each for each in readiness.findings if each.rule.id == rule]
    return str(finding.gap.parameters["example"])


@pytest.mark.parametrize(
    ("outputs", "conditions"),
    [
        (RISK, ['risk = "low"', 'risk = "high"']),
        (RISK, ['risk = "low"', 'not(risk = "low")']),
        (RISK, ['risk in ("low", "none")', 'risk = "high"']),
        (OPTIONAL_RISK, ['risk = "low"', 'risk = "high"', "risk = null"]),
        (output("sure", "boolean"), ["sure", "not(sure)"]),
        (output("sure", "boolean"), ["sure = true", "sure = false"]),
        (output("n", "number"), ["n < 10", "n >= 10"]),
        (output("n", "number"), ["n in [0..10]", "n < 0 or n > 10"]),
        (output("n", "number"), ["n between 0 and 10", "n < 0", "n > 10"]),
        (output("n", "number", 'required="true" minimum="0"'), ["n in [0..10)", "n >= 10"]),
        (output("t", "text"), ['t = "a"', 't != "a"']),
        (
            RISK + output("n", "money"),
            ['risk = "low"', 'risk = "high" and n > 5', 'risk = "high" and n <= 5'],
        ),
    ],
)
def test_branches_that_cover_every_case_once_are_accepted(
    outputs: str, conditions: list[str]
) -> None:
    readiness = decided(outputs, *conditions)
    assert [each.words("en") for each in readiness.findings] == []


@pytest.mark.parametrize(
    ("outputs", "conditions", "gap"),
    [
        (choice("risk", "low", "high", "extreme"), ['risk = "low"', 'risk = "high"'], "extreme"),
        (OPTIONAL_RISK, ['risk = "low"', 'risk = "high"'], "risk = null"),
        (output("n", "number"), ["n < 10", "n > 10"], "n = 10"),
        (output("n", "number"), ["n < 10", "n >= 20"], "n = 10"),
        (output("sure", "boolean", ""), ["sure", "not(sure)"], "sure = null"),
        (RISK + output("n", "number"), ['risk = "low"', "n > 5 and n <= 5"], 'risk = "high"'),
        ("", ['colour = "red"', 'colour != "red" and colour != null'], "colour = null"),
    ],
)
def test_a_gap_is_shown_with_an_input_that_falls_into_it(
    outputs: str, conditions: list[str], gap: str
) -> None:
    assert gap in example(decided(outputs, *conditions), "decision-gap")


@pytest.mark.parametrize(
    ("outputs", "conditions", "overlap"),
    [
        (output("n", "number"), ["n <= 10", "n >= 10"], "n = 10"),
        (output("n", "number"), ["n > 100", "n > 200"], "n = 201"),
        (RISK + output("sure", "boolean"), ['risk = "high"', "sure"], 'risk = "high"'),
    ],
)
def test_an_overlap_is_shown_with_an_input_that_two_branches_take(
    outputs: str, conditions: list[str], overlap: str
) -> None:
    readiness = decided(outputs, *conditions, default=True)
    assert overlap in example(readiness, "decision-overlap")
    assert readiness.findings[0].elements == ("which", "which-t0", "which-t1")


def test_a_misspelt_option_is_a_branch_that_is_never_taken() -> None:
    readiness = decided(RISK, 'risk = "hihg"', default=True)
    assert rules(readiness) == {"branch-never"}
    assert "“which-t0”" in readiness.findings[0].words("en")


@pytest.mark.parametrize(
    "conditions",
    [
        ["amount > limit", "amount < limit"],
        ['contains(text, "a")', 'contains(text, "b")'],
        ["a.b = 1", "a.b = 2"],
        ["a + b > 1", "a + b < 0"],
    ],
)
def test_what_cannot_be_decided_is_said_so_and_never_guessed(conditions: list[str]) -> None:
    readiness = decided("", *conditions, default=True)
    assert rules(readiness) == {"decision-undecided"}
    assert not readiness.is_ready  # until somebody waives it


@pytest.mark.parametrize(
    "conditions",
    [["amount > limit", "amount <= limit"], ["starts with(t, x)", "not(starts with(t, x))"]],
)
def test_two_opposites_need_no_proof(conditions: list[str]) -> None:
    assert decided("", *conditions).is_ready


def test_one_condition_beside_a_default_is_always_fine() -> None:
    assert decided("", 'matches(text, "x")', default=True).is_ready


def test_an_earlier_branch_is_remembered() -> None:
    """After 'low' went its own way, 'high' and 'extreme' are all that is left."""
    parts = (
        form(choice("risk", "low", "high", "extreme", tag="field")),
        gateway("first", default="first-second"),
        gateway("second"),
        *(step(each) for each in ("a", "b", "c")),
        end(),
        flows("start > first > second", "a > end", "b > end", "c > end"),
        flow("first", "a", 'risk = "low"'),
        flow("second", "b", 'risk = "high"'),
        flow("second", "c", 'risk = "extreme"'),
    )
    assert judged(*parts).is_ready


def test_a_step_in_a_circle_may_change_its_mind() -> None:
    """The loop brings a new answer, so 'no' must be expected again."""
    parts = (
        form(),
        gateway("again"),
        step("ask", choice("good", "yes", "no")),
        gateway("ok"),
        end(),
        flows("start > again > ask > ok"),
        flow("ok", "end", 'good = "yes"'),
        flow("ok", "again", 'good = "no"'),
    )
    assert judged(*parts).is_ready


def test_a_variable_is_not_set_on_a_way_around_its_step() -> None:
    parts = (
        form(choice("short", "yes", "no", tag="field")),
        gateway("fork", default="fork-ask"),
        step("ask", RISK),
        gateway("which"),
        step("a"),
        step("b"),
        end(),
        flows("start > fork > ask > which", "a > end", "b > end"),
        flow("fork", "which", 'short = "yes"'),
        flow("which", "a", 'risk = "low"'),
        flow("which", "b", 'risk = "high"'),
    )
    assert example(judged(*parts), "decision-gap") == "risk = null"


def test_a_join_brings_together_what_its_branches_set() -> None:
    parts = (
        form(),
        gateway("fork", "parallel"),
        step("ask", RISK),
        step("look"),
        gateway("join", "parallel"),
        gateway("which"),
        step("a"),
        step("b"),
        end(),
        flows("start > fork > ask > join > which", "fork > look > join", "a > end", "b > end"),
        flow("which", "a", 'risk = "low"'),
        flow("which", "b", 'risk = "high"'),
    )
    assert judged(*parts).is_ready


def test_a_rule_that_answers_with_literals_is_as_good_as_a_choice() -> None:
    rule = (
        '<bpmn:businessRuleTask id="rule"><bpmn:extensionElements>'
        '<servoloop:step standardTime="PT1S"/>'
        '<servoloop:assign variable="level">if n &gt; 5 then "much" else "little"'
        "</servoloop:assign></bpmn:extensionElements></bpmn:businessRuleTask>"
    )
    parts = (
        form(),
        step("ask", output("n", "number")),
        rule,
        gateway("which"),
        step("a"),
        step("b"),
        end(),
        flows("start > ask > rule > which", "a > end", "b > end"),
        flow("which", "a", 'level = "much"'),
        flow("which", "b", 'level = "little"'),
    )
    assert judged(*parts).is_ready
    dependent = (*parts[:-1], flow("which", "b", "n &lt; 7"))
    assert rules(judged(*dependent)) == {"decision-undecided"}
