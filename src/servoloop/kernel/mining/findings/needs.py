"""What each rule needs a log to hold; a rule whose needs are not met is not asked, and says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from servoloop.kernel.mining.features import DAYPART, FIRST_TEAM, WEEKDAY
from servoloop.kernel.mining.findings.catalogue import (
    APPROVALS,
    BATCHES,
    COPY_PASTE,
    IDLE_SKILL,
    LATE_REJECTS,
    MIXED_QUEUE,
    PEAKS,
    REOPENS,
    REVISITS,
    SAME_QUESTION,
    SCRIPTED,
    STATUS_QUESTIONS,
    TRANSFERS,
    TRAVEL,
    UNANSWERED,
    WAITING,
    words,
)
from servoloop.kernel.mining.findings.copying import columns_of_systems
from servoloop.kernel.mining.findings.demand_rules import ASKING
from servoloop.kernel.mining.findings.finding import Rule
from servoloop.kernel.mining.findings.flow_rules import APPROVING, REFUSING
from servoloop.kernel.mining.findings.reading import Reading, activities_like
from servoloop.kernel.mining.findings.repeated_questions import asks_customers
from servoloop.kernel.mining.findings.visit_rules import TRAVELLING, tells_parts
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.process.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`is_met` looks at a log; `missing` ends the sentence 'not asked because the log has no …'."""

    rule: Rule
    is_met: Callable[[Reading], bool]
    missing: Words


def not_asked(reading: Reading) -> Mapping[int, Words]:
    """The rules that this log cannot answer, by number, each with the reason as a sentence."""
    return {
        need.rule.number: _sentence(need)
        for need in sorted(NEEDS, key=lambda each: each.rule.number)
        if not need.is_met(reading)
    }


def _sentence(need: Need) -> Words:
    name, missing = need.rule.name, need.missing
    return words(
        f"{name.in_language('en')}: not asked because the log has no {missing.in_language('en')}.",
        f"{name.in_language('zh')}：未检验，因为日志中没有{missing.in_language('zh')}。",
    )


def _has_starts(reading: Reading) -> bool:
    return reading.waiting is not None


def _has_teams_at_work(reading: Reading) -> bool:
    found = reading.waiting
    return found is not None and found.log.team is not None and found.log.resource is not None


def _has_kinds(reading: Reading) -> bool:
    return any(each.name not in (FIRST_TEAM, WEEKDAY, DAYPART) for each in reading.features)


STARTS = words("times at which work began", "处理开始时间")

NEEDS = (
    Need(
        rule=TRANSFERS,
        is_met=lambda reading: reading.group is not None,
        missing=words("teams or people", "班组或人员"),
    ),
    Need(rule=WAITING, is_met=_has_starts, missing=STARTS),
    Need(rule=PEAKS, is_met=_has_starts, missing=STARTS),
    Need(
        rule=IDLE_SKILL,
        is_met=_has_teams_at_work,
        missing=words(
            "times at which work began together with people and their teams",
            "处理开始时间、人员及其班组",
        ),
    ),
    Need(
        rule=APPROVALS,
        is_met=lambda reading: bool(activities_like(reading, APPROVING)),
        missing=words("activity that is called an approval", "名为审批的活动"),
    ),
    Need(
        rule=LATE_REJECTS,
        is_met=lambda reading: bool(activities_like(reading, REFUSING)),
        missing=words("activity that is called a refusal", "名为拒绝的活动"),
    ),
    Need(
        rule=SAME_QUESTION,
        is_met=asks_customers,
        missing=words(
            "activity that asks the customer for something, nor a column of what was asked",
            "向客户索要信息的活动，也没有索要内容列",
        ),
    ),
    Need(
        rule=SCRIPTED,
        is_met=_has_kinds,
        missing=words("attribute that tells kinds of cases apart", "区分案例类别的属性"),
    ),
    Need(
        rule=COPY_PASTE,
        is_met=lambda reading: columns_of_systems(reading.log) is not None,
        missing=words(
            "column of the system in which each entry was made, with what was entered",
            "每次录入所用系统及录入内容的列",
        ),
    ),
    Need(rule=MIXED_QUEUE, is_met=_has_starts, missing=STARTS),
    Need(rule=BATCHES, is_met=_has_starts, missing=STARTS),
    Need(
        rule=REOPENS,
        is_met=lambda reading: bool(reopenings(reading.log, reading.swept).closing),
        missing=words("activity that usually ends a case", "通常结束案例的活动"),
    ),
    Need(
        rule=UNANSWERED,
        is_met=lambda reading: False,
        missing=words(
            "escalations with their deadlines (cases that run here have them)",
            "带时限的升级记录（在本系统运行的案例才有）",
        ),
    ),
    Need(
        rule=REVISITS,
        is_met=tells_parts,
        missing=words("visits with a word about parts", "提及备件的上门记录"),
    ),
    Need(
        rule=TRAVEL,
        is_met=lambda reading: (
            _has_teams_or_people(reading) and bool(activities_like(reading, TRAVELLING))
        ),
        missing=words("trips with their begin and their traveller", "带起止时间与人员的行程"),
    ),
    Need(
        rule=STATUS_QUESTIONS,
        is_met=lambda reading: bool(activities_like(reading, ASKING)),
        missing=words(
            "activity in which customers ask where their matter stands", "客户询问进度的活动"
        ),
    ),
)


def _has_teams_or_people(reading: Reading) -> bool:
    return reading.waiting is not None and reading.waiting.log.resource is not None
