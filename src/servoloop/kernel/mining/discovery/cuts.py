"""The four cuts of the inductive miner: how a set of activities falls into blocks.

After Leemans, Fahland & van der Aalst, 'Discovering block-structured process models from event logs
- a constructive approach' (2013). Each function returns the groups, or None where the cut does not
apply; a cut has at least two groups.
"""

from itertools import combinations

from servoloop.kernel.mining.discovery.relations import Relations, components, reachable

Groups = list[frozenset[int]]


def choice_cut(relations: Relations) -> Groups | None:
    """Groups between which nothing flows."""
    groups = components(relations.activities, relations.edges)
    return groups if len(groups) > 1 else None


def sequence_cut(relations: Relations) -> Groups | None:
    """Groups in an order that is never gone back; each later one can be reached from each earlier.

    Activities that reach each other, or neither the other, belong together.
    """
    reach = reachable(relations.activities, relations.edges)
    together = [
        (a, b)
        for a, b in combinations(relations.activities, 2)
        if (b in reach[a]) == (a in reach[b])
    ]
    groups = components(relations.activities, together)
    while True:
        # Joining groups can leave two whose members disagree about the order.
        mixed = next(
            (
                (one, other)
                for one, other in combinations(groups, 2)
                if len({b in reach[a] for a in one for b in other}) > 1
            ),
            None,
        )
        if mixed is None:
            break
        groups = [group for group in groups if group not in mixed] + [mixed[0] | mixed[1]]
    if len(groups) < 2:
        return None
    # Ahead of a group are those that reach it, so their number is its place.
    return sorted(
        groups,
        key=lambda group: sum(
            min(group) in reach[min(other)] for other in groups if other is not group
        ),
    )


def parallel_cut(relations: Relations) -> Groups | None:
    """Groups of which every member follows, and is followed by, every member of the others.

    Each group needs a start and an end of its own; one without joins another.
    """
    edges = relations.edges
    ordered = [
        (a, b)
        for a, b in combinations(relations.activities, 2)
        if (a, b) not in edges or (b, a) not in edges
    ]
    groups = components(relations.activities, ordered)
    whole = [g for g in groups if g & relations.starts.keys() and g & relations.ends.keys()]
    rest = [g for g in groups if g not in whole]
    if len(whole) < 2:
        return None
    for group in rest:
        whole[0] |= group
    return whole


def loop_cut(relations: Relations) -> Groups | None:
    """A body with all starts and ends, and one group of what leads from its ends to its starts."""
    starts, ends, edges = relations.starts.keys(), relations.ends.keys(), relations.edges
    body = set(starts) | set(ends)
    redo = [activity for activity in relations.activities if activity not in body]
    inner = [(a, b) for a, b in edges if a not in body and b not in body]
    groups = components(redo, inner)
    kept = [group for group in groups if _leads_back(group, relations)]
    if not kept:
        return None
    again = frozenset().union(*kept)
    return [frozenset(relations.activities) - again, again]


def _leads_back(group: frozenset[int], relations: Relations) -> bool:
    starts, ends, edges = relations.starts.keys(), relations.ends.keys(), relations.edges
    entered = {b for a, b in edges if b in group and a not in group}
    left = {a for a, b in edges if a in group and b not in group}
    from_ends_only = all(a in ends for a, b in edges if b in group and a not in group)
    to_starts_only = all(b in starts for a, b in edges if a in group and b not in group)
    complete = all((end, b) in edges for b in entered for end in ends) and all(
        (a, start) in edges for a in left for start in starts
    )
    return bool(entered and left) and from_ends_only and to_starts_only and complete
