"""Forms that a process asks for: what is typed becomes values, and nothing typed is lost."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation

from servoloop.kernel.engine.forms import Problem, problems_of
from servoloop.kernel.process.step import Field, FieldType, Option
from servoloop.kernel.process.words import Words
from servoloop.web.shell.process_form import present, read
from servoloop.web.shell.refusals import problem_words

FORM = (
    Field(
        name="subject", is_required=True, label=Words(translations={"zh": "主题", "en": "Subject"})
    ),
    Field(name="story", type=FieldType.LONG_TEXT),
    Field(name="pieces", type=FieldType.NUMBER, minimum=Decimal(1)),
    Field(name="price", type=FieldType.MONEY),
    Field(name="urgent", type=FieldType.BOOLEAN),
    Field(name="bought_on", type=FieldType.DATE),
    Field(name="call_at", type=FieldType.MOMENT),
    Field(name="kind", type=FieldType.CHOICE, options=(Option(value="a"), Option(value="b"))),
)


def posted(**answers: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({f"f-{name}": text for name, text in answers.items()})
    return data


def test_every_type_of_field_becomes_a_value_that_the_engine_takes() -> None:
    with timezone.override("Asia/Shanghai"):
        entered = read(
            FORM,
            posted(
                subject="Lamp",
                story="It broke.\nTwice.",
                pieces="２",
                price="1,299.50",
                urgent="true",
                bought_on="2026-03-02",
                call_at="2026-03-02T09:30",
                kind="b",
            ),
        )

    assert entered.problems == {}
    assert entered.values["pieces"] == 2
    assert entered.values["price"] == 1299.5
    assert entered.values["urgent"] is True
    assert datetime.fromisoformat(entered.values["call_at"]).isoformat() == (
        "2026-03-02T09:30:00+08:00"
    )
    assert problems_of(FORM, entered.values) == {}


def test_an_empty_input_is_no_value() -> None:
    assert read(FORM, posted(subject="Lamp", pieces=" ", urgent="")).values == {"subject": "Lamp"}


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("pieces", "many", "not_a_number"),
        ("pieces", "NaN", "not_a_number"),
        ("price", "1e999999", "not_a_number"),
        ("bought_on", "2026-02-30", "not_a_date"),
        ("call_at", "tomorrow", "not_a_moment"),
    ],
)
def test_what_is_no_value_of_its_type_is_named_and_kept(
    field: str, text: str, problem: str
) -> None:
    entered = read(FORM, posted(**{field: text}))

    assert entered.problems == {field: problem}
    assert entered.typed[field] == text


def test_every_problem_has_words_of_its_own() -> None:
    said = {problem_words(problem) for problem in Problem}

    assert len(said) == len(Problem)
    assert problem_words("never heard of") not in said


def test_a_field_with_a_problem_is_drawn_with_what_was_typed_and_why_it_was_refused() -> None:
    with translation.override("zh-hans"):
        inputs = present(
            FORM, language="zh-hans", typed={"subject": "<b>"}, problems={"subject": "required"}
        )
        html = render_to_string("shell/field.html", {"input": inputs[0]})

    assert "主题" in html
    assert "此项必填。" in html
    assert 'value="&lt;b&gt;"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="f-subject-words"' in html
