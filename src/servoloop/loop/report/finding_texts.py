"""The texts of findings and root causes, in English and in Chinese."""

FINDING_TEXTS: dict[str, tuple[str, str]] = {
    # findings
    "findings": ("What to change first", "先改什么"),
    "findings_title": (
        "{n} findings; the first could save up to {gain} a month",
        "{n} 项发现；第一项每月最多可节省{gain}",
    ),
    "findings_title_one": (
        "One finding; it could save up to {gain} a month",
        "1 项发现；每月最多可节省{gain}",
    ),
    "findings_none": (
        "No finding: nothing in this log stands out beyond chance",
        "没有发现：此日志中没有超出偶然的异常",
    ),
    "findings_only_causes": (
        "No rule of the catalogue fires, but some kinds of cases fare worse",
        "没有规则被触发，但某些类别的案例表现更差",
    ),
    "findings_how": (
        "Ranked by expected gain in hours a month, of customers' waiting or of work as it says; "
        "intervals are for 95 %. Gains overlap, so do not add them up; "
        "each is what the log suggests, and a pilot decides. People are never named.",
        "按每月预期收益（客户等待时间或工时，各项已注明）排序；区间为 95 %。"
        "各项收益相互重叠，不可相加；日志只能提示，需由试点验证。"
        "不涉及任何个人。",
    ),
    "findings_looked": (
        "The {n} rules that this log can tell were tried; each fires only beyond chance (5 % for "
        "all of them together) and beyond its bar.",
        "已检验此日志可判断的 {n} 条规则；仅当超出偶然（全部规则合计 5 %）且超过门槛时才会触发。",
    ),
    "see_causes": ("See the root causes below.", "请看下方的根本原因。"),
    "redesign": ("Change to try", "建议的改变"),
    "change_of_definition": ("In the definition “{definition}”", "对流程定义“{definition}”的改动"),
    "more_changes": ("and {n} more", "另有 {n} 处"),
    "change_checked": (
        "Checked: it can be executed, and every case can end. Simulate and pilot it first.",
        "已检查：可执行，且每个案例都能走到结束。采用前请先仿真与试点。",
    ),
    "save_change": ("Save the changed process (BPMN)", "保存修改后的流程（BPMN）"),
    "no_change": ("No change of the definition:", "不涉及流程定义改动："),
    "effect": ("Effect per affected case", "对每个受影响案例的影响"),
    "affected": ("Affected cases", "受影响案例"),
    "n_of": ("{cases} of {n} ({share})", "{cases} / {n}（{share}）"),
    "n_named": ("{n} of them are listed", "其中列出 {n} 个"),
    "gain": ("Expected gain", "预期收益"),
    "gain_is": ("up to {gain} a month", "每月最多{gain}"),
    "gain_none": ("contacts that need not come; no hours", "减少不必要的来访，不以时间计"),
    "effect_none": ("not slower than the others", "不比其他案例慢"),
    "gain_waiting": ("{gain} of customers' waiting", "客户等待时间 {gain}"),
    "gain_work": ("{gain} of work", "工时 {gain}"),
    "compared_none": (
        "Confounders: none possible, the hours are measured on the cases themselves.",
        "混杂检验：不适用，时间直接在案例上测得，未作比较。",
    ),
    "compared_by": (
        "Confounders: the effect stays when like is compared with like by {names}.",
        "混杂检验：按{names}同类比较后，影响依然存在。",
    ),
    "compared_alarm": (
        "Confounders: see the caution; compared by {names}.",
        "混杂检验：见注意事项；比较维度为{names}。",
    ),
    "guard": ("Watch with it", "同时关注"),
    "caution": ("Caution", "注意"),
    "interval": ("{value} ({low} to {high})", "{value}（{low} 至 {high}）"),
    "figure_is": ("{name} {value}", "{name}：{value}"),
    "figure_bar": ("{name} {value} (bar {bar})", "{name}：{value}（门槛 {bar}）"),
    "evidence": ("Evidence", "证据"),
    "examples": ("The slowest of the affected cases", "受影响案例中最慢的"),
    "more_findings": ("{n} more findings", "另外 {n} 项发现"),
    "untold": ("{n} of the 20 rules were not asked", "20 条规则中有 {n} 条未检验"),
    # figures of the evidence
    "ev_share": ("Share", "占比"),
    "ev_mean_changes": ("Changes of hands per case", "每案例平均转手次数"),
    "ev_cases_with": ("Cases with this step", "包含此步骤的案例"),
    "ev_one_order": ("Cases in one order", "一种顺序的案例"),
    "ev_other_order": ("Cases in the other order", "相反顺序的案例"),
    "ev_approvals": ("Approvals", "审批次数"),
    "ev_steps_before": ("Steps before the refusal", "拒绝前的步骤数"),
    "ev_steps_of_others": ("Steps of the other cases", "其他案例的步骤数"),
    "ev_cases_on_it": ("Cases on this path", "走此路径的案例"),
    "ev_main_mean_hours": ("Mean time on the main path", "主要路径的平均时间"),
    "ev_path_share": ("Share on the same path", "走同一路径的占比"),
    "ev_usual_share": ("The same, all cases", "全部案例中的同一占比"),
    "ev_share_of_others": ("Share among the others", "其他案例中的占比"),
    "ev_p": ("p, adjusted", "校正后的 p 值"),
    "ev_batches": ("Batches", "批次数"),
    "ev_contention_share": ("Waiting for busy people", "因人手被占用的等待"),
    "ev_quarter_share": ("Of it, in the busiest quarter of the hours", "其中在最忙四分之一时段"),
    "ev_work_share": ("Work in the same hours", "同一时段的工作量"),
    "ev_bimodality": ("Bimodality (Sarle)", "双峰系数（Sarle）"),
    "ev_ratio": ("Long against short work", "长短处理时长之比"),
    "ev_smaller_share": ("Share of the rarer kind", "较少一类的占比"),
    "ev_escalations": ("Escalations", "升级次数"),
    "ev_limit": ("Always yes up to this amount", "不超过此金额时一律通过"),
    "ev_gap": ("Difference in utilisation", "利用率之差"),
    "ev_free_share": ("Queueing that met free people", "排队时另一班组有人空闲的占比"),
    "ev_cases_asked": ("Cases with a question to the customer", "向客户索要过信息的案例"),
    "ev_same_share": ("Same value in the other system", "另一系统中录入相同值的占比"),
    "ev_entries": ("Repeated entries", "重复录入次数"),
    "ev_cases_visited": ("Cases with a visit", "有上门的案例"),
    "ev_shifts": ("Shifts", "班次数"),
    "ev_share_batching": ("Waiting for batches", "因批处理等待"),
    "ev_share_contention": ("Waiting for busy people", "因资源争用等待"),
    "ev_share_prioritisation": ("Waiting for other work first", "因优先处理其他工作等待"),
    "ev_share_unavailability": ("Waiting outside working hours", "因非工作时间等待"),
    "ev_share_extraneous": ("Waiting for outside reasons", "因外部原因等待"),
    "ev_share_customer": ("Waiting for the customer", "因客户等待"),
    "ev_share_unattributed": ("Waiting unexplained", "未知原因的等待"),
    # late answers to escalations
    "late_how": (
        "Escalations that a level did not answer in its time; silence past the deadline counts, "
        "also while the question is open.",
        "某级未在时限内答复的升级；逾期未答（包括尚未结束的）也计入。",
    ),
    "late_none": (
        "Every level answered its escalations in time.",
        "各级均在时限内答复了升级。",
    ),
    "level": ("Level", "级别"),
    "role": ("Role", "角色"),
    "asked": ("Asked", "被问次数"),
    "answered_late": ("Answered late", "答复超时"),
    # root causes
    "root_causes": ("Root causes", "根本原因"),
    "cause_slow_title": (
        "Cases with {kind} take {effect} longer than the others",
        "{kind} 的案例比其他案例长 {effect}",
    ),
    "cause_reopened_title": (
        "Cases with {kind} are reopened more often: {inside}, the others {outside}",
        "{kind} 的案例更常被重新打开：{inside}，其他为 {outside}",
    ),
    "cause_late_first_response_title": (
        "Cases with {kind} get their first response late more often: {inside}, the others "
        "{outside}",
        "{kind} 的案例首次响应更常超时：{inside}，其他为 {outside}",
    ),
    "cause_late_resolution_title": (
        "Cases with {kind} are resolved late more often: {inside}, the others {outside}",
        "{kind} 的案例解决更常超时：{inside}，其他为 {outside}",
    ),
    "cause_slow_none": (
        "No kind of case takes longer than the others beyond chance",
        "没有哪类案例的时长超出偶然地长于其他案例",
    ),
    "cause_reopened_none": (
        "No kind of case is reopened more often beyond chance",
        "没有哪类案例被重新打开的比例超出偶然",
    ),
    "cause_late_first_response_none": (
        "No kind of case gets its first response late more often beyond chance",
        "没有哪类案例首次响应超时的比例超出偶然",
    ),
    "cause_late_resolution_none": (
        "No kind of case is resolved late more often beyond chance",
        "没有哪类案例解决超时的比例超出偶然",
    ),
    "causes_how": (
        "Kinds may overlap; the intervals hold for all of them together (95 %). This is "
        "association, not proof.",
        "类别可能重叠；区间对所有类别同时成立（95 %）。这是关联，并非因果证明。",
    ),
    "causes_n": ("{n} cases, {tried} kinds compared.", "共 {n} 个案例，比较了 {tried} 个类别。"),
    "causes_too_few": (
        "{n} cases are too few, or too alike, to compare kinds of them.",
        "{n} 个案例过少或过于相似，无法按类别比较。",
    ),
    "kind": ("Kind of case", "案例类别"),
    "kind_is": ("{attribute} = {value}", "{attribute} = {value} "),
    "kind_both": ("{one} and {other}", "{one}且 {other}"),
    "mean_inside": ("Their mean", "此类平均"),
    "mean_outside": ("Mean of the others", "其他平均"),
    "difference": ("Difference (interval)", "差异（区间）"),
    "in_all": ("Excess in all", "合计多出"),
    "points": ("{n} points", "{n} 个百分点"),
    "in_all_cases": ("{n} cases", "{n} 个案例"),
    "alarm_explained": (
        "mostly explained by {attribute}: {effect} left among alike cases",
        "主要由{attribute}解释：同类比较后只剩 {effect}",
    ),
    "alarm_reversed": (
        "turns round by {attribute}: {effect} among alike cases",
        "按{attribute}分组后反转：同类比较为 {effect}",
    ),
    "is_attribute": ("'{name}'", "“{name}”"),
    "attr_team": ("first team", "首个团队"),
    "attr_weekday": ("weekday of the beginning", "开始的星期"),
    "attr_daypart": ("hour of the beginning", "开始的时段"),
    "attr_steps": ("number of steps", "步骤数"),
    "attr_process": ("process", "流程"),
    "attr_channel": ("channel", "渠道"),
}  # fmt: skip
