"""What the manual says besides the words of the process, in both languages."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]

LANGUAGES: Mapping[str, tuple[Language, ...]] = {
    "zh": ("zh",),
    "en": ("en",),
    "both": ("zh", "en"),
}
"""What may be asked for: one language, or one after the other."""
TAGS: Mapping[Language, str] = {"en": "en", "zh": "zh-hans"}
"""What the words of a process are looked up by."""

TEXTS: Mapping[str, Mapping[Language, str]] = {
    "manual": {"en": "Process manual", "zh": "流程操作手册"},
    "version": {"en": "Version", "zh": "版本"},
    "goal": {"en": "What it is for", "zh": "流程目标"},
    "diagram": {"en": "The process at a glance", "zh": "流程总览"},
    "promises": {"en": "What customers are promised", "zh": "对客户的承诺"},
    "steps": {"en": "The steps", "zh": "步骤一览"},
    "step": {"en": "Step", "zh": "步骤"},
    "who": {"en": "Who", "zh": "负责角色"},
    "method": {"en": "How to do it", "zh": "操作方法"},
    "no_method": {
        "en": "No method is written for this step yet.",
        "zh": "这一步还没有写明操作方法。",
    },
    "checklist": {"en": "Checklist", "zh": "检查清单"},
    "attachments": {"en": "Attachments", "zh": "附件"},
    "form": {"en": "What to fill in", "zh": "需要填写"},
    "outcomes": {"en": "Possible outcomes", "zh": "可能的结果"},
    "escalation": {"en": "If it does not go on in time, it climbs by itself", "zh": "逾期自动升级"},
    "within": {"en": "to answer within", "zh": "答复时限"},
    "page": {"en": "Page", "zh": "页"},
    "standard_time": {"en": "Standard time", "zh": "标准工时"},
    "response_time": {"en": "To be done within", "zh": "响应时限"},
    "owner": {"en": "Owner", "zh": "责任人"},
    "skills": {"en": "Skills", "zh": "技能要求"},
    "authority_limit": {"en": "May grant up to", "zh": "审批权限上限"},
    "calendar": {"en": "Working hours", "zh": "工作日历"},
    "first_response": {"en": "First response", "zh": "首次响应"},
    "resolution": {"en": "Resolution", "zh": "解决"},
    "required": {"en": "required", "zh": "必填"},
    "comma": {"en": ", ", "zh": "，"},
    "kind_person": {"en": "done by a person", "zh": "人工"},
    "kind_machine": {"en": "done by a machine", "zh": "系统自动"},
    "kind_waits": {"en": "waits for a message", "zh": "等待消息"},
    "type_text": {"en": "text", "zh": "文本"},
    "type_long_text": {"en": "text, several lines", "zh": "多行文本"},
    "type_number": {"en": "number", "zh": "数字"},
    "type_money": {"en": "amount", "zh": "金额"},
    "type_boolean": {"en": "yes or no", "zh": "是或否"},
    "type_date": {"en": "date", "zh": "日期"},
    "type_moment": {"en": "date and time", "zh": "日期和时间"},
    "type_choice": {"en": "choice", "zh": "选项"},
}
