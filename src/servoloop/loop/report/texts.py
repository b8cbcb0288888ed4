"""Every text of the report, in English and in Chinese.

Longer than a module should be: it is one list, and a translator wants it in one place.
"""

from servoloop.loop.report.finding_texts import FINDING_TEXTS
from servoloop.loop.report.value_texts import VALUE_TEXTS
from servoloop.loop.report.words import Value, Words, fill

TEXTS: dict[str, tuple[str, str]] = FINDING_TEXTS | VALUE_TEXTS | {
    # frame
    "title": ("How {name} really runs", "{name} 的实际运行情况"),
    "period": ("{first} to {last} ({zone})", "{first} 至 {last}（{zone}）"),
    "language": ("中文", "English"),
    "theme": ("Light / dark", "浅色 / 深色"),
    "print": ("Print", "打印"),
    "csv": ("CSV", "CSV"),
    "svg": ("SVG", "SVG"),
    "png": ("PNG", "PNG"),
    "save_table": ("Save this table as CSV", "将此表存为 CSV"),
    "table_behind": ("The table behind it", "查看数据表"),
    "made_by": (
        "Made by Servoloop from {name}. This page works offline and sends nothing anywhere.",
        "由 Servoloop 根据 {name} 生成。本页可离线使用，不会向外发送任何数据。",
    ),
    # headline
    "cases": ("Cases", "案例"),
    "events": ("Events", "事件"),
    "activities": ("Activities", "活动"),
    "variants": ("Variants", "变体"),
    "resources": ("Resources", "资源"),
    "median_cycle": ("Median cycle time", "周期时间中位数"),
    "p90_is": ("one case in ten takes longer than {p90}", "每十个案例有一个超过 {p90}"),
    "rework_share": ("Cases with rework", "有返工的案例"),
    "rework_is": ("{events} repeated events", "重复事件 {events} 个"),
    "per_case": ("{mean} events per case", "平均每案例 {mean} 个事件"),
    "n_activities": ("{n} activities", "{n} 种活动"),
    "people": ("people or systems named", "日志中的人员或系统"),
    "coverage_is": ("the top 10 hold {share} of the cases", "前 10 个占全部案例的 {share}"),
    "no_resources": ("none named in the log", "日志中未记录"),
    # quality
    "quality": ("Data quality", "数据质量"),
    "quality_all": (
        "All {n} rows were read; nothing was dropped",
        "{n} 行全部读入，没有丢弃任何数据",
    ),
    "quality_some": (
        "{k} of {n} rows could not be read; they are listed here",
        "{n} 行中有 {k} 行无法读入，逐行列在下面",
    ),
    "quality_cleaned": (
        "All rows were read; cleaning by choice left {k} of {n} events",
        "所有行均已读入；按所选步骤清洗后，{n} 个事件中保留 {k} 个",
    ),
    "examined": (
        "The log is too large to hold: the map, variants, times, rework, handovers and arrivals "
        "are of all events; everything else is of {events} events of {cases} cases",
        "日志过大，无法整体载入：流程图、变体、时长、返工、交接与到达统计基于全部事件；"
        "其余各项基于其中 {cases} 个案例的 {events} 个事件",
    ),
    "cleaning": ("Cleaning, in this order", "清洗步骤（按执行顺序）"),
    "clean_events": ("Events", "事件"),
    "clean_cases": ("Cases", "案例"),
    "clean_changed": ("Changed", "改动"),
    "clean_merge-names": (
        "Merge activity names that differ only in case or blanks",
        "合并仅大小写或空格不同的活动名称",
    ),
    "clean_drop-implausible-times": (
        "Drop events before 1990 or after 2100", "删除 1990 年之前或 2100 年之后的事件",
    ),
    "clean_drop-duplicates": (
        "Drop events equal to another in every column", "删除各列完全相同的重复事件",
    ),
    "clean_only-complete": (
        "Keep only the lifecycle step 'complete'", "只保留生命周期为 complete 的事件",
    ),
    "clean_forget-impossible-starts": (
        "Forget starts that lie after their end", "忽略晚于结束时间的开始时间",
    ),
    "clean_drop-cut-cases": (
        "Drop cases cut by the beginning or the end of the log",
        "删除被日志起止边界截断的案例",
    ),
    "clean_by_choice": (
        "These steps were chosen by hand. The checks above are of the log before them; all other "
        "figures of this report are after them.",
        "以上步骤均由人工选定。上面的检查针对清洗之前的日志，报告中的其他数字均为清洗之后的结果。",
    ),
    "clean_nothing": (
        "Nothing was cleaned. Each of these steps would touch something:",
        "未做任何清洗。以下步骤会影响部分数据：",
    ),
    "clean_would": (
        "{events} events of {cases} cases", "涉及 {cases} 个案例的 {events} 个事件",
    ),
    "quality_live": ("Read from our own event log", "数据来自本系统的事件日志"),
    "check": ("Check", "检查项"),
    "result": ("Result", "结果"),
    "verdict": ("Verdict", "结论"),
    "meaning": ("What it means", "含义"),
    "q_refused": ("Rows that could not be read", "无法读入的行"),
    "q_refused_why": ("Not part of any number below.", "未计入下面的任何数字。"),
    "q_equal": ("Events at the same moment as the one before", "与前一事件时间相同的事件"),
    "q_equal_why": (
        "Their order is that of the file; the clock cannot confirm it.",
        "这些事件按文件中的先后排序，时间戳无法证实其顺序。",
    ),
    "q_duplicates": ("Identical events", "完全相同的事件"),
    "q_duplicates_why": (
        "Same case, activity, moment and person; kept and counted.",
        "案例、活动、时间和人员都相同；仍保留并计数。",
    ),
    "q_order": ("Events before their predecessor in the file", "在文件中位置靠后但时间更早的事件"),
    "q_order_why": (
        "The file is not in time order; events were sorted by time.",
        "文件未按时间排列；已按时间重新排序。",
    ),
    "q_years": ("Events before 1990 or after 2100", "1990 年之前或 2100 年之后的事件"),
    "q_years_why": (
        "Usually a default value; waits around them are not credible.",
        "多为系统默认值，其前后的等待时间不可信。",
    ),
    "q_ends": ("Events that end before they start", "结束早于开始的事件"),
    "q_ends_why": (
        "Counted with no waiting or work time below zero.", "计算时等待与处理时间不低于零。",
    ),
    "q_opening": (
        "Events before the activity that opens their case",
        "早于案例开启活动的事件",
    ),
    "q_opening_why": (
        "An impossible order, or a clock that is wrong: that activity comes first in 95 % of its "
        "cases.",
        "顺序不合理或时钟有误：该活动在 95% 的相关案例中排在首位。",
    ),
    "q_cut": ("Cases begun before the log", "在日志开始之前已开始的案例"),
    "q_cut_why": (
        "They begin near its beginning in the midst of things; their times are too short.",
        "它们在日志开头附近从中途开始，所用时间被低估。",
    ),
    "q_open": ("Cases still open at its end", "日志结束时尚未完成的案例"),
    "q_open_why": (
        "They end near its end with an activity after which others go on.",
        "它们在日志末尾附近停在通常还有后续的活动上。",
    ),
    "q_resource": ("Events without a resource", "没有资源的事件"),
    "q_resource_why": (
        "Often automatic steps; left out of figures about people.",
        "多为自动步骤；不计入与人员有关的数字。",
    ),
    "q_empty": ("Cases without events", "没有事件的案例"),
    "q_empty_why": ("Not counted as cases.", "不计为案例。"),
    "q_zone": ("Timestamps without a zone", "没有时区的时间戳"),
    "q_zone_why": ("Read as wall-clock time in {zone}.", "按 {zone} 当地时间读取。"),
    "good": ("good", "良好"),
    "look": ("look", "留意"),
    "how_read": ("How the file was read", "文件的读取方式"),
    "encoding": ("Encoding", "编码"),
    "delimiter": ("Delimiter", "分隔符"),
    "format": ("Format", "格式"),
    "date_formats": ("Date formats", "日期格式"),
    "role": ("Role", "角色"),
    "column": ("Column", "列"),
    "chosen_by": ("Chosen", "选择依据"),
    "others": ("Would also fit", "其他候选"),
    "role_case": ("case", "案例"),
    "role_activity": ("activity", "活动"),
    "role_timestamp": ("timestamp", "时间戳"),
    "role_start": ("start", "开始时间"),
    "role_resource": ("resource", "资源"),
    "role_team": ("team", "团队"),
    "role_lifecycle": ("lifecycle", "生命周期"),
    "role_attribute": ("attribute", "属性"),
    "role_left_out": ("left out", "不读入"),
    "by_given": ("by you", "由您指定"),
    "by_standard": ("standard key", "标准键"),
    "by_name": ("guessed by its name", "按列名推断"),
    "by_content": ("guessed by its content", "按内容推断"),
    "line": ("Line", "行号"),
    "reason": ("Reason", "原因"),
    "first_refusals": ("Rows that could not be read: the first {n}", "无法读入的行：前 {n} 行"),
    "lifecycles": ("Lifecycle steps in the log", "日志中的生命周期步骤"),
    "lifecycles_why": (
        "Unless joined (--join), each is an event of its own in the map and the variants.",
        "除非合并（--join），流程图与变体中每一步都是独立事件。",
    ),
    "note_doubled_column": (
        "Two columns are called '{column}'; the second was renamed.",
        "有两列同名“{column}”，后一列已改名。",
    ),
    "note_nested_column": (
        "Column '{column}' holds nested values and was left out.",
        "列“{column}”含有嵌套值，未读入。",
    ),
    "note_one_event_per_case": (
        "Each of the {cases} cases has a single event: this is a list of cases, not their history. "
        "An export with a row for each change tells more.",
        "全部 {cases} 个案例都只有一个事件：这是案例清单，而非其历史。"
        "若能导出每次变更一行的数据，可得到更多结论。",
    ),
    "note_unnamed_traces": (
        "{traces} traces have no name and were numbered.", "{traces} 条轨迹没有名称，已编号。",
    ),
    "note_repeated_traces": (
        "{traces} traces repeat the name of another and were joined with it.",
        "{traces} 条轨迹与其他轨迹同名，已合并。",
    ),
    "note_day_or_month_first": (
        "Dates read both day-first and month-first; {format} was taken. Say otherwise with "
        "--timestamp-format.",
        "日期既可按“日/月”也可按“月/日”读取；采用了 {format}。可用 --timestamp-format 指定。",
    ),
    "note_object_type_chosen": (
        "Object-centric log (OCEL {version}): the cases are the objects of type '{type}', which "
        "has the most events per object. Others: {others}. Choose with --object-type.",
        "对象中心日志（OCEL {version}）：案例取类型“{type}”的对象，其每个对象的事件最多。其他类型："
        "{others}。可用 --object-type 选择。",
    ),
    "note_object_type_given": (
        "Object-centric log (OCEL {version}): the cases are the objects of type '{type}'. "
        "Others: {others}.",
        "对象中心日志（OCEL {version}）：案例取类型“{type}”的对象。其他类型：{others}。",
    ),
    "note_events_without_object": (
        "{events} events concern no object of type '{type}' and were left out.",
        "{events} 个事件与类型“{type}”的对象无关，未纳入。",
    ),
    "note_events_of_several_cases": (
        "Events that concern several objects of type '{type}' stand in each of their cases: {rows} "
        "repetitions.",
        "涉及多个“{type}”对象的事件在各案例中分别出现：重复 {rows} 次。",
    ),
    "note_sheet_chosen": (
        "Of several sheets '{sheet}' was read; the others: {others}.",
        "工作簿有多张表，读取了“{sheet}”；其他：{others}。",
    ),
    "note_desk_export": (
        "An export of {desk}: the history of its tickets was turned into events.",
        "{desk} 的导出文件：工单历史已转换为事件。",
    ),
    "note_desk_mapped": (
        "{events} events '{activity}' from '{source}'.",
        "{events} 个“{activity}”事件，取自“{source}”。",
    ),
    "note_desk_described": (
        "First values that describe the case: {fields}.",
        "描述案例的首个取值：{fields}。",
    ),
    "note_desk_ignored": (
        "{updates} updates changed neither status nor assignment and are no events.",
        "{updates} 次更新未改变状态或指派，不作为事件。",
    ),
    "note_naive_and_zoned": (
        "{naive} timestamps carry no offset from UTC and {zoned} do: check that they mean the "
        "same clock.",
        "{naive} 个时间戳不带 UTC 偏移，{zoned} 个带偏移：请核对二者含义一致。",
    ),
    "note_several_zones": (
        "Timestamps of several zones: {offsets}. All were put on one clock.",
        "时间戳来自多个时区：{offsets}。已统一到同一时钟。",
    ),
    "note_skipped_hour": (
        "{rows} timestamps name an hour that the change to summer time skipped.",
        "{rows} 个时间戳落在夏令时跳过的一小时内。",
    ),
    # map
    "map": ("Process map", "流程图"),
    "map_title": (
        "The main path: {path}",
        "主要路径：{path}",
    ),
    "map_hint": (
        "Numbers on arrows: how often, and the median wait. Choose an arrow or a box for more.",
        "箭头上的数字：次数与等待时间中位数。点选箭头或方框查看详情。",
    ),
    "slider_activities": ("Activities", "活动"),
    "slider_paths": ("Paths", "路径"),
    "colour_by": ("Colour by", "着色依据"),
    "by_frequency": ("frequency", "频次"),
    "by_median": ("median wait", "等待中位数"),
    "by_total": ("total waiting", "总等待"),
    "honesty": ("What this picture leaves out", "这幅图省略了什么"),
    "fit": ("Fit", "适应"),
    "details": ("Details", "详情"),
    "from": ("From", "从"),
    "to": ("To", "到"),
    "transitions": ("Transitions", "转移次数"),
    "median_wait": ("Median wait", "等待中位数"),
    "p90_wait": ("90 % wait at most", "90% 等待不超过"),
    "total_wait": ("Total waiting", "总等待"),
    "share_wait": ("Share of waiting", "占总等待"),
    "start": ("Start", "开始"),
    "end": ("End", "结束"),
    "map_shares": ("Transitions kept", "保留的转移"),
    "map_edges": ("Edges drawn", "绘制的边"),
    "map_cases": ("Cases wholly on the map", "完全落在图上的案例"),
    # slowest
    "slowest": ("Where time goes", "时间去向"),
    "slowest_title": (
        "{share} of all waiting lies between '{source}' and '{target}'",
        "全部等待时间的 {share} 发生在“{source}”到“{target}”之间",
    ),
    "slowest_again": (
        "{share} of all waiting lies between one '{source}' and the next",
        "全部等待时间的 {share} 发生在连续两次“{source}”之间",
    ),
    "slowest_none": ("No waiting was measured", "没有测得等待时间"),
    "transition": ("Transition", "转移"),
    # cycle time
    "cycle": ("Cycle time", "周期时间"),
    "cycle_title": ("Half of all cases take longer than {median}", "一半案例的周期超过 {median}"),
    "cycle_bars": (
        "Cases by time from first to last event; a pale bar at the end holds all longer ones.",
        "按首末事件间隔统计的案例数；末尾的浅色柱为所有更长的案例。",
    ),
    "quantile": ("Share of cases done within", "在此时间内完成的案例比例"),
    "time": ("Time", "时间"),
    "mean": ("Mean", "平均"),
    "longest": ("Longest", "最长"),
    # variants
    "variants_title": (
        "{k} of {n} variants cover {share} of the cases",
        "{n} 个变体中，{k} 个即覆盖 {share} 的案例",
    ),
    "variants_single": ("Every case follows the same path", "所有案例走同一条路径"),
    "variants_scattered": (
        "No path dominates: the {k} most frequent of {n} variants cover {share} of the cases",
        "没有主导路径：{n} 个变体中最常见的 {k} 个只覆盖 {share} 的案例",
    ),
    "share": ("Share", "占比"),
    "cumulative": ("Cumulative", "累计"),
    "more_variants": (
        "{n} more variants with {cases} cases are not listed.",
        "另有 {n} 个变体（{cases} 个案例）未列出。",
    ),
    "sequence": ("Sequence", "活动序列"),
    # activities
    "activities_title": (
        "'{a}' is repeated most often: in {share} of the cases that have it",
        "“{a}”重复最多：出现它的案例中有 {share} 重复执行",
    ),
    "activities_none": ("No activity is repeated within a case", "没有活动在同一案例中重复"),
    "activity": ("Activity", "活动"),
    "case_share": ("In cases", "案例占比"),
    "first_in": ("Begins", "作为开始"),
    "last_in": ("Ends", "作为结束"),
    "repeats": ("Repeats", "重复"),
    "repeat_share": ("Cases repeating it", "重复的案例"),
    "self_loops": ("At once again", "立即重复"),
    # rework
    "rework": ("Rework", "返工"),
    "rework_title": (
        "{share} of the cases repeat an activity; their median is {with_}, the others' {without}",
        "{share} 的案例有重复活动；其周期中位数为 {with_}，其余为 {without}",
    ),
    "rework_all": (
        "Every case repeats an activity; the median case takes {with_}",
        "所有案例都有重复活动；周期中位数为 {with_}",
    ),
    "rework_none": ("No case repeats an activity", "没有案例重复活动"),
    "reopen_title": (
        "{share} of the closed cases were reopened; at median they went on for {after}",
        "已关闭案例中有 {share} 被重新打开，此后又持续了 {after}（中位数）",
    ),
    "reopen_none": (
        "No case went on after '{closing}'",
        "没有案例在“{closing}”之后继续",
    ),
    "reopen_how": (
        "Activities that usually end a case: {closing}.",
        "通常结束案例的活动：{closing}。",
    ),
    # waiting
    "waiting": ("Work and waiting", "处理与等待"),
    "waiting_title": (
        "Work takes {efficiency} of the time; most of the rest is {cause} ({share})",
        "处理时间仅占 {efficiency}；其余主要是{cause}（{share}）",
    ),
    "waiting_only_work": ("Work takes all of the time", "全部时间都在处理"),
    "waiting_unknown": (
        "The log has one time per event, so work and waiting cannot be told apart here",
        "日志中每个事件只有一个时间，无法区分处理与等待",
    ),
    "waiting_how": (
        "{events} pieces of work with start and end; the hours of {calendars} people were read "
        "from the log. The causes sum to the waiting exactly.",
        "共 {events} 件有开始与结束时间的工作；从日志中识别出 {calendars} 人的工作时间。"
        "各原因之和恰为总等待。",
    ),
    "waiting_supply": (
        "With a column for the start of the work (--start) this section splits the waiting into "
        "contention, batching, priorities, working hours and the rest.",
        "若提供工作开始时间列（--start），此处会把等待拆分为资源争用、批处理、优先级、工作时间与其他。",
    ),
    "cause": ("Cause", "原因"),
    "cause_batching": ("batching", "批处理"),
    "cause_contention": ("busy people", "资源争用"),
    "cause_prioritisation": ("other work first", "优先处理其他工作"),
    "cause_unavailability": ("outside working hours", "非工作时间"),
    "cause_extraneous": ("outside reasons", "外部原因"),
    "cause_customer": ("the customer", "等待客户"),
    "cause_unattributed": ("unknown", "未知"),
    "efficiency_without": ("Work share without it", "消除后处理占比"),
    "before_activity": ("Waiting before", "等待于…之前"),
    "before_team": ("Waiting for the team", "等待的团队"),
    "waiting_hours": (
        "Hours of waiting, by the weekday and hour in which it began",
        "按开始等待的星期与钟点统计的等待小时数",
    ),
    # handovers
    "handovers": ("Handovers", "交接"),
    "handovers_title": (
        "{share} of the steps change hands; {back} of the cases are passed back",
        "{share} 的步骤换手；{back} 的案例被退回",
    ),
    "handovers_team": (
        "Between {groups} teams; a case meets {mean} of them on average.",
        "涉及 {groups} 个团队；每个案例平均经过 {mean} 个。",
    ),
    "handovers_resource": (
        "Between {groups} people or systems, who are not named here; a case meets {mean} of them "
        "on average.",
        "涉及 {groups} 名人员或系统（此处不具名）；每个案例平均经过 {mean} 个。",
    ),
    "handovers_none": (
        "The log names neither teams nor people",
        "日志中没有团队或人员信息",
    ),
    "handovers_one": ("No step changes hands", "没有步骤换手"),
    "ping_pong": (
        "Passed back: {cases} cases went from one to another and returned, {times} times in all.",
        "退回：{cases} 个案例在交出后又回到原处，共 {times} 次。",
    ),
    # conformance
    "conformance": ("Conformance", "符合性"),
    "conform_title": (
        "{share} of the cases keep to '{name}' in every step",
        "{share} 的案例每一步都符合“{name}”",
    ),
    "conform_aligned": (
        "Fitness {fitness} by optimal alignments over {cases} cases; precision {precision} (what "
        "the definition allows and nobody does lowers it).",
        "基于最优对齐、{cases} 个案例的拟合度为 {fitness}；精确度为 {precision}"
        "（定义允许而从未发生的行为会降低它）。",
    ),
    "conform_replay": (
        "Fitness {fitness} by token replay over {cases} cases: the definition is too large to "
        "align, so a skipped step shows as out of order.",
        "基于令牌重放、{cases} 个案例的拟合度为 {fitness}：定义过大，无法对齐，"
        "因此被跳过的步骤显示为顺序不符。",
    ),
    "conform_open": (
        "{n} of the cases are not finished; they need not have reached the end.",
        "其中 {n} 个案例尚未结束，不要求已到达终点。",
    ),
    "conform_left_out": (
        "{n} cases took too long to align and are left out of the fitness.",
        "{n} 个案例对齐耗时过长，未计入拟合度。",
    ),
    "conform_only_log": ("Only in the log: {names}.", "仅出现在日志中：{names}。"),
    "conform_only_definition": ("Only in the definition: {names}.", "仅出现在定义中：{names}。"),
    "deviation": ("Deviation", "偏离"),
    "step": ("Step", "步骤"),
    "example": ("Example case", "示例案例"),
    "dev_skipped": ("skipped", "被跳过"),
    "dev_out_of_order": ("done out of order", "顺序不符"),
    "dev_extra": ("done once more than foreseen", "超出规定次数"),
    "dev_unknown": ("not in the definition", "不在定义中"),
    "conform_none": ("No case departs from the definition.", "没有案例偏离定义。"),
    "more_deviations": ("{n} more kinds are not listed.", "另有 {n} 种偏离未列出。"),
    "standard_hours": (
        "Work beyond its standard time; hours counted: {hours}.",
        "超出标准时间的处理；计时时段：{hours}。",
    ),
    "always": ("around the clock", "全天"),
    "standard_none": (
        "No step took longer than its standard time; hours counted: {hours}.",
        "没有步骤超出标准时间；计时时段：{hours}。",
    ),
    "standard_time": ("Standard", "标准时间"),
    "executions": ("Executions", "执行次数"),
    "overruns": ("Over it", "超时次数"),
    "median_work": ("Median", "中位数"),
    "p90_work": ("90 % within", "90% 不超过"),
    "excess": ("Time beyond it", "超出总时长"),
    # discovered model
    "model": ("Discovered model", "发现的模型"),
    "model_title": (
        "{share} of the cases follow this model of {steps} steps from start to end",
        "{share} 的案例自始至终遵循这个包含 {steps} 个步骤的模型",
    ),
    "model_from": (
        "Mined from the most frequent variants with {mined} of the cases; {kept} of {all} "
        "activities are in it, with {events} of the events. It has {size} elements and is sound: "
        "no case can get stuck in it.",
        "取自覆盖 {mined} 案例的最常见变体；包含 {all} 种活动中的 {kept} 种，"
        "占全部事件的 {events}。共 {size} 个元素，结构健全：案例不会卡住。",
    ),
    "model_missing": ("Not in the model: {names}.", "未包含在模型中：{names}。"),
    "model_figure": ("Figure", "指标"),
    "model_value": ("Value", "数值"),
    "model_metric": ("How it is measured", "度量方法"),
    "fitness": ("Fitness", "拟合度"),
    "fitness_alignment": (
        "optimal alignments, mean over {n} cases",
        "最优对齐，{n} 个案例的平均值",
    ),
    "fitness_replay": ("token replay over {n} cases", "令牌重放，{n} 个案例"),
    "precision": ("Precision", "精确度"),
    "precision_how": (
        "escaping edges after aligned beginnings: what the model allows and nobody does lowers it",
        "对齐前缀之后的逃逸边：模型允许而从未发生的行为会降低它",
    ),
    "f_score": ("F-score", "F 值"),
    "f_score_how": ("harmonic mean of fitness and precision", "拟合度与精确度的调和平均"),
    "save_model": ("Save as BPMN", "存为 BPMN"),
    # arrivals
    "arrivals": ("Arrivals", "到达"),
    "arrivals_title": (
        "Most cases arrive on {day} between {hour}:00 and {next}:00",
        "案例最集中的到达时段：{day} {hour}:00–{next}:00",
    ),
    "arrivals_note": (
        "First events by weekday and hour ({zone}); darker is more.",
        "首个事件按星期与小时统计（{zone}）；颜色越深越多。",
    ),
    "weekday": ("Weekday", "星期"),
    "day_0": ("Monday", "星期一"),
    "day_1": ("Tuesday", "星期二"),
    "day_2": ("Wednesday", "星期三"),
    "day_3": ("Thursday", "星期四"),
    "day_4": ("Friday", "星期五"),
    "day_5": ("Saturday", "星期六"),
    "day_6": ("Sunday", "星期日"),
    "per_month": ("Cases begun per month", "每月新案例数"),
    # definitions
    "definitions": ("How the numbers are defined", "数字的定义"),
    "def_wait": (
        "Wait: from one event of a case to the next (to its start where the log has starts). "
        "With one timestamp per event it includes the work on the second activity.",
        "等待：同一案例中相邻两个事件之间的时间（若有开始时间则到开始为止）。"
        "若每个事件只有一个时间戳，则包含后一活动的处理时间。",
    ),
    "def_cycle": (
        "Cycle time: from the first to the last event of a case, nights and weekends included.",
        "周期时间：案例首末事件之间的时间，含夜间与周末。",
    ),
    "def_variant": (
        "Variant: the exact sequence of activities of a case, ordered by time and, at equal "
        "times, by position in the file.",
        "变体：案例的活动序列，按时间排序；时间相同时按文件中的先后。",
    ),
    "def_rework": (
        "Rework: an activity that occurs more than once in a case.",
        "返工：同一案例中重复出现的活动。",
    ),
    "def_edges": (
        "Edges include the start and the end of each case.", "边包含每个案例的开始与结束。",
    ),
}  # fmt: skip


def say(key: str, **values: Value) -> Words:
    """A text of the catalogue with its values filled in, in both languages."""
    en, zh = TEXTS[key]
    return fill(Words(en=en, zh=zh), **values)
