"""Values of a definition as words in both languages, for sentences about what changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from servoloop.kernel.process.diff_words import Aspect
from servoloop.kernel.process.iso8601 import duration_text
from servoloop.kernel.process.program import Node
from servoloop.kernel.process.spoken_time import duration_in
from servoloop.kernel.process.step import (
    Approval,
    Assignment,
    EscalationLevel,
    Field,
    KpiGoal,
    Layer,
    ProcessSheet,
    Step,
    ValueClass,
)
from servoloop.kernel.process.words import NO_WORDS, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A piece of a text before and after: ' ' stays, '-' went, '+' came."""

    sign: str
    text: str


def text_diff(before: str, after: str) -> tuple[Line, ...]:
    """Line by line; of what stays the same only the neighbours of a change are kept."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for group in matcher.get_grouped_opcodes(n=1):
        for tag, a, b, c, d in group:
            if tag == "equal":
                lines += [Line(sign=" ", text=each) for each in old[a:b]]
            else:
                lines += [Line(sign="-", text=each) for each in old[a:b]]
                lines += [Line(sign="+", text=each) for each in new[c:d]]
    return tuple(lines)


def in_both(say: Callable[[str], str]) -> Words:
    return Words(default=say("en"), translations={"zh": say("zh-hans")})


def as_words(value: object) -> Words:
    return value if isinstance(value, Words) else Words(default="" if value is None else str(value))


def duration_words(value: object, calendar: str | None = None) -> Words:
    if not isinstance(value, timedelta):
        return NO_WORDS
    rest = f" ({calendar})" if calendar else ""
    return in_both(lambda tag: duration_in(duration_text(value), tag) + rest)


def role_words(key: str | None, roles: Mapping[str, Words]) -> Words:
    return roles.get(key, Words(default=key)) if key else NO_WORDS


def chain_words(levels: Iterable[EscalationLevel], roles: Mapping[str, Words]) -> Words:
    chain = tuple(levels)
    return in_both(
        lambda tag: " › ".join(
            f"{role_words(each.role, roles).in_language(tag)}"
            f" ({duration_words(each.within, each.calendar).in_language(tag)})"
            for each in chain
        )
    )


def field_words(field: Field | None) -> Words:
    if field is None:
        return NO_WORDS
    must = {"en": ", required", "zh-hans": "，必填"} if field.is_required else {}

    def say(tag: str) -> str:
        label = field.label.in_language(tag) or field.name
        options = ", ".join(each.label.in_language(tag) or each.value for each in field.options)
        said = f"{label} ({options or field.type.value})"
        limits = [str(each) for each in (field.minimum, field.maximum) if each is not None]
        limits = [" … ".join(limits)] if limits else []
        limits += [field.validation] if field.validation else []
        return said + (f" [{'; '.join(limits)}]" if limits else "") + must.get(tag, "")

    return in_both(say)


def goal_words(goals: Iterable[KpiGoal]) -> Words:
    targets = tuple(goals)

    def said(goal: KpiGoal, tag: str) -> str:
        target = goal.target
        if isinstance(target, timedelta):
            return f"{goal.kpi} {duration_in(duration_text(target), tag)}"
        return f"{goal.kpi} {target:f}"

    return in_both(lambda tag: ", ".join(said(each, tag) for each in targets))


def checklist_words(step: Step) -> Words:
    return in_both(lambda tag: "; ".join(each.words.in_language(tag) for each in step.checklist))


def _w(en: str, zh: str) -> Words:
    return Words(default=en, translations={"zh": zh})


_YES, _NO = _w("yes", "是"), _w("no", "否")
_ASSIGNMENTS: Mapping[Assignment, Words] = {
    Assignment.QUEUE: _w("the queue of its role", "角色队列"),
    Assignment.LOAD: _w("whoever has the fewest tasks", "任务最少者"),
    Assignment.FIRST_CONTACT: _w("the owner of the case", "首问责任人"),
}
_VALUES: Mapping[ValueClass, Words] = {
    ValueClass.CUSTOMER: _w("customer value", "客户价值"),
    ValueClass.BUSINESS: _w("business value", "业务价值"),
    ValueClass.WASTE: _w("waste", "浪费"),
}
_LAYERS: Mapping[Layer, Words] = {
    Layer.CUSTOMER: _w("customer", "客户"),
    Layer.FRONTSTAGE: _w("frontstage", "前台"),
    Layer.BACKSTAGE: _w("backstage", "后台"),
    Layer.SUPPORT: _w("support", "支持"),
}
# What a step and a node say, aspect by aspect; method, chain and fields are compared in parts.
ASPECTS_OF_STEP: Mapping[Aspect, Callable[[Step], object]] = {
    Aspect.STANDARD_TIME: lambda step: duration_words(step.standard_time),
    Aspect.RESPONSE_TIME: lambda step: duration_words(step.response_time),
    Aspect.ASSIGNMENT: lambda step: _ASSIGNMENTS[step.assignment],
    Aspect.OWNER: lambda step: step.owner,
    Aspect.CALENDAR: lambda step: step.calendar,
    Aspect.COST: lambda step: (
        f"{step.cost_rate} {step.currency or ''}".strip() if step.cost_rate is not None else None
    ),
    Aspect.VALUE: lambda step: _VALUES[step.value_class] if step.value_class else None,
    Aspect.LAYER: lambda step: _LAYERS[step.layer] if step.layer else None,
    Aspect.CHECKLIST: checklist_words,
    Aspect.ATTACHMENTS: lambda step: ", ".join(each.address for each in step.attachments),
    Aspect.SKILLS: lambda step: ", ".join(step.skills),
    Aspect.AUTHORITY: lambda step: (
        None if step.authority_limit is None else f"{step.authority_limit:f}"
    ),
    Aspect.WAITING: lambda step: _YES if step.waits_for_customer else _NO,
    Aspect.AUTOMATION: lambda step: f"{step.topic} ×{step.retries}" if step.topic else None,
}
ASPECTS_OF_NODE: Mapping[Aspect, Callable[[Node], object]] = {
    Aspect.TIMER: lambda node: node.timer.expression.text.strip('"') if node.timer else None,
    Aspect.MESSAGE: lambda node: node.message.name if node.message else None,
    Aspect.RULE: lambda node: (
        f"{node.assign.variable} = {' '.join(node.assign.expression.text.split())}"
        if node.assign
        else f"{node.decide.variable} = {node.decide.decision}"
        if node.decide
        else None
    ),
}
_APPROVALS: Mapping[Approval, Words] = {
    Approval.NOBODY: Words(default="nobody", translations={"zh": "无需审批"}),
    Approval.OWNER: Words(default="the owner", translations={"zh": "流程负责人"}),
    Approval.SECOND_PERSON: Words(default="a second person", translations={"zh": "另一位同事"}),
}
ASPECTS_OF_SHEET: Mapping[Aspect, Callable[[ProcessSheet], Words]] = {
    Aspect.GOAL: lambda sheet: sheet.goal,
    Aspect.KPI_GOALS: lambda sheet: goal_words(sheet.kpi_goals),
    Aspect.PORTAL: lambda sheet: Words(
        default="no" if sheet.is_internal else "yes",
        translations={"zh": "否" if sheet.is_internal else "是"},
    ),
    Aspect.APPROVAL: lambda sheet: _APPROVALS[sheet.approval],
}
