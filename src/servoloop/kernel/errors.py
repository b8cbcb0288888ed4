"""The root of every error that Servoloop raises on purpose.

The tree, each class beside the code that raises it::

    ServoloopError
    ├─ calendars   CalendarError
    ├─ feel        FeelError: FeelSyntaxError, FeelTypeError, BudgetExceeded
    ├─ process     ProcessError: UnreadableProcess, UnknownElement
    ├─ engine      CommandRefused
    ├─ interchange UnreadableLog
    └─ storage     Conflict, NotFound, ServerUnavailable

The text of an error is one sentence for a person: what is wrong, where, and what would have worked.
A traceback never reaches a user; the edges (web, api, cli, workers) turn these into words.
"""


class ServoloopError(Exception):
    """Something a person can understand and act upon went wrong."""
