"""Root causes: kinds of cases that fare worse, by one attribute or two, beyond chance.

Every kind with enough cases is compared with all other cases by a standardised sum: of ranks for
times (long tails do not decide), of 0 and 1 for outcomes. Many kinds are tried, so the bar is the
95 % quantile of the *largest* statistic when outcomes are shuffled among cases (Westfall & Young
1993): on a log without causes some kind is named in 5 % of logs, however many are tried and however
they overlap. A kind of two attributes must pass the same bar within each of its halves.

What is named is associated, not proven to cause. The Simpson alarm says where a third attribute
turns the picture round or explains it away; intervals use the same bar, so they hold together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import NOT_GIVEN
from servoloop.kernel.mining.features import Feature

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LEVEL = 0.05
SHUFFLES = 249
"""So that the smallest p, 1 / 250, can pass the part of the level that a single rule has."""
SHUFFLED_UP_TO = 30_000
"""Beyond this many cases shuffling costs seconds, and Bonferroni costs no power that matters."""
FEWEST_CASES = 30
FEWEST_IN_STRATUM = 5
EXPLAINED_AWAY = 0.25
"""An effect that shrinks below this part of itself within the strata is the stratum's effect."""
MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One attribute and its value."""

    attribute: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpsonAlarm:
    """What becomes of an effect when cases are compared only within values of `attribute`.

    `effect` is the standardised one (strata weighted by n·m / (n + m)); 'reversed' when its sign
    turns, 'explained' when less than a quarter of it is left.
    """

    attribute: str
    kind: Literal["reversed", "explained"]
    effect: float
    strata: int  # that hold enough cases of both sides
    against: int  # of them, those whose own effect has the other sign


@dataclass(frozen=True, slots=True, kw_only=True)
class RootCause:
    """A kind of cases that fares worse than all others.

    `inside` and `outside` are means of the outcome (hours, or shares); `effect` is their
    difference, with an interval that holds for all named kinds together; `excess` is effect x
    cases: the outcome that would vanish if the kind were like the others. `p` is adjusted.
    """

    conditions: tuple[Condition, ...]  # one or two
    cases: int
    inside: float
    outside: float
    effect: float
    low: float
    high: float
    excess: float
    p: float
    alarms: tuple[SimpsonAlarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RootCauses:
    """Kinds by `excess`, descending; `tried` kinds had enough cases; `bar` is in standard units."""

    causes: tuple[RootCause, ...]
    tried: int
    cases: int
    bar: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Table:
    """The kinds that one or two features make: `codes` per case, -1 for none or too rare ones."""

    features: tuple[Feature, ...]
    codes: npt.NDArray[np.int64]
    kinds: tuple[tuple[int, ...], ...]  # code -> value codes of the features
    sizes: npt.NDArray[np.int64]


def root_causes(
    outcome: Floats,
    features: Sequence[Feature],
    *,
    random: Random,
    fewest_cases: int = FEWEST_CASES,
) -> RootCauses:
    """Find the kinds of cases whose outcome is higher (worse) than that of the others.

    `outcome` has one value per case: a time, or 0.0 and 1.0; NaN where it is not known yet. At most
    `MOST_NAMED` are named.
    """
    known = ~np.isnan(outcome)
    features = [replace(each, codes=each.codes[known]) for each in features]
    outcome = outcome[known]
    tables = list(_tables(features, fewest_cases))
    tried = sum(len(table.kinds) for table in tables)
    if not tried or not len(outcome) or outcome.min() == outcome.max():
        return RootCauses(causes=(), tried=tried, cases=len(outcome), bar=float("inf"))
    scores = _scores(outcome)
    largest = _largest_by_chance(scores, tables, random) if _may_shuffle(outcome) else None
    normal = NormalDist().inv_cdf(1 - LEVEL / tried)
    bar = normal if largest is None else float(np.quantile(largest, 1 - LEVEL, method="higher"))
    found = []
    for table in tables:
        z = _standardised(scores, table)
        for kind in np.flatnonzero(z > bar):
            inside = table.codes == kind
            if len(table.features) == 2 and not _adds(scores, inside, table, int(kind), bar):
                continue
            p = _adjusted_p(float(z[kind]), largest, tried)
            found.append((_cause(outcome, table, int(kind), bar, p), table, int(kind)))
    found.sort(key=lambda each: -each[0].excess)
    named = tuple(
        replace(cause, alarms=_alarms(outcome, table, kind, features))
        for cause, table, kind in found[:MOST_NAMED]
    )
    return RootCauses(causes=named, tried=tried, cases=len(outcome), bar=bar)


def _may_shuffle(outcome: Floats) -> bool:
    return len(outcome) <= SHUFFLED_UP_TO


def _tables(features: Sequence[Feature], fewest: int) -> Iterator[_Table]:
    for feature in features:
        yield _table((feature,), feature.codes.astype(np.int64), fewest)
    for one, other in combinations(features, 2):
        both = (one.codes != NOT_GIVEN) & (other.codes != NOT_GIVEN)
        keys = np.where(both, one.codes.astype(np.int64) * len(other.values) + other.codes, -1)
        yield _table((one, other), keys, fewest)


def _table(features: tuple[Feature, ...], keys: npt.NDArray[np.int64], fewest: int) -> _Table:
    """Number the keys that occur often enough (and not in nearly every case) from 0."""
    distinct, counts = np.unique(keys, return_counts=True)
    keep = (distinct >= 0) & (counts >= fewest) & (counts <= len(keys) - fewest)
    place = np.full(len(distinct), -1, dtype=np.int64)
    place[keep] = np.arange(int(keep.sum()))
    width = len(features[-1].values)
    kinds = [(int(k),) if len(features) == 1 else divmod(int(k), width) for k in distinct[keep]]
    return _Table(
        features=features,
        codes=place[np.searchsorted(distinct, keys)],
        kinds=tuple(kinds),
        sizes=counts[keep].astype(np.int64),
    )


def _scores(outcome: Floats) -> Floats:
    """Centred: 0 and 1 as they are, else mid-ranks."""
    if set(np.unique(outcome[:1000])) <= {0.0, 1.0} and np.isin(outcome, (0.0, 1.0)).all():
        shares: Floats = outcome - outcome.mean()
        return shares
    _, place, counts = np.unique(outcome, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    centred: Floats = ranks[place] - ranks[place].mean()
    return centred


def _standardised(scores: Floats, table: _Table) -> Floats:
    """Sums of centred scores by kind, over their standard deviation under shuffling."""
    n = len(scores)
    sums = np.bincount(table.codes + 1, weights=scores, minlength=len(table.kinds) + 1)[1:]
    variance = scores.var() * table.sizes * (n - table.sizes) / (n - 1)
    z: Floats = sums / np.sqrt(variance)
    return z


def _largest_by_chance(scores: Floats, tables: Sequence[_Table], random: Random) -> Floats:
    """The largest statistic over all kinds, for each shuffle."""
    generator = np.random.default_rng(random.getrandbits(64))
    largest = np.full(SHUFFLES, -np.inf)
    for shuffle in range(SHUFFLES):
        shuffled = generator.permutation(scores)
        for table in tables:
            if table.kinds:
                largest[shuffle] = max(largest[shuffle], _standardised(shuffled, table).max())
    return largest


def _adjusted_p(z: float, largest: Floats | None, tried: int) -> float:
    if largest is None:
        return min(1.0, tried * (1 - NormalDist().cdf(z)))
    return float((1 + (largest >= z).sum()) / (1 + len(largest)))


def _adds(scores: Floats, inside: Bools, table: _Table, kind: int, bar: float) -> bool:
    """Whether two attributes together say more than either: worse than the rest of both halves."""
    for feature, value in zip(table.features, table.kinds[kind], strict=True):
        half = feature.codes == value
        within = scores[half] - scores[half].mean()
        size, n = int(inside.sum()), int(half.sum())
        variance = within.var() * size * (n - size) / max(1, n - 1)
        if not variance or within[inside[half]].sum() / np.sqrt(variance) <= bar:
            return False
    return True


def _cause(outcome: Floats, table: _Table, kind: int, bar: float, p: float) -> RootCause:
    inside = table.codes == kind
    here, there = outcome[inside], outcome[~inside]
    effect = float(here.mean() - there.mean())
    error = float(np.sqrt(here.var(ddof=1) / len(here) + there.var(ddof=1) / len(there)))
    chosen = zip(table.features, table.kinds[kind], strict=True)
    return RootCause(
        conditions=tuple(Condition(attribute=f.name, value=f.values[v]) for f, v in chosen),
        cases=len(here),
        inside=float(here.mean()),
        outside=float(there.mean()),
        effect=effect,
        low=effect - bar * error,
        high=effect + bar * error,
        excess=effect * len(here),
        p=p,
        alarms=(),
    )


def _alarms(
    outcome: Floats, table: _Table, kind: int, features: Sequence[Feature]
) -> tuple[SimpsonAlarm, ...]:
    inside, own = table.codes == kind, {each.name for each in table.features}
    found = (simpson_alarm(outcome, inside, each) for each in features if each.name not in own)
    return tuple(alarm for alarm in found if alarm is not None)


def simpson_alarm(outcome: Floats, inside: Bools, by: Feature) -> SimpsonAlarm | None:
    """Compare the cases inside with the others within each value of another attribute.

    None when the effect keeps its sign and most of its size, or when fewer than two strata hold
    `FEWEST_IN_STRATUM` cases of both sides.
    """
    total = float(outcome[inside].mean() - outcome[~inside].mean())
    given = by.codes != NOT_GIVEN
    side = by.codes[given].astype(np.int64) * 2 + inside[given]
    shape = (len(by.values), 2)
    sizes = np.bincount(side, minlength=2 * len(by.values)).reshape(shape)
    sums = np.bincount(side, weights=outcome[given], minlength=2 * len(by.values)).reshape(shape)
    sizes, sums = (table[sizes.min(axis=1) >= FEWEST_IN_STRATUM] for table in (sizes, sums))
    effects = sums[:, 1] / sizes[:, 1] - sums[:, 0] / sizes[:, 0]
    if len(effects) < 2 or not total:
        return None
    weights = sizes.prod(axis=1) / sizes.sum(axis=1)
    standardised = float(np.average(effects, weights=weights))
    if standardised / total >= EXPLAINED_AWAY:
        return None
    return SimpsonAlarm(
        attribute=by.name,
        kind="reversed" if standardised / total < 0 else "explained",
        effect=standardised,
        strata=len(effects),
        against=int((effects * total < 0).sum()),
    )
