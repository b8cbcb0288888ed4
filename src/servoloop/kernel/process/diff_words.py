"""The sentences that say what changed between two versions, in both languages."""

from collections.abc import Mapping
from enum import StrEnum

from servoloop.kernel.process.words import Words


class Aspect(StrEnum):
    STEP = "step"
    NAME = "name"
    ROLE = "role"
    SOP = "sop"
    STANDARD_TIME = "standard_time"
    RESPONSE_TIME = "response_time"
    ESCALATION = "escalation"
    ASSIGNMENT = "assignment"
    OWNER = "owner"
    CALENDAR = "calendar"
    COST = "cost"
    VALUE = "value"
    LAYER = "layer"
    WAITING = "waiting"
    AUTOMATION = "automation"
    CHECKLIST = "checklist"
    ATTACHMENTS = "attachments"
    SKILLS = "skills"
    AUTHORITY = "authority"
    INPUT = "input"
    OUTPUT = "output"
    TIMER = "timer"
    MESSAGE = "message"
    RULE = "rule"
    FLOW = "flow"
    CONDITION = "condition"
    PROCESS_NAME = "process_name"
    DESCRIPTION = "description"
    PROCESS_OWNER = "process_owner"
    PROCESS_CALENDAR = "process_calendar"
    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"
    FORM = "form"
    GOAL = "goal"
    KPI_GOALS = "kpi_goals"
    PORTAL = "portal"
    APPROVAL = "approval"


def _w(en: str, zh: str) -> Words:
    return Words(default=en, translations={"zh": zh})


ASPECTS: Mapping[Aspect, Words] = {
    Aspect.STEP: _w("Step", "步骤"),
    Aspect.NAME: _w("Name", "名称"),
    Aspect.ROLE: _w("Role", "角色"),
    Aspect.SOP: _w("Method (SOP)", "操作方法（SOP）"),
    Aspect.STANDARD_TIME: _w("Standard time", "标准时间"),
    Aspect.RESPONSE_TIME: _w("Response time", "处理时限"),
    Aspect.ESCALATION: _w("Escalation", "升级"),
    Aspect.ASSIGNMENT: _w("Assignment", "分派方式"),
    Aspect.OWNER: _w("Owner", "负责人"),
    Aspect.CALENDAR: _w("Calendar", "日历"),
    Aspect.COST: _w("Cost rate", "成本单价"),
    Aspect.VALUE: _w("Value class", "价值类别"),
    Aspect.LAYER: _w("Blueprint layer", "蓝图分层"),
    Aspect.WAITING: _w("Waits for the customer", "等待客户"),
    Aspect.AUTOMATION: _w("Automation", "自动化"),
    Aspect.CHECKLIST: _w("Checklist", "检查清单"),
    Aspect.ATTACHMENTS: _w("Attachments", "附件"),
    Aspect.SKILLS: _w("Skills", "技能要求"),
    Aspect.AUTHORITY: _w("Authority limit", "权限额度"),
    Aspect.INPUT: _w("What the step shows", "步骤所示信息"),
    Aspect.OUTPUT: _w("What the step asks for", "步骤须填内容"),
    Aspect.TIMER: _w("Timer", "定时"),
    Aspect.MESSAGE: _w("Message", "消息"),
    Aspect.RULE: _w("Rule", "规则"),
    Aspect.FLOW: _w("Flow", "流向"),
    Aspect.CONDITION: _w("Condition", "条件"),
    Aspect.PROCESS_NAME: _w("Name of the process", "流程名称"),
    Aspect.DESCRIPTION: _w("Description", "说明"),
    Aspect.PROCESS_OWNER: _w("End-to-end owner", "端到端负责人"),
    Aspect.PROCESS_CALENDAR: _w("Calendar of the process", "流程日历"),
    Aspect.FIRST_RESPONSE: _w("Promised first response", "首次响应承诺"),
    Aspect.RESOLUTION: _w("Promised resolution", "解决时限承诺"),
    Aspect.FORM: _w("Form of the portal", "门户表单"),
    Aspect.GOAL: _w("Goal", "流程目标"),
    Aspect.KPI_GOALS: _w("KPI goals", "指标目标"),
    Aspect.PORTAL: _w("Offered in the portal", "门户开放"),
    Aspect.APPROVAL: _w("Approval of new versions", "新版本审批"),
}
_PLAIN = _w("{element}: {before} → {after}", "{element}：{before} → {after}")
_WHOLE = _w("{before} → {after}", "{before} → {after}")
_WITH_FIELDS = (Aspect.INPUT, Aspect.OUTPUT)
_OF_THE_WHOLE = (
    Aspect.PROCESS_NAME,
    Aspect.DESCRIPTION,
    Aspect.PROCESS_OWNER,
    Aspect.PROCESS_CALENDAR,
    Aspect.FIRST_RESPONSE,
    Aspect.RESOLUTION,
    Aspect.FORM,
    Aspect.GOAL,
    Aspect.KPI_GOALS,
    Aspect.PORTAL,
    Aspect.APPROVAL,
)
# (kind, aspect) -> sentence
SENTENCES: Mapping[tuple[str, Aspect], Words] = {
    **{("changed", aspect): _PLAIN for aspect in Aspect},
    **{("changed", aspect): _WHOLE for aspect in _OF_THE_WHOLE},
    ("added", Aspect.STEP): _w("{element} is new.", "新增{element}。"),
    ("removed", Aspect.STEP): _w("{element} is gone.", "取消{element}。"),
    ("changed", Aspect.NAME): _w(
        "“{before}” is now called “{after}”.", "“{before}”改名为“{after}”。"
    ),
    ("changed", Aspect.ROLE): _w(
        "{element} goes from {before} to {after}.", "{element}由{before}改为{after}处理。"
    ),
    ("changed", Aspect.SOP): _w("{element} is done in another way.", "{element}的操作方法有改动。"),
    ("added", Aspect.FLOW): _w("New way: {after}.", "新增流向：{after}。"),
    ("removed", Aspect.FLOW): _w("No way any more: {before}.", "取消流向：{before}。"),
    ("changed", Aspect.CONDITION): _w(
        "{element} is taken when: {after} (before: {before}).",
        "{element}的条件改为：{after}（原为：{before}）。",
    ),
    **{
        ("added", aspect): _w("{element}: new: {after}", "{element}：新增 {after}")
        for aspect in _WITH_FIELDS
    },
    **{
        ("removed", aspect): _w("{element}: no longer: {before}", "{element}：取消 {before}")
        for aspect in _WITH_FIELDS
    },
}
