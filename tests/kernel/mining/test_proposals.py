"""Proposals: what each rule would change in a definition, as a checked file or a reason why not."""

from pathlib import Path

import pytest

from servoloop.kernel.mining.findings.catalogue import RULES, words
from servoloop.kernel.mining.findings.finding import Effect, Finding
from servoloop.kernel.mining.findings.planning import Definition
from servoloop.kernel.mining.findings.redesigns import propose, with_redesigns
from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.readiness.readiness import assess
from tests.kernel.process.complete import choice, form, output, step
from tests.kernel.process.drawing import document as file_of
from tests.kernel.process.drawing import end, flow, flows, gateway

DEMO = Path(__file__).parents[3] / "src/servoloop/loop/demo/processes"


def definition(document, **aliases: str) -> Definition:
    program = check(document).program
    assert program is not None
    return Definition(document=document, program=program, library={}, aliases=aliases)


def demo(name: str, **aliases: str) -> Definition:
    return definition(read_document((DEMO / f"{name}.bpmn").read_bytes()), **aliases)


def desk() -> Definition:
    """Look, price, judge (yes or no), pay: all by agents, on one line."""
    return definition(
        file_of(
            '<bpmn:process id="desk" isExecutable="true">',
            form('<servoloop:field name="amount" type="money" required="true" maximum="9000"/>'),
            step("look"),
            step("price", output("cost", "money")),
            step("judge", choice("verdict", "yes", "no")),
            gateway("ok", default="ok-pay"),
            step("pay"),
            end(),
            end("refused"),
            flows("start > look > price > judge > ok", "ok > pay > end"),
            flow("ok", "refused", 'verdict = "no"'),
            "</bpmn:process>",
        )
    )


def finding(rule: str, *steps: str, subject: str = "", **evidence: float) -> Finding:
    return Finding(
        rule=next(each for each in RULES if each.id == rule),
        subject=subject,
        says=words("It is so.", "如此。"),
        evidence=evidence,
        n=100,
        cases=40,
        affected=("1",),
        effect=Effect(hours=3, low=2, high=4),
        gain=12,
        gain_how=words("Counted.", "合计。"),
        steps=steps,
    )


CHANGED = {
    "transfers": (finding("transfers"), desk, "the queue of its role → the owner of the case"),
    "waiting": (
        finding("waiting", "Look", subject="contention"),
        desk,
        "the queue of its role → whoever has the fewest tasks",
    ),
    "waiting for the customer": (
        finding("waiting", "Wait for the goods", subject="customer"),
        lambda: demo("refund", **{"Wait for the goods": "await_parcel"}),
        "“Remind the customer” is new.",
    ),
    "approvals": (
        finding("approvals", "Judge", "Pay", limit=500.0),
        desk,
        "“cost above 500?” is new.",
    ),
    "approvals with a limit": (
        finding("approvals", "Approve the refund", "Tell how to return"),
        lambda: demo("refund"),
        "refund_amount > 600 or in_policy = false",
    ),
    "late_rejects": (finding("late_rejects", "judge"), desk, "New way: start → Judge."),
    "any_order": (finding("any_order", "Look", "Price"), desk, "“look_fork” is new."),
    "same_question": (
        finding("same_question", "Look", subject="serial number"),
        desk,
        "Needed as well: serial number",
    ),
    "loops": (finding("loops", "Price"), desk, "Everything that 'Price' needs"),
    "scripted": (
        finding("scripted", subject="return_reason = wrong_item"),
        lambda: demo("refund"),
        "“Self-service: wrong_item” is new.",
    ),
    "copy_paste": (
        finding("copy_paste", "Book the refund"),
        lambda: demo("refund"),
        "“Book the refund (automatic)” is new.",
    ),
    "mixed_queue": (finding("mixed_queue", "Look", ratio=5.0), desk, "“Sort: Look” is new."),
    "batches": (
        finding("batches", "Pay"),
        desk,
        "“Pay”: the queue of its role → whoever has the fewest tasks",
    ),
    "reopens": (finding("reopens", "Pay"), desk, "The customer has confirmed"),
    "unanswered": (
        finding("unanswered", "look"),
        desk,
        "supervisor (30 min) › manager (1 h) → supervisor (15 min) › manager (1 h)",
    ),
    "revisits": (
        finding("revisits", "visit"),
        lambda: demo("repair"),
        "the likely part is reserved",
    ),
    "status_questions": (
        finding("status_questions", "Where is my refund"),
        lambda: demo("complaint"),
        "“Tell how it stands” is new.",
    ),
    "better_variant": (
        finding("better_variant", "Price", "Look", "Judge", "Pay"),
        desk,
        "New way: start → Price.",
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_rule_changes_the_definition_as_it_proposes(name):
    found, of, sentence = CHANGED[name]
    known = of()
    proposal = propose(found, [known])
    assert proposal.redesign is not None, proposal.why_not
    said = [change.words("en") for change in proposal.changes]
    assert any(sentence in each for each in said), said
    changed = read_document(proposal.redesign)
    assert check(changed).is_executable
    if known.program.key == "desk":  # the demo's files are assessed with each kind of change
        was, now = ({f.rule.id for f in assess(d).findings} for d in (known.document, changed))
        assert now <= was  # nothing that the readiness gate did not ask for before
    assert (proposal.definition, proposal.version) == (known.program.key, known.program.version)


def test_sixteen_of_the_twenty_rules_have_a_change_and_the_others_say_why_not():
    have = {name.split(" ")[0] for name in CHANGED}
    assert len(have) == 16
    for rule in {each.id for each in RULES} - have:
        proposal = propose(finding(rule, "look"), [desk()])
        assert proposal.redesign is None
        assert proposal.changes == ()
        assert proposal.why_not.in_language("en").endswith(".")
        assert proposal.why_not.in_language("zh") != proposal.why_not.in_language("en")


def test_a_step_that_the_definition_lacks_is_named():
    proposal = propose(finding("batches", "Iron the shirts"), [desk()])
    assert proposal.redesign is None
    assert "'Iron the shirts'" in proposal.why_not.in_language("en")


def test_without_a_definition_nothing_is_proposed_and_the_right_one_of_several_is_changed():
    assert with_redesigns([finding("transfers")], [])[0].proposal is None
    both = [demo("refund"), demo("repair")]
    assert propose(finding("batches", "Diagnose by phone"), both).definition == "repair"
    nowhere = propose(finding("transfers"), both)
    assert nowhere.redesign is None
    assert "several processes" in nowhere.why_not.in_language("en")
