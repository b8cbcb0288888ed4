"""The value stream as the page shows it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from servoloop.kernel.mining.value import StepValue, ValueStream
from servoloop.kernel.mining.value_classes import Source
from servoloop.kernel.process.step import ValueClass
from servoloop.loop.report.texts import say
from servoloop.loop.report.words import Words, duration, percent

DRAWN = 14
"""Steps in the picture, those with the most time; the table has all of them."""
ROW = 60
"""Height of a row of the picture, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A row of the picture: widths in per cent of the frame, 0..100."""

    activity: str
    value: ValueClass
    y: int
    waiting: float
    service: float
    words: Words


def value_title(found: ValueStream) -> Words:
    """How much of it is worth something to the customer."""
    share = percent(found.shares[ValueClass.CUSTOMER])
    if found.service_from == "nothing" or found.efficiency is None:
        return say("value_title_nothing", share=share, again=percent(found.again_share))
    return say(
        f"value_title_{found.service_from}", share=share, efficiency=percent(found.efficiency)
    )


def source_words(step: StepValue) -> Words:
    """Where the class comes from."""
    if step.valued.source is Source.NAME:
        return say("source_name", word=step.valued.word)
    return say(f"source_{step.valued.source.value}")


def bars(found: ValueStream) -> tuple[Bar, ...]:
    """Steps in the order in which cases come to them, scaled to the longest."""
    drawn = sorted(found.steps, key=lambda each: -_whole(each))[:DRAWN]
    kept = [each for each in found.steps if each in drawn]
    longest = max((_mean_service(s) + s.mean_waiting for s in kept), default=timedelta())
    if not longest:
        return ()
    return tuple(
        Bar(
            activity=step.activity,
            value=step.valued.value,
            y=place * ROW,
            waiting=round(100 * (step.mean_waiting / longest), 2),
            service=round(100 * (_mean_service(step) / longest), 2),
            words=_row(step),
        )
        for place, step in enumerate(kept)
    )


def _row(step: StepValue) -> Words:
    waiting = duration(step.mean_waiting)
    if step.service is None:
        return say("value_row_before", waiting=waiting)
    return say("value_row", waiting=waiting, service=duration(_mean_service(step)))


def _mean_service(step: StepValue) -> timedelta:
    return timedelta() if step.service is None else step.service / step.executions


def _whole(step: StepValue) -> float:
    return ((step.service or timedelta()) + step.waiting).total_seconds()


def cost_title(found: ValueStream) -> Words:
    """What the work costs, in all and for a case."""
    per_case = found.cost_per_case
    if found.cost is None or per_case is None:
        return say("cost_none")
    return say(
        "cost_title", cost=money(found.cost), per_case=money(per_case), currency=found.currency
    )


def without_rate(found: ValueStream) -> Words | None:
    """How many steps have none, when some have."""
    missing = sum(step.rate is None for step in found.steps)
    if found.cost is None or not missing:
        return None
    return say("cost_some", n=missing, all=len(found.steps))


def money(amount: Decimal) -> str:
    """1234.5 as 1,234.50; large amounts without the cents."""
    return f"{amount:,.0f}" if abs(amount) >= 1000 else f"{amount:,.2f}"
