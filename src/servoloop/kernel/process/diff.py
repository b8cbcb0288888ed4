"""What changed between two versions of a process, in words that say for whom.

Elements are matched by their id; a step whose id is gone counts as the same one when a new step has
its name and role, since drawing tools give new ids lightly. What is only drawn differently is no
change.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.process.diff_values import (
    ASPECTS_OF_NODE,
    ASPECTS_OF_SHEET,
    ASPECTS_OF_STEP,
    Line,
    as_words,
    chain_words,
    duration_words,
    field_words,
    in_both,
    role_words,
    text_diff,
)
from servoloop.kernel.process.diff_words import ASPECTS, SENTENCES, Aspect
from servoloop.kernel.process.program import Flow, Node, Op, Program
from servoloop.kernel.process.step import Field, ProcessSheet
from servoloop.kernel.process.words import NO_WORDS, Words

NO_ROLES: Mapping[str, Words] = {}
_WORK = (Op.HUMAN, Op.SERVICE, Op.SEND, Op.SCRIPT, Op.RULE, Op.RECEIVE, Op.WAIT)


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Audience(StrEnum):
    """Whom a change concerns."""

    CUSTOMER = "customer"
    ROLE = "role"  # the people of `Change.role`
    OWNER = "owner"  # who answers for the process
    MACHINE = "machine"  # nobody but the automation


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different."""

    kind: Kind
    aspect: Aspect
    audience: Audience
    role: str | None  # key, when the audience is a role
    element: str  # BPMN id in the version that has it; "" for the process as a whole
    old_element: str  # its id in the older version, "" when it is new
    name: Words
    before: Words = NO_WORDS
    after: Words = NO_WORDS
    lines: Mapping[str, tuple[Line, ...]] | None = None  # language -> text diff of an SOP

    def words(self, language: str) -> str:
        """One sentence in English or Chinese."""
        sentence = SENTENCES[(self.kind.value, self.aspect)].in_language(language)
        nothing = "–"
        return sentence.format(
            element=f"“{self.name.in_language(language) or self.element}”",
            before=self.before.in_language(language) or nothing,
            after=self.after.in_language(language) or nothing,
        )

    def title(self, language: str) -> str:
        return ASPECTS[self.aspect].in_language(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    old: Program
    new: Program
    changes: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        return not self.changes

    def marks(self) -> Mapping[str, str]:
        """Ids of the newer version: added or changed."""
        found: dict[str, str] = {}
        for each in self.changes:
            if each.element and each.kind is not Kind.REMOVED:
                is_new = each.kind is Kind.ADDED and each.aspect in (Aspect.STEP, Aspect.FLOW)
                found.setdefault(each.element, "changed")
                if is_new:
                    found[each.element] = "added"
        return found

    def old_marks(self) -> Mapping[str, str]:
        """Ids of the older version that are gone."""
        return {
            each.old_element: "removed"
            for each in self.changes
            if each.kind is Kind.REMOVED and each.aspect in (Aspect.STEP, Aspect.FLOW)
        }


def compare(old: Program, new: Program, *, roles: Mapping[str, Words] = NO_ROLES) -> Difference:
    """Every change from `old` to `new`: the process first, then step by step in the new order.

    `roles` gives role keys the labels that sentences use.
    """
    partner = _matched(old, new)
    changes = [*_of_sheet(old.sheet, new.sheet)]
    for node in new.nodes:
        former = partner.get(node.index)
        changes += _appeared(node) if former is None else _of_node(old.nodes[former], node, roles)
    kept = set(partner.values())
    for node in old.nodes:
        if node.index not in kept:
            changes += _vanished(node)
    changes += _of_flows(old, new, partner)
    return Difference(old=old, new=new, changes=tuple(changes))


# ── Matching ─────────────────────────────────────────────────────────────────────────────────────
def _matched(old: Program, new: Program) -> dict[int, int]:
    """New node index to old node index."""
    partner = {
        node.index: old.by_id[node.id]
        for node in new.nodes
        if node.id in old.by_id and old.node(node.id).op is node.op
    }
    free = {
        key: node.index
        for node in old.nodes
        if node.index not in set(partner.values()) and (key := _likeness(node))
    }
    for node in new.nodes:
        key = _likeness(node)
        if node.index not in partner and key in free:
            partner[node.index] = free.pop(key)
    return partner


def _likeness(node: Node) -> tuple[Op, str, str | None] | None:
    name = node.name.default or next(iter(node.name.translations.values()), "")
    return (node.op, name, node.step.role) if name else None


# ── Whom it concerns ─────────────────────────────────────────────────────────────────────────────
def _audience(node: Node) -> tuple[Audience, str | None]:
    if node.op is Op.HUMAN:
        return (Audience.ROLE, node.step.role) if node.step.role else (Audience.OWNER, None)
    if node.op in (Op.SEND, Op.MESSAGE_END, Op.START) or node.step.waits_for_customer:
        return Audience.CUSTOMER, None
    return (Audience.MACHINE if node.op in _WORK else Audience.OWNER), None


def _change(
    kind: Kind,
    aspect: Aspect,
    node: Node,
    *,
    old: Node | None = None,
    before: Words = NO_WORDS,
    after: Words = NO_WORDS,
    lines: Mapping[str, tuple[Line, ...]] | None = None,
    audience: Audience | None = None,
) -> Change:
    whom, role = (audience, None) if audience is not None else _audience(node)
    return Change(
        kind=kind,
        aspect=aspect,
        audience=whom,
        role=role,
        element="" if kind is Kind.REMOVED and old is node else node.id,
        old_element="" if old is None else old.id,
        name=_named(node),
        before=before,
        after=after,
        lines=lines,
    )


def _named(node: Node) -> Words:
    return node.name if node.name.default or node.name.translations else Words(default=node.id)


# ── Steps ────────────────────────────────────────────────────────────────────────────────────────
def _appeared(node: Node) -> Iterator[Change]:
    yield _change(Kind.ADDED, Aspect.STEP, node)


def _vanished(node: Node) -> Iterator[Change]:
    yield _change(Kind.REMOVED, Aspect.STEP, node, old=node)


def _of_node(old: Node, new: Node, roles: Mapping[str, Words]) -> Iterator[Change]:
    def differs(aspect: Aspect, before: Words, after: Words) -> Change:
        return _change(Kind.CHANGED, aspect, new, old=old, before=before, after=after)

    if old.name != new.name:
        yield differs(Aspect.NAME, _named(old), _named(new))
    if old.step.role != new.step.role:
        yield differs(
            Aspect.ROLE, role_words(old.step.role, roles), role_words(new.step.role, roles)
        )
    for aspect, read in ASPECTS_OF_STEP.items():
        before, after = read(old.step), read(new.step)
        if before != after:
            yield differs(aspect, as_words(before), as_words(after))
    if old.step.sop != new.step.sop:
        yield _of_sop(old, new)
    if old.step.escalation != new.step.escalation:
        before, after = (chain_words(each.step.escalation, roles) for each in (old, new))
        yield differs(Aspect.ESCALATION, before, after)
    yield from _of_fields(old.step.inputs, new.step.inputs, old, new, Aspect.INPUT)
    yield from _of_fields(old.step.outputs, new.step.outputs, old, new, Aspect.OUTPUT)
    for aspect, rule in ASPECTS_OF_NODE.items():
        if rule(old) != rule(new):
            yield differs(aspect, as_words(rule(old)), as_words(rule(new)))


def _of_sop(old: Node, new: Node) -> Change:
    texts = {language: (_sop(old, language), _sop(new, language)) for language in ("en", "zh-hans")}
    return _change(
        Kind.CHANGED,
        Aspect.SOP,
        new,
        old=old,
        lines={language: text_diff(*pair) for language, pair in texts.items()},
    )


def _sop(node: Node, language: str) -> str:
    return node.step.sop.in_language(language)


def _of_fields(
    old: tuple[Field, ...], new: tuple[Field, ...], was: Node, node: Node, aspect: Aspect
) -> Iterator[Change]:
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) == after.get(name):
            continue
        kind = Kind.CHANGED
        if name not in before or name not in after:
            kind = Kind.ADDED if name not in before else Kind.REMOVED
        shown_before, shown_after = field_words(before.get(name)), field_words(after.get(name))
        is_form = node.op is Op.START
        yield _change(
            kind,
            aspect,
            node,
            old=was,
            before=shown_before,
            after=shown_after,
            audience=Audience.CUSTOMER if is_form else None,
        )


