"""Durations as people say them, in English and Chinese."""

from datetime import timedelta

from servoloop.kernel.process.iso8601 import parse_duration

_UNITS = {"en": (" h", " min", " s"), "zh": (" 小时", " 分钟", " 秒")}


def duration_in(text: str, language: str) -> str:
    """ISO 8601 text in words. Hours, never days: a working day has no fixed length."""
    return spoken(parse_duration(text), language)


def spoken(duration: timedelta, language: str) -> str:
    """timedelta(hours=26, minutes=5) is '26 h 5 min'."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    units = _UNITS["zh" if language.startswith("zh") else "en"]
    amounts = zip((hours, minutes, seconds), units, strict=True)
    return " ".join(f"{amount}{unit}" for amount, unit in amounts if amount) or f"0{units[1]}"
