"""The cases behind a number, as the query that shows them where the log is at hand.

A report that stands alone shows the numbers; `page.js` makes links of them inside the web pages.
"""

import re
from urllib.parse import urlencode

from servoloop.kernel.mining import features, filters
from servoloop.kernel.mining.filtering import variant_key
from servoloop.kernel.mining.filters import Filter, text_of
from servoloop.kernel.mining.findings.finding import Finding
from servoloop.kernel.mining.root_causes import Condition

BEGINNING = {
    features.FIRST_TEAM: filters.FIRST_TEAM,
    features.WEEKDAY: filters.WEEKDAY,
    features.DAYPART: filters.DAYPART,
}
QUARTER = re.compile(r"\S+ to \S+")
"""The value of a number that was cut into quarters: its bounds are rounded."""


def of_finding(found: Finding) -> str:
    """The cases that it names."""
    return _query(filters.InFinding(rule=found.rule.id, key=found.key))


def of_transition(source: str | None, target: str | None) -> str:
    return _query(filters.Follows(source=source, target=target))


def of_activity(activity: str) -> str:
    return _query(filters.Contains(activity=activity))


def of_repeats(activity: str) -> str:
    return _query(filters.Repeats(activity=activity))


def of_variant(activities: tuple[str, ...]) -> str:
    return _query(filters.OfVariant(keys=(variant_key(activities),)))


def of_handover(source: str, target: str) -> str:
    """From one team to another."""
    return _query(filters.HandsOver(source=source, target=target))


def of_kind(conditions: tuple[Condition, ...]) -> str:
    """Empty where no filter keeps exactly these cases."""
    if any(QUARTER.fullmatch(each.value) for each in conditions):
        return ""
    return _query(
        *(
            filters.HasValue(
                column=BEGINNING.get(each.attribute, filters.FIRST + each.attribute),
                values=(each.value,),
            )
            for each in conditions
        )
    )


def _query(*kept: Filter) -> str:
    return urlencode([("f", text_of(each)) for each in kept])
