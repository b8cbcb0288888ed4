"""Between the microseconds of a log's columns and moments, exactly: float timestamps round."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def moment(micros: int, zone: str = "UTC") -> datetime:
    """Microseconds since 1970-01-01 UTC as an aware moment in an IANA zone."""
    return (EPOCH + timedelta(microseconds=micros)).astimezone(ZoneInfo(zone))


def micros(at: datetime) -> int:
    """An aware moment as microseconds since 1970-01-01 UTC."""
    return (at - EPOCH) // MICROSECOND
