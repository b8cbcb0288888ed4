from datetime import UTC, date, datetime, timedelta

import pytest

from servoloop.kernel.calendars.calendar import (
    Calendar,
    Holiday,
    MakeUpWorkday,
    weekly_hours,
)
from servoloop.storage.holiday_calendar import UnknownHolidays, holiday_rules, published_through

# Known answers: the yearly notices of the State Council on China's holidays, as first-last day,
# and the weekend days worked in exchange. 8 and 9 June 2024 are an ordinary weekend in the notice
# ('10 June, together with the weekend'), written as part of the three days off here.
CHINA = {
    2019: (
        "0101-0101 0204-0210 0405-0407 0501-0504 0607-0609 0913-0915 1001-1007",
        "0202 0203 0428 0505 0929 1012",
    ),
    2020: (
        "0101-0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008",
        "0119 0426 0509 0628 0927 1010",
    ),
    2021: (
        "0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007",
        "0207 0220 0425 0508 0918 0926 1009",
    ),
    2022: (
        "0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007 1231-1231",
        "0129 0130 0402 0424 0507 1008 1009",
    ),
    2023: (
        "0101-0102 0121-0127 0405-0405 0429-0503 0622-0624 0929-1006 1230-1231",
        "0128 0129 0423 0506 0625 1007 1008",
    ),
    2024: (
        "0101-0101 0210-0217 0404-0406 0501-0505 0608-0610 0915-0917 1001-1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    2025: (
        "0101-0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
        "0126 0208 0427 0928 1011",
    ),
    2026: (
        "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
        "0104 0214 0228 0509 0920 1010",
    ),
}


def days(year, spans):
    for span in spans.split():
        first, last = (date(year, int(text[:2]), int(text[2:])) for text in span.split("-"))
        yield from (first + timedelta(days=offset) for offset in range((last - first).days + 1))


@pytest.mark.parametrize("year", CHINA)
def test_chinas_days_off_and_days_worked_are_those_of_the_notice(year):
    off, worked = CHINA[year]

    rules = holiday_rules("CN", range(year, year + 1))

    assert {day for day, rule in rules.items() if isinstance(rule, Holiday)} == set(days(year, off))
    assert {day for day, rule in rules.items() if isinstance(rule, MakeUpWorkday)} == {
        date(year, int(text[:2]), int(text[2:])) for text in worked.split()
    }


def test_a_make_up_workday_has_the_hours_of_the_day_off_that_it_pays_for():
    rules = holiday_rules("CN", range(2025, 2026))

    assert {
        f"{day:%m%d}": (rule.weekday, rule.reason)
        for day, rule in rules.items()
        if isinstance(rule, MakeUpWorkday)
    } == {
        "0126": (0, "2025-02-03"),
        "0208": (1, "2025-02-04"),
        "0427": (0, "2025-05-05"),
        "0928": (1, "2025-10-07"),
        "1011": (2, "2025-10-08"),
    }


def test_days_off_have_the_countrys_own_names_unless_another_language_is_asked_for():
    day = range(2025, 2026)

    chinese = holiday_rules("CN", day)
    english = holiday_rules("CN", day, language="en_US")

    assert chinese[date(2025, 10, 1)] == Holiday(name="国庆节")
    assert chinese[date(2025, 2, 1)] == Holiday(name="春节")  # a Saturday inside the row
    assert english[date(2025, 10, 1)] == Holiday(name="National Day")
    assert chinese.keys() == english.keys()
    assert holiday_rules("DE", day, language="zh_CN")[date(2025, 1, 1)] == Holiday(name="Neujahr")


def test_a_desk_in_shanghai_rests_on_national_day_and_works_the_sunday_before():
    desk = Calendar(
        name="desk",
        zone="Asia/Shanghai",
        weekly=weekly_hours("mon-fri 09:00-18:00; sat 10:00-14:00"),
        exceptions=holiday_rules("CN", range(2025, 2026)),
        published_through=published_through("CN", range(2025, 2026)),
    )
    friday_evening = datetime(2025, 9, 26, 9, tzinfo=UTC)  # 17:00 in Shanghai

    # 1 h Friday, 4 h Saturday, 9 h Sunday (worked), 18 h to Tuesday, then nothing until the 9th.
    assert desk.add(friday_evening, timedelta(hours=33)) == datetime(2025, 10, 9, 2, tzinfo=UTC)
    assert not desk.is_provisional(friday_evening)


def test_a_part_of_a_country_has_its_own_days():
    germany = holiday_rules("germany", range(2026, 2027))
    bavaria = holiday_rules("DE", range(2026, 2027), subdivision="Bayern")

    assert holiday_rules("deu", range(2026, 2027), subdivision="by") == bavaria
    assert date(2026, 1, 6) in bavaria
    assert date(2026, 1, 6) not in germany
    # The Saturday before Easter is an ordinary one: weekends join a holiday only in China.
    assert date(2026, 4, 4) not in germany


def test_working_days_moved_by_another_government_are_seeded_too():
    rules = holiday_rules("HU", range(2026, 2027))

    assert rules[date(2026, 1, 10)] == MakeUpWorkday(weekday=4, reason="2026-01-02")


def test_only_the_years_asked_for_are_given_and_none_for_none():
    rules = holiday_rules("CN", range(2022, 2024))

    assert {day.year for day in rules} == {2022, 2023}
    assert list(rules) == sorted(rules)
    assert holiday_rules("CN", range(2022, 2022)) == {}


def test_china_is_published_year_by_year_and_german_law_is_settled():
    years = range(2025, 2031)

    through = published_through("CN", years)

    assert through is not None
    assert through >= date(2026, 12, 31)
    assert (through.month, through.day) == (12, 31)
    assert published_through("DE", years) is None


def test_a_moon_not_yet_seen_ends_what_is_published():
    years = range(2024, 2040)

    through = published_through("MY", years)

    assert through is not None
    assert (
        "estimated"
        in holiday_rules("MY", years, language="en_US")[through + timedelta(days=1)].name
    )


@pytest.mark.parametrize(
    ("country", "subdivision", "words"),
    [
        ("Germny", None, "country 'Germny': did you mean Germany (DE)"),
        ("XX", None, "country 'XX': use a code such as CN, DE or US."),
        ("DE", "Bayer", "for 'Bayer' in DE: did you mean Bayern (BY)?"),
        ("DE", "Bavaria", "for 'Bavaria' in DE: known are Augsburg, BB, BE,"),
        ("SG", "North", "for 'North' in SG: known are none."),
    ],
)
def test_an_unknown_place_is_refused_with_near_names(country, subdivision, words):
    with pytest.raises(UnknownHolidays) as refusal:
        holiday_rules(country, range(2025, 2026), subdivision=subdivision)

    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_years_that_the_facts_do_not_reach_are_refused():
    with pytest.raises(UnknownHolidays, match="of CN are known from 1950 to 2100, not in 2101"):
        holiday_rules("CN", range(2099, 2103))
