"""Token-based replay: quick, approximate conformance, for models too large to align.

Each event of a variant moves tokens; what is not there is counted as missing and put there, what
is left at the end as remaining. Fitness = ½(1 - missing/consumed) + ½(1 - remaining/produced)
(Rozinat & van der Aalst, 2008).
"""

from dataclasses import dataclass, field

from servoloop.kernel.mining.conformance.net import Net, Transition
from servoloop.kernel.mining.multiset import VariantMultiset

MOST_SILENT_STATES = 2_000
"""How many markings are tried to reach a step by silent moves alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """Tokens of one variant; `out_of_place` are the activities that lacked tokens, `unknown` those
    that the model does not have, `unfinished` whether tokens were left when the case ended."""

    produced: int
    consumed: int
    missing: int
    remaining: int
    out_of_place: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return not (self.missing or self.remaining or self.unknown)


@dataclass(slots=True, kw_only=True)
class _Game:
    """What has been found out about a net, shared by all variants."""

    net: Net
    by_label: dict[str, list[Transition]] = field(default_factory=dict)
    silent: list[Transition] = field(default_factory=list)
    played: dict[tuple[int, str | None], "_Played"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    """A step that was played, and the tokens that it took; `marking` is what it left."""

    marking: int
    produced: int
    consumed: int
    missing: int


def replay(net: Net, multiset: VariantMultiset) -> tuple[Replayed, ...]:
    """Replay every variant once; an open case may leave tokens behind."""
    game = _Game(net=net)
    for each in net.transitions:
        if each.label is None:
            game.silent.append(each)
        else:
            game.by_label.setdefault(each.label, []).append(each)
    return tuple(
        _replayed(game, [multiset.names[code] for code in sequence], bool(is_open))
        for sequence, is_open in zip(multiset.sequences, multiset.is_open, strict=True)
    )


def replay_fitness(replayed: tuple[Replayed, ...], multiset: VariantMultiset) -> float:
    """Over all cases, 0..1; 1.0 for an empty log."""
    missing = consumed = remaining = produced = 0
    for each, cases in zip(replayed, multiset.cases.tolist(), strict=True):
        missing += each.missing * cases
        consumed += each.consumed * cases
        remaining += each.remaining * cases
        produced += each.produced * cases
    return 1.0 - missing / max(1, consumed) / 2 - remaining / max(1, produced) / 2


def _replayed(game: _Game, trace: list[str], is_open: bool) -> Replayed:  # noqa: FBT001 - private
    marking, produced, consumed, missing = game.net.initial, 1, 0, 0
    out_of_place, unknown = [], []
    for activity in trace:
        if activity not in game.by_label:
            unknown.append(activity)
            # An event the model lacks costs like one that found no token and left one behind.
            missing, consumed, produced = missing + 1, consumed + 1, produced + 1
            continue
        played = _played(game, marking, activity)
        marking = played.marking
        produced += played.produced
        consumed += played.consumed
        if played.missing:
            missing += played.missing
            out_of_place.append(activity)
    remaining = 0
    if not is_open:
        ended = _played(game, marking, None)
        produced, consumed = produced + ended.produced, consumed + ended.consumed
        remaining = ended.marking.bit_count()
    return Replayed(
        produced=produced,
        consumed=max(1, consumed),
        missing=missing,
        remaining=remaining + len(unknown),
        out_of_place=tuple(out_of_place),
        unknown=tuple(unknown),
    )


def _played(game: _Game, marking: int, label: str | None) -> _Played:
    """One step (None: the end of the case) from a marking, silent moves before it included."""
    key = (marking, label)
    if key not in game.played:
        path = _searched(game, marking, label)
        missing = 0
        if path is None and label is not None:
            forced = _nearest(game.by_label[label], marking)
            lacking = forced.consume & ~marking
            # At least one: a step that had its tokens was kept back by tokens that are too many.
            missing = max(1, lacking.bit_count())
            marking = (marking | lacking) & ~forced.empty
            path = (forced,)
        for step in path or ():
            marking = (marking & ~step.consume & ~step.clear) | step.produce
        game.played[key] = _Played(
            marking=marking,
            produced=sum(step.produce.bit_count() for step in path or ()),
            consumed=sum(step.consume.bit_count() for step in path or ()),
            missing=missing,
        )
    return game.played[key]


def _nearest(steps: list[Transition], marking: int) -> Transition:
    return min(steps, key=lambda each: (each.consume & ~marking).bit_count())


def _searched(game: _Game, marking: int, label: str | None) -> tuple[Transition, ...] | None:
    """The shortest way by silent moves to the step `label` (None: to the end), that step included.

    None when there is none within the limit.
    """
    came: dict[int, tuple[int, Transition] | None] = {marking: None}
    waiting = [marking]
    for at in waiting:
        if label is None and at == 0:
            return _way(came, at)
        for step in game.by_label.get(label, ()) if label is not None else ():
            if step.fire(at) is not None:
                return (*_way(came, at), step)
        for step in game.silent:
            reached = step.fire(at)
            if reached is not None and reached not in came and len(came) < MOST_SILENT_STATES:
                came[reached] = (at, step)
                waiting.append(reached)
    return None


def _way(came: dict[int, tuple[int, Transition] | None], at: int) -> tuple[Transition, ...]:
    steps = []
    while (origin := came[at]) is not None:
        at, step = origin
        steps.append(step)
    return tuple(reversed(steps))
