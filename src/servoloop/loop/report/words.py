"""Both languages at once: the page holds English and Chinese and shows one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup, escape

UNIT = re.compile(r"(?<=\d) (?=%|d\b|h\b|min\b|s\b|天|小时|分钟|秒)")
"""The blank between a number and its unit, where no line may break."""
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One thing said in English and in Chinese."""

    en: str
    zh: str

    def __html__(self) -> str:
        """Two spans, of which the page shows the one of its language; one text when equal."""
        en, zh = (UNIT.sub("\u00a0", text) for text in (self.en, self.zh))
        if en == zh:
            return str(escape(en))
        both = Markup('<span class="en" lang="en">{}</span><span class="zh" lang="zh">{}</span>')
        return str(both.format(en, zh))


Value = Words | str | int


def fill(template: Words, **values: Value) -> Words:
    """Put values into `{name}` places; numbers get thousands separators."""
    return Words(
        en=template.en.format(**{key: _one(value, "en") for key, value in values.items()}),
        zh=template.zh.format(**{key: _one(value, "zh") for key, value in values.items()}),
    )


def number(value: float) -> str:
    """1234567 as 1,234,567."""
    return f"{value:,.0f}"


def counted(count: int, one: str, many: str = "") -> str:
    """1 as '1 event', others as '1,234 events': the English of a count."""
    return f"{number(count)} {one if count == 1 else many or f'{one}s'}"


def percent(share: float) -> str:
    """A share 0..1 as a percentage that never rounds something to nothing or to everything."""
    value = share * 100
    if 0 < value < 0.1:
        return "< 0.1 %"
    if 99.9 < value < 100:
        return "> 99.9 %"
    return f"{value:.1f} %" if 0 < value < 10 or 99 < value < 100 else f"{value:.0f} %"


def duration(span: timedelta) -> Words:
    """A duration in its largest unit that leaves at least two: 39.9 d, 6.1 h, 12 min, 5 s."""
    seconds = span.total_seconds()
    if seconds >= 2 * DAY:
        return _amount(seconds / DAY, " d", " 天")
    if seconds >= 2 * HOUR:
        return _amount(seconds / HOUR, " h", " 小时")
    if seconds >= 2 * MINUTE:
        return _amount(seconds / MINUTE, " min", " 分钟")
    return _amount(seconds, " s", " 秒")


def long_duration(span: timedelta) -> Words:
    """The same with the unit written out, for sentences."""
    short = duration(span)
    units = {"d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
    amount, _, unit = short.en.rpartition(" ")
    return Words(en=f"{amount} {units[unit]}", zh=short.zh)


def _amount(value: float, en: str, zh: str) -> Words:
    digits = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
    return Words(en=digits + en, zh=digits + zh)


def _one(value: Value, language: str) -> str:
    if isinstance(value, Words):
        return value.en if language == "en" else value.zh
    return number(value) if isinstance(value, int) else value


Say = Callable[..., Words]
