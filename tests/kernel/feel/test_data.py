import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from servoloop.kernel.feel.data import to_data, to_python
from servoloop.kernel.feel.expression import compile


def test_every_kind_of_value_becomes_json() -> None:
    text = (
        '{n: 1, d: 1.5, s: "中", b: true, x: null, day: @"2026-01-31", wait: @"P1DT2H", '
        'at: @"2026-01-31T10:00:00@Europe/Paris", span: [1..5), f: function(a) a, l: [1, [2]]}'
    )

    data = json.loads(json.dumps(to_data(compile(text).evaluate({}))))

    assert data == {
        "n": 1,
        "d": 1.5,
        "s": "中",
        "b": True,
        "x": None,
        "day": "2026-01-31",
        "wait": "P1DT2H",
        "at": "2026-01-31T10:00:00@Europe/Paris",
        "span": "[1..5)",
        "f": "function(a)",
        "l": [1, [2]],
    }


def test_a_number_that_a_float_cannot_hold_stays_text() -> None:
    assert to_data(Decimal("0.1234567890123456789012345")) == "0.1234567890123456789012345"
    assert to_data(Decimal("2.50")) == 2.5
    assert to_data(Decimal("3.00")) == 3


def test_dates_and_durations_come_back_as_pythons_own() -> None:
    value = compile('[@"2026-01-31", @"10:30:00", @"2026-01-31T10:00:00Z", @"PT2H"]').evaluate({})

    assert to_python(value) == [
        date(2026, 1, 31),
        time(10, 30),
        datetime(2026, 1, 31, 10, tzinfo=UTC),
        timedelta(hours=2),
    ]
