"""What a process from an outline says where the outline said nothing, in its language."""

TEXTS = {
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "otherwise": ("否则", "otherwise"),
    "which": ("走哪条路？", "Which way?"),
    "approved": ("同意", "approved"),
    "returned": ("退回", "sent back"),
    "result": ("审批结论", "Decision"),
    "remark": ("意见", "Remark"),
    "outcome": ("判断结果", "Outcome"),
    "decide": ("判断：{}", "Decide: {}"),
    "revise": ("按意见修改", "Change what was sent back"),
    "start": ("开始", "Start"),
    "end": ("结束", "End"),
    "wait": ("等待客户回复", "Wait for the customer"),
    "no_reply": ("客户未回复", "No reply"),
    "again": ("再来一次", "again"),
}


def text(key: str, value: str = "", *, is_chinese: bool) -> str:
    """The words of one key, with a value put in where they have a place for it."""
    return TEXTS[key][0 if is_chinese else 1].format(value)
