"""The root of every error that Servoloop raises on purpose.

The tree, each class beside the code that raises it::

    ServoloopError
    ├─ calendars    CalendarError
    ├─ feel         FeelError: FeelSyntaxError, FeelTypeError, BudgetExceeded
    ├─ decisions    DecisionError: UnreadableDecisions, UnknownDecision, UnknownCell
    ├─ process      ProcessError: UnreadableProcess, NotExecutable, UnknownElement, UnknownLane,
    │               BadEdit, BadTime, NotReady, BadWaiver, Undecidable, CannotRedesign
    ├─ routing      UnknownCalendar
    ├─ engine       CommandRefused, BrokenLog, Halt (becomes an incident, never leaves the engine)
    ├─ interchange  UnreadableLog, ScatteredCases, UnknownStep, NothingLeft
    ├─ mining       WaitingUnknown, NothingToDiscover, UnreadableFilter, UnknownValueClass, BadRate,
    │               SeveralCurrencies, UnusableColumn, NoEvents
    ├─ simulation   Interrupted, EndlessWait
    ├─ loop         NothingToDiagnose, NothingToCompare, NamesDoNotMatch, UnknownName, NoSequence,
    │               NoSpark, NoSuchCase, UnknownFormat, UnknownTemplate, NotYours, EmptyComment,
    │               ReasonMissing
    ├─ storage      NotFound, Conflict, UnstorableText, UnknownHolidays, ServerUnavailable,
    │               FolderUnusable, FolderBusy, DraftMoved, DraftClosed, AlreadyAsked,
    │               AlreadyDecided, TooLarge
    ├─ workers      NotReady, Unavailable, JobRejected
    ├─ web          BadMove, NothingAsked, LogGone
    └─ cli          UnusableInput, PortTaken, NotPrepared

The text of an error is one sentence for a person: what is wrong, where, and what would have worked.
A traceback never reaches a user; the edges (web, api, cli, workers) turn these into words.
"""


class ServoloopError(Exception):
    """Something a person can understand and act upon went wrong."""
