"""The heat page's parts: colours, numbers and the table that says the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from servoloop.kernel.process.program import Program
from servoloop.storage.queries.heat import Heat, StepHeat
from servoloop.web.shell.time_words import span_words

FIGURES = ("passes", "wait", "work", "late", "escalated")
PERIODS = ("90", "30", "7", "all")
SHADES = 5
FEWEST = 5
"""Medians and shares of fewer tasks are shown, but not coloured: they may be chance."""

_FIGURES = {
    "passes": gettext_lazy("How often"),
    "wait": gettext_lazy("Waiting"),
    "work": gettext_lazy("Work"),
    "late": gettext_lazy("Late"),
    "escalated": gettext_lazy("Escalated"),
}
_EXPLAINED = {
    "passes": gettext_lazy("How often cases came through; arrows are as thick as they are busy."),
    "wait": gettext_lazy("One task in ten waits longer than this until somebody takes it."),
    "work": gettext_lazy("Half of the tasks take longer than this once somebody has them."),
    "late": gettext_lazy("The share of the tasks that were not done within their response time."),
    "escalated": gettext_lazy("The share of the tasks that were escalated."),
}
_PERIODS = {
    "90": gettext_lazy("last 90 days"),
    "30": gettext_lazy("last 30 days"),
    "7": gettext_lazy("last 7 days"),
    "all": gettext_lazy("all cases"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A step in the table; every figure of it, so that the picture needs no hovering."""

    name: str
    heat: StepHeat
    wait: str
    work: str
    late: str
    escalated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatView:
    cases: int
    figure: str
    days: str
    figures: tuple[Tab, ...]
    periods: tuple[Tab, ...]
    explained: str
    diagram: Mapping[str, Any]  # JSON for <process-diagram>: the numbers
    marks: Mapping[str, str]  # JSON for <diagram-marks>: the colours
    scale: tuple[str, str]  # what the palest and the darkest colour stand for
    rows: tuple[Row, ...]  # human steps, worst first by the figure


def heat_view(program: Program, found: Heat, *, figure: str, days: str) -> HeatView:
    values = _values(found, figure)
    nodes = {node.id for node in program.nodes}
    shown = {id: value for id, value in values.items() if id in nodes and "/" not in id}
    coloured = {
        id: value
        for id, value in shown.items()
        if figure == "passes" or found.steps[id].tasks >= FEWEST
    }
    return HeatView(
        cases=found.cases,
        figure=figure,
        days=days,
        figures=_tabs(_FIGURES, figure),
        periods=_tabs(_PERIODS, days),
        explained=str(_EXPLAINED[figure]),
        diagram={
            "counts": {id: _words(value, figure) for id, value in shown.items()},
            "words": {"count": str(_FIGURES[figure])},
        },
        marks={**_shades(coloured), **(_flows(found, nodes) if figure == "passes" else {})},
        scale=_scale(coloured, figure),
        rows=_rows(program, found, values),
    )


def _values(found: Heat, figure: str) -> dict[str, float]:
    """The figure of each element that has it: counts, seconds, or a share 0..1."""
    match figure:
        case "passes":
            return {id: float(count) for id, count in found.passes.items()}
        case "wait":
            return {id: step.p90_wait.total_seconds() for id, step in found.steps.items()}
        case "work":
            known = {id: step.median_work for id, step in found.steps.items()}
            return {id: span.total_seconds() for id, span in known.items() if span is not None}
        case "late":
            return {id: step.late for id, step in found.steps.items() if step.late is not None}
        case _:
            return {id: step.escalated / step.tasks for id, step in found.steps.items()}


def _shades(values: Mapping[str, float]) -> dict[str, str]:
    most = max(values.values(), default=0.0)
    if not most:
        return {}
    return {
        id: f"heat-{min(SHADES, 1 + int(SHADES * value / most))}" for id, value in values.items()
    }


def _flows(found: Heat, nodes: set[str]) -> dict[str, str]:
    flows = {id: n for id, n in found.passes.items() if id not in nodes and "/" not in id}
    most = max(flows.values(), default=0)
    return {id: f"flow-{min(4, 1 + int(4 * n / most))}" for id, n in flows.items()}


def _scale(values: Mapping[str, float], figure: str) -> tuple[str, str]:
    if not values:
        return "", ""
    return _words(min(values.values()), figure), _words(max(values.values()), figure)


def _words(value: float, figure: str) -> str:
    match figure:
        case "passes":
            return number_format(int(value), use_l10n=True, force_grouping=True)
        case "wait" | "work":
            return span_words(timedelta(seconds=value))
        case _:
            return _percent(value)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _rows(program: Program, found: Heat, values: Mapping[str, float]) -> tuple[Row, ...]:
    language = get_language() or "en"
    steps = [node for node in program.nodes if node.id in found.steps]
    steps.sort(key=lambda node: -values.get(node.id, 0.0))
    return tuple(
        Row(
            name=node.name.in_language(language) or node.id,
            heat=found.steps[node.id],
            wait=span_words(found.steps[node.id].p90_wait),
            work=_span(found.steps[node.id].median_work),
            late=_("no deadline")
            if found.steps[node.id].late is None
            else _percent(found.steps[node.id].late or 0.0),
            escalated=_percent(found.steps[node.id].escalated / found.steps[node.id].tasks),
        )
        for node in steps
    )


def _span(span: timedelta | None) -> str:
    return "–" if span is None else span_words(span)


def _tabs(words: Mapping[str, Any], chosen: str) -> tuple[Tab, ...]:
    return tuple(
        Tab(value=value, words=str(each), is_chosen=value == chosen)
        for value, each in words.items()
    )
