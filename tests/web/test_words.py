"""What pages say: complete for everything the kernel can say, and safe whatever a file contains."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

import servoloop
from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.kernel.events.catalogue import CATALOGUE
from servoloop.kernel.process.findings import RULES
from servoloop.web.design.finding_words import TEMPLATES
from servoloop.web.shell.chips import case_chip, clock_chip, due_chip, task_chip
from servoloop.web.shell.event_words import _SAYINGS
from servoloop.web.shell.incident_words import cause_words
from servoloop.web.shell.markdown import html_of
from servoloop.web.shell.refusals import refusal_words
from servoloop.web.shell.time_words import exact_words, moment_words, span_words

ENGINE = Path(servoloop.__file__).parent / "kernel" / "engine"
OFFICE = Calendar(name="office", zone="UTC", weekly=weekly_hours("mon-fri 09:00-17:00"))
FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


def test_the_timeline_has_words_for_every_type_of_event() -> None:
    assert set(_SAYINGS) == set(CATALOGUE)


def test_every_finding_of_the_check_has_the_kernel_s_own_text_to_translate() -> None:
    assert {id: rule.template for id, rule in RULES.items()} == TEMPLATES


def test_every_translated_finding_keeps_its_parameters() -> None:
    with translation.override("zh-hans"):
        for template in TEMPLATES.values():
            said = translation.gettext(template)
            assert said != template
            assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", template))


def test_every_refusal_of_the_engine_has_words_of_its_own() -> None:
    from servoloop.kernel.engine.refusal import CommandRefused

    source = "".join(path.read_text() for path in ENGINE.glob("*.py"))
    codes = set(re.findall(r'code="([a-z_]+)"', source))
    unknown = refusal_words(CommandRefused("No.", code="never heard of"))

    assert len(codes) > 10
    for code in codes:
        assert refusal_words(CommandRefused("No.", code=code)) != unknown, code


def test_every_cause_of_an_incident_has_words_of_its_own() -> None:
    source = "".join(path.read_text() for path in ENGINE.glob("*.py"))
    causes = set(re.findall(r'cause="([a-z_]+)"', source))

    assert len(causes) > 3
    for cause in causes:
        assert f"({cause})" not in cause_words(cause), cause


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(seconds=40), "40 s", "40 秒"),
        (timedelta(minutes=10), "10 min", "10 分钟"),
        (timedelta(hours=2, minutes=10), "2 h 10 min", "2 小时 10 分钟"),
        (timedelta(hours=41), "41 h", "41 小时"),
    ],
)
def test_spans_are_said_in_hours_because_a_working_day_is_no_day(
    span: timedelta, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert span_words(span) == english
    with translation.override("zh-hans"):
        assert span_words(span) == chinese


def test_the_time_left_is_working_time() -> None:
    monday_ten = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)

    with translation.override("en"):
        left = due_chip(monday_ten, at=FRIDAY, calendar=OFFICE)
        late = due_chip(FRIDAY, at=monday_ten, calendar=OFFICE)

    assert left.words == "in 2 h (working)"
    assert late.words == "2 h overdue (working)"
    assert late.tone == "late"


def test_no_state_is_said_by_colour_alone() -> None:
    at = FRIDAY
    chips = [
        *(case_chip(status) for status in ("open", "closed", "cancelled")),
        case_chip("open", waits_for_customer=True),
        *(task_chip(s) for s in ("open", "assigned", "claimed", "completed", "withdrawn")),
        *(
            clock_chip(status, due=at, remaining=None, at=at, calendar=OFFICE)
            for status in ("running", "paused", "met", "breached", "stopped")
        ),
    ]
    for chip in chips:
        assert chip.words
        assert chip.words in str(chip)
        assert "<use " in str(chip)


def test_a_moment_is_short_and_exact_on_hover() -> None:
    with timezone.override("Asia/Shanghai"), translation.override("zh-hans"):
        assert moment_words(FRIDAY, at=FRIDAY) == "00:00"
        assert moment_words(FRIDAY, at=FRIDAY + timedelta(days=5)) == "3月7日 00:00"
        assert exact_words(FRIDAY) == "2026-03-07 00:00:00 (Asia/Shanghai)"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
    ],
)
def test_markdown_of_a_file_cannot_carry_script(hostile: str) -> None:
    html = html_of(hostile)

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_headings_of_a_method_begin_below_those_of_the_page() -> None:
    assert html_of("# Method\n\n1. Read **twice**.") == (
        "<h3>Method</h3>\n<ol>\n<li>Read <strong>twice</strong>.</li>\n</ol>\n"
    )
