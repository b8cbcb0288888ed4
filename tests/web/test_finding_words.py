"""Findings in the reader's language to the last word of their reason."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import servoloop
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.findings import finding
from servoloop.kernel.process.model import CHOREOGRAPHY_TYPES
from servoloop.kernel.process.operations import _EVENTS, _NOUNS, _with_article
from servoloop.kernel.process.readiness.readiness import assess
from servoloop.web.design.element_words import element_words
from servoloop.web.design.finding_words import finding_words
from servoloop.web.design.readiness_view import readiness_view
from servoloop.web.design.reason_words import _SHAPES, _WORDS, reason_words
from tests.desk import process

KERNEL = Path(servoloop.__file__).parent / "kernel" / "process"
# What may stay English in a Chinese sentence: names of the file format and codes.
CODES = (
    r"servoloop:\w+|ISO 8601|KPI|FEEL|href|CNY|http|https|Servoloop|zh-hans|\ben\b|\b[PR][\dA-Z/]+"
)


def english_in(words: str) -> list[str]:
    """Words of three letters that stand neither in quotes nor in the list of codes."""
    bare = re.sub(r"[“‘'].*?[”’']|" + CODES, "", words)
    return re.findall(r"[A-Za-z]{3,}", re.sub(r"已知：.*|可选：.*", "", bare))


def test_every_reason_that_the_kernel_can_give_has_a_shape() -> None:
    source = "".join(
        (KERNEL / f"{name}.py").read_text()
        for name in ("extension", "extension_fields", "extension_values", "iso8601")
    )
    said = re.findall(r"complain\(\s*f?\"(.+?)\"\s*[,)\n]", source)
    said += re.findall(r"raise BadTime\(\s*f?\"(.+?)\"\s*\)", source)
    heard = [re.sub(r"\{[^}]*\}", "x", each) for each in said]

    # Said in two strings, with what was wanted as a variable, or to programmers only.
    heard = [each for each in heard if " of servoloop:" not in each and not each.endswith(" of")]
    elsewhere = ("x 'x' is not x.", "A duration cannot be negative: x.")
    missed = [each for each in heard if not any(s.fullmatch(each) for s, _ in _SHAPES)]

    assert len(heard) > 25
    assert [each for each in missed if each not in elsewhere] == []


def test_every_reason_is_translated_and_keeps_its_parameters() -> None:
    with translation.override("zh-hans"):
        for message in _WORDS:
            said = translation.gettext(message)
            assert said != message or message == "{name}: {reason}", message
            assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", message))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'standardTime="PT10M"', b'standardTime="soon"'),
        (b'standardTime="PT10M"', b'standardTime="P1M"'),
        (b'standardTime="PT10M"', b'standardTime="PT0S"'),
        (b'standardTime="PT10M"', b'standardTime="PT10M" colour="red"'),
        (b'layer="frontstage"', b'layer="roof"'),
        (b'costRate="60" currency="CNY"', b'costRate="-1" currency="yuan"'),
    ],
)
def test_a_broken_value_is_told_in_chinese(before: bytes, after: bytes) -> None:
    with translation.override("zh-hans"):
        view = readiness_view(assess(read_document(process("tiny").replace(before, after, 1))))
        said = [
            each.words
            for question in view.questions
            for each in question.findings
            if each.rule.endswith("extension")
        ]

    assert said
    for words in said:
        assert words.startswith("'答复或转交' (triage)：")
        # Besides the id only the name of the attribute stays as the file has it.
        assert len(english_in(words.replace("(triage)", ""))) <= 1, words


def test_a_reason_inside_a_reason_is_translated_too() -> None:
    said = "standardTime: 'P1M' counts months or years, whose length varies; write days."
    with translation.override("zh-hans"):
        assert "月" in reason_words(said) and "counts" not in reason_words(said)
    with translation.override("en"):
        assert reason_words(said) == said
        assert reason_words("Something new.") == "Something new."


def test_everything_that_cannot_be_executed_has_a_chinese_name() -> None:
    kinds = {kind for _type, kind in _EVENTS} | {
        "signal",
        "escalation",
        "link",
        "parallel multiple",
    }
    whats = [_with_article(noun) for noun in _NOUNS.values()]
    whats += [
        _with_article(f"{kind} {_NOUNS[kind_of]}".strip())
        for kind in kinds
        for kind_of in ("startEvent", "endEvent", "boundaryEvent")
    ]
    assert set(_NOUNS) | {"choreography"} >= CHOREOGRAPHY_TYPES
    with translation.override("zh-hans"):
        assert [each for each in whats if re.search("[A-Za-z]", element_words(each))] == []
    with translation.override("en"):
        assert element_words("a timer start event") == "a timer start event"


def test_the_finding_says_what_the_element_is() -> None:
    found = finding("not-executable", id="e", parameters={"what": "an escalation end event"})
    with translation.override("zh-hans"):
        assert english_in(finding_words(found)) == []
    with translation.override("en"):
        assert finding_words(found) == found.words
