"""Escalations that a level did not answer in its time: departures from the definition's promise."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from servoloop.kernel.metrics.case_facts import Asked, CaseFacts, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAnswers:
    """One level of one step's chain; `late` of the `asked` questions were not answered in time.

    Counted are questions whose level was answered or had its deadline; those whose task ended
    before are neither. Silence past the deadline is late, also while the question is still open.
    """

    step: str
    level: int  # from 1
    role: str
    asked: int
    late: int
    cases: int  # with a late answer
    share: float  # 0..1 of the asked
    example_case: str

    @property
    def sentence(self) -> str:
        """For example: Escalation of 'Approve' answered late on level 1 (supervisor) …"""
        cases = "1 case" if self.cases == 1 else f"{self.cases:,} cases"
        return (
            f"Escalation of '{self.step}' not answered in time on level {self.level} "
            f"({self.role}) in {cases}, {100 * self.share:.1f} % of {self.asked:,} questions."
        )


def late_answers(cases: Iterable[CaseFacts], *, at: datetime) -> tuple[LateAnswers, ...]:
    """By late answers, descending; levels that always answered in time are left out."""
    asked: dict[tuple[str, int, str], list[tuple[int, bool]]] = defaultdict(list)
    for facts in cases:
        for question in facts.questions:
            for place, level in enumerate(question.levels):
                is_last = place == len(question.levels) - 1
                verdict = _is_late(question, level, is_last=is_last, at=at)
                if verdict is not None:
                    key = (question.activity, level.level + 1, level.role)
                    asked[key].append((facts.case, verdict))
    found = [_summed(key, answers) for key, answers in asked.items()]
    late = (each for each in found if each.late)
    return tuple(sorted(late, key=lambda each: (-each.late, each.step, each.level)))


def _is_late(question: Question, level: Asked, *, is_last: bool, at: datetime) -> bool | None:
    """None while the level still has its time, or when the question ended before its deadline."""
    if level.missed_at is not None and level.missed_at <= at:
        return True
    answered = question.answered_at if is_last else None
    if answered is not None and answered <= at:
        return answered > level.due
    if question.ended_at is not None and question.ended_at <= min(level.due, at):
        return None
    return True if level.due < at else None


def _summed(key: tuple[str, int, str], answers: list[tuple[int, bool]]) -> LateAnswers:
    step, level, role = key
    late = [case for case, is_late in answers if is_late]
    return LateAnswers(
        step=step,
        level=level,
        role=role,
        asked=len(answers),
        late=len(late),
        cases=len(set(late)),
        share=len(late) / len(answers),
        example_case=str(late[0]) if late else "",
    )