# ── The process as a whole ───────────────────────────────────────────────────────────────────────
def _of_sheet(old: ProcessSheet, new: ProcessSheet) -> Iterator[Change]:
    def differs(aspect: Aspect, whom: Audience, before: Words, after: Words) -> Change:
        return Change(
            kind=Kind.CHANGED,
            aspect=aspect,
            audience=whom,
            role=None,
            element="",
            old_element="",
            name=new.name,
            before=before,
            after=after,
        )

    if old.name != new.name:
        yield differs(Aspect.PROCESS_NAME, Audience.CUSTOMER, old.name, new.name)
    if old.description != new.description:
        yield differs(Aspect.DESCRIPTION, Audience.CUSTOMER, old.description, new.description)
    if old.owner != new.owner:
        yield differs(
            Aspect.PROCESS_OWNER, Audience.OWNER, as_words(old.owner), as_words(new.owner)
        )
    if old.calendar != new.calendar:
        before, after = as_words(old.calendar), as_words(new.calendar)
        yield differs(Aspect.PROCESS_CALENDAR, Audience.CUSTOMER, before, after)
    promised = {each.metric: each for each in old.service_levels}
    promises = {each.metric: each for each in new.service_levels}
    for metric, aspect in _PROMISES.items():
        if promised.get(metric) != promises.get(metric):
            was, now = promised.get(metric), promises.get(metric)
            yield differs(
                aspect,
                Audience.CUSTOMER,
                duration_words(was.within if was else None, was.calendar if was else None),
                duration_words(now.within if now else None, now.calendar if now else None),
            )
    for each, read in ASPECTS_OF_SHEET.items():
        if read(old) != read(new):
            whom = Audience.CUSTOMER if each is Aspect.PORTAL else Audience.OWNER
            yield differs(each, whom, read(old), read(new))
    yield from _of_form(old, new, differs)


