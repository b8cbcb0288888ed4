import pytest
from lxml import etree

from servoloop.kernel.decisions.document import read_document
from servoloop.kernel.decisions.editing import (
    UnknownCell,
    add_rule,
    remove_rule,
    set_answer,
    set_expression,
    set_hit_policy,
    set_test,
)
from servoloop.kernel.decisions.errors import DecisionError, UnknownDecision, UnreadableDecisions
from servoloop.kernel.decisions.program import compile_decisions
from servoloop.kernel.feel.errors import FeelSyntaxError
from tests.kernel.decisions.cast import NAMESPACE, decision, document, table

FOREIGN = (
    "<!-- kept --><extensionElements><x:owner team='a'>Ada</x:owner></extensionElements>"
    + table({"amount": "number"}, [(("&lt; 10".replace("&lt;", "<"),), '"a"'), (("-",), '"b"')])
)


def test_a_document_is_written_as_it_was_read() -> None:
    original = document(FOREIGN)

    again = read_document(original.to_bytes())

    assert again.model == original.model
    assert b"<!-- kept -->" in original.to_bytes()
    assert etree.tostring(again.root) == etree.tostring(original.root)


def test_an_edit_changes_one_cell_and_keeps_everything_else() -> None:
    original = document(FOREIGN)

    edited = set_test(original, "Answer", rule=1, column=1, text="< 20")

    before, after = original.to_bytes().decode(), edited.to_bytes().decode()
    assert after == before.replace("&lt; 10", "&lt; 20")
    assert compile_decisions(edited.model).evaluate("Answer", {"amount": 15}).value is None


def test_rules_are_added_replaced_and_removed() -> None:
    first = set_hit_policy(document(FOREIGN), "Answer", "FIRST")
    added = add_rule(first, "Answer", tests=("[5..7]",), answers=('"five"',), before=1)
    changed = set_answer(added, "Answer", rule=1, column=1, text='"six"')
    removed = remove_rule(changed, "Answer", rule=2)

    def at_6(edited: object) -> object:
        return compile_decisions(edited.model).evaluate("Answer", {"amount": 6}).value  # type: ignore[attr-defined]

    assert [at_6(d) for d in (first, added, changed, removed)] == ["a", "five", "six", "six"]
    assert compile_decisions(removed.model).evaluate("Answer", {"amount": 1}).value == "b"


def test_an_expression_is_replaced() -> None:
    edited = set_expression(document(decision("1")), "Answer", "2 * 21")

    assert compile_decisions(edited.model).evaluate("Answer", {}).value == 42


def test_a_text_that_cannot_be_read_is_not_written() -> None:
    with pytest.raises(FeelSyntaxError):
        set_test(document(FOREIGN), "Answer", rule=1, column=1, text="< ")


def test_cells_and_decisions_that_do_not_exist_are_told() -> None:
    with pytest.raises(UnknownCell, match=r"There is no rule 9\. There are 2\."):
        set_test(document(FOREIGN), "Answer", rule=9, column=1, text="1")
    with pytest.raises(UnknownCell, match=r"has 1 tests and 1 answers\. Given: 2 and 1\."):
        add_rule(document(FOREIGN), "Answer", tests=("1", "2"), answers=("3",))
    with pytest.raises(UnknownDecision):
        set_expression(document(FOREIGN), "Nothing", "1")
    with pytest.raises(DecisionError, match="is not a single expression"):
        set_expression(document(FOREIGN), "Answer", "1")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<definitions",
        b"<html/>",
        b'<definitions xmlns="urn:other"/>',
        b"x" * 20_000_001,
        b"<a>" * 100_000,
    ],
)
def test_what_is_no_decision_model_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableDecisions):
        read_document(content)


def test_entities_are_not_resolved_and_files_not_fetched() -> None:
    text = (
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f'<definitions xmlns="{NAMESPACE}" namespace="n" name="&e;">'
        "</definitions>"
    )

    try:
        model = read_document(text.encode()).model
    except UnreadableDecisions:
        return
    assert "root:" not in model.name
