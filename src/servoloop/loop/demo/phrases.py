"""What people of the demo company write, by field. Unknown fields get a short neutral note."""

from collections.abc import Mapping
from random import Random

_TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "description": {
        "zh": (
            "昨天收到的柜门有一道裂纹,安装师傅说装不了,希望尽快处理。",
            "预约了上午送货,等到晚上也没人来,也没有人打电话说明。",
            "账单上多收了 120 元安装费,下单时说是包安装的。",
            "洗衣机漏水,地板泡了,已经是第二次报修。",
            "客服电话里态度不好,我问了三次都说不清楚。",
            "椅子坐了两周就晃,螺丝拧紧也没用。",
            "快递显示签收,但我家里没有人收到。",
            "请问灯具的保修期从哪一天开始算?",
        ),
        "en": (
            "The cabinet door arrived with a crack and the fitter could not install it.",
            "I waited all day for the delivery; nobody came and nobody called.",
            "I was billed 120 for installation although it was included in the order.",
            "The washing machine leaks again, for the second time this month.",
        ),
    },
    "wish": {
        "zh": (
            "换一件新的。",
            "退还多收的费用。",
            "给我一个明确的时间。",
            "希望有人打电话向我说明。",
        ),
        "en": ("A replacement, please.", "Refund the difference.", "A firm date."),
    },
    "order_number": {
        "zh": ("NW20814532", "NW20816071", "NW20811190"),
        "en": ("NW20814532", "NW20817766"),
    },
    "phone": {"zh": ("13800000001", "13900000002"), "en": ("+44 20 7946 0000",)},
    "summary": {
        "zh": (
            "客户收到的柜门有裂纹,要求换新。",
            "送货未按约,客户要求给出准确时间。",
            "客户反映多收安装费,要求退回。",
            "二次报修未解决,客户要求上门并补偿。",
        ),
        "en": ("Damaged on arrival, wants a replacement.", "Missed delivery, wants a firm date."),
    },
    "findings": {
        "zh": (
            "核对照片与出库记录,运输途中受损,责任在承运商。",
            "系统派单时地址解析错误,司机未联系客户。",
            "订单含安装服务,收费系统未识别,属我方差错。",
        ),
        "en": ("Damaged in transit according to photos and records.", "Billing error on our side."),
    },
    "decision": {
        "zh": ("确认责任在我方,免费换新。", "退还多收费用并致歉。", "安排优先上门并提供补偿。"),
        "en": ("Our responsibility: free replacement.", "The amount is refunded with our apology."),
    },
    "reason": {
        "zh": ("依据《售后服务标准》3.2 条及出库记录。", "依据订单约定与收费记录。"),
        "en": ("According to after-sales standard 3.2 and the records of the order.",),
    },
    "remedy": {
        "zh": ("48 小时内送达新品,旧件由我们带回。", "费用 3 个工作日内原路退回。"),
        "en": ("A new one within 48 hours; we take the old one back.",),
    },
    "answer": {
        "zh": ("保修期从签收日起算,共 36 个月;凭订单号即可报修,无需发票。",),
        "en": ("The warranty runs 36 months from delivery; your order number is enough.",),
    },
    "objection": {
        "zh": ("客户认为补偿不足以弥补误工损失。",),
        "en": ("The customer finds the compensation too small.",),
    },
    "customer_reply": {
        "zh": (
            "照片已经补发,请查收。",
            "可以,就按这个方案办,谢谢。",
            "我还是不满意,希望主管联系我。",
            "单号是 NW20814532,签收当天就发现了。",
            "好的,周六上午家里有人。",
        ),
        "en": ("Photos attached.", "That works for me, thank you.", "I still disagree."),
    },
    "greeting": {
        "zh": (
            "您好,我是您的服务专员,这件事由我负责到底。我先核对记录,两小时内给您答复。",
            "您好,给您添麻烦了。我已看到您的描述,正在核实,有进展马上告诉您。",
        ),
        "en": (
            "Hello, I am looking after your case from here to the end. "
            "I am checking the records and will come back to you within two hours.",
        ),
    },
    "advice": {
        "zh": (
            "按标准 3.2 条处理,先换新,费用后续再追。",
            "先致电安抚客户,再按流程走。",
            "同意,按你的方案办。",
        ),
        "en": ("Replace first, settle the cost later.",),
    },
    "approval_remark": {"zh": ("同意。", "同意,注意时限。"), "en": ("Agreed.",)},
    "suggestion": {"zh": ("送货前一天增加短信确认。",), "en": ("Confirm by text a day before.",)},
}  # fmt: skip
_NOTE = {
    "zh": ("已按标准处理,记录齐全。", "已核对,无异常。"),
    "en": ("Done as the standard says.",),
}


def text(field: str, *, language: str, random: Random) -> str:
    """A text for a field in Chinese or English ('zh', 'zh-hans', 'en')."""
    texts = _TEXTS.get(field, _NOTE)
    short = "en" if language.startswith("en") else "zh"
    return random.choice(texts[short])
