"""All markings that a net can reach, and the first defects among them."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum

from servoloop.kernel.process.net import Net, Transition
from servoloop.kernel.process.reduction import bits

MOST_MARKINGS = 20_000


class Flaw(StrEnum):
    DEADLOCK = "deadlock"
    DOUBLE = "lack-of-synchronisation"
    LIVELOCK = "livelock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    flaw: Flaw
    marking: int  # deadlock: the tokens that are stuck; livelock: one marking of the circle
    doubled: int  # the places that get a second token, 0 for other flaws
    path: tuple[int, ...]  # the nodes executed on a shortest way there


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    is_complete: bool  # False when the net has too many markings
    defects: tuple[Defect, ...]  # every deadlock, the first double, one livelock
    fired: frozenset[int]  # nodes that are executed in some run
    completes: bool  # some run ends otherwise than by an error end
    failing: frozenset[int]  # error ends that are reached


@dataclass(slots=True, kw_only=True)
class _Search:
    came_from: dict[int, tuple[int, Transition] | None]
    before: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    fired: set[int] = field(default_factory=set)
    failing: set[int] = field(default_factory=set)
    defects: list[Defect] = field(default_factory=list)
    has_doubled: bool = False
    completes: bool = False


def explore(net: Net, *, most: int = MOST_MARKINGS) -> Exploration:
    """Every marking, breadth first; a marking that would double a token is not followed."""
    by_place: dict[int, list[Transition]] = defaultdict(list)
    for transition in net.transitions:
        by_place[transition.consume & -transition.consume].append(transition)
    search = _Search(came_from={net.initial: None}, fired=set(net.always))
    waiting = deque([net.initial])
    while waiting and len(search.came_from) <= most:
        marking = waiting.popleft()
        enabled = [
            transition
            for bit in bits(marking)
            for transition in by_place[bit]
            if transition.consume & marking == transition.consume
        ]
        if not enabled and marking:
            search.defects.append(_defect(search, Flaw.DEADLOCK, marking))
        for transition in enabled:
            following = _fire(search, marking, transition)
            if following is not None and following not in search.came_from:
                search.came_from[following] = (marking, transition)
                waiting.append(following)
    is_complete = not waiting
    if is_complete and not search.defects:
        _find_livelock(search)
    return Exploration(
        is_complete=is_complete,
        defects=tuple(search.defects),
        fired=frozenset(search.fired),
        completes=search.completes,
        failing=frozenset(search.failing),
    )


def _fire(search: _Search, marking: int, transition: Transition) -> int | None:
    """The next marking, or None when a place would get a second token."""
    search.fired.update(transition.fired)
    if transition.fails:
        search.failing.update(transition.fired[-1:])
    rest = marking & ~transition.consume
    if transition.clears:
        following = 0
    elif doubled := rest & transition.produce:
        if not search.has_doubled:  # the others are mostly consequences of the first
            search.has_doubled = True
            path = (*_path(search, marking), *transition.fired)
            search.defects.append(
                Defect(flaw=Flaw.DOUBLE, marking=marking, doubled=doubled, path=path)
            )
        return None
    else:
        following = rest | transition.produce
    search.before[following].append(marking)
    if not following and not transition.fails:
        search.completes = True
    return following


def _find_livelock(search: _Search) -> None:
    """A marking from which the empty one cannot be reached any more."""
    ending = {0}
    waiting = [0]
    while waiting:
        for previous in search.before[waiting.pop()]:
            if previous not in ending:
                ending.add(previous)
                waiting.append(previous)
    trapped = [each for each in search.came_from if each not in ending]
    if trapped:  # the last of them: its path has gone round the circle
        search.defects.append(_defect(search, Flaw.LIVELOCK, trapped[-1]))


def _defect(search: _Search, flaw: Flaw, marking: int) -> Defect:
    return Defect(flaw=flaw, marking=marking, doubled=0, path=_path(search, marking))


def _path(search: _Search, marking: int) -> tuple[int, ...]:
    steps: list[int] = []
    while (origin := search.came_from[marking]) is not None:
        marking, transition = origin
        steps.extend(reversed(transition.fired))
    return tuple(reversed(steps))
