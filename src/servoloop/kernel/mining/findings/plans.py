"""What each rule would change in a definition: the planners, by rule."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from servoloop.kernel.mining.findings.finding import Finding
from servoloop.kernel.mining.findings.planning import Definition, Plan, words
from servoloop.kernel.mining.waiting.cause import Cause
from servoloop.kernel.process.program import Node, Op
from servoloop.kernel.process.redesign.approvals import compared
from servoloop.kernel.process.redesign.operations import (
    AddChecklist,
    AddFastLane,
    AddFields,
    AddNotice,
    AddReminder,
    AddSelfService,
    Automate,
    CannotRedesign,
    DoAtOnce,
    MoveBefore,
    RaiseLimit,
    SetAssignment,
    SetEscalation,
    SkipBelow,
)
from servoloop.kernel.process.step import (
    Assignment,
    CheckItem,
    EscalationLevel,
    Field,
    FieldType,
)
from servoloop.kernel.process.words import Words

Planner = Callable[[Finding, Definition], Iterator[Plan]]
PROGRESS = (
    'if language = "en" then "Your matter " + case_number + " is at work; the next step follows." '
    'else "您的 " + case_number + " 正在处理中，下一步完成后会再告知您。"'
)
REMINDER = (
    'if language = "en" then "For " + case_number + " we wait for your answer." '
    'else "您的 " + case_number + " 正在等待您的回复。"'
)


def _transfers(finding: Finding, definition: Definition) -> Iterator[Plan]:
    first = definition.first_human
    same = [node for node in definition.humans if node.step.role == first.step.role]
    yield (SetAssignment(elements=_ids(same), assignment=Assignment.FIRST_CONTACT),)


def _waiting(finding: Finding, definition: Definition) -> Iterator[Plan]:
    cause = finding.subject
    if cause == Cause.CUSTOMER:
        node = definition.step(finding.steps[0])
        yield (
            AddReminder(
                element=node.id,
                after=timedelta(days=1),
                name=words("Remind the customer", "提醒客户"),
                message="customer.reminded",
                payload=REMINDER,
            ),
        )
    elif cause in (Cause.CONTENTION, Cause.PRIORITISATION, Cause.BATCHING):
        yield from _by_load(finding, definition)
    elif cause == Cause.UNAVAILABILITY:
        raise _beyond(
            "Nobody is on duty then: rosters and calendars change outside the definition",
            "此时无人当班：排班与日历不在流程定义之内",
        )
    else:
        raise _beyond(
            "The log does not show what is waited for, so no change can be derived",
            "日志未显示等待原因，无法推导改动",
        )


def _by_load(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """Each case goes at once to whoever has least to do, and lies in no queue."""
    node = definition.human(finding.steps[0])
    if node.step.assignment is not Assignment.QUEUE:
        raise _beyond(
            "The step is given to people at once already; it needs more people, not another rule",
            "该步骤已即时分派到人；需要的是人手，而非另一种规则",
        )
    yield (SetAssignment(elements=(node.id,), assignment=Assignment.LOAD),)


def _approvals(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """A higher limit where one is written, else a way past the approval below a limit."""
    step = definition.human(finding.steps[0])
    seen = finding.evidence.get("limit")
    found = _limit(definition, step)
    if found is not None:
        element, variable, now = found
        limit = max(Decimal(round(seen)), now) if seen else 2 * now
        yield (RaiseLimit(flow=element, variable=variable, limit=max(limit, now + 1)),)
    then = definition.find(finding.steps[1]) if len(finding.steps) > 1 else None
    for amount in definition.amounts(but=step):
        limit = Decimal(round(seen)) if seen else (amount.maximum or Decimal(0)) // 10
        if limit > 0:
            yield (
                SkipBelow(
                    element=step.id,
                    variable=amount.name,
                    limit=limit,
                    granted=then.id if then else "",
                ),
            )
    raise _beyond(
        "No amount is known before the approval, so no limit can be set",
        "审批之前没有金额信息，无法设定限额",
    )


def _limit(definition: Definition, step: Node) -> tuple[str, str, Decimal] | None:
    """Where an amount is compared on the way to a step: element, variable, the lowest number."""
    variables = [each.name for each in definition.amounts(but=step)]
    for node in (step, *definition.before(step)):
        for index in node.incoming:
            flow = definition.program.flows[index]
            said = "" if flow.condition is None else flow.condition.text
            for text, element in ((said, flow.id), *_rules_behind(definition, said)):
                for variable in variables:
                    numbers = [Decimal(each[3]) for each in compared(variable).finditer(text)]
                    if numbers:
                        return element, variable, min(numbers)
    return None


def _rules_behind(definition: Definition, condition: str) -> Iterator[tuple[str, str]]:
    """The rules that compute what a condition asks."""
    for node in definition.program.nodes:
        rule = node.assign
        if rule is not None and re.search(rf"\b{re.escape(rule.variable)}\b", condition):
            yield rule.expression.text, node.id


def _late_rejects(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """The check that refuses comes before the work that a refused case wastes."""
    node = definition.step(finding.steps[0])
    if node.op is not Op.HUMAN and node.op is not Op.RULE:
        node = next((n for n in definition.before(node) if n.op is Op.HUMAN), node)
    candidates = [each for each in definition.before(node) if each.op is Op.HUMAN]
    if not candidates:
        raise _beyond(
            f"'{finding.steps[0]}' comes as early on its line as it can",
            f"“{finding.steps[0]}”在其所在线上已是最早的检查",
        )
    for earlier in reversed(candidates):  # as far forward as its needs allow
        yield (MoveBefore(element=node.id, before=earlier.id),)


def _any_order(finding: Finding, definition: Definition) -> Iterator[Plan]:
    first, second = (definition.step(name) for name in finding.steps[:2])
    yield (DoAtOnce(first=first.id, second=second.id),)


def _same_question(finding: Finding, definition: Definition) -> Iterator[Plan]:
    field = Field(
        name=f"also_{_slug(finding.subject)}",
        type=FieldType.LONG_TEXT,
        label=words(f"Needed as well: {finding.subject}", f"另需提供：{finding.subject}"),
        is_required=True,
    )
    yield (AddFields(element=definition.start.id, fields=(field,)),)


def _loops(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """A checklist at the first look, so that the step has all it needs the first time."""
    node = definition.step(finding.steps[0])
    item = CheckItem(
        words=words(
            f"Everything that '{_name(node, 'en')}' needs has been asked for and is there",
            f"“{_name(node, 'zh')}”所需信息已一次问全并齐备",
        ),
        is_required=True,
    )
    yield (AddChecklist(element=definition.first_human.id, items=(item,)),)


def _scripted(finding: Finding, definition: Definition) -> Iterator[Plan]:
    attribute, _, value = finding.subject.partition(" = ")
    for field in definition.program.sheet.form:
        if attribute in _texts(field.name, field.label):
            for option in field.options:
                if value in _texts(option.value, option.label):
                    yield (
                        AddSelfService(
                            variable=field.name,
                            value=option.value,
                            topic=f"self_service_{_slug(option.value)}",
                            name=words(f"Self-service: {value}", f"自助办理：{value}"),
                        ),
                    )
    raise _beyond(
        f"The form that opens a case does not ask for '{attribute}', so a machine cannot know it",
        f"建单表单没有询问“{attribute}”，机器无从识别该类案例",
    )


def _copy_paste(finding: Finding, definition: Definition) -> Iterator[Plan]:
    node = definition.human(finding.steps[0])
    yield (
        Automate(
            element=node.id,
            topic=f"transfer_{_slug(node.id)}",
            name=words(
                f"{_name(node, 'en')} (automatic)",
                f"{_name(node, 'zh')}（自动）",
            ),
        ),
    )


def _mixed_queue(finding: Finding, definition: Definition) -> Iterator[Plan]:
    node = definition.human(finding.steps[0])
    usual = node.step.standard_time or timedelta(minutes=10)
    easy = max(timedelta(minutes=1), usual / max(1.0, finding.evidence.get("ratio", 4.0)))
    whole = timedelta(minutes=max(1, round(easy / timedelta(minutes=1))))
    yield (AddFastLane(element=node.id, standard_time=whole),)


def _reopens(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """A closing checklist on the step of people that closes, or that comes last before it."""
    item = CheckItem(
        words=words(
            "The customer has confirmed that the matter is settled",
            "客户已确认问题解决",
        ),
        is_required=True,
    )
    for closing in finding.steps:
        node = definition.find(closing)
        if node is None:
            continue
        last = next((n for n in (node, *definition.before(node)) if n.op is Op.HUMAN), None)
        if last is not None:
            yield (AddChecklist(element=last.id, items=(item,)),)
    if not any(definition.find(closing) for closing in finding.steps):
        definition.step(finding.steps[0])
    for node in reversed(definition.humans):
        yield (AddChecklist(element=node.id, items=(item,)),)


def _unanswered(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """Half the time on the first level, and one more level where the chain can be longer."""
    changes = []
    chains = [node.step.escalation for node in definition.humans]
    longest = max(chains, key=len, default=())
    for name in finding.steps:
        node = definition.find(name)
        if node is None or not node.step.escalation:
            continue
        first, *rest = node.step.escalation
        roles = {each.role for each in node.step.escalation}
        deputies = [each for each in longest if each.role not in roles][:1]
        levels = (_halved(first), *rest, *deputies)
        changes.append(SetEscalation(element=node.id, levels=levels))
    if not changes:
        raise _beyond(
            "None of the late steps has an escalation chain in this definition",
            "流程定义中这些步骤没有升级链",
        )
    yield tuple(changes)


def _halved(level: EscalationLevel) -> EscalationLevel:
    minutes = max(1, level.within // timedelta(minutes=2))
    return replace(level, within=timedelta(minutes=minutes))


def _revisits(finding: Finding, definition: Definition) -> Iterator[Plan]:
    visit = definition.step(finding.steps[0])
    ahead = [n for n in definition.walk(definition.program.start) if n.op is Op.HUMAN]
    earlier = [n for n in ahead if n.index != visit.index]
    if not earlier:
        raise _beyond(
            f"No step of people comes before '{_name(visit, 'en')}'",
            f"“{_name(visit, 'zh')}”之前没有人工步骤",
        )
    item = CheckItem(
        words=words(
            "Model, fault and serial number are known; the likely part is reserved and in the van",
            "已问清型号、故障与序列号；可能用到的备件已预留并随车",
        ),
        is_required=True,
    )
    yield (AddChecklist(element=earlier[0].id, items=(item,)),)


def _status_questions(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """A notice after the first step of people that has one way out."""
    for node in definition.walk(definition.program.start):
        if node.op is Op.HUMAN:
            yield (
                AddNotice(
                    element=node.id,
                    name=words("Tell how it stands", "告知进度"),
                    message="progress.told",
                    payload=PROGRESS,
                ),
            )


def _better_variant(finding: Finding, definition: Definition) -> Iterator[Plan]:
    """The first step of the better order that comes later in the definition is moved forward."""
    nodes = [node for node in map(definition.find, finding.steps) if node is not None]
    for place, node in enumerate(nodes):
        behind = {each.id for each in nodes[place + 1 :]}
        for earlier in definition.before(node):
            if earlier.id in behind:
                yield (MoveBefore(element=node.id, before=earlier.id),)
    raise _beyond(
        "The better order is not one that moving a step of the definition could give",
        "较优顺序无法通过移动定义中的某一步骤得到",
    )


def _no_edit(en: str, zh: str) -> Planner:
    def plan(finding: Finding, definition: Definition) -> Iterator[Plan]:
        raise _beyond(en, zh)

    return plan


PLANS: Mapping[str, Planner] = {
    "transfers": _transfers,
    "waiting": _waiting,
    "peaks": _no_edit(
        "When people work is a matter of rosters, which the definition does not hold",
        "人员何时上班由排班决定，不在流程定义之内",
    ),
    "idle_skill": _no_edit(
        "Who can do what is a matter of people's skills, which the definition does not hold",
        "谁会什么属于人员技能，不在流程定义之内",
    ),
    "approvals": _approvals,
    "late_rejects": _late_rejects,
    "any_order": _any_order,
    "same_question": _same_question,
    "loops": _loops,
    "scripted": _scripted,
    "copy_paste": _copy_paste,
    "mixed_queue": _mixed_queue,
    "batches": _by_load,
    "reopens": _reopens,
    "unanswered": _unanswered,
    "weekends": _no_edit(
        "Cover on weekends is a matter of rosters and of the calendar that the definition names",
        "周末值守由排班与所引用的日历决定，不在流程定义之内",
    ),
    "revisits": _revisits,
    "travel": _no_edit(
        "Territories and routes are planned outside the definition",
        "片区与路线规划不在流程定义之内",
    ),
    "status_questions": _status_questions,
    "better_variant": _better_variant,
}


def _beyond(en: str, zh: str) -> CannotRedesign:
    return CannotRedesign(f"{en}.", f"{zh}。")


def _ids(nodes: list[Node]) -> tuple[str, ...]:
    return tuple(node.id for node in nodes)


def _name(node: Node, language: str) -> str:
    return node.name.in_language(language) or node.id


def _texts(name: str, label: Words) -> set[str]:
    return {name, label.default, *label.translations.values()}


def _slug(text: str) -> str:
    """A name for a variable or a topic."""
    return re.sub(r"\W+", "_", text).strip("_").lower() or "it"
