"""What people of the demo company write, by field. Unknown fields get a short neutral note."""

from collections.abc import Mapping
from random import Random

_TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "description": {
        "zh": (
            "昨天收到的柜门有一道裂纹，安装师傅说装不了，希望尽快处理。",
            "预约了上午送货，等到晚上也没人来，也没有人打电话说明。",
            "账单上多收了 120 元安装费，下单时说是包安装的。",
            "洗衣机漏水，地板泡了，已经是第二次报修。",
            "客服电话里态度不好，我问了三次都说不清楚。",
            "椅子坐了两周就晃，螺丝拧紧也没用。",
            "快递显示签收，但我家里没有人收到。",
            "请问灯具的保修期从哪一天开始算？",
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
            "客户收到的柜门有裂纹，要求换新。",
            "送货未按约，客户要求给出准确时间。",
            "客户反映多收安装费，要求退回。",
            "二次报修未解决，客户要求上门并补偿。",
        ),
        "en": ("Damaged on arrival, wants a replacement.", "Missed delivery, wants a firm date."),
    },
    "findings": {
        "zh": (
            "核对照片与出库记录，运输途中受损，责任在承运商。",
            "系统派单时地址解析错误，司机未联系客户。",
            "订单含安装服务，收费系统未识别，属我方差错。",
        ),
        "en": ("Damaged in transit according to photos and records.", "Billing error on our side."),
    },
    "decision": {
        "zh": ("确认责任在我方，免费换新。", "退还多收费用并致歉。", "安排优先上门并提供补偿。"),
        "en": ("Our responsibility: free replacement.", "The amount is refunded with our apology."),
    },
    "reason": {
        "zh": ("依据《售后服务标准》3.2 条及出库记录。", "依据订单约定与收费记录。"),
        "en": ("According to after-sales standard 3.2 and the records of the order.",),
    },
    "remedy": {
        "zh": ("48 小时内送达新品，旧件由我们带回。", "费用 3 个工作日内原路退回。"),
        "en": ("A new one within 48 hours; we take the old one back.",),
    },
    "answer": {
        "zh": ("保修期从签收日起算，共 36 个月；凭订单号即可报修，无需发票。",),
        "en": ("The warranty runs 36 months from delivery; your order number is enough.",),
    },
    "objection": {
        "zh": ("客户认为补偿不足以弥补误工损失。",),
        "en": ("The customer finds the compensation too small.",),
    },
    "customer_reply": {
        "zh": (
            "照片已经补发，请查收。",
            "可以，就按这个方案办，谢谢。",
            "我还是不满意，希望主管联系我。",
            "单号是 NW20814532,签收当天就发现了。",
            "好的，周六上午家里有人。",
        ),
        "en": ("Photos attached.", "That works for me, thank you.", "I still disagree."),
    },
    "greeting": {
        "zh": (
            "您好，我是您的服务专员，这件事由我负责到底。我先核对记录，两小时内给您答复。",
            "您好，给您添麻烦了。我已看到您的描述，正在核实，有进展马上告诉您。",
        ),
        "en": (
            "Hello, I am looking after your case from here to the end. "
            "I am checking the records and will come back to you within two hours.",
        ),
    },
    "fault": {
        "zh": (
            "洗衣机脱水时剧烈抖动，有焦味，屏幕显示 E03。",
            "冰箱冷藏室不制冷，冷冻正常，已经三天。",
            "空调出风不冷，外机不转，上周刚加过氟。",
            "热水器打不着火，水压正常。",
            "衣柜门合不上，上面的铰链松了，拧紧又掉。",
        ),
        "en": (
            "The washing machine shakes while spinning and shows E03.",
            "The refrigerator no longer cools; the freezer is fine.",
            "A hinge of the wardrobe came loose and the door does not close.",
        ),
    },
    "address": {
        "zh": (
            "海淀区学院路 30 号 5 号楼 302",
            "朝阳区望京西园 12 号楼 1805",
            "浦东新区张杨路 88 弄 6 号 901",
        ),
        "en": ("12 Sunny Court, Wangjing, flat 703",),
    },
    "serial_number": {"zh": ("BF2409173356", "BF2503220417"), "en": ("BF2501140028",)},
    "fault_note": {
        "zh": (
            "减震器松脱可能性大，带减震器一对，先拆后盖检查。",
            "化霜传感器异常，带传感器与控制板备选。",
            "压缩机启动电容老化，现场测量后更换。",
            "铰链螺孔滑丝，带加长螺丝与铰链一副。",
        ),
        "en": (
            "Probably a loose damper; bring a pair and open the back first.",
            "Defrost sensor out of range; bring the sensor and a board.",
        ),
    },
    "engineer": {"zh": ("费翔宇", "高远"), "en": ("Fei Xiangyu", "Gao Yuan")},
    "visit_note": {
        "zh": (
            "更换减震器一对，试机 10 分钟正常，客户已操作确认。",
            "清理排水管并更换密封件，无渗漏。",
            "重新固定铰链，门缝调平。",
        ),
        "en": ("Dampers replaced, ran it for ten minutes, the customer tried it.",),
    },
    "replacement_plan": {
        "zh": ("换同款新机，周五前送达并取走旧机；期间提供备用机。",),
        "en": ("Same model, new, by Friday; a loan unit until then.",),
    },
    "repair_complaint": {
        "zh": ("脱水时仍有异响，比之前轻一些。", "第二天又不制冷了。"),
        "en": ("It still makes a noise while spinning.",),
    },
    "part_note": {"zh": ("出库单 CK26110417", "补货单 BH26110052"), "en": ("Slip CK26110418",)},
    "refund_reason": {
        "zh": (
            "照片与物流记录一致，属运输损坏，按原价退款。",
            "签收 7 天内且未使用，符合七天无理由退货。",
            "发货型号与订单不符，责任在我方。",
            "已超过退货期限且有明显使用痕迹。",
        ),
        "en": (
            "Damaged in transit according to photo and tracking; refunded in full.",
            "Returned unused within seven days.",
        ),
    },
    "inspection_note": {
        "zh": ("缺说明书与电源线，外观完好。", "序列号与订单一致，表面有轻微使用痕迹。"),
        "en": ("The power cord is missing; otherwise as new.",),
    },
    "transaction_number": {
        "zh": ("TK2026110900318", "TK2026111200077", "TK2026111700452"),
        "en": ("TK2026111300129",),
    },
    "account_note": {
        "zh": ("原卡已注销，客户本人确认改退至同名账户，尾号 6621。",),
        "en": ("The card was closed; same name, new account ending in 6621.",),
    },
    "evidence": {
        "zh": ("出库照片 3 张、物流轨迹、签收录音，均已存档。",),
        "en": ("Three dispatch photos, tracking and the call recording are filed.",),
    },
    "call_notes": {
        "zh": ("客户人身无碍，情绪稳定；约定今日 16:00 前回电说明进展。",),
        "en": ("Nobody is hurt; we call again before 16:00 today.",),
    },
    "advice": {
        "zh": (
            "按标准 3.2 条处理，先换新，费用后续再追。",
            "先致电安抚客户，再按流程走。",
            "同意，按你的方案办。",
        ),
        "en": ("Replace first, settle the cost later.",),
    },
    "approval_remark": {"zh": ("同意。", "同意，注意时限。"), "en": ("Agreed.",)},
    "suggestion": {"zh": ("送货前一天增加短信确认。",), "en": ("Confirm by text a day before.",)},
}  # fmt: skip
_NOTE = {
    "zh": ("已按标准处理，记录齐全。", "已核对，无异常。"),
    "en": ("Done as the standard says.",),
}


def text(field: str, *, language: str, random: Random) -> str:
    """A text for a field in Chinese or English ('zh', 'zh-hans', 'en')."""
    texts = _TEXTS.get(field, _NOTE)
    short = "en" if language.startswith("en") else "zh"
    return random.choice(texts[short])
