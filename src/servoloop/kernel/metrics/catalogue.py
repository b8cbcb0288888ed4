"""The KPI catalogue: every KPI with its definition. Longer than other modules: it is one table."""

from servoloop.kernel.metrics.definition import (
    Aggregate,
    ClockKind,
    Cohort,
    Direction,
    Kpi,
    words,
)

GRACE_DAYS = 7
"""Days after a closing in which a new contact or a reopening speaks against it."""

_NOT_CANCELLED = words("Cancelled cases do not count.", "已取消的工单不计。")
_FROM_CUSTOMER = words(
    "Cases in which the customer has not written anything do not count.",
    "客户没有发过消息的工单不计。",
)

_TIMES = (
    Kpi(
        id="first_response",
        version=1,
        name=words("First response by a person", "人工首次响应时间"),
        formula=words(
            "From the customer's first message (the opening of the case) to the first message of a "
            "person to the customer.",
            "从客户第一条消息（即工单开启）到坐席第一条人工回复。",
        ),
        cohort=Cohort.ANSWERED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
        exclusions=words(
            "Messages that a step of the process sends by itself are no answer.",
            "流程自动发送的消息不算回复。",
        ),
        guard="reopen",
    ),
    Kpi(
        id="first_response.elapsed",
        version=1,
        name=words("First response by a person, around the clock", "人工首次响应时间（自然时间）"),
        formula=words(
            "As above, counting nights and days off: what the customer experiences.",
            "同上，但计入夜间和休息日：即客户感受到的时间。",
        ),
        cohort=Cohort.ANSWERED,
        clock=ClockKind.ELAPSED,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
        exclusions=words(
            "Messages that a step of the process sends by itself are no answer.",
            "流程自动发送的消息不算回复。",
        ),
        guard="reopen",
    ),
    Kpi(
        id="first_response.any",
        version=1,
        name=words("First response of any kind", "首次响应时间（含自动回复）"),
        formula=words(
            "From the customer's first message to the first message back, automatic ones included.",
            "从客户第一条消息到第一条回复，包含自动回复。",
        ),
        cohort=Cohort.ANSWERED,
        clock=ClockKind.ELAPSED,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
        exclusions=_FROM_CUSTOMER,
        guard="first_response",
    ),
    Kpi(
        id="next_response",
        version=1,
        name=words("Next response", "后续响应时间"),
        formula=words(
            "After the first response: from the oldest unanswered message of the customer to the "
            "answer of a person; over all such gaps.",
            "首次响应之后：从客户最早一条未回复的消息到人工回复；对所有间隔统计。",
        ),
        cohort=Cohort.ANSWERED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
        exclusions=words(
            "Gaps, not cases, are counted; a case with many turns weighs more.",
            "按间隔而非按工单统计；往返多的工单权重更大。",
        ),
        guard="reopen",
    ),
    Kpi(
        id="resolution",
        version=1,
        name=words("Resolution time", "解决时长"),
        formula=words(
            "From opening to the last closing of the cases closed in the period.",
            "本期关闭的工单：从开启到最后一次关闭。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.ELAPSED,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
        exclusions=words(
            "Cancelled cases do not count; cases still open do not either: read it with the age of "
            "the backlog.",
            "已取消及未关闭的工单不计：请与积压时长一并阅读。",
        ),
        guard="reopen",
    ),
    Kpi(
        id="resolution.net",
        version=1,
        name=words("Resolution time without waiting for the customer", "解决时长（扣除等待客户）"),
        formula=words(
            "Resolution time minus the time in which the process waited for the customer's answer.",
            "解决时长减去流程等待客户回复的时间。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.ELAPSED,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
        exclusions=_NOT_CANCELLED,
        guard="reopen",
    ),
    Kpi(
        id="resolution.all",
        version=1,
        name=words("Resolution time, open cases included", "解决时长（含未关闭工单）"),
        formula=words(
            "From opening to the first closing, for the cases opened in the period; those still "
            "open count with the time so far (Kaplan-Meier).",
            "本期开启的工单：从开启到首次关闭；未关闭者按已用时间计入（Kaplan-Meier）。",
        ),
        cohort=Cohort.OPENED,
        clock=ClockKind.ELAPSED,
        aggregate=Aggregate.SURVIVAL,
        direction=Direction.LOWER,
        exclusions=words(
            "Cancelled cases count until they were cancelled.", "已取消的工单计至取消时。"
        ),
        guard="reopen",
    ),
    Kpi(
        id="handle_time",
        version=1,
        name=words("Handle time", "处理时长"),
        formula=words(
            "Working time from taking each task to finishing or giving it back, summed per closed "
            "case.",
            "每个已关闭工单中，从领取任务到完成或退回的工作时间之和。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.MEAN,
        direction=Direction.LOWER,
        exclusions=words(
            "Cases without work of a person do not count. Tasks held at the same time count each: "
            "no target for individuals.",
            "没有人工处理的工单不计。同时持有的任务各自计时：不可作为个人考核指标。",
        ),
        guard="first_contact_resolution",
    ),
)

_OUTCOMES = (
    Kpi(
        id="first_contact_resolution",
        version=1,
        name=words("First-contact resolution", "首次解决率"),
        formula=words(
            f"Closings after which the customer neither came back with the same process nor had "
            f"the case reopened within {GRACE_DAYS} days / closings.",
            f"关闭后 {GRACE_DAYS} 天内客户未就同一流程再次来访、工单也未重开的次数 / 关闭次数。",
        ),
        cohort=Cohort.MATURED,
        clock=ClockKind.NONE,
        aggregate=Aggregate.SHARE,
        direction=Direction.HIGHER,
        exclusions=words(
            "Cancelled cases and cases without a known customer do not count; a closing counts "
            f"when its {GRACE_DAYS} days are over.",
            f"已取消及客户不明的工单不计；关闭满 {GRACE_DAYS} 天后才计入。",
        ),
        guard="handle_time",
    ),
    Kpi(
        id="first_contact_ownership",
        version=1,
        name=words("First-contact ownership held", "首问责任保持率"),
        formula=words(
            "Closed cases whose first receiver stayed the owner and none of whose tasks was passed "
            "from one person to another / closed cases with an owner.",
            "首问责任人始终未变且任务未在人员间转手的已关闭工单 / 有责任人的已关闭工单。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.NONE,
        aggregate=Aggregate.SHARE,
        direction=Direction.HIGHER,
        exclusions=_NOT_CANCELLED,
        guard="handle_time",
    ),
    Kpi(
        id="service_level.first_response",
        version=1,
        name=words("First-response promise kept", "首次响应承诺达成率"),
        formula=words(
            "Promises kept / (kept + broken); open ones past their due time are broken.",
            "达成 /（达成 + 违约）；已过期仍未响应的计为违约。",
        ),
        cohort=Cohort.DECIDED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.SHARE,
        direction=Direction.HIGHER,
        exclusions=words("Promises that ended without a verdict.", "无结论而终止的承诺不计。"),
        guard="reopen",
    ),
    Kpi(
        id="service_level.resolution",
        version=1,
        name=words("Resolution promise kept", "解决时限承诺达成率"),
        formula=words(
            "Promises kept / (kept + broken); open ones past their due time are broken. The wait "
            "for the customer does not count.",
            "达成 /（达成 + 违约）；已过期仍未解决的计为违约；等待客户的时间不计。",
        ),
        cohort=Cohort.DECIDED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.SHARE,
        direction=Direction.HIGHER,
        exclusions=words("Promises that ended without a verdict.", "无结论而终止的承诺不计。"),
        guard="reopen",
    ),
    Kpi(
        id="service_level.step_response",
        version=1,
        name=words("Steps done in their response time", "步骤按时完成率"),
        formula=words(
            "Steps finished in the response time of their standard / (finished in time + late), "
            "open late ones included.",
            "在标准响应时限内完成的步骤 /（按时 + 超时），含未完成的超时步骤。",
        ),
        cohort=Cohort.DECIDED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.SHARE,
        direction=Direction.HIGHER,
        exclusions=words(
            "Steps without a response time. Steps, not cases, are counted.",
            "未设响应时限的步骤不计。按步骤而非按工单统计。",
        ),
        guard="escalation",
    ),
    Kpi(
        id="reopen",
        version=1,
        name=words("Reopened", "重开率"),
        formula=words(
            f"Closings followed by a reopening within {GRACE_DAYS} days / closings.",
            f"关闭后 {GRACE_DAYS} 天内重开的次数 / 关闭次数。",
        ),
        cohort=Cohort.MATURED,
        clock=ClockKind.NONE,
        aggregate=Aggregate.SHARE,
        direction=Direction.LOWER,
        exclusions=words(
            f"Cancelled cases; a closing counts when its {GRACE_DAYS} days are over.",
            f"已取消的工单不计；关闭满 {GRACE_DAYS} 天后才计入。",
        ),
        guard="resolution",
    ),
    Kpi(
        id="transfer",
        version=1,
        name=words("Transferred", "转手率"),
        formula=words(
            "Closed cases in which a task passed from one person to another at least once / closed "
            "cases.",
            "任务至少一次在人员间转手的已关闭工单 / 已关闭工单。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.NONE,
        aggregate=Aggregate.SHARE,
        direction=Direction.LOWER,
        exclusions=_NOT_CANCELLED,
        guard="first_contact_resolution",
    ),
    Kpi(
        id="escalation",
        version=1,
        name=words("Escalated", "升级率"),
        formula=words(
            "Closed cases with at least one escalation / closed cases.",
            "至少有一次升级的已关闭工单 / 已关闭工单。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.NONE,
        aggregate=Aggregate.SHARE,
        direction=Direction.LOWER,
        exclusions=_NOT_CANCELLED,
        guard="service_level.resolution",
    ),
    Kpi(
        id="escalation_answered",
        version=1,
        name=words("Escalations answered on the level first asked", "升级在首级按时答复率"),
        formula=words(
            "Escalations answered before the deadline of the level first asked / escalations whose "
            "answer or deadline fell in the period.",
            "在首个被询问层级的时限内得到答复的升级 / 本期答复或到期的升级。",
        ),
        cohort=Cohort.DECIDED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.SHARE,
        direction=Direction.HIGHER,
        exclusions=words(
            "Escalations whose task or case ended before an answer was due.",
            "任务或工单在答复到期前已结束的升级不计。",
        ),
        guard="escalation",
    ),
)

_BACKLOG = (
    Kpi(
        id="backlog",
        version=1,
        name=words("Backlog", "积压量"),
        formula=words("Cases open at the end of the period.", "期末未关闭的工单数。"),
        cohort=Cohort.SNAPSHOT,
        clock=ClockKind.NONE,
        aggregate=Aggregate.COUNT,
        direction=Direction.LOWER,
        guard="reopen",
    ),
    Kpi(
        id="backlog.age",
        version=1,
        name=words("Age of the backlog", "积压时长"),
        formula=words(
            "From the first opening to the end of the period, of the cases open then.",
            "期末未关闭的工单：从首次开启到期末。",
        ),
        cohort=Cohort.SNAPSHOT,
        clock=ClockKind.ELAPSED,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
        exclusions=words("A reopening does not reset the age.", "重开不会重置时长。"),
        guard="reopen",
    ),
    Kpi(
        id="backlog.overdue",
        version=1,
        name=words("Backlog past its promise", "积压超期率"),
        formula=words(
            "Open cases whose resolution promise is broken / open cases that have one.",
            "解决时限已违约的未关闭工单 / 有解决时限承诺的未关闭工单。",
        ),
        cohort=Cohort.SNAPSHOT,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.SHARE,
        direction=Direction.LOWER,
        guard="reopen",
    ),
)

_WITHOUT_RATE = words(
    "Steps without a cost rate count as nothing; so do machines.",
    "没有成本费率的步骤及自动步骤按零计。",
)
_COSTS = (
    Kpi(
        id="cost.resolved",
        version=1,
        name=words("Cost per resolved case", "单件解决成本"),
        formula=words(
            "Working time of people on the cases closed in the period, at the cost rates of the "
            "steps / these cases.",
            "本期关闭的工单：人工处理时间 × 步骤成本费率之和 / 工单数。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.AMOUNT,
        direction=Direction.LOWER,
        exclusions=_WITHOUT_RATE,
        guard="reopen",
    ),
    Kpi(
        id="cost.contact",
        version=1,
        name=words("Cost per contact", "单次来访成本"),
        formula=words(
            "The same cost / contacts of these cases: their openings and reopenings.",
            "同上成本 / 这些工单的来访次数（建单与重开）。",
        ),
        cohort=Cohort.CLOSED,
        clock=ClockKind.WORKING,
        aggregate=Aggregate.AMOUNT,
        direction=Direction.LOWER,
        exclusions=_WITHOUT_RATE,
        guard="first_contact_resolution",
    ),
)


def _missing(
    id_: str,
    name: tuple[str, str],
    formula: tuple[str, str],
    missing: tuple[str, str],
    *,
    aggregate: Aggregate = Aggregate.SHARE,
    direction: Direction = Direction.HIGHER,
    cohort: Cohort = Cohort.CLOSED,
    guard: str = "",
) -> Kpi:
    return Kpi(
        id=id_,
        version=1,
        name=words(*name),
        formula=words(*formula),
        cohort=cohort,
        clock=ClockKind.NONE,
        aggregate=aggregate,
        direction=direction,
        guard=guard,
        missing=words(*missing),
    )


_NO_SURVEY = (
    "Nobody is asked yet: no survey answers are in the log.",
    "尚未进行调查：日志中没有客户评价。",
)
_NO_ROSTER = (
    "The log does not tell who was on duty when; it needs rosters or presence.",
    "日志未记录当班情况：需要排班或在岗数据。",
)
_NO_VISITS = ("The log holds no visits to the customer.", "日志中没有上门服务记录。")
_NO_BOT = ("No bot talks to customers here yet.", "尚无机器人与客户对话。")

_NOT_IN_THE_LOG = (
    _missing(
        "csat",
        ("Customer satisfaction (CSAT)", "客户满意度（CSAT）"),
        (
            "Answers 4 or 5 of 5 / answers; shown with the response rate.",
            "4 或 5 分的评价 / 评价数；同时显示回收率。",
        ),
        _NO_SURVEY,
    ),
    _missing(
        "nps",
        ("Net promoter score", "净推荐值（NPS）"),
        ("Share of 9-10 minus share of 0-6.", "9–10 分占比减去 0–6 分占比。"),
        _NO_SURVEY,
    ),
    _missing(
        "ces",
        ("Customer effort", "客户费力度（CES）"),
        ("Share of 5 or more of 7 ('it was easy').", "7 分制中 5 分及以上（“很容易”）的占比。"),
        _NO_SURVEY,
    ),
    _missing(
        "abandonment",
        ("Abandonment", "放弃率"),
        (
            "Contacts given up after more than 10 s / contacts offered.",
            "等待超过 10 秒后放弃的来访 / 全部来访。",
        ),
        (
            "The log holds no calls or chats that were given up before a case began.",
            "日志中没有在建单前放弃的来电或会话。",
        ),
        direction=Direction.LOWER,
        cohort=Cohort.OPENED,
    ),
    _missing(
        "occupancy",
        ("Occupancy", "占用率"),
        (
            "Handle time / (handle time + time available); per group and interval.",
            "处理时长 /（处理时长 + 可用时长）；按班组与时段。",
        ),
        _NO_ROSTER,
        guard="first_contact_resolution",
    ),
    _missing(
        "utilisation",
        ("Utilisation", "利用率"),
        ("Handle time / paid time; per day.", "处理时长 / 计薪时长；按日。"),
        _NO_ROSTER,
    ),
    _missing(
        "complaint_rate",
        ("Complaints per 1000 contacts", "每千次来访投诉数"),
        ("Complaints / contacts x 1000.", "投诉数 / 来访数 × 1000。"),
        (
            "Definitions do not say yet which processes are complaints.",
            "流程定义尚未标明哪些属于投诉。",
        ),
        direction=Direction.LOWER,
    ),
    _missing(
        "bot_resolution",
        ("Resolved by a bot", "机器人解决率"),
        (
            f"Sessions ended in the bot without a repeat within {GRACE_DAYS} days / sessions.",
            f"由机器人结束且 {GRACE_DAYS} 天内未再来访的会话 / 会话数。",
        ),
        _NO_BOT,
        guard="first_contact_resolution",
    ),
    _missing(
        "first_time_fix",
        ("First-time fix", "一次修复率"),
        (
            f"Visits without another one within {GRACE_DAYS} days / visits; parts missing apart.",
            f"{GRACE_DAYS} 天内无需再次上门的服务 / 上门服务；缺件原因单列。",
        ),
        _NO_VISITS,
    ),
    _missing(
        "time_to_site",
        ("Time to site", "到场时长"),
        ("From assignment to arrival.", "从派单到到达现场。"),
        _NO_VISITS,
        aggregate=Aggregate.SPREAD,
        direction=Direction.LOWER,
    ),
)

CATALOGUE: dict[str, Kpi] = {
    kpi.id: kpi for kpi in (*_TIMES, *_OUTCOMES, *_BACKLOG, *_COSTS, *_NOT_IN_THE_LOG)
}
