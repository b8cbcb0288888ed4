"""The root of every error that Servoloop raises on purpose.

The tree, each class beside the code that raises it::

    ServoloopError
    ├─ calendars    CalendarError
    ├─ feel         FeelError: FeelSyntaxError, FeelTypeError, BudgetExceeded
    ├─ decisions    DecisionError: UnreadableDecisions, UnknownDecision, UnknownCell
    ├─ process      ProcessError: UnreadableProcess, NotExecutable, UnknownElement, BadEdit,
    │               BadTime, NotReady, BadWaiver, Undecidable
    ├─ routing      UnknownCalendar
    ├─ engine       CommandRefused, BrokenLog, Halt (becomes an incident, never leaves the engine)
    ├─ interchange  UnreadableLog
    ├─ mining       WaitingUnknown, NothingToDiscover
    ├─ loop         NothingToDiagnose, NothingToCompare, NamesDoNotMatch, UnknownName
    ├─ storage      NotFound, Conflict, UnstorableText, UnknownHolidays, ServerUnavailable,
    │               FolderUnusable, FolderBusy
    ├─ workers      NotReady, Unavailable, JobRejected
    └─ cli          UnusableInput, PortTaken, NotPrepared

The text of an error is one sentence for a person: what is wrong, where, and what would have worked.
A traceback never reaches a user; the edges (web, api, cli, workers) turn these into words.
"""


class ServoloopError(Exception):
    """Something a person can understand and act upon went wrong."""
