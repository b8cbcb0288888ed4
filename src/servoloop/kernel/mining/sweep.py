"""One sweep over an event log: every count that the maps, variants and times are made of.

Two engines give identical results (a test compares them): NumPy for small logs, where loading the
compiler would cost more than the work, and one compiled pass for the rest.
"""

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.sweep_plain import sweep_plain
from servoloop.kernel.mining.swept import Sweep

COMPILED_FROM = 400_000
"""Events from which the compiled pass wins (its loading measured at 1.5 s, NumPy at 1 µs/event)."""
DENSE_ACTIVITIES = 1500
"""Beyond this many activities the table of all pairs would not fit the cache; NumPy takes over."""


def sweep(log: EventLog, *, compiled: bool | None = None) -> Sweep:
    """Sweep the log with the engine that suits its size (or the one asked for)."""
    if compiled is None:
        compiled = log.events >= COMPILED_FROM
    if compiled and len(log.activity.names) <= DENSE_ACTIVITIES:
        # Imported here: loading Numba takes a second that small logs need not wait for.
        from servoloop.kernel.mining.sweep_compiled import sweep_compiled

        return sweep_compiled(log)
    return sweep_plain(log)
