"""What is kept for a while only."""

from datetime import datetime

from servoloop.storage import command_keys


def forget_command_keys(*, before: datetime) -> int:
    """Drop dedupe keys of commands older than `before`; how many there were."""
    return command_keys.forget(before=before)
