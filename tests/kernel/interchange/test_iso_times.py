"""The digit-table reader of ISO moments against the date parser it stands in for."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.interchange.iso_times import iso_micros
from servoloop.kernel.mining.event_log import NO_TIME

DIGITS = st.text("0123456789", min_size=2, max_size=2)
NUMBER = st.one_of(st.integers(0, 62).map("{:02d}".format), DIGITS)
OFFSETS = st.sampled_from(["", "Z", "+00:00", "-05:30", "+0200", "+14:00", "+02", "x", "-99:00"])
MOMENT = st.builds(
    "{:04d}-{}-{}{}{}:{}:{}{}{}".format,
    st.integers(1, 2400), NUMBER, NUMBER, st.sampled_from("T "), NUMBER, NUMBER, NUMBER,
    st.sampled_from(["", ".1", ".123", ".123456", ".123456789", ".", ",5"]), OFFSETS,
)  # fmt: skip
ODD = st.sampled_from(
    ["", "2025-03-03", "2025-02-29T00:00:00", "2024-02-29 23:59:59", "中文中文中文中文中文"]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(MOMENT, ODD, st.none()), min_size=1, max_size=30))
def test_whatever_is_read_is_what_the_date_parser_reads(texts):
    text = pl.Series(texts, dtype=pl.String)
    for separator in "T ":
        for zoned, offset in ((False, ""), (True, "%#z")):
            mine = iso_micros(text, separator=separator, zoned=zoned)
            format = f"%Y-%m-%d{separator}%H:%M:%S%.f{offset}"
            parsed = text.str.to_datetime(format, strict=False, time_unit="us").dt.epoch("us")
            for value, expected, given_text in zip(mine.tolist(), parsed, texts, strict=True):
                if value != NO_TIME:
                    assert value == expected, given_text


def test_the_common_layouts_are_all_read():
    for moment in (
        "2025-03-03T09:00:00+01:00",
        "2025-03-03T08:00:00.000Z",
        "2025-03-03T03:00:00-0500",
    ):
        text = pl.Series([moment, moment])
        assert set(iso_micros(text, separator="T", zoned=True).tolist()) == {1_740_988_800_000_000}
    plain = pl.Series(["1969-12-31 23:59:59.5", "2000-02-29 00:00:00"])
    expected = [-500_000, 951_782_400_000_000]
    assert iso_micros(plain, separator=" ", zoned=False).tolist() == expected
