"""The blocks of an outline as the nodes and flows of a process that can be executed."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from servoloop.kernel.process.iso8601 import duration_text
from servoloop.kernel.process.outline import words as known
from servoloop.kernel.process.outline.choices import approval_fields, asked_by
from servoloop.kernel.process.outline.lines import Line, Remark, Sort
from servoloop.kernel.process.outline.pen import Hand, Pen
from servoloop.kernel.process.outline.spans import SPAN
from servoloop.kernel.process.outline.targets import step_meant, steps_in, targets_of, told_about
from servoloop.kernel.process.outline.texts import text
from servoloop.kernel.process.outline.tree import Block
from servoloop.kernel.process.step import EscalationLevel, Step
from servoloop.kernel.process.words import Words

DEFAULT_TIME = timedelta(minutes=10)
_LEAST_RESPONSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What an outline leaves unsaid."""

    role: str = "agent"
    escalation: tuple[EscalationLevel, ...] = (
        EscalationLevel(role="supervisor", within=timedelta(hours=1)),
        EscalationLevel(role="manager", within=timedelta(hours=2)),
    )


class FlowWriter:
    """Writes block after block; `remarks` says what could not be done as it was told."""

    def __init__(self, *, defaults: Defaults, is_chinese: bool, may_go_back: bool = True) -> None:
        self.remarks: list[tuple[int, Remark, str]] = []
        self.pen = Pen()
        self._defaults = defaults
        self._is_chinese = is_chinese
        self._may_go_back = may_go_back
        self._role = ""
        self._path: tuple[int, ...] = ()  # which branches of work side by side
        self._steps: dict[int, tuple[str, tuple[int, ...]]] = {}  # by line number: where one begins
        self._marks: dict[int, int] = {}  # own number of a step -> line number
        self._words: dict[str, int] = {}

    def write(self, blocks: list[Block], *, start: str) -> None:
        """Everything from the start event to the end events."""
        self.pen.awaited = frozenset(targets_of(blocks))
        first = next((b.line.role for b in steps_in(blocks) if b.line.role), self._defaults.role)
        self._role = first if first != "system" else self._defaults.role
        begin = self.pen.add("start", "startEvent", start or self._text("start"), "")
        hands = self._sequence(blocks, [(begin, "", "")])
        if hands:
            self.pen.finish(hands, self._text("end"), "end", lane=self._lane_of(hands[0][0]))
        lane = next((d.node.lane for d in self.pen.nodes.values() if d.node.lane), "")
        self.pen.nodes[begin].node = replace(self.pen.nodes[begin].node, lane=lane)

    def _text(self, key: str, value: str = "") -> str:
        return text(key, value, is_chinese=self._is_chinese)

    def _lane_of(self, id: str) -> str:
        return self.pen.nodes[id].node.lane or self._role

    # Blocks

    def _sequence(self, blocks: list[Block], hands: list[Hand]) -> list[Hand]:
        position = 0
        while position < len(blocks):
            block = blocks[position]
            following = blocks[position + 1] if position + 1 < len(blocks) else None
            if not hands:
                self._note(block.line, Remark.AFTER_END)
                position += 1
                continue
            hands, used = self._block(block, hands, following, blocks[:position])
            position += 1 + used
        return hands

    def _note(self, line: Line, remark: Remark, value: str = "") -> None:
        self.remarks.append((line.number, remark, value))

    def _block(
        self, block: Block, hands: list[Hand], following: Block | None, before: list[Block]
    ) -> tuple[list[Hand], bool]:
        """The hands behind a block, and whether the following one was used up with it."""
        line = block.line
        if block.is_group:
            return self._sequence(block.inside, hands), False
        match line.sort:
            case Sort.STEP if known.APPROVAL.search(line.words):
                return self._approval(block, hands, following, before)
            case Sort.STEP:
                return self._step(line, hands), False
            case Sort.SEND:
                return self._send(line, hands), False
            case Sort.WAIT:
                return self._wait(line, hands, following)
            case Sort.IF:
                return self._decision(block, hands), False
            case Sort.REPEAT:
                return self._repeat(block, hands), False
            case Sort.PARALLEL:
                return self._parallel(block, hands), False
            case Sort.BACK:
                return self._back(line, hands), False
            case Sort.END:
                return self._end(line, hands), False
        return hands, False

    def _step(self, line: Line, hands: list[Hand]) -> list[Hand]:
        if line.role == "system":
            return self._automatic(line, hands)
        if line.role:
            self._role = line.role
        elif Remark.WAITS_BY_HAND not in [each for each, _ in line.remarks]:
            self._note(line, Remark.NO_ROLE, self._role)
        if line.time is None:
            self._note(line, Remark.NO_TIME)
        id = self.pen.add(
            f"step_{line.number}",
            "userTask",
            _sentence(line.words),
            self._role,
            step=self._standard(line),
        )
        self._remember(line, id)
        return self.pen.put(hands, id, self._role, number=line.number)

    def _standard(self, line: Line) -> Step:
        time = line.time.worked if line.time is not None else DEFAULT_TIME
        response = line.within.worked if line.within is not None else max(4 * time, _LEAST_RESPONSE)
        levels = self._defaults.escalation
        roles = [level.role for level in levels]
        after = levels[roles.index(self._role) + 1 :] if self._role in roles else levels
        chain = after or tuple(level for level in levels if level.role != self._role)
        return Step(
            sop=Words(default=line.method),
            standard_time=min(time, response),
            response_time=response,
            role=self._role,
            escalation=chain,
        )

    def _remember(self, line: Line, id: str) -> None:
        self._steps[line.number] = (id, self._path)
        if line.mark is not None:
            self._marks[line.mark] = line.number
        self._words.setdefault(line.words.lower(), line.number)

    def _automatic(self, line: Line, hands: list[Hand]) -> list[Hand]:
        """Work of a system that nobody described yet: it is noted as done."""
        time = line.time.worked if line.time is not None else timedelta(seconds=5)
        id = self.pen.add(
            f"step_{line.number}", "scriptTask", _sentence(line.words), "auto",
            step=Step(standard_time=time), assign=(f"done_{line.number}", "true"),
        )  # fmt: skip
        self._remember(line, id)
        return self.pen.put(hands, id, "auto", number=line.number)

    def _send(self, line: Line, hands: list[Hand]) -> list[Hand]:
        said = line.words.replace("\\", "\\\\").replace('"', '\\"')
        id = self.pen.add(
            f"step_{line.number}", "sendTask", _sentence(line.words), "auto",
            message=f"message.{line.number}",
            payload=f'"{said}"', step=Step(standard_time=timedelta(seconds=5)),
        )  # fmt: skip
        self._remember(line, id)
        return self.pen.put(hands, id, "auto", number=line.number)

    def _wait(
        self, line: Line, hands: list[Hand], following: Block | None
    ) -> tuple[list[Hand], bool]:
        span = line.time
        timer = ""
        if span is not None:
            timer = duration_text(span.worked if span.is_working_time else span.elapsed)
        is_customer = span is None or known.CUSTOMER.search(line.text) is not None
        if not is_customer and span is not None:
            id = self.pen.add(
                f"step_{line.number}", "intermediateCatchEvent", _sentence(line.words), "auto",
                timer=timer,
                is_working_time=span.is_working_time, step=Step(standard_time=span.worked),
            )  # fmt: skip
            self._remember(line, id)
            return self.pen.put(hands, id, "auto", number=line.number), False
        standard = span.worked if span is not None else timedelta(hours=24)
        id = self.pen.add(
            f"step_{line.number}", "receiveTask",
            _without_limit(line.words) or self._text("wait"), "auto",
            message="customer.reply", step=Step(standard_time=standard, waits_for_customer=True),
        )  # fmt: skip
        self._remember(line, id)
        hands = self.pen.put(hands, id, "auto", number=line.number)
        if span is None:
            return hands, False
        late = self.pen.add(
            f"late_{line.number}", "boundaryEvent", self._span_words(line), "auto", timer=timer,
            is_working_time=span.is_working_time, attached_to=id,
        )  # fmt: skip
        branch = following.inside[0] if following and following.line.sort is Sort.IF else None
        if branch is not None and known.NO_REPLY.search(branch.line.words):
            other = self._sequence(branch.inside, [(late, "", "")])
            rest = following.inside[1:] if following is not None else []
            for each in rest:
                hands = self._sequence(each.inside, hands)
            return [*hands, *other], True
        if self._path:
            return [*hands, (late, "", "")], False
        self.pen.finish(
            [(late, "", "")], self._text("no_reply"), f"unanswered_{line.number}", lane="auto"
        )
        return hands, False

    def _span_words(self, line: Line) -> str:
        assert line.time is not None  # asked by the caller
        hours = line.time.elapsed.total_seconds() / 3600
        days = hours / 24
        if days >= 1 and days == int(days):
            return f"{days:g} 天" if self._is_chinese else f"{days:g} day{'s' * (days > 1)}"
        return f"{hours:g} 小时" if self._is_chinese else f"{hours:g} h"

    def _end(self, line: Line, hands: list[Hand]) -> list[Hand]:
        if self._path:
            self._note(line, Remark.END_IN_PARALLEL)
            return hands
        name = line.words or self._text("end")
        self.pen.finish(hands, name, f"end_{line.number}", lane=self._lane_of(hands[0][0]))
        return []

    def _back(self, line: Line, hands: list[Hand]) -> list[Hand]:
        number = step_meant(
            line.words, marks=self._marks, names=self._words, steps=list(self._steps)
        )
        if number is None or number not in self._steps:
            self._note(line, Remark.NO_SUCH_STEP, line.words)
            return hands
        id, path = self._steps[number]
        if not self._may_go_back or path != self._path or id not in self.pen.joins:
            self._note(line, Remark.CANNOT_GO_BACK, line.words)
            return hands
        self.pen.connect(hands, self.pen.joins[id])
        return []

    # Decisions

    def _decision(self, block: Block, hands: list[Hand]) -> list[Hand]:
        branches = block.inside
        cases = [branch for branch in branches if branch.line.sort is not Sort.ELSE]
        chooser = self._chooser(hands, cases[0].line)
        conditions = self._choose(chooser, block.line, [case.line.words for case in cases])
        gate = self._gate(chooser, cases)
        out: list[Hand] = []
        has_else = len(cases) < len(branches)
        for branch, condition in zip(branches, [*conditions, ""], strict=False):
            is_else = branch.line.sort is Sort.ELSE
            name = self._branch_name(branch.line.words, is_else=is_else, several=len(cases) > 1)
            out += self._sequence(branch.inside, [(gate, name, "" if is_else else condition)])
        if not has_else:
            name = self._text("no") if len(cases) == 1 else self._text("otherwise")
            out.append((gate, name, ""))
        return out

    def _branch_name(self, words: str, *, is_else: bool, several: bool) -> str:
        if is_else:
            return self._text("otherwise") if several else self._text("no")
        return words if several else self._text("yes")

    def _gate(self, chooser: str, cases: list[Block]) -> str:
        question = cases[0].line.words if len(cases) == 1 else ""
        mark = "？" if self._is_chinese else "?"
        name = question + mark if question else self._text("which")
        lane = self._lane_of(chooser)
        gate = self.pen.add(f"decision_{cases[0].line.number}", "exclusiveGateway", name, lane)
        self.pen.connect([(chooser, "", "")], gate)
        return gate

    def _chooser(self, hands: list[Hand], line: Line) -> str:
        """The step that says which way: the one right before, else one that is put in."""
        if len(hands) == 1 and not hands[0][1] and not hands[0][2]:
            draft = self.pen.nodes[hands[0][0]]
            if draft.node.type == "userTask" and not any(f.is_outcome for f in draft.outputs):
                return hands[0][0]
        return self._judge(f"judge_{line.number}", self._text("decide", line.words), hands)

    def _judge(self, id: str, name: str, hands: list[Hand]) -> str:
        empty = Line(number=0, text="", sort=Sort.STEP)
        id = self.pen.add(id, "userTask", name, self._role, step=self._standard(empty))
        self.pen.put(hands, id, self._role)
        return id

    def _choose(self, chooser: str, line: Line, cases: list[str]) -> list[str]:
        """The condition of each case, asked for by the choosing step."""
        asked, conditions = asked_by(cases, number=line.number, is_chinese=self._is_chinese)
        self.pen.nodes[chooser].outputs.append(asked)
        return conditions

    def _approval(
        self, block: Block, hands: list[Hand], following: Block | None, before: list[Block]
    ) -> tuple[list[Hand], bool]:
        """Approved goes on; sent back goes to the step before, or where the next line says."""
        line = block.line
        asking = self._role
        hands = self._step(line, hands)
        id = hands[0][0]
        self.pen.nodes[id].outputs += approval_fields(line.number, is_chinese=self._is_chinese)
        lane = self._lane_of(id)
        mark = "？" if self._is_chinese else "?"
        gate = self.pen.add(
            f"approved_{line.number}", "exclusiveGateway", self._text("approved") + mark, lane
        )
        self.pen.connect(hands, gate)
        granted: list[Hand] = [(gate, self._text("approved"), "")]
        refused: list[Hand] = [
            (gate, self._text("returned"), f'approval_{line.number} = "returned"')
        ]
        told = told_about(following)
        if told is None:
            self._send_back(line, refused, before, asking=asking)
            return granted, False
        for branch, is_refusal in told:
            if is_refusal:
                refused = self._sequence(branch.inside, refused)
            else:
                granted = self._sequence(branch.inside, granted)
        return [*granted, *refused], True

    def _send_back(
        self, line: Line, refused: list[Hand], before: list[Block], *, asking: str
    ) -> None:
        """To the step before; without one the role that asked changes what was sent back."""
        earlier = next(
            (b.line for b in reversed(before) if b.line.sort is Sort.STEP and not b.is_group), None
        )
        if earlier is not None and earlier.number in self._steps:
            target = self._steps[earlier.number][0]
            if target in self.pen.joins:
                self.pen.connect(refused, self.pen.joins[target])
                return
        approving, self._role = self._role, asking
        revise = self._judge(f"revise_{line.number}", self._text("revise"), refused)
        self._role = approving
        self.pen.connect([(revise, "", "")], self.pen.joins[self._steps[line.number][0]])

    # Loops and work side by side

    def _repeat(self, block: Block, hands: list[Hand]) -> list[Hand]:
        lane = self._role
        head = self.pen.add(f"again_{block.line.number}", "exclusiveGateway", "", lane)
        self.pen.connect(hands, head)
        inside = self._sequence(block.inside, [(head, "", "")])
        if not inside:
            return []
        chooser = self._chooser(inside, block.line)
        (condition,) = self._choose(chooser, block.line, [block.line.words])
        mark = "？" if self._is_chinese else "?"
        gate = self.pen.add(
            f"until_{block.line.number}", "exclusiveGateway", block.line.words + mark,
            self._lane_of(chooser),
        )  # fmt: skip
        self.pen.connect([(chooser, "", "")], gate)
        self.pen.connect([(gate, self._text("no"), "")], head)
        return [(gate, self._text("yes"), condition)]

    def _parallel(self, block: Block, hands: list[Hand]) -> list[Hand]:
        if len(block.inside) == 1 and not block.inside[0].is_group:
            return self._sequence(block.inside, hands)
        lane = self._role
        number = block.line.number
        split = self.pen.add(f"split_{number}", "parallelGateway", "", lane)
        self.pen.put(hands, split, lane)
        path = self._path
        ends: list[list[Hand]] = []
        for position, each in enumerate(block.inside):
            self._path = (*path, number * 1000 + position)
            ends.append(self._sequence([each], [(split, "", "")]))
        self._path = path
        join = self.pen.add(f"together_{number}", "parallelGateway", "", lane)
        for branch in ends:
            self.pen.connect(self.pen.enter(branch, lane), join)
        return [(join, "", "")]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _without_limit(words: str) -> str:
    """'Wait for the customer', without 'up to 2 days'."""
    bare = re.sub(
        rf"[\s,，]*(?:for\s+)?(?:up to|at most|max\.?|for|最多|至多|不超过|限)?\s*{SPAN}(?:以?内)?",
        "",
        words,
        flags=re.I,
    )
    return _sentence(bare.strip(" ,，。."))
