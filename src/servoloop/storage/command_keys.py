"""Dedupe keys of commands."""

from datetime import datetime

from servoloop.storage.models import CommandKey


def forget(*, before: datetime) -> int:
    """Drop the keys of commands older than `before`; how many there were."""
    forgotten, _ = CommandKey.objects.filter(at__lt=before).delete()
    return forgotten