def _of_form(
    old: ProcessSheet,
    new: ProcessSheet,
    differs: Callable[[Aspect, Audience, Words, Words], Change],
) -> Iterator[Change]:
    before, after = {f.name: f for f in old.form}, {f.name: f for f in new.form}
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            was, now = field_words(before.get(name)), field_words(after.get(name))
            yield differs(Aspect.FORM, Audience.CUSTOMER, was, now)


# ── Flows ────────────────────────────────────────────────────────────────────────────────────────
def _of_flows(old: Program, new: Program, partner: Mapping[int, int]) -> Iterator[Change]:
    """Ways are matched by their ends; only between steps that both versions have."""
    pairs = {(old.nodes[f.source].id, old.nodes[f.target].id): f for f in old.flows}
    met: set[str] = set()
    for flow in new.flows:
        source, target = partner.get(flow.source), partner.get(flow.target)
        former = None
        if source is not None and target is not None:
            former = pairs.get((old.nodes[source].id, old.nodes[target].id))
        if former is None:
            yield _flow_change(Kind.ADDED, Aspect.FLOW, flow, new, after=_way(flow, new))
            continue
        met.add(former.id)
        if _condition(former, old) != _condition(flow, new):
            yield _flow_change(
                Kind.CHANGED,
                Aspect.CONDITION,
                flow,
                new,
                old_id=former.id,
                before=as_words(_condition(former, old)),
                after=as_words(_condition(flow, new)),
            )
    for flow in old.flows:
        if flow.id not in met:
            yield _flow_change(
                Kind.REMOVED, Aspect.FLOW, flow, old, old_id=flow.id, before=_way(flow, old)
            )


def _flow_change(
    kind: Kind,
    aspect: Aspect,
    flow: Flow,
    program: Program,
    *,
    old_id: str = "",
    before: Words = NO_WORDS,
    after: Words = NO_WORDS,
) -> Change:
    return Change(
        kind=kind,
        aspect=aspect,
        audience=Audience.OWNER,
        role=None,
        element="" if kind is Kind.REMOVED else flow.id,
        old_element=old_id,
        name=_way(flow, program),
        before=before,
        after=after,
    )


def _condition(flow: Flow, program: Program) -> str | None:
    if program.nodes[flow.source].default == flow.index:
        return "else"
    return " ".join(flow.condition.text.split()) if flow.condition is not None else None


def _way(flow: Flow, program: Program) -> Words:
    source, target = program.nodes[flow.source], program.nodes[flow.target]
    return in_both(
        lambda tag: f"{_named(source).in_language(tag)} → {_named(target).in_language(tag)}"
    )


_PROMISES: Mapping[str, Aspect] = {
    "first_response": Aspect.FIRST_RESPONSE,
    "resolution": Aspect.RESOLUTION,
}
