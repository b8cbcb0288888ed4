"""The finding catalogue: twenty rules and what each proposes. One table, so it is long."""

from servoloop.kernel.mining.findings.finding import Rule
from servoloop.kernel.process.words import Words


def words(en: str, zh: str) -> Words:
    """A text in both languages."""
    return Words(default=en, translations={"en": en, "zh": zh})


def _rule(
    number: int,
    id_: str,
    name: tuple[str, str],
    redesign: tuple[str, str],
    guard: str,
    **thresholds: float,
) -> Rule:
    return Rule(
        number=number,
        id=id_,
        version=1,
        name=words(*name),
        thresholds=thresholds,
        redesign=words(*redesign),
        guard=guard,
    )


TRANSFERS = _rule(
    1,
    "transfers",
    ("Cases change hands too often", "案例转手过多"),
    (
        "One owner from first contact to the end; mend the routing where work is thrown back.",
        "首问责任到底；修正来回退单的分派规则。",
    ),
    "first_contact_resolution",
    changes=2,
    share=0.10,
)
WAITING = _rule(
    2,
    "waiting",
    ("Waiting outweighs work", "等待远多于处理"),
    (
        "Attack the main cause of waiting: flexible assignment for contention, cover for closed "
        "hours, work in order instead of batches.",
        "针对主要等待原因：争用则灵活分派，无人当班则补班，批处理改为逐单处理。",
    ),
    "reopen",
    share=0.80,
)
PEAKS = _rule(
    3,
    "peaks",
    ("Queues build at a few hours of the week", "排队集中在少数时段"),
    (
        "Restagger shifts to these hours; offer a call-back at the peak.",
        "按高峰错峰排班；高峰期提供回拨。",
    ),
    "first_response",
    contention_share=0.30,
    quarter_share=0.40,
    times_work=1.5,
    weeks=8,
)
APPROVALS = _rule(
    5,
    "approvals",
    ("An approval that nearly always says yes", "几乎总是通过的审批"),
    (
        "Empower below a limit and audit a sample; drop the gateway for these cases.",
        "限额以下授权免审并抽查；对此类案例取消该审批。",
    ),
    "reopen",
    share=0.98,
)
LATE_REJECTS = _rule(
    6,
    "late_rejects",
    ("Cases are refused late", "拒绝来得太晚"),
    (
        "Put the check that refuses most for the least work first.",
        "把淘汰率高、成本低的检查提前。",
    ),
    "reopen",
    share=0.10,
    steps_before=0.60,
)
ANY_ORDER = _rule(
    7,
    "any_order",
    ("Steps in any order are done one after the other", "可并行的步骤在串行执行"),
    (
        "Do both at the same time, if neither needs the other's result.",
        "若互不依赖对方结果，则并行执行。",
    ),
    "handle_time",
    balance=0.30,
    share=0.05,
)
LOOPS = _rule(
    9,
    "loops",
    ("Cases go back to a step", "案例反复回到同一步骤"),
    (
        "An intake checklist by topic, so that the step has all it needs the first time.",
        "按主题设置受理清单，让该步骤一次拿全信息。",
    ),
    "first_response",
    share=0.20,
)
SCRIPTED = _rule(
    10,
    "scripted",
    ("A kind of case always takes the same path", "某类案例总走同一路径"),
    (
        "Self-service or a bot for this kind, with a way to a person.",
        "对此类提供自助或机器人办理，并保留转人工通道。",
    ),
    "first_contact_resolution",
    cases_share=0.15,
    path_share=0.80,
    times_usual=1.25,
)
MIXED_QUEUE = _rule(
    12,
    "mixed_queue",
    ("Easy and hard work share a queue", "简单与复杂案例混排"),
    (
        "Triage at the beginning and a fast lane for the easy ones.",
        "前置分级，简单案例走快速通道。",
    ),
    "service_level.resolution",
    bimodality=0.60,
    ratio=4,
    smaller_share=0.10,
)
BATCHES = _rule(
    13,
    "batches",
    ("Work is released in batches", "工作成批释放"),
    ("Work on each case when it is ready.", "案例就绪即处理，不攒批。"),
    "handle_time",
    share=0.10,
)
REOPENS = _rule(
    14,
    "reopens",
    ("Reopened cases cluster", "重开集中于某类案例"),
    (
        "A knowledge article and a closing checklist for this kind; sample its closings.",
        "为此类补充知识文章与关闭清单；抽检其关闭质量。",
    ),
    "resolution",
    share=0.02,
    times=1.5,
    most=5,
)
UNANSWERED = _rule(
    15,
    "unanswered",
    ("Escalations are not answered in time", "升级未按时答复"),
    (
        "Move to the next level by itself at the deadline, and name a deputy for each level.",
        "到期自动升级至下一级，并为每级指定代理人。",
    ),
    "escalation",
    share=0.20,
)
WEEKENDS = _rule(
    16,
    "weekends",
    ("Cases that begin before the weekend age over it", "周末前开启的案例被搁置"),
    ("Cover or stand-by on the weekend for what cannot wait.", "对紧急事项安排周末值班或待命。"),
    "handle_time",
    hours=12,
)
STATUS_QUESTIONS = _rule(
    19,
    "status_questions",
    ("Customers ask where their matter stands", "客户反复询问进度"),
    ("Tell them before they ask: a notice at each step.", "主动告知：每个步骤发送进度通知。"),
    "first_contact_resolution",
    share=0.10,
)
BETTER_VARIANT = _rule(
    20,
    "better_variant",
    ("An unusual path does better", "少数路径表现更好"),
    (
        "Try this path as the standard on part of the cases.",
        "在部分案例上试行将此路径作为标准。",
    ),
    "reopen",
    faster=0.20,
    cases_share=0.02,
    most=3,
)

