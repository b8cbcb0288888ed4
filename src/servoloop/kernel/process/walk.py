"""An order of elements in which every flow leads onwards, except those that go back."""

from collections.abc import Callable, Iterable


def onward_order(starts: Iterable[int], following: Callable[[int], Iterable[int]]) -> list[int]:
    """What can be reached from the starts, in reversed order of leaving a walk in depth.

    Topological where there is no circle. Without recursion, since a process may be long.
    """
    finished: list[int] = []
    seen: set[int] = set()
    for begin in starts:
        if begin in seen:
            continue
        seen.add(begin)
        stack = [(begin, iter(following(begin)))]
        while stack:
            index, targets = stack[-1]
            new = next((each for each in targets if each not in seen), None)
            if new is None:
                finished.append(index)
                stack.pop()
            else:
                seen.add(new)
                stack.append((new, iter(following(new))))
    return finished[::-1]
