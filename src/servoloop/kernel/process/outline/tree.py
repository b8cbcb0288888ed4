"""Lines put together by their indentation: branches, loops, and what runs side by side."""

from dataclasses import dataclass, field, replace

from servoloop.kernel.process.outline import words as known
from servoloop.kernel.process.outline.lines import Line, LineReader, Remark, Sort


@dataclass(slots=True, kw_only=True)
class Block:
    """A line with what belongs to it.

    A decision holds one block per branch (its lines are if, else if and else), a repetition and
    work side by side hold what is inside; `is_group` is a heading over steps.
    """

    line: Line
    inside: list["Block"] = field(default_factory=list)
    is_group: bool = False


_SIMPLE = frozenset((Sort.STEP, Sort.SEND, Sort.WAIT, Sort.BACK, Sort.END))
_CONTAINERS = frozenset((Sort.IF, Sort.ELSE_IF, Sort.ELSE, Sort.REPEAT, Sort.PARALLEL))
_ALTERNATIVES = frozenset((Sort.ELSE_IF, Sort.ELSE))


def read_tree(lines: list[Line], reader: LineReader) -> tuple[list[Block], list[Line]]:
    """The blocks of the flow, and all lines with what was remarked about them meanwhile."""
    grower = _Grower(lines, reader)
    blocks = grower.sequence(indent=-1)
    return blocks, [grower.lines[line.number] for line in lines]


class _Grower:
    def __init__(self, lines: list[Line], reader: LineReader) -> None:
        self.lines = {line.number: line for line in lines}
        self._flow = [line for line in lines if line.sort in _SIMPLE | _CONTAINERS | {Sort.METHOD}]
        self._reader = reader
        self._at = 0

    def sequence(self, *, indent: int, in_branch: bool = False) -> list[Block]:
        """The blocks that stand deeper than `indent`, up to the first that does not.

        In a branch, an otherwise that has no decision here belongs to the one outside: people
        write it under the words of a numbered line.
        """
        blocks: list[Block] = []
        while self._at < len(self._flow) and self._flow[self._at].indent > indent:
            line = self._flow[self._at]
            if in_branch and line.sort in _ALTERNATIVES and not _decides(blocks, line):
                break
            self._at += 1
            match line.sort:
                case Sort.METHOD:
                    self._add_method(blocks, line)
                case Sort.ELSE_IF | Sort.ELSE:
                    self._branch(blocks, line)
                case Sort.IF:
                    blocks.append(Block(line=line, inside=[self._body(line)]))
                case Sort.PARALLEL | Sort.REPEAT:
                    self._container(blocks, line)
                case _:
                    blocks.append(self._simple(line))
        return blocks

    def _remark(self, line: Line, remark: Remark, value: str = "") -> None:
        self.lines[line.number] = self.lines[line.number].noted(remark, value)

    def _add_method(self, blocks: list[Block], line: Line) -> None:
        if not blocks or blocks[-1].line.sort is not Sort.STEP:
            self._remark(line, Remark.NOT_UNDERSTOOD)
            return
        step = blocks[-1].line
        method = f"{step.method}\n{line.words}".strip()
        blocks[-1].line = replace(step, method=method)

    def _branch(self, blocks: list[Block], line: Line) -> None:
        decision = blocks[-1] if blocks and blocks[-1].line.sort is Sort.IF else None
        closed = decision is not None and decision.inside[-1].line.sort is Sort.ELSE
        if decision is None or closed:
            self._remark(line, Remark.ELSE_WITHOUT_IF)
            self._body(line)
            return
        decision.inside.append(self._body(line))

    def _body(self, line: Line) -> Block:
        """A branch with what is in it: the rest of its line, deeper lines, or just the next one."""
        block = Block(line=line)
        if line.rest:
            block.inside.append(Block(line=self._rest_of(line)))
        block.inside += self.sequence(indent=line.indent, in_branch=True)
        if not block.inside and self._next_is_simple(line):
            following = self._flow[self._at]
            self._at += 1
            self._remark(line, Remark.NEXT_LINE_ONLY, str(following.number))
            block.inside.append(self._simple(following))
        elif not block.inside:
            self._remark(line, Remark.EMPTY)
        return block

    def _rest_of(self, line: Line) -> Line:
        """What stands behind the condition, read as a line; its remarks go to the whole line."""
        rest = self._reader.classify(line.number, line.text, line.rest)
        for remark, value in rest.remarks:
            self._remark(line, remark, value)
        return rest

    def _next_is_simple(self, line: Line) -> bool:
        if self._at >= len(self._flow):
            return False
        following = self._flow[self._at]
        return following.indent == line.indent and following.sort in _SIMPLE

    def _container(self, blocks: list[Block], line: Line) -> None:
        inside: list[Block] = []
        if line.rest:
            parts = [part for part in line.rest.replace("；", ";").split(";") if part.strip()]
            inside = [
                Block(line=self._reader.classify(line.number, line.text, part.strip()))
                for part in parts
            ]
        inside += self.sequence(indent=line.indent)
        if line.sort is Sort.REPEAT and not inside and blocks:
            inside = [blocks.pop()]
        if not inside:
            self._remark(line, Remark.EMPTY)
            return
        blocks.append(Block(line=line, inside=inside))

    def _simple(self, line: Line) -> Block:
        """A step with deeper lines: its method, a heading over steps, or what follows it."""
        line = self._with_methods(line)
        block = Block(line=line)
        deeper = self.sequence(indent=line.indent)
        if not deeper:
            return block
        if line.sort is Sort.STEP and all(_is_note(each) for each in deeper) and not (
            line.has_heading_colon
        ):  # fmt: skip
            notes = "\n".join(f"{n}. {each.line.words}" for n, each in enumerate(deeper, start=1))
            block.line = replace(line, method=f"{line.method}\n{notes}".strip())
            for each in deeper:
                taken = self.lines[each.line.number]
                self.lines[taken.number] = replace(taken, sort=Sort.METHOD, remarks=())
            return block
        if line.sort is Sort.STEP and line.has_heading_colon:
            return Block(line=line, inside=deeper, is_group=True)
        return Block(line=line, inside=[block, *deeper], is_group=True)

    def _with_methods(self, line: Line) -> Line:
        """Deeper lines that say how, right below a step."""
        while self._at < len(self._flow) and line.sort is Sort.STEP:
            said = self._flow[self._at]
            if said.sort is not Sort.METHOD or said.indent <= line.indent:
                break
            self._at += 1
            line = replace(line, method=f"{line.method}\n{said.words}".strip())
        return line


def _decides(blocks: list[Block], line: Line) -> bool:
    """Whether the last block is a decision that this alternative can belong to."""
    last = blocks[-1] if blocks else None
    return last is not None and last.line.sort is Sort.IF and last.line.indent <= line.indent


def _is_note(block: Block) -> bool:
    """Whether a deeper line only says how: nobody is named and no time."""
    line = block.line
    return (
        line.sort is Sort.STEP
        and not block.inside
        and not line.role
        and line.time is None
        and known.APPROVAL.search(line.words) is None
    )
