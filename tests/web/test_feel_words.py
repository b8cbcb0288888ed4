"""Mistakes in FEEL are told in Chinese, whatever the kernel says about them."""

import re

import pytest
from django.utils.translation import override

from servoloop.kernel.process.feel_lint import Kind, lint
from servoloop.web.design.feel_words import feel_words

NAMES = {"amount": "number", "note": "string", "done": "boolean", "since": "Any"}
MISTAKES = (
    "amount )",
    "amount >",
    "1 +",
    '"fault',
    "amount /* why",
    "amount # 3",
    "if done 1 else 2",
    "if done then 1",
    "if amount then 1 else 2",
    "for x in [1] x",
    "for x [1] return x",
    "for 1 in [1] return 1",
    "some x in [1] x",
    "some x in [1] satisfies 1",
    "amount between 1 or 2",
    "[1 .. ",
    "[1, 2",
    "amount in [1..2",
    "{a: 1, a: 2}",
    "{a 1}",
    "note.",
    "max(1, 2",
    "(1",
    "[1][1",
    "@5",
    '@"soon"',
    "unknown_thing > 3",
    "no such function(3)",
    "amount and done",
    "amount + note",
    "amount < note",
    "string length(5, 6, 7)",
    "{a: 1}.b",
    "amount > 3 5",
    "date(x: note, 3)",
)


@pytest.mark.parametrize("text", MISTAKES)
def test_every_mistake_is_told_in_chinese(text: str) -> None:
    problem = lint(text, kind=Kind.EXPRESSION, names=NAMES)
    assert problem is not None
    with override("zh-hans"):
        said = feel_words(problem.words)
    own = re.sub(r"“[^”]*”|：.*", "", said)
    assert re.search("[\u4e00-\u9fff]", own), said
    assert not re.search(r"\b(Expected|Found|There|cannot|Line|the|is)\b", own), said


def test_a_sentence_that_nobody_knows_stays_as_it_is() -> None:
    assert feel_words("Something else.") == "Something else."