IDLE_SKILL = _rule(
    4,
    "idle_skill",
    ("A team sits idle beside a long queue", "长队旁有班组闲置"),
    (
        "Teach the idle team a second skill: two skills each, in a chain, give most of what a full "
        "pool would.",
        "让闲置班组掌握第二技能：每人两项、首尾相接，即可获得大部分共享池的效果。",
    ),
    "first_contact_resolution",
    gap=0.30,
    contention_share=0.10,
    half_free=0.5,
    weeks=8,
)
SAME_QUESTION = _rule(
    8,
    "same_question",
    ("The customer is asked the same twice", "向客户重复索要同一信息"),
    (
        "One complete form at intake, with what is known filled in already.",
        "受理时一次填全的表单，已知内容自动带出。",
    ),
    "first_response",
    share=0.05,
)
COPY_PASTE = _rule(
    11,
    "copy_paste",
    ("The same is typed into another system", "同一内容在系统间重复录入"),
    (
        "Let the systems pass it on (an interface, else a robot), with a person for exceptions.",
        "由系统接口（或流程机器人）自动传递，例外交人处理。",
    ),
    "reopen",
    minutes=2,
    excess=0.30,
)
REVISITS = _rule(
    17,
    "revisits",
    ("A second visit because a part was missing", "因缺件再次上门"),
    (
        "Ask for model and fault before the visit, predict the part, and keep it in the van.",
        "上门前问清型号与故障，预判备件并随车携带。",
    ),
    "handle_time",
    share=0.05,
)
TRAVEL = _rule(
    18,
    "travel",
    ("Travel takes too much of the shift", "路程占用班次过多"),
    (
        "Territories near to where the engineers live, and a planner that bundles visits.",
        "按工程师驻地划分片区，并由排程器合并就近上门。",
    ),
    "service_level.resolution",
    share=0.30,
)

RULES = (
    TRANSFERS,
    WAITING,
    PEAKS,
    IDLE_SKILL,
    APPROVALS,
    LATE_REJECTS,
    ANY_ORDER,
    SAME_QUESTION,
    LOOPS,
    SCRIPTED,
    COPY_PASTE,
    MIXED_QUEUE,
    BATCHES,
    REOPENS,
    UNANSWERED,
    WEEKENDS,
    REVISITS,
    TRAVEL,
    STATUS_QUESTIONS,
    BETTER_VARIANT,
)
