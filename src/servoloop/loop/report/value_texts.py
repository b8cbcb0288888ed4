"""The texts of the value stream, in English and in Chinese."""

VALUE_TEXTS: dict[str, tuple[str, str]] = {
    "value": ("Value", "价值"),
    "value_title_log": (
        "{share} of the work is of value to the customer; of the whole cycle time {efficiency}",
        "工作中 {share} 对客户有价值；占全部周期时间的 {efficiency}",
    ),
    "value_title_standard": (
        "By standard times, {share} of the work is of value to the customer; of the whole cycle "
        "time {efficiency}",
        "按标准时间计，工作中 {share} 对客户有价值；占全部周期时间的 {efficiency}",
    ),
    "value_title_nothing": (
        "{share} of the steps done are of value to the customer; {again} repeat what was done",
        "已执行的步骤中 {share} 对客户有价值；{again} 是重复执行",
    ),
    "value_how": (
        "Customer value: the customer would pay for it. Business value: law or control asks for "
        "it. Waste: neither; doing a step again is waste, too. What is proposed comes from the "
        "step's name: check it, and correct it with --value 'STEP=customer'.",
        "客户价值：客户愿意为之付费。业务价值：法规或内控要求。浪费：两者皆非；重复执行也属浪费。"
        "标为“建议”的类别取自步骤名称，请核对，可用 --value '步骤=customer' 更正。",
    ),
    "value_no_service": (
        "The log does not tell how long work takes, so executions are counted; the bars show the "
        "time since the step before.",
        "日志未记录处理时长，因此按执行次数统计；条形表示距上一步的时间。",
    ),
    "value_standard": (
        "The log does not tell how long work takes; standard times of the definition stand in.",
        "日志未记录处理时长，以流程定义的标准时间代替。",
    ),
    "value_customer": ("customer value", "客户价值"),
    "value_business": ("business value", "业务价值"),
    "value_waste": ("waste", "浪费"),
    "source_user": ("said by you", "由您指定"),
    "source_definition": ("from the definition", "取自流程定义"),
    "source_name": ("proposed: “{word}”", "建议：“{word}”"),
    "source_customer": ("the customer's own", "客户环节"),
    "source_nothing": ("assumed", "默认"),
    "value_class": ("Value", "价值类别"),
    "value_stream": ("The stream, step by step", "价值流（按步骤）"),
    "value_row": ("waits {waiting}, works {service}", "等待 {waiting}，处理 {service}"),
    "value_row_before": ("{waiting} after the step before", "距上一步 {waiting}"),
    "value_waits": ("waiting before it", "之前的等待"),
    "median_service": ("Median work", "处理时长中位数"),
    "again": ("Repeats", "重复执行"),
    "mean_waiting": ("Mean wait before", "之前平均等待"),
    "mean_before": ("Mean time since the step before", "距上一步平均时间"),
    "rate": ("Rate per hour", "每小时成本"),
    "cost": ("Cost", "成本"),
    "cost_title": (
        "The work costs {cost} {currency} in all, {per_case} {currency} a case",
        "工作成本共 {cost} {currency}，每案例 {per_case} {currency}",
    ),
    "cost_some": (
        "{n} of {all} steps have no rate and count as nothing.",
        "{all} 个步骤中有 {n} 个没有费率，按零计。",
    ),
    "cost_none": (
        "Costs are known once there are rates: in the definition, or with --rate 'ROLE=45EUR/h'.",
        "给出费率后即可显示成本：在流程定义中填写，或使用 --rate '角色=45EUR/h'。",
    ),
    "cost_path": ("Path", "路径"),
    "cost_per_case": ("Cost per case", "每案例成本"),
}  # fmt: skip
