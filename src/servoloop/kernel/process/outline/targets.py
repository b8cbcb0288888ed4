"""Which lines others lead back to, and what is said about an approval: looked up before writing."""

from collections.abc import Mapping, Sequence

from servoloop.kernel.process.outline import words as known
from servoloop.kernel.process.outline.lines import Line, Sort, number_in
from servoloop.kernel.process.outline.tree import Block


def told_about(following: Block | None) -> list[tuple[Block, bool]] | None:
    """The branches of a decision about an approval, each with whether it is the refusal."""
    if following is None or following.line.sort is not Sort.IF:
        return None
    first = following.inside[0].line.words
    is_refusal = known.REFUSED.search(first) is not None
    if not is_refusal and known.GRANTED.search(first) is None:
        return None
    kinds = [is_refusal, not is_refusal]
    return list(zip(following.inside[:2], kinds, strict=False))


def steps_in(blocks: list[Block]) -> list[Block]:
    found = []
    for block in blocks:
        if block.line.sort is Sort.STEP:
            found.append(block)
        found += steps_in(block.inside)
    return found


def targets_of(blocks: list[Block]) -> set[int]:
    """The lines to which some other line may lead back: each gets a gateway before it."""
    marks: dict[int, int] = {}
    names: dict[str, int] = {}
    steps: list[int] = []
    found: set[int] = set()

    def visit(siblings: list[Block]) -> None:
        for position, block in enumerate(siblings):
            line = block.line
            if line.sort in (Sort.STEP, Sort.SEND, Sort.WAIT):
                if line.mark is not None:
                    marks.setdefault(line.mark, line.number)
                names.setdefault(line.words.lower(), line.number)
                steps.append(line.number)
            following = siblings[position + 1] if position + 1 < len(siblings) else None
            if line.sort is Sort.STEP and known.APPROVAL.search(line.words):
                _add_approval(found, siblings[:position], line, following)
            if line.sort is Sort.BACK:
                number = step_meant(line.words, marks=marks, names=names, steps=steps)
                found.update([] if number is None else [number])
            visit(block.inside)

    visit(blocks)
    return found


def _add_approval(
    found: set[int], before: list[Block], line: Line, following: Block | None
) -> None:
    if told_about(following) is not None:
        return
    earlier = [b.line for b in before if b.line.sort is Sort.STEP and not b.is_group]
    found.add(earlier[-1].number if earlier else line.number)


def step_meant(
    words: str, *, marks: Mapping[int, int], names: Mapping[str, int], steps: Sequence[int]
) -> int | None:
    """The line of the earlier step that 'step 3', 'the third' or some of its words mean."""
    wanted = number_in(words)
    if wanted is None:
        lower = words.lower()
        return next((n for name, n in names.items() if lower in name or name in lower), None)
    if wanted in marks:
        return marks[wanted]
    return steps[wanted - 1] if not marks and 0 < wanted <= len(steps) else None
