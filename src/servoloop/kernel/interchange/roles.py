"""Which column is the case, the activity, the moment …: said by the user, else guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read_report import (
    REQUIRED,
    ROLES,
    GuessedBy,
    Role,
    RoleChoice,
)
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.interchange.timestamps import share_of_moments

STANDARD: dict[Role, str] = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "timestamp": "time:timestamp",
    "start": "start_timestamp",
    "resource": "org:resource",
    "team": "org:group",
    "lifecycle": "lifecycle:transition",
}

# Names as exports of desks and miners write them, best first; compared without case, blanks and
# punctuation.
NAMES: dict[Role, tuple[str, ...]] = {
    "case": (
        "case id", "caseid", "case", "case number", "case key", "trace id", "ticket id", "ticket",
        "ticket number", "ticket no", "incident id", "incident", "incident number", "request id",
        "request", "issue key", "issue id", "conversation id", "process instance", "order id",
        "order", "call id", "session id", "工单号", "工单编号", "工单id", "案例编号", "案例",
        "案件编号", "流程实例", "会话id", "会话编号", "单号", "订单号", "编号", "number", "id",
    ),
    "activity": (
        "activity", "activity name", "activityname", "activity id", "event", "event name",
        "event type", "task", "task name", "action", "operation", "step", "stage", "status",
        "state", "incident state", "case status", "ticket status", "new status",
        "to status", "活动", "活动名称", "环节", "步骤", "操作", "事件",
        "任务", "节点", "动作", "状态",
    ),
    "timestamp": (
        "timestamp", "complete timestamp", "completetimestamp", "completion time", "end timestamp",
        "end time", "endtime", "end date", "end", "finish time", "completed at", "complete time",
        "event time", "eventtime", "event timestamp", "datetime", "date time", "time", "date",
        "changed at", "changed on", "sys updated at", "sys updated on", "updated at",
        "created at", "created", "opened at", "时间戳", "完成时间",
        "结束时间", "时间", "发生时间", "操作时间", "日期", "start timestamp", "start time",
        "start", "创建时间",
    ),
    "start": (
        "start timestamp", "starttimestamp", "start time", "starttime", "start date", "start",
        "begin", "begin time", "started at", "开始时间", "起始时间",
    ),
    "resource": (
        "resource", "resource name", "resource id", "user", "user name", "username", "agent",
        "agent name", "assignee", "assigned to", "actor", "performer", "employee", "operator",
        "owner", "originator", "server", "处理人", "人员", "客服", "坐席", "操作人", "经办人",
        "负责人", "资源", "执行人",
    ),
    "team": (
        "team", "group", "support group", "assignment group", "workgroup", "department", "queue",
        "org group", "unit", "support section", "团队", "部门", "组", "小组", "技能组", "班组",
    ),
    "lifecycle": (
        "lifecycle", "lifecycle transition", "transition", "event lifecycle", "生命周期",
    ),
}  # fmt: skip
SAMPLE_ROWS = 1000

OF_CASE = "case:"
"""Columns with this prefix describe the case, not the event (as XES readers flatten them)."""
SEQUENCE = "servoloop:sequence"
"""A column of ours that numbers the events of a log, for engines that keep no order of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The choice for each role that the log has."""

    chosen: tuple[RoleChoice, ...]

    def columns(self, role: Role) -> tuple[str, ...]:
        """The columns of a role; empty when the log has none."""
        return next((choice.columns for choice in self.chosen if choice.role == role), ())

    def all_columns(self) -> set[str]:
        """Every column that plays a role."""
        return {column for choice in self.chosen for column in choice.columns}


def choose_roles(sample: pl.DataFrame, options: ReadOptions, *, name: str) -> Roles:
    """Choose by what the user gave, then the standard XES key, then the name, then the content.

    `sample` holds the first rows as text. Raises UnreadableLog when a given column does not exist
    or when case, activity or timestamp cannot be told.
    """
    roles = told_roles(sample, options, name=name)
    missing = [role for role in REQUIRED if not roles.columns(role)]
    if missing:
        raise UnreadableLog(_cannot_tell(missing, sample.columns, name))
    return roles


def told_roles(sample: pl.DataFrame, options: ReadOptions, *, name: str) -> Roles:
    """The same as far as they can be told. Raises UnreadableLog for a column that is not there."""
    chosen: dict[Role, RoleChoice] = {}
    taken: set[str] = set()
    wanted = [role for role in ROLES if getattr(options, role) != "" or role in REQUIRED]
    for role in wanted:
        choice = _given(role, sample.columns, options, name) or _standard(role, sample.columns)
        if choice is not None:
            chosen[role] = choice
            taken.update(choice.columns)
    for role in wanted:
        if role not in chosen:
            choice = _by_name(role, sample, taken) or _by_content(role, sample, taken)
            if choice is not None:
                chosen[role] = choice
                taken.update(choice.columns)
    return Roles(chosen=tuple(chosen[role] for role in ROLES if role in chosen))


def as_text(sample: pl.DataFrame) -> pl.DataFrame:
    """The first rows with every column as text, as `choose_roles` wants them."""
    moments = pl.selectors.date() | pl.selectors.datetime()
    return sample.with_columns(
        moments.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S"),
        (~moments).cast(pl.String),
    )


def joined(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """The column as text; several columns joined with a blank, null when one of them is null."""
    if len(columns) == 1:
        column = frame[columns[0]]
        is_kept = column.dtype in (pl.String, pl.Enum, pl.Categorical, pl.Datetime, pl.Date)
        return column if is_kept else column.cast(pl.String)
    return frame.select(pl.concat_str([pl.col(c) for c in columns], separator=" ")).to_series()


def _given(role: Role, known: Sequence[str], options: ReadOptions, name: str) -> RoleChoice | None:
    wanted: str | None = getattr(options, role)
    if not wanted:
        return None
    columns = (wanted,) if wanted in known else tuple(part.strip() for part in wanted.split("+"))
    for column in columns:
        if column not in known:
            raise UnreadableLog(f"{name} has no column '{column}'. It has: {', '.join(known)}.")
    return RoleChoice(role=role, columns=columns, by="given")


def _standard(role: Role, known: Sequence[str]) -> RoleChoice | None:
    if STANDARD[role] not in known:
        return None
    return RoleChoice(role=role, columns=(STANDARD[role],), by="standard")


def _by_name(role: Role, sample: pl.DataFrame, taken: set[str]) -> RoleChoice | None:
    plain = {_plain(column): column for column in reversed(sample.columns) if column not in taken}
    fitting = [plain[_plain(name)] for name in NAMES[role] if _plain(name) in plain]
    if role in ("timestamp", "start"):
        dated = [column for column in fitting if _holds_moments(sample[column])]
        # A timestamp by name that reads badly is still the timestamp: its rows are then refused.
        fitting = dated or (fitting if role == "timestamp" else [])
    return _choice(role, list(dict.fromkeys(fitting)), "name")


def _by_content(role: Role, sample: pl.DataFrame, taken: set[str]) -> RoleChoice | None:
    free = [column for column in sample.columns if column not in taken]
    distinct = {column: sample[column].n_unique() / max(1, sample.height) for column in free}
    fitting: list[str] = []
    if role == "timestamp":
        fitting = [column for column in free if _holds_moments(sample[column])]
    elif role == "case":
        fitting = [c for c in free if 0.02 < distinct[c] < 0.9 and not _holds_moments(sample[c])]
        fitting.sort(key=lambda column: -distinct[column])
    elif role == "activity":
        fitting = [c for c in free if 1 < sample[c].n_unique() <= 200 and distinct[c] < 0.3]
        fitting = [c for c in fitting if not sample[c].str.contains(r"^[\d.,\s-]*$").all()]
        fitting = [c for c in fitting if not _holds_moments(sample[c])]
        fitting.sort(key=lambda column: -distinct[column])
    return _choice(role, fitting, "content")


def _choice(role: Role, fitting: list[str], by: GuessedBy) -> RoleChoice | None:
    if not fitting:
        return None
    return RoleChoice(role=role, columns=(fitting[0],), by=by, others=tuple(fitting[1:4]))


def _holds_moments(column: pl.Series) -> bool:
    sample = column.drop_nulls().head(50)
    if sample.is_empty():
        return False
    epochs = sample.str.contains(r"^1\d{9}(\.\d+)?$|^1\d{12}$|^1\d{15}$").mean()
    return share_of_moments(sample) > 0.5 or float(epochs or 0.0) > 0.5  # type: ignore[arg-type]  # the mean of booleans is a number


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _cannot_tell(missing: Sequence[Role], known: Sequence[str], name: str) -> str:
    options = " and ".join(f"--{role}" for role in missing)
    shown = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
    return (
        f"Cannot tell which column of {name} is the {' or the '.join(missing)}; "
        f"name it with {options}. Columns: {shown}."
    )
