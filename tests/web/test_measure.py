"""The KPI page: both languages, its choices, and what it says when nothing ran."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servoloop.accounts.models import User
from servoloop.web.measure.sparkline import sparkline
from tests.desk import furnish, play_tiny
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db


def page(path: str = "/measure/", *, who: str = "ada", language: str = "en") -> str:
    answer = browser(who, language).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_figures_stand_with_their_number_and_definition():
    furnish()
    play_tiny(at=timezone.now() - timedelta(days=2))
    html = page()
    assert "Resolution time" in html
    assert "1 h" in html
    assert "n = 1" in html
    assert "From opening to the last closing" in html
    assert "no survey answers are in the log" in html


def test_the_page_speaks_chinese():
    furnish()
    play_tiny(at=timezone.now() - timedelta(days=2))
    html = page(language="zh-hans")
    assert 'lang="zh-hans"' in html
    for words in ("解决时长", "承诺守住了吗？", "中位数", "7 天", "尚无机器人与客户对话"):
        assert words in html, words


def test_a_desk_without_cases_says_what_will_stand_here():
    furnish()
    assert "Nothing to measure yet" in page()


def test_the_choice_of_process_and_period_is_kept_and_nonsense_is_not():
    furnish()
    play_tiny(at=timezone.now() - timedelta(days=2))
    html = page("/measure/?days=7&process=tiny")
    assert '<option value="7" selected>' in html
    assert '<option value="tiny" selected>' in html
    html = page("/measure/?days=5000&process=other")
    assert '<option value="28" selected>' in html


def test_the_page_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    furnish()
    client = browser("ada")
    for hours in (1, 2, 3):
        play_tiny(at=timezone.now() - timedelta(hours=24 + hours))
    with django_assert_max_num_queries(9):
        client.get("/measure/")


def test_strangers_are_asked_to_log_in_and_customers_are_turned_away():
    mo = furnish()
    User.objects.create(username="mo", customer_id=mo.id)
    assert browser().get("/measure/").status_code == 302
    assert browser("mo").get("/measure/").status_code == 403


def test_a_trend_has_gaps_where_nothing_is_known():
    drawn = sparkline([1.0, 3.0, None, 2.0, None, 1.0, 1.0, 3.0], words="")
    assert drawn is not None
    assert len(drawn.lines) == 2
    assert len(drawn.dots) == 1
    assert drawn.last == (116.0, 4.0)  # right, and at the top
    assert sparkline([None, 1.0, None], words="") is None


def test_a_trend_without_change_is_drawn_in_the_middle():
    drawn = sparkline([5.0, 5.0], words="")
    assert drawn is not None
    assert drawn.lines == ("4.0,16.0 116.0,16.0",)
