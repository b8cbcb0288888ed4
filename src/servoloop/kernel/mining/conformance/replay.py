"""Token-based replay: quick, approximate conformance, for models too large to align.

Each event of a variant moves tokens; what is not there is counted as missing and put there, what
is left at the end as remaining. Fitness = ½(1 - missing/consumed) + ½(1 - remaining/produced)
(Rozinat & van der Aalst, 2008).
"""

from dataclasses import dataclass, field

from servoloop.kernel.mining.conformance.net import Net
from servoloop.kernel.mining.conformance.silent_moves import StepTable, silent_way, step_table
from servoloop.kernel.mining.multiset import VariantMultiset

MOST_SILENT_STATES = 2_000
"""How many markings are tried to reach a step by silent moves alone."""

END = -1
"""Stands for the end of the case where an activity's code is meant."""


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
    """What has been found out about a net, shared by all variants.

    `played` leads from a marking to what each activity (`END`: the end of the case) did there;
    `by_label` numbers the transitions of each label.
    """

    net: Net
    steps: StepTable
    by_label: dict[str, list[int]]
    names: tuple[str, ...]
    played: dict[int, dict[int, "_Played"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    """A step that was played, and the tokens that it took; `marking` is what it left."""

    marking: int
    produced: int
    consumed: int
    missing: int


def replay(net: Net, multiset: VariantMultiset) -> tuple[Replayed, ...]:
    """Replay every variant once; an open case may leave tokens behind."""
    by_label: dict[str, list[int]] = {}
    for number, each in enumerate(net.transitions):
        if each.label is not None:
            by_label.setdefault(each.label, []).append(number)
    game = _Game(net=net, steps=step_table(net), by_label=by_label, names=multiset.names)
    return tuple(
        _replayed(game, sequence.tolist(), is_open)
        for sequence, is_open in zip(multiset.sequences, multiset.is_open.tolist(), strict=True)
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


def _replayed(game: _Game, trace: list[int], is_open: bool) -> Replayed:  # noqa: FBT001 - private
    marking, produced, consumed, missing = game.net.initial, 1, 0, 0
    out_of_place: list[str] = []
    unknown: list[str] = []
    played_in = game.played
    for activity in trace:
        here = played_in.get(marking)
        played = here.get(activity) if here is not None else None
        if played is None:
            played = _played(game, marking, activity)
        if played.missing:
            missing += played.missing
            known = game.names[activity] in game.by_label
            (out_of_place if known else unknown).append(game.names[activity])
        marking = played.marking
        produced += played.produced
        consumed += played.consumed
    remaining = 0
    if not is_open:
        ended = _played(game, marking, END)
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


def _played(game: _Game, marking: int, activity: int) -> _Played:
    """One step (`END`: the end of the case) from a marking, silent moves before it included."""
    here = game.played.setdefault(marking, {})
    if activity not in here:
        here[activity] = _first_played(game, marking, activity)
    return here[activity]


def _first_played(game: _Game, marking: int, activity: int) -> _Played:
    label = None if activity == END else game.names[activity]
    if label is not None and label not in game.by_label:
        # An event the model lacks costs like one that found no token and left one behind.
        return _Played(marking=marking, produced=1, consumed=1, missing=1)
    wanted = [] if label is None else game.by_label[label]
    path = silent_way(game.steps, marking, wanted, most_markings=MOST_SILENT_STATES)
    missing = 0
    if path is None and label is not None:
        steps = (game.net.transitions[number] for number in wanted)
        forced = min(steps, key=lambda each: (each.consume & ~marking).bit_count())
        lacking = forced.consume & ~marking
        # At least one: a step that had its tokens was kept back by tokens that are too many.
        missing = max(1, lacking.bit_count())
        marking = (marking | lacking) & ~forced.empty
        taken = [forced]
    else:
        taken = [game.net.transitions[number] for number in path or ()]
    for step in taken:
        marking = (marking & ~step.consume & ~step.clear) | step.produce
    return _Played(
        marking=marking,
        produced=sum(step.produce.bit_count() for step in taken),
        consumed=sum(step.consume.bit_count() for step in taken),
        missing=missing,
    )
