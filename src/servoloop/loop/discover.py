"""Discover: a sound model of the process that an event log shows."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.mining.conformance.check import Conformance
from servoloop.kernel.mining.discovery.bpmn import bpmn_of
from servoloop.kernel.mining.discovery.discover import Discovered, discover, discover_with
from servoloop.kernel.mining.discovery.layout import Drawing, draw
from servoloop.kernel.mining.discovery.tree import activities_of
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.multiset import variant_multiset
from servoloop.loop.log_file import Progress, one_event_per_execution, read_log_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a person chose instead of the best of all settings; both 0..1.

    `coverage` is the share of the cases to mine from, the most frequent variants first; `filter`
    how rare a relation between two activities may be, beside the frequent ones, to be left out.
    """

    coverage: float = 1.0
    filter: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredModel:
    """A model, how much of the log it holds, and how well it agrees with all of its cases.

    `size` counts events, steps and gateways; `mined_from` is the share of the cases, most frequent
    variants first, that the model was mined from. `quality` is over all cases.
    """

    log: str  # its name
    cases: int
    events: int  # one for each execution: start and complete are joined
    variants: int
    activities: int
    activities_in_model: int
    events_in_model: float  # 0..1 of the events are of an activity of the model
    mined_from: float  # 0..1
    filter: float  # 0..1
    size: int
    quality: Conformance
    drawing: Drawing
    bpmn: bytes

    @property
    def conforming_share(self) -> float:
        """The cases that follow the model in every step, 0..1."""
        return self.quality.conforming_cases / max(1, self.quality.cases)


def discover_log(
    path: Path,
    *,
    options: ReadOptions = GUESS,
    setting: Setting | None = None,
    progress: Progress | None = None,
) -> DiscoveredModel:
    """Read an event log from a file and discover its model; see `discovered_model`."""
    read = read_log_file(path, options=options, progress=progress)
    return discovered_model(read.log, name=path.name, setting=setting)


def discovered_model(
    log: EventLog, *, name: str, setting: Setting | None = None
) -> DiscoveredModel:
    """The best model over a grid of settings, or that of one setting.

    Raises NothingToDiscover on a log without cases.
    """
    log = one_event_per_execution(log)
    multiset = variant_multiset(log)
    if setting is None:
        found = discover(multiset)
    else:
        found = discover_with(multiset, coverage=setting.coverage, filter=setting.filter)
    return DiscoveredModel(
        log=name,
        cases=log.cases,
        events=log.events,
        variants=len(multiset.sequences),
        activities=len(log.activity.names),
        activities_in_model=len(set(activities_of(found.tree))),
        events_in_model=_events_in_model(log, found),
        mined_from=found.coverage,
        filter=found.filter,
        size=found.size,
        quality=found.quality,
        drawing=draw(found.tree),
        bpmn=bpmn_of(found.tree, key=_key(name), name=_title(name)),
    )


def _events_in_model(log: EventLog, found: Discovered) -> float:
    kept = set(activities_of(found.tree))
    is_kept = np.array([name in kept for name in log.activity.names], dtype=np.bool_)
    return float(is_kept[log.activity.codes].mean())


def _title(name: str) -> str:
    """'tickets.xes.gz' is called 'tickets'."""
    return re.sub(r"(\.(csv|tsv|txt|xes|xml|parquet|xlsx|gz|zip))+$", "", name, flags=re.I) or name


def _key(name: str) -> str:
    """An XML name that says where the model came from."""
    return f"discovered_{re.sub(r'[^A-Za-z0-9]+', '_', _title(name)).strip('_') or 'log'}"
