"""Rules that need more than an event log: what the events of live cases say of escalations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from servoloop.kernel.metrics.case_facts import CaseFacts, Question
from servoloop.kernel.metrics.estimates import mean, share
from servoloop.kernel.mining.findings.catalogue import UNANSWERED, words
from servoloop.kernel.mining.findings.finding import MOST_CASES, Effect, Finding
from servoloop.kernel.mining.findings.making import hours, hours_zh, percent
from servoloop.kernel.mining.findings.reading import FEWEST

MOST_STEPS = 5
"""Chains that one proposal changes."""


def find_in_cases(cases: Sequence[CaseFacts], *, at: datetime) -> tuple[Finding, ...]:
    """The findings that only the facts of live cases tell, as known at a moment."""
    asked = [
        (facts, question)
        for facts in cases
        for question in facts.questions
        if question.due < at  # its level had its time,
        and not (question.answered_at is None and _ended(question, at) <= question.due)  # all of it
    ]
    late = [(facts, q) for facts, q in asked if not _is_in_time(q)]
    if len(asked) < FEWEST or not late:
        return ()
    part = share(len(late), len(asked))
    if part.low is None or part.low <= UNANSWERED.thresholds["share"]:
        return ()
    spent = mean([(_ended(q, at) - q.due).total_seconds() / 3600 for _, q in late])
    weeks = max(1.0, (at - min(q.raised_at for _, q in asked)).total_seconds() / 604_800)
    names = dict.fromkeys(str(facts.case) for facts, _ in late)
    return (
        Finding(
            rule=UNANSWERED,
            subject="",
            steps=_steps(question for _, question in late),
            says=words(
                f"{percent(part.value)} of the escalations are not answered by the level first "
                f"asked in its time; the answer, or the end without one, comes "
                f"{hours(spent.value)} after it.",
                f"{percent(part.value)} 的升级未在首级时限内得到答复，"
                f"答复（或无答复而结束）平均晚 {hours_zh(spent.value)}。",
            ),
            evidence={"share": part.value, "escalations": float(len(asked))},
            n=len(asked),
            cases=len(names),
            affected=tuple(names)[:MOST_CASES],
            effect=Effect(hours=spent.value, low=spent.low, high=spent.high),
            gain=spent.value * len(late) / weeks,
            gain_how=words(
                "Time from the missed deadline to the answer or the end; around the clock.",
                "从错过时限到得到答复或结束的时间，合计；按自然时间。",
            ),
        ),
    )


def _steps(late: Iterable[Question]) -> tuple[str, ...]:
    """The steps whose escalations are late, by how often, at most `MOST_STEPS`."""
    counts = Counter(question.activity for question in late if question.activity)
    return tuple(step for step, _ in counts.most_common(MOST_STEPS))


def _is_in_time(question: Question) -> bool:
    return question.answered_at is not None and question.answered_at <= question.due


def _ended(question: Question, at: datetime) -> datetime:
    return min(question.ended_at or at, at)
