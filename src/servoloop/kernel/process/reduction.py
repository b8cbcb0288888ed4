"""A net made smaller without changing whether it is sound.

The rules are those of Murata (Proceedings of the IEEE 77(4), 1989, section V), restricted so that a
second token on a place is kept visible: fusion of series places and transitions, of parallel places
and transitions, and removal of self-loops. A block-structured process shrinks to a few places,
however many parallel branches it has.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from servoloop.kernel.process.net import Net, Transition


def reduced(net: Net) -> Net:
    """The smallest net that the rules lead to; it is sound exactly when `net` is."""
    work = _Work(net)
    rules: tuple[Callable[[], bool], ...] = (
        work.fuse_series_places,
        work.drop_parallel_transitions,
        work.drop_parallel_places,
        work.drop_self_loops,
        work.fuse_series_transitions,
    )
    has_changed = True
    while has_changed:
        changes = [rule() for rule in rules]  # every rule gets its turn in every round
        has_changed = any(changes)
    return replace(
        net,
        initial=work.initial,
        transitions=tuple(work.transitions.values()),
        always=frozenset(work.always),
    )


def bits(marking: int) -> Iterator[int]:
    """The places of a marking, each as a number with one bit."""
    while marking:
        lowest = marking & -marking
        yield lowest
        marking ^= lowest


class _Work:
    def __init__(self, net: Net) -> None:
        self.initial = net.initial
        self.always = set(net.always)
        self.transitions: dict[int, Transition] = {}
        self._consumers: dict[int, set[int]] = {1 << bit: set() for bit in range(len(net.places))}
        self._producers: dict[int, set[int]] = {1 << bit: set() for bit in range(len(net.places))}
        for key, each in enumerate(net.transitions):
            self.transitions[key] = each
            self._enter(key, each.consume, each.produce)

    def fuse_series_places(self) -> bool:
        """p → t → q, where t is the only way out of p: a token on p may as well lie on q."""
        changed = False
        for key in list(self.transitions):
            t = self.transitions[key]
            p, q = t.consume, t.produce
            if t.clears or p == q or not _is_single(p) or not _is_single(q):
                continue
            if self._consumers[p] != {key}:
                continue
            producers = tuple(self._producers[p])
            if self.initial & p and self.initial & q:
                continue  # it would put two tokens on q, here and in the next line
            if any(self.transitions[each].produce & q for each in producers):
                continue
            self._remove(key)
            for each in producers:
                x = self.transitions[each]
                fused = replace(x, produce=x.produce & ~p | q, fired=(*x.fired, *t.fired))
                self._exchange(each, fused)
            if self.initial & p:
                self.initial = self.initial & ~p | q
                self.always.update(t.fired)
            changed = True
        return changed

    def fuse_series_transitions(self) -> bool:
        """t → p → u, where p is nothing else's business: t and u are one step."""
        changed = False
        outside = self._outside_circles()  # fusing cannot close a circle, so once is enough
        for p in list(self._consumers):
            pair = self._series_around(p)
            if pair is None:
                continue
            first, second = pair
            t, u = self.transitions[first], self.transitions[second]
            rest = t.produce & ~p
            if rest & u.produce or (not u.produce and first not in outside):
                continue  # it would hide that a second token can come
            self._remove(second)
            fused = replace(t, produce=rest | u.produce, fired=(*t.fired, *u.fired))
            self._exchange(first, fused)
            changed = True
        return changed

    def drop_parallel_places(self) -> bool:
        """Places that always have a token together: one of them is enough."""
        changed = False
        seen: dict[tuple[frozenset[int], frozenset[int], bool], int] = {}
        for p in list(self._consumers):
            if not self._consumers[p]:
                continue
            key = (
                frozenset(self._producers[p]),
                frozenset(self._consumers[p]),
                bool(self.initial & p),
            )
            if key not in seen:
                seen[key] = p
                continue
            for each in self._consumers[p] | self._producers[p]:
                t = self.transitions[each]
                self._exchange(each, replace(t, consume=t.consume & ~p, produce=t.produce & ~p))
            self.initial &= ~p
            changed = True
        return changed

    def drop_parallel_transitions(self) -> bool:
        """Transitions that do the same to the tokens."""
        changed = False
        seen: dict[tuple[int, int, bool, bool], int] = {}
        for key in list(self.transitions):
            t = self.transitions[key]
            what = (t.consume, t.produce, t.clears, t.fails)
            if what not in seen:
                seen[what] = key
                continue
            kept = self.transitions[seen[what]]
            self._remove(key)
            self.transitions[seen[what]] = replace(kept, fired=(*kept.fired, *t.fired))
            changed = True
        return changed

    def drop_self_loops(self) -> bool:
        """A transition that changes nothing, beside one that does."""
        changed = False
        for key in list(self.transitions):
            t = self.transitions[key]
            p = t.consume
            if t.clears or t.produce != p or not _is_single(p):
                continue
            others = (self.transitions[each] for each in self._consumers[p] - {key})
            if not any(each.consume == p for each in others):
                continue
            self._remove(key)
            for producer in self._producers[p]:
                x = self.transitions[producer]
                self.transitions[producer] = replace(x, fired=(*x.fired, *t.fired))
            if self.initial & p:
                self.always.update(t.fired)
            changed = True
        return changed

    def _series_around(self, p: int) -> tuple[int, int] | None:
        producers, consumers = self._producers[p], self._consumers[p]
        if len(producers) != 1 or len(consumers) != 1 or self.initial & p:
            return None
        (first,), (second,) = producers, consumers
        t, u = self.transitions[first], self.transitions[second]
        if first == second or t.clears or u.clears or u.consume != p:
            return None
        return first, second

    def _outside_circles(self) -> set[int]:
        """Transitions that cannot lead to themselves again, but for some between two circles."""
        forward = {key: (t.consume, t.produce) for key, t in self.transitions.items()}
        backward = {key: (t.produce, t.consume) for key, t in self.transitions.items()}
        return _peeled(forward, self._producers, self._consumers) | _peeled(
            backward, self._consumers, self._producers
        )

    def _exchange(self, key: int, transition: Transition) -> None:
        """Only the difference is booked: a fork of a thousand ways changes one at a time."""
        old = self.transitions[key]
        self.transitions[key] = transition
        self._leave(key, old.consume & ~transition.consume, old.produce & ~transition.produce)
        self._enter(key, transition.consume & ~old.consume, transition.produce & ~old.produce)

    def _remove(self, key: int) -> None:
        transition = self.transitions.pop(key)
        self._leave(key, transition.consume, transition.produce)

    def _enter(self, key: int, consume: int, produce: int) -> None:
        for p in bits(consume):
            self._consumers[p].add(key)
        for p in bits(produce):
            self._producers[p].add(key)

    def _leave(self, key: int, consume: int, produce: int) -> None:
        for p in bits(consume):
            self._consumers[p].discard(key)
        for p in bits(produce):
            self._producers[p].discard(key)


def _is_single(marking: int) -> bool:
    return marking != 0 and marking & (marking - 1) == 0


def _peeled(
    ways: Mapping[int, tuple[int, int]],
    sources: Mapping[int, set[int]],
    targets: Mapping[int, set[int]],
) -> set[int]:
    """Transitions before which there is no circle, given the places each comes from and goes to."""
    unpeeled_places = {key: come_from.bit_count() for key, (come_from, _) in ways.items()}
    unpeeled_sources = {p: len(keys) for p, keys in sources.items()}
    peeled: set[int] = set()
    places = [p for p, count in unpeeled_sources.items() if count == 0]
    while places:
        for key in targets[places.pop()]:
            unpeeled_places[key] -= 1
            if unpeeled_places[key]:
                continue
            peeled.add(key)
            for p in bits(ways[key][1]):
                unpeeled_sources[p] -= 1
                if unpeeled_sources[p] == 0:
                    places.append(p)
    return peeled
