"""The data-quality section: what was checked, what came out, what it means for the numbers."""

from dataclasses import dataclass

from servoloop.loop.diagnose import Diagnosis
from servoloop.loop.report.texts import say
from servoloop.loop.report.words import Words, number, percent

NOTICED = 0.01
"""From this share of the events a check that is normal in small doses asks for a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the section; `share` is of the events (or rows), 0..1."""

    name: Words
    meaning: Words
    count: str
    share: str
    is_good: bool


def quality_checks(found: Diagnosis) -> tuple[Check, ...]:
    """The checks that apply, the ones that need a look first; none for our own events."""
    report = found.read_report
    if report is None:
        return ()
    # The checks are of the log as it was read: before it was cleaned, if it was.
    events = found.cleaning[0].events_before if found.cleaning else found.counts.events
    cases = found.cleaning[0].cases_before if found.cleaning else max(1, found.counts.cases)
    rows, events = max(1, report.rows_read), max(1, events)
    checks = [
        _check("q_refused", report.rows_refused, rows, 0),
        _check("q_equal", report.equal_timestamps, events, NOTICED),
        _check("q_duplicates", report.duplicates, events, 0),
        _check("q_order", report.out_of_order, events, NOTICED),
        _check("q_years", report.suspicious_years, events, 0),
        _check("q_opening", report.before_opening, events, 0),
    ]
    for key, count in (("q_cut", report.cut_at_start), ("q_open", report.open_at_end)):
        if count is not None:
            checks.append(_check(key, count, cases, NOTICED))
    if found.counts.resources:
        checks.append(_check("q_resource", report.without_resource, events, NOTICED))
    if any(choice.role == "start" for choice in report.roles):
        checks.append(_check("q_ends", report.ends_before_start, events, 0))
    if report.empty_cases:
        checks.append(_check("q_empty", report.empty_cases, cases, 0))
    if report.naive_rows:
        checks.append(_check("q_zone", report.naive_rows, events, 1, zone=report.zone))
    return tuple(sorted(checks, key=lambda check: check.is_good))


def _check(key: str, count: int, of: int, tolerated: float, **values: str) -> Check:
    return Check(
        name=say(key),
        meaning=say(f"{key}_why", **values),
        count=number(count),
        share=percent(count / of),
        is_good=count <= tolerated * of,
    )
