"""The one error of the embedded PostgreSQL."""

from servoloop.kernel.errors import ServoloopError


class ServerUnavailable(ServoloopError):
    """PostgreSQL cannot be found, made, started or reached."""
