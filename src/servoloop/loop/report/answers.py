"""The titles of the report: each states the answer its picture gives."""

from typing import TYPE_CHECKING

from servoloop.loop.diagnose import Diagnosis
from servoloop.loop.report.texts import say
from servoloop.loop.report.words import Words, long_duration, percent

if TYPE_CHECKING:  # they load the compiler
    from servoloop.loop.conform import DefinitionConformance
    from servoloop.loop.discover import DiscoveredModel

TELLING = 0.8
"""A handful of variants tells the story when it covers this share of the cases."""


def cycle_title(found: Diagnosis) -> Words:
    """The median, as a sentence."""
    return say("cycle_title", median=long_duration(found.cycle_times.median))


def quality_title(found: Diagnosis) -> Words:
    """Whether everything could be read."""
    report = found.read_report
    if report is None:
        return say("quality_live")
    if report.rows_refused:
        return say("quality_some", k=report.rows_refused, n=report.rows_read)
    if found.cleaning:
        done = found.cleaning
        return say("quality_cleaned", k=done[-1].events_after, n=done[0].events_before)
    return say("quality_all", n=report.rows_read)


def map_title(found: Diagnosis) -> Words:
    """The most frequent variant, shortened in the middle when it is long."""
    steps = list(found.variants[0].activities)
    if len(steps) > 6:
        steps = [*steps[:3], "…", *steps[-2:]]
    return say("map_title", path=" → ".join(steps))


def slowest_title(found: Diagnosis) -> Words:
    """The transition that holds most of the waiting."""
    if not found.slowest:
        return say("slowest_none")
    worst = found.slowest[0]
    return say(
        "slowest_again" if worst.source == worst.target else "slowest_title",
        share=percent(worst.total_wait / found.total_wait),
        source=worst.source or "",
        target=worst.target or "",
    )


def variants_title(found: Diagnosis) -> Words:
    """How few variants cover most cases, or that none dominate."""
    total = found.counts.variants
    if total == 1:
        return say("variants_single")
    enough = next((i for i, v in enumerate(found.variants, 1) if v.coverage >= TELLING), total)
    if enough <= max(10, total // 10):
        share = percent(found.variants[enough - 1].coverage)
        return say("variants_title", k=enough, n=total, share=share)
    shown = min(10, total)
    share = percent(found.variants[shown - 1].coverage)
    return say("variants_scattered", k=shown, n=total, share=share)


def activities_title(found: Diagnosis) -> Words:
    """The activity repeated in most of its cases, among those that are not rare."""
    common = [n for n in found.process_map.nodes if n.cases >= 0.01 * found.counts.cases]
    worst = max(common, key=lambda node: node.repeat_cases / max(1, node.cases), default=None)
    if worst is None or not worst.repeat_cases:
        return say("activities_none")
    share = percent(worst.repeat_cases / worst.cases)
    return say("activities_title", a=worst.activity, share=share)


def rework_title(found: Diagnosis) -> Words:
    """The share of cases with rework, and what it goes along with."""
    rework = found.rework
    if not rework.cases:
        return say("rework_none")
    if rework.cases == found.counts.cases:
        return say("rework_all", with_=long_duration(rework.median_with))
    return say(
        "rework_title",
        share=percent(rework.share),
        with_=long_duration(rework.median_with),
        without=long_duration(rework.median_without),
    )


def reopen_title(found: Diagnosis) -> Words | None:
    """How many closed cases were reopened; None when no activity closes cases."""
    reopened = found.reopenings
    if not reopened.closing:
        return None
    if not reopened.cases:
        return say("reopen_none", closing=reopened.closing[0])
    after = long_duration(reopened.median_after)
    return say("reopen_title", share=percent(reopened.share), after=after)


def waiting_title(found: Diagnosis) -> Words:
    """The share of work and the first cause of waiting."""
    waiting = found.waiting
    if waiting is None:
        return say("waiting_unknown")
    if not waiting.causes:
        return say("waiting_only_work")
    first = waiting.causes[0]
    return say(
        "waiting_title",
        efficiency=percent(waiting.efficiency),
        cause=say(f"cause_{first.cause}"),
        share=percent(first.share),
    )


def handovers_title(found: Diagnosis) -> Words:
    """How often work changes hands, and how often it comes back."""
    handovers = found.handovers
    if handovers is None:
        return say("handovers_none")
    if not handovers.handed_over:
        return say("handovers_one")
    return say(
        "handovers_title",
        share=percent(handovers.handed_over_share),
        back=percent(handovers.ping_pong_share),
    )


def conform_title(found: "DefinitionConformance") -> Words:
    """The share of cases that keep to the definition."""
    share = percent(found.conforming_share)
    name = Words(en=found.name.in_language("en"), zh=found.name.in_language("zh-hans"))
    return say("conform_title", share=share, name=name)


def conform_how(found: "DefinitionConformance") -> Words:
    """Fitness and precision, with the method and the sample."""
    agreed = found.conformance
    fitness = f"{agreed.fitness:.3f}"
    if agreed.precision is None:
        return say("conform_replay", fitness=fitness, cases=agreed.cases)
    precision = f"{agreed.precision:.3f}"
    return say("conform_aligned", fitness=fitness, precision=precision, cases=agreed.cases)


def model_title(found: "DiscoveredModel") -> Words:
    """How many cases the drawn model tells wholly."""
    return say(
        "model_title",
        share=percent(found.conforming_share),
        steps=found.activities_in_model,
    )


def arrivals_title(found: Diagnosis) -> Words:
    """The busiest hour of the week."""
    table = found.arrivals.by_hour
    day, hour = max(
        ((d, h) for d in range(7) for h in range(24)), key=lambda at: table[at[0]][at[1]]
    )
    return say("arrivals_title", day=say(f"day_{day}"), hour=str(hour), next=str(hour + 1))
