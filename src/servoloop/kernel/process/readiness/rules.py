"""The rules of the readiness gate: what is asked, how bad a no is, and the words for it.

A table: it grows with the rules, not with what any of them does, so it may be long.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.words import Words


class Question(StrEnum):
    """The four questions in their order, then who is there and what was promised."""

    FLOW = "flow"
    METHOD = "method"
    TIME = "time"
    ESCALATION = "escalation"
    PEOPLE = "people"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessRule:
    """One thing that a definition must keep.

    `sentence` has str.format fields: {element} is the quoted name, the others are the finding's
    parameters; those named in `durations` are ISO 8601 text and shown as '3 h 20 min'.
    """

    id: str
    question: Question
    severity: Severity
    title: Words  # what is asked, as a short statement that holds when nothing is found
    sentence: Words  # what is wrong, for one place
    durations: frozenset[str] = frozenset()


QUESTIONS: Mapping[Question, Words] = {
    Question.FLOW: Words(
        default="Is the flowchart complete?", translations={"zh": "流程图是否完整？"}
    ),
    Question.METHOD: Words(
        default="Does every step have a method?", translations={"zh": "每一步是否都有操作方法？"}
    ),
    Question.TIME: Words(
        default="Does every step have a standard time?",
        translations={"zh": "每一步是否都有标准时间？"},
    ),
    Question.ESCALATION: Words(
        default="Does every step escalate by itself, with a deadline to answer on each level?",
        translations={"zh": "超时是否会自动逐级升级，每一级是否都有答复时限？"},
    ),
    Question.PEOPLE: Words(
        default="Is somebody there for every step?",
        translations={"zh": "每一步是否都有人负责？"},
    ),
    Question.PROMISE: Words(
        default="Can the promise to the customer be kept?",
        translations={"zh": "对客户的承诺能否兑现？"},
    ),
}
WEIGHTS: Mapping[Question, int] = {
    Question.FLOW: 30,
    Question.METHOD: 20,
    Question.TIME: 15,
    Question.ESCALATION: 20,
    Question.PEOPLE: 10,
    Question.PROMISE: 5,
}


def _rule(
    id: str,
    question: Question,
    severity: Severity,
    *,
    title: tuple[str, str],
    sentence: tuple[str, str],
    durations: tuple[str, ...] = (),
) -> ReadinessRule:
    return ReadinessRule(
        id=id,
        question=question,
        severity=severity,
        title=Words(default=title[0], translations={"zh": title[1]}),
        sentence=Words(default=sentence[0], translations={"zh": sentence[1]}),
        durations=frozenset(durations),
    )


_FLOW, _METHOD, _TIME = Question.FLOW, Question.METHOD, Question.TIME
_ESCALATION, _PEOPLE, _PROMISE = Question.ESCALATION, Question.PEOPLE, Question.PROMISE
_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

_ALL = (
    # ── The flowchart ────────────────────────────────────────────────────────────────────────────
    _rule(
        "flow-sound",
        _FLOW,
        _ERROR,
        title=(
            "Every element can run, lies on a path from start to end, and no case can get stuck",
            "每个元素都能执行、都在从开始到结束的路径上，工单不会卡死",
        ),
        sentence=("{words}", "{words}"),
    ),
    _rule(
        "flow-clear",
        _FLOW,
        _WARNING,
        title=("The drawing says what it means", "图上画的就是要执行的"),
        sentence=("{words}", "{words}"),
    ),
    _rule(
        "no-step",
        _FLOW,
        _ERROR,
        title=("Something is done", "流程里有要做的事"),
        sentence=(
            "Nothing is done in {element}; draw its first step.",
            "{element}里还没有任何步骤，请先画出第一步。",
        ),
    ),
    _rule(
        "not-drawn",
        _FLOW,
        _ERROR,
        title=("Everything that runs can be seen in the diagram", "会执行的元素都画在图上"),
        sentence=(
            "{element} runs, but the diagram does not show it.",
            "{element}会执行，但图上看不到。",
        ),
    ),
    _rule(
        "decision-gap",
        _FLOW,
        _ERROR,
        title=("Every decision has a branch for every case", "每个判断对任何情况都有去向"),
        sentence=(
            "{element} has no branch for some cases, for example {example}.",
            "{element}对有些情况没有去向，例如：{example}。",
        ),
    ),
    _rule(
        "decision-overlap",
        _FLOW,
        _ERROR,
        title=("The branches of a decision exclude each other", "同一判断的各分支互不重叠"),
        sentence=(
            "Of the branches of {element}, {branches} hold at the same time,"
            " for example {example}.",
            "{element}的分支{branches}会同时成立，例如：{example}。",
        ),
    ),
    _rule(
        "branch-never",
        _FLOW,
        _ERROR,
        title=("Every branch can be taken", "每个分支都有可能走到"),
        sentence=(
            "The branch {branches} of {element} is never taken: {condition} can never hold.",
            "{element}的分支{branches}永远走不到：条件 {condition} 不可能成立。",
        ),
    ),
    _rule(
        "decision-undecided",
        _FLOW,
        _WARNING,
        title=("Every decision can be checked", "每个判断都可以核查"),
        sentence=(
            "Whether the branches of {element} cover every case exactly once cannot be decided:"
            " {reason}",
            "无法判定{element}的各分支是否恰好覆盖所有情况：{reason}",
        ),
    ),
    _rule(
        "strict-two-way",
        _FLOW,
        _ERROR,
        title=("Strict profile: decisions have two branches", "严格模式：判断只有两个分支"),
        sentence=(
            "{element} has {count} branches; the strict profile allows two.",
            "{element}有 {count} 个分支，严格模式只允许两个。",
        ),
    ),
    _rule(
        "strict-one-path",
        _FLOW,
        _ERROR,
        title=("Strict profile: nothing runs side by side", "严格模式：没有并行分支"),
        sentence=(
            "{element} lets the case go several ways at once; the strict profile does not.",
            "{element}会让工单同时走几条路，严格模式不允许。",
        ),
    ),
    _rule(
        "bad-waiver",
        _FLOW,
        _ERROR,
        title=("Every waiver has a reason and a name", "每项豁免都写明理由和姓名"),
        sentence=(
            "The waiver at {element} counts for nothing: {reason}",
            "{element}上的豁免无效：{reason}",
        ),
    ),
    # ── Method ───────────────────────────────────────────────────────────────────────────────────
    _rule(
        "no-method",
        _METHOD,
        _ERROR,
        title=("Every human step says how it is done", "每个人工步骤都写明怎么做"),
        sentence=(
            "{element} does not say how it is done; write its SOP.",
            "{element}没有写明怎么做，请填写操作方法（SOP）。",
        ),
    ),
    # ── Time ─────────────────────────────────────────────────────────────────────────────────────
    _rule(
        "no-standard-time",
        _TIME,
        _ERROR,
        title=("Every step has a standard time", "每一步都有标准时间"),
        sentence=(
            "{element} has no standard time.",
            "{element}没有标准时间。",
        ),
    ),
    _rule(
        "time-contradiction",
        _TIME,
        _ERROR,
        title=("Standard times fit into response times", "标准时间不超过处理时限"),
        sentence=(
            "{element} takes {standard} by standard but must be finished within {response}.",
            "{element}的标准时间是{standard}，却要求在{response}内完成。",
        ),
        durations=("standard", "response"),
    ),
    # ── Escalation ───────────────────────────────────────────────────────────────────────────────
    _rule(
        "no-escalation",
        _ESCALATION,
        _ERROR,
        title=(
            "Every human step has an escalation chain with a deadline per level",
            "每个人工步骤都有升级链，每一级都有答复时限",
        ),
        sentence=(
            "{element} has nobody to escalate to; name at least one level with its deadline.",
            "{element}没有升级对象，请至少设一级并写明答复时限。",
        ),
    ),
    _rule(
        "no-response-time",
        _ESCALATION,
        _ERROR,
        title=("Every chain begins by itself", "每条升级链都会自动启动"),
        sentence=(
            "{element} has no response time, so its escalation would never begin by itself.",
            "{element}没有处理时限，升级永远不会自动开始。",
        ),
    ),
    _rule(
        "escalation-in-circle",
        _ESCALATION,
        _WARNING,
        title=("Every level asks somebody new", "每一级都升级给新的角色"),
        sentence=(
            "Level {level} of {element} asks {role} again instead of climbing.",
            "{element}的第 {level} 级又问到{role}，没有逐级上升。",
        ),
    ),
    # ── People ───────────────────────────────────────────────────────────────────────────────────
    _rule(
        "no-owner",
        _PEOPLE,
        _ERROR,
        title=("The process has one end-to-end owner", "流程有一位端到端负责人"),
        sentence=(
            "{element} has no owner who answers for it from end to end.",
            "{element}没有端到端负责人。",
        ),
    ),
    _rule(
        "unknown-owner",
        _PEOPLE,
        _ERROR,
        title=("Owners are people who work here", "负责人都是在职人员"),
        sentence=(
            "{element} names {person} as its owner, who does not work here.",
            "{element}的负责人是{person}，但这里没有这个人。",
        ),
    ),
    _rule(
        "no-role",
        _PEOPLE,
        _ERROR,
        title=("Every human step belongs to a role", "每个人工步骤都有角色"),
        sentence=(
            "{element} belongs to no role, and its lane names none.",
            "{element}没有角色，所在泳道也没有指定。",
        ),
    ),
    _rule(
        "nobody-in-role",
        _PEOPLE,
        _ERROR,
        title=("Every role has people in it", "每个角色都有人"),
        sentence=(
            "Nobody holds the role {role}, which {element} needs.",
            "{element}需要角色{role}，但没有人担任。",
        ),
    ),
    _rule(
        "unknown-calendar",
        _PEOPLE,
        _ERROR,
        title=("Every calendar exists", "引用的日历都存在"),
        sentence=(
            "{element} counts on the calendar {calendar}, which does not exist.",
            "{element}使用日历{calendar}，但没有这个日历。",
        ),
    ),
    _rule(
        "hours-without-people",
        _PEOPLE,
        _ERROR,
        title=("Every hour that is promised has people", "承诺的每个小时都有人在岗"),
        sentence=(
            "Nobody of the role {role} works in hours that {element} promises, for example from"
            " {start} to {end}.",
            "{element}承诺的时段里没有{role}在岗，例如 {start} 至 {end}。",
        ),
    ),
    # ── Promise ──────────────────────────────────────────────────────────────────────────────────
    _rule(
        "promise-impossible",
        _PROMISE,
        _ERROR,
        title=("The shortest way fits into the promise", "最短路径能在承诺时限内走完"),
        sentence=(
            "{element} promises {metric} within {promised}, but even the shortest way takes"
            " {needed} of standard time.",
            "{element}承诺{metric}不超过{promised}，但最短路径的标准时间之和就有{needed}。",
        ),
        durations=("promised", "needed"),
    ),
    _rule(
        "promise-tight",
        _PROMISE,
        _WARNING,
        title=("The longest way fits into the promise", "最长路径能在承诺时限内走完"),
        sentence=(
            "{element} promises {metric} within {promised}, but the longest way without repetition"
            " takes {needed} of standard time.",
            "{element}承诺{metric}不超过{promised}，但不返工的最长路径标准时间之和为{needed}。",
        ),
        durations=("promised", "needed"),
    ),
    _rule(
        "promise-late-start",
        _PROMISE,
        _WARNING,
        title=(
            "The first step must be finished before the first response is due",
            "首个步骤的时限不晚于首次响应承诺",
        ),
        sentence=(
            "{element} may take {response}, but the customer is promised a first response within"
            " {promised}.",
            "{element}的处理时限是{response}，但承诺客户{promised}内首次响应。",
        ),
        durations=("response", "promised"),
    ),
)
RULES: Mapping[str, ReadinessRule] = {each.id: each for each in _ALL}
STRICT_RULES = frozenset({"strict-two-way", "strict-one-path"})
METRICS: Mapping[str, Words] = {
    "first_response": Words(default="a first response", translations={"zh": "首次响应"}),
    "resolution": Words(default="resolution", translations={"zh": "解决"}),
}
