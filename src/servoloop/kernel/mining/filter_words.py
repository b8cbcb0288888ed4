"""What each filter keeps, said in words."""

from datetime import timedelta
from typing import assert_never

from servoloop.kernel.metrics.definition import words
from servoloop.kernel.mining.filters import (
    DAYPART,
    FIRST,
    FIRST_TEAM,
    LIFECYCLE,
    RESOURCE,
    TEAM,
    WEEKDAY,
    Contains,
    CycleTime,
    Filter,
    Follows,
    HandsOver,
    Happened,
    HasValue,
    InFinding,
    NumberBetween,
    OfVariant,
    Period,
    Repeats,
)
from servoloop.kernel.process.words import Words

LISTED = 3
"""Of a filter by many values only so many are named."""

_COLUMNS = {
    TEAM: words("team", "班组"),
    RESOURCE: words("person", "人员"),
    LIFECYCLE: words("lifecycle", "生命周期"),
    FIRST_TEAM: words("first team", "首个班组"),
    WEEKDAY: words("weekday of the beginning", "开始于星期"),
    DAYPART: words("hour of the beginning", "开始时段"),
}
_PERIODS = {
    "started": words("started", "开始于"),
    "ended": words("ended", "结束于"),
    "active": words("active", "进行于"),
    "within": words("wholly within", "完全处于"),
}
_HAPPENED = {
    "reopened": words("reopened", "被重开"),
    "ping_pong": words("work came back", "工作被退回"),
    "transferred": words("transferred", "被转手"),
    "owned": words("kept by the first owner", "首个处理人负责到底"),
}
_UNITS = (
    (timedelta(days=1), "d", "天"),
    (timedelta(hours=1), "h", "小时"),
    (timedelta(minutes=1), "min", "分钟"),
)
_WEEKDAYS = {
    "Monday": "周一",
    "Tuesday": "周二",
    "Wednesday": "周三",
    "Thursday": "周四",
    "Friday": "周五",
    "Saturday": "周六",
    "Sunday": "周日",
}


def said(each: Filter) -> Words:
    """What the filter keeps, short enough for a chip."""
    match each:
        case Period():
            return _period(each)
        case HasValue():
            return _values(each)
        case NumberBetween():
            return _between(column_words(each.column), _plain(each.low), _plain(each.high))
        case Contains() if each.is_excluded:
            return words(f"without {each.activity}", f"不含 {each.activity}")
        case Contains():
            return words(f"with {each.activity}", f"包含 {each.activity}")
        case Follows():
            return _follows(each)
        case HandsOver():
            return words(
                f"handed over: {each.source} ⇒ {each.target}",
                f"移交：{each.source} ⇒ {each.target}",
            )
        case OfVariant():
            keys = ", ".join(each.keys[:LISTED]) + (" …" if len(each.keys) > LISTED else "")
            return _unless(words(f"variant {keys}", f"变体 {keys}"), is_excluded=each.is_excluded)
        case CycleTime():
            low, high = _span(each.at_least), _span(each.below)
            return _between(words("cycle time", "周期"), low, high)
        case Repeats():
            what = "something" if each.activity is None else each.activity
            zh = "有活动重复" if each.activity is None else f"{each.activity} 重复"
            return _unless(words(f"{what} done again", zh), is_excluded=each.is_excluded)
        case Happened():
            return _unless(_HAPPENED[each.what], is_excluded=each.is_excluded)
        case InFinding():
            return _finding(each)
        case _:
            assert_never(each)


def column_words(column: str) -> Words:
    """What a column is called; attributes by their own name without the mark of the case."""
    name = column.removeprefix(FIRST).removeprefix("case:")
    return _COLUMNS.get(column, words(name, name))


def value_words(column: str, value: str) -> Words:
    """What a value is called: only weekdays have a translation."""
    return words(value, _WEEKDAYS.get(value, value) if column == WEEKDAY else value)


def span_words(span: timedelta) -> Words:
    """A length of time in its largest whole-ish unit: '3 d', '1.5 h', '40 s'."""
    for unit, en, zh in _UNITS:
        if span >= unit:
            amount = f"{span / unit:.1f}".removesuffix(".0")
            return words(f"{amount} {en}", f"{amount} {zh}")
    amount = f"{span.total_seconds():.1f}".removesuffix(".0")
    return words(f"{amount} s", f"{amount} 秒")


def _finding(each: InFinding) -> Words:
    """By the name of its rule."""
    # Imported here: it loads NumPy, which pages without a finding need not wait for.
    from servoloop.kernel.mining.findings.catalogue import RULES

    name = next((rule.name for rule in RULES if rule.id == each.rule), None)
    if name is None:
        return words("cases of a finding", "某项发现的案例")
    return words(f"finding: {name.in_language('en')}", f"发现：{name.in_language('zh')}")


def _period(each: Period) -> Words:
    by, first, last = _PERIODS[each.by], each.first, each.last
    if first is not None and last is not None:
        en, zh = f"{first} to {last}", f"{first} 至 {last}"
    elif first is not None:
        en, zh = f"{first} or later", f"{first} 及以后"
    else:
        en, zh = f"{last} or earlier", f"{last} 及以前"
    return words(f"{by.in_language('en')} {en}", f"{by.in_language('zh')} {zh}")


def _values(each: HasValue) -> Words:
    column = column_words(each.column)
    named = [value_words(each.column, value) for value in each.values[:LISTED]]
    more = len(each.values) - LISTED
    en = " or ".join(name.in_language("en") for name in named)
    zh = "、".join(name.in_language("zh") for name in named)
    if more > 0:
        en, zh = f"{en} or {more} more", f"{zh} 等 {len(each.values)} 项"
    not_en, not_zh = ("not ", "非 ") if each.is_excluded else ("", "")
    return words(
        f"{column.in_language('en')}: {not_en}{en}", f"{column.in_language('zh')}：{not_zh}{zh}"
    )


def _follows(each: Follows) -> Words:
    arrow = "→" if each.is_direct else "⇢"
    en = f"{each.source or 'start'} {arrow} {each.target or 'end'}"
    zh = f"{each.source or '开始'} {arrow} {each.target or '结束'}"
    if each.waited is not None:
        waited = span_words(each.waited)
        en += f" after {waited.in_language('en')} or more"
        zh += f"，至少 {waited.in_language('zh')}"
    return _unless(words(en, zh), is_excluded=each.is_excluded)


def _unless(said: Words, *, is_excluded: bool) -> Words:
    if not is_excluded:
        return said
    return words(f"not: {said.in_language('en')}", f"排除：{said.in_language('zh')}")


def _between(what: Words, low: Words | None, high: Words | None) -> Words:
    en, zh = what.in_language("en"), what.in_language("zh")
    if low is not None and high is not None:
        return words(
            f"{en}: {low.in_language('en')} to {high.in_language('en')}",
            f"{zh}：{low.in_language('zh')} 至 {high.in_language('zh')}",
        )
    if low is not None:
        return words(
            f"{en}: {low.in_language('en')} or more", f"{zh}：至少 {low.in_language('zh')}"
        )
    if high is not None:
        return words(
            f"{en}: up to {high.in_language('en')}", f"{zh}：至多 {high.in_language('zh')}"
        )
    return words(f"{en}: any", f"{zh}：任意")


def _plain(value: float | None) -> Words | None:
    return None if value is None else words(f"{value:g}", f"{value:g}")


def _span(span: timedelta | None) -> Words | None:
    return None if span is None else span_words(span)
